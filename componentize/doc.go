// Package componentize makes components of core modules, and takes WIT to WebAssembly and back.
//
// # Core modules
//
// [New] makes a component of a core module and the world that it is made for, which the module carries in custom sections ([Embed]) or the
// caller gives. It goes through these steps:
//
//  1. the modules, the main one and its adapters, are read (new.go, metadata.go), and their worlds joined ([wit.Union]);
//  2. each import and export is classified (classify*.go): what it stands for in the world, by standard or legacy names (mangle.go), and
//     whether it has the type that the canonical ABI gives it (abi.go);
//  3. adapters that are not used go, and of the others what is not used (adapter.go, trim*.go);
//  4. it is found out what of the world has to be imported (demand.go, live.go);
//  5. the component is assembled (assembl*.go): imports, modules, shims for what cannot be there in time (shim*.go), instances, the fixup
//     module that completes the shims (fixup.go), and exports, each interface from a nested component.
//
// [Link] makes one of libraries that share a memory (link*.go): it lays out memory and table, makes the module that has them, and hands all of
// it to these steps.
//
// [Dummy] makes a core module for a world out of nothing.
//
// # WIT packages
//
// WIT packages have a binary form: a component that exports a component type for each interface and each world (WIT.md, "Package Format").
// [EncodePackage] makes it, [DecodePackage] reads it. What the types cannot say, documentation and gates, is in the custom section
// `package-docs`. [EncodeWorld] makes what core modules carry to say which world they are made for.
//
// [DecodeWIT] further reads the WIT of components, where it is what they import and export, and of core modules that carry their world.
//
// All functions are safe for concurrent use.
package componentize

// Package componentize takes WIT to WebAssembly and back.
//
// WIT packages have a binary form: a component that exports a component type for each interface and each world (WIT.md, "Package Format").
// [EncodePackage] makes it, [DecodePackage] reads it. What the types cannot say, documentation and gates, is in the custom section
// `package-docs`. [EncodeWorld] makes what core modules carry to say which world they are made for.
//
// [DecodeWIT] further reads the WIT of components, where it is what they import and export, and of core modules that carry their world.
//
// All functions are safe for concurrent use.
package componentize

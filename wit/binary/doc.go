// Package binary converts WIT packages and worlds to WebAssembly and back.
//
// # Packages
//
// A WIT package has a binary form: a component that exports a component type for each interface and
// each world (WIT.md, "Package Format"). [EncodePackage] writes it and [DecodePackage] reads it.
// Documentation and gates, which types cannot express, are in the custom section `package-docs`.
//
// # Worlds
//
// A core module says in custom sections, whose names start with [WorldSection], which worlds it is
// made for. [Embed] adds such a section and [EmbeddedWorlds] reads them. [EncodeWorld] writes the
// content of one: a component that exports the type of the world.
//
// # Components
//
// [DecodeWIT] reads the WIT in any binary: an encoded package, a core module that carries its
// world, or another component, whose imports and exports it describes.
//
// All functions are safe for concurrent use.
package binary

// Package core reads and writes core WebAssembly modules at the level of sections.
//
// [Decode] gives a [Module]: its sections in file order, with the payloads of types, imports, function type indices, tables,
// memories, tags, globals, exports and the start function taken apart, and the code, element and data sections kept as spans
// of the input. Function bodies are found, not read: [Module.Bodies] walks them when somebody asks.
//
// Terms are those of the core specification's chapter "Binary Format": a [RecType] is a recursion group of [SubType]s, a
// [CompType] is what a sub type is made of, an [ExternType] is what an import has. Type indices are kept as written;
// [Module.Type] and [Interner.Define] give them their types.
package core

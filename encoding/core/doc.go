// Package core reads, validates and writes core WebAssembly modules.
//
// [Decode] returns a [Module]: its sections in file order, with decoded types, imports, function
// type indices, tables, memories, tags, globals, exports and start function. The code, element and
// data sections remain spans of the input. [Module.Bodies], [Module.Elems] and [Module.Datas] read
// their contents on demand. [Body.Read] and [Expr.Instrs] give access to the instructions.
// [Validate] checks the whole module against the specification.
//
// All instructions are in one table. [Op.Info] returns a row of it: keyword, immediates, signature,
// natural alignment, feature. [Imm] determines which fields of an [Instr] an instruction uses, and
// [Imm.Spaces] returns the index spaces of its indices. [InstrReader] reads instructions from
// bytes, [Instr.Append] writes them, and [OpByName] finds them by keyword.
//
// A [Builder] writes a module. Its sections are plain lists, and [Asm] assembles functions for it.
// [Module.Edit] makes a Builder from a module.
//
// Two laws hold. [Module.Append] returns exactly the bytes that Decode read, because it keeps the
// sections as they were. [Builder.Append] writes everything that it encodes in its shortest form,
// so Append after [Module.Edit] also returns the same bytes for a module in that form. Instructions
// and constant expressions are bytes in a Builder and are never changed, even if they contain
// padded integers.
//
// Terms follow the chapter "Binary Format" of the core specification: a [RecType] is a recursion
// group of [SubType]s, a [CompType] is the composite type of a sub type, and an [ExternType] is the
// type of an import. Type indices are kept as written; [Module.Type] and [Interner.Define] resolve
// them to types.
package core

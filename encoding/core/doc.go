// Package core reads, validates and writes core WebAssembly modules.
//
// [Decode] gives a [Module]: its sections in file order, with the payloads of types, imports, function type indices, tables, memories, tags,
// globals, exports and the start function taken apart, and the code, element and data sections kept as spans of the input. What is in those is
// read when somebody asks: [Module.Bodies], [Module.Elems], [Module.Datas]. [Body.Read] and [Expr.Instrs] lead to the instructions.
// [Validate] checks all of it against the specification.
//
// There is one table of instructions. [Op.Info] returns a row of it: keyword, immediates, signature, natural alignment, feature. [Imm] says
// which fields of an [Instr] an instruction uses; [Imm.Spaces] what its indices count. [InstrReader] reads instructions from bytes, [Instr.Append]
// writes them, [OpByName] finds them by keyword.
//
// A module is written by a [Builder], whose sections are plain lists; [Asm] assembles functions for it. [Module.Edit] makes a Builder of a module.
//
// Two laws hold. [Module.Append] of what Decode read is the same bytes, whatever they are: sections are kept as they were. [Builder.Append]
// writes the shortest form of everything that it writes itself, so for a module in that form, Append after [Module.Edit] is the same
// bytes too; instructions and constant expressions are bytes in a Builder, and stay as they are even when they hold padded integers.
//
// Terms are those of the core specification's chapter "Binary Format": a [RecType] is a recursion group of [SubType]s, a
// [CompType] is what a sub type is made of, an [ExternType] is what an import has. Type indices are kept as written;
// [Module.Type] and [Interner.Define] give them their types.
package core

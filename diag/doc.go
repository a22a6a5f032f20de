// Package diag reports errors in inputs to users, for all stages of the suite. It
// has source files, spans in them, diagnostics, and renderers that show
// diagnostics to people and to programs.
//
// # Terms
//
// A [File] is one input, text or binary, in memory. A [Span] is a range of bytes
// of a File. A span prints as name:line:column in a text file, and as
// name:0xoffset in a binary file. A binary that was assembled from text has an
// origin, [File.Origin], and its spans print as the places in the text.
//
// A [Diagnostic] says one thing about one place. It has a severity, a [Code], a
// message and a primary span. It may also have further labelled spans, the path
// of the item in a binary, notes (facts), help (actions) and edits. If an input is
// wrong, a stage returns a [List] of diagnostics. Both are errors, so functions
// return them as plain error values.
//
// # Reporting
//
// The common cases are one line each:
//
//	return diag.At(file, offset, BadOpcode, "unknown opcode 0x%02x", op)
//
//	list.Errorf(span, UnknownType, "type `%s` is not defined", name).
//		Captionf("not found in this scope").
//		Helpf("a type with a similar name exists: `%s`", similar)
//	...
//	return list.Err()
//
// # Form of messages
//
// A message starts in lower case, ends without a full stop, puts source text
// in `backticks`, and names the thing it is about. "bad" is for syntax,
// "invalid" for types. A note states a fact; a help states what to do. The primary
// span is the smallest text that is wrong. Renderers escape control bytes in
// everything they print, so messages may quote input unchanged.
package diag

// Package diag is how every stage of the suite tells a user what is wrong with
// an input: source files, spans in them, diagnostics, and the renderers that
// show diagnostics to people and to programs.
//
// # Terms
//
// A [File] is one input, text or binary, held in memory. A [Span] is a range
// of bytes of a File. In a text file a span prints as name:line:column, in a
// binary file as name:0xoffset. A binary that was assembled from a text has an
// origin, [File.Origin], and its spans print as the places in the text.
//
// A [Diagnostic] says one thing about one place: a severity, a [Code], a
// message, a primary span, and whatever helps: further labelled spans, the
// path of the item in a binary, notes (facts), help (actions) and edits. A
// [List] of them is what a stage returns when its input is wrong. Both are
// errors, so functions return them as plain error values.
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
// "invalid" for types. A note states a fact, a help states what to do. The
// primary span is the smallest text that is wrong. Renderers escape control
// bytes in everything they print, so messages may quote input as it is.
package diag

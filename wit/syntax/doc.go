// Package syntax handles the text of WIT: it has tokens, nodes, a parser that continues after
// errors, a formatter and a walker. It knows the grammar of design/mvp/WIT.md but not what names
// refer to; package wit resolves them.
//
// # Terms
//
// A [File] is the tree of one source text. Each node carries a [Range] of byte offsets in the
// source. All comments of the text are in [File.Comments], so no text is lost. The comments
// directly before an item are its documentation: [Docs] identifies them, and [File.DocText] returns
// their text.
//
// # Errors
//
// [Parse] always returns a tree. If an item cannot be read, the parser omits it or marks it Bad and
// continues at the next item. The list holds one diagnostic for each place where the text is wrong.
//
// # Other languages
//
// WAC files contain WIT items. [NewParser] starts at any offset of a source and reads one item,
// type or block at a time.
package syntax

// Package syntax is the text of WIT: tokens, nodes, a parser that goes on after errors, a formatter and a walker. It knows the
// grammar of design/mvp/WIT.md and nothing of what names stand for; package wit does.
//
// # Terms
//
// A [File] is the tree of one source text. Nodes carry [Range]s, byte offsets in the source, and every comment of the text is in
// [File.Comments], so that nothing that was written is lost. Comments directly before an item are its documentation:
// [Docs] says which ones, and [File.DocText] what they say.
//
// # Errors
//
// [Parse] always returns a tree. An item that could not be read is left out or marked Bad, reading goes on at the next item, and
// the list holds one diagnostic for each place where the text is wrong.
//
// # Other languages
//
// WAC files contain WIT items. [NewParser] starts at any offset of a source and reads one item, type or block at a time.
package syntax

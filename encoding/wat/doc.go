// Package wat reads and writes the text format of core modules (WebAssembly specification, "Text
// Format") and of components (design/mvp/Explainer.md), and reads .wast scripts.
//
// [Parse] converts a text to an [encoding.Component] or to the bytes of a core module. [Print] and
// [PrintModule] write text. Both bytes and text match those of wasm-tools, so texts and
// expectations can be exchanged between the two.
//
// # Phases of parsing
//
//   - The lexer splits the text into tokens. It skips comments and unknown annotations.
//   - The parser builds a symbolic tree from the tokens (node_*.go), in which references may be
//     ids. It parses folded instructions without recursion, and limits the nesting of definitions.
//   - Resolution (resolve_*.go) replaces ids by indices, expands abbreviations and returns the
//     result. It makes only the necessary checks: an index may be out of range, and a type may be
//     invalid. Packages core and validate check these.
//
// The first error ends parsing. It is a [*diag.Diagnostic] with the place in the text. If test
// suites of scripts assert a message, the message of this package starts with the same words.
//
// # Places
//
// A file that [Assemble] or [Unit.File] makes maps its bytes back to the text: see
// [diag.File.Origin]. [AssembleWithLines] also adds this mapping to core modules as DWARF, so that
// engines can report the position of a trap.
//
// # The dialect
//
// The package reads all syntax of the specifications, whether or not it is gated by a feature. If
// the text format has changed, the package requires the new form, and the message for the old form
// says so. For example, references to core definitions inside a component have the keyword core,
// `(realloc (core func $i "realloc"))`, and built-in functions are no longer `cancellable`. Exact
// function types and custom descriptors, which are proposals of core WebAssembly, are not
// supported. The value of a value definition can only be written as (binary "…").
//
// # Names
//
// Ids and (@name "…") annotations become name sections. The printer converts these back to ids:
// it writes a name that is not a valid id as $"name", and a name that is not unique as $"#func3
// name" (@name "name").
package wat

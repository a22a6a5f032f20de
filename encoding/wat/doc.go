// Package wat reads and writes the text format of core modules (WebAssembly specification, "Text Format") and of components
// (design/mvp/Explainer.md), and reads .wast scripts.
//
// [Parse] turns a text into an [encoding.Component] or the bytes of a core module; [Print] and [PrintModule] write text. Bytes and text are
// those that wasm-tools gives: texts and expectations of one can be used with the other.
//
// # Phases of parsing
//
//   - The lexer makes tokens of the text; comments and unknown annotations are skipped.
//   - The parser makes a symbolic tree of the tokens (node_*.go), in which references may be ids. It does without a stack of its own for
//     folded instructions, and limits how deep definitions are nested.
//   - Resolution (resolve_*.go) turns ids into indices and sugar into what it stands for, and gives the result. It checks no more than it has to:
//     an index may be out of range, a type invalid. That is the matter of packages core and validate.
//
// The first error ends it; it is a [*diag.Diagnostic] with the place in the text. Where suites of scripts assert a message, ours starts with
// the same words.
//
// # Places
//
// A file that [Assemble] or [Unit.File] makes leads from its bytes back to the text: see [diag.File.Origin]. [AssembleWithLines] besides
// gives core modules the same as DWARF, so that engines can tell where a trap happened.
//
// # The dialect
//
// All syntax of the specifications is read, whether a feature gates it or not. Where the text format has changed, the new form is wanted and a
// message says so: references to core definitions inside a component have the keyword core, `(realloc (core func $i "realloc"))`, and
// built-in functions are not `cancellable` any more. Exact function types and custom descriptors, which are proposals of core WebAssembly, are
// not supported. The value of a value definition is written as (binary "…") only.
//
// # Names
//
// Ids and (@name "…") annotations become name sections, which the printer turns back into ids: a name that is no id is written as $"name", and
// one that is not unique as $"#func3 name" (@name "name").
package wat

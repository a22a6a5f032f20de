// Package value holds values of component types that are known only at run time, and WAVE, their text.
//
// A [Value] is positional and carries no names: a record is its field values in order, a case is its index. The
// [types.ValType] that goes with a value gives the names; [Check] tells whether the two fit. Values are immutable, can
// be copied freely, and are safe for concurrent use, as long as nobody changes a slice that was handed over.
//
// # WAVE
//
// WAVE (WebAssembly value encoding) is the text that wasmtime takes for --invoke. [Parse] reads a value of a given
// type, [ParseCall] a function call whose arguments are given their types afterwards, and [Append] prints, exactly as
// the wasm-wave library does:
//
//	1  -2.5  inf  true  'x'  "text"  [1, 2]  (1, "a")  {name: "x", age: 3}  {read, write}
//	case  case(1)  some(1)  none  ok(1)  err("no")
//
// Record fields that are none can be left out; `{:}` is a record without fields and `{}` is flags without flags. The
// payload of an option or result can stand for itself (`1` for `some(1)`) unless it is an option or result. Names that
// are also keywords take a `%` as case names. A string in `"""` spans lines and loses the indentation of its last line.
//
// wasm-wave knows no map type; here a map prints, and is read, as the list of tuples that it stands for:
// `[("a", 1), ("b", 2)]`. Handles, streams, futures and error contexts have no text: reading them is an error, and
// [Append] prints what they are in angle brackets, for people.
//
// Where this parser is stricter than wasm-wave's, it follows the grammar of wave_ebnf.md: commas between fields and
// between flags are required, and fields that the record does not have are refused.
package value

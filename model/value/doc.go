// Package value holds values of component types that are known only at run time, and implements
// WAVE, their text format.
//
// A [Value] is positional and contains no names: a record holds its field values in order, and a
// case is an index. The [types.ValType] of the value supplies the names. [Check] reports whether a
// value fits a type. Values are immutable, can be copied freely, and are safe for concurrent use,
// provided that no slice passed to this package is modified later.
//
// # WAVE
//
// WAVE (WebAssembly value encoding) is the text that wasmtime takes for --invoke. [Parse] reads a
// value of a given type. [ParseCall] reads a function call whose arguments get their types later.
// [Append] prints exactly what the wasm-wave library prints:
//
//	1  -2.5  inf  true  'x'  "text"  [1, 2]  (1, "a")  {name: "x", age: 3}  {read, write}
//	case  case(1)  some(1)  none  ok(1)  err("no")
//
// Record fields that are none can be omitted. `{:}` is a record without fields, and `{}` is flags
// with no flag set. The payload of an option or result can be written alone (`1` for `some(1)`)
// unless it is itself an option or result. A case name that is also a keyword needs a `%`. A string
// in `"""` can span lines and loses the indentation of its last line.
//
// wasm-wave has no map type. In this package a map is read and printed as the equivalent list of
// tuples: `[("a", 1), ("b", 2)]`. Handles, streams, futures and error contexts have no text form.
// Reading them is an error, and [Append] prints a description in angle brackets for people.
//
// This parser is stricter than that of wasm-wave in some places, where it follows the grammar of
// wave_ebnf.md: commas between fields and between flags are required, and unknown fields are
// rejected.
package value

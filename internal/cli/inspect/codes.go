package inspect

import "github.com/mortise-wasm/mortise/diag"

// The codes of the diagnostics of this package.
const (
	CodeUnbundle diag.Code = "inspect/unbundle"
	CodeNoDwarf  diag.Code = "inspect/no-dwarf"
)

// Codes describes the codes. The examples are command lines in a folder with the files of
// testdata/examples.
var Codes = []diag.CodeInfo{{
	Code: CodeUnbundle,
	Doc: "A core module cannot be taken out of its component because no import can have its type: an import or export of the module " +
		"uses a type that only the module defines, such as one of a recursion group.",
	Example: "inspect unbundle --module-dir modules --threshold 0 recursive.wasm",
}, {
	Code:    CodeNoDwarf,
	Doc:     "No core module of a file has readable debugging information (DWARF).",
	Example: "inspect addr2line module.wasm 0xc1",
}}

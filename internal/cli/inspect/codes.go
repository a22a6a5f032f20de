package inspect

import "github.com/mortise-wasm/mortise/diag"

// The codes of the diagnostics of this package.
const (
	CodeUnbundle diag.Code = "inspect/unbundle"
	CodeNoDwarf  diag.Code = "inspect/no-dwarf"
)

// Codes tells what each code means. The examples are command lines, in a folder with the files of testdata/examples.
var Codes = []diag.CodeInfo{{
	Code: CodeUnbundle,
	Doc: "A core module cannot be taken out of its component, because the type of such a module cannot be written: an import or export has a type " +
		"of the module's own, such as one of a recursion group.",
	Example: "inspect unbundle --module-dir modules --threshold 0 recursive.wasm",
}, {
	Code:    CodeNoDwarf,
	Doc:     "No core module of a file has debugging information (DWARF) that can be read.",
	Example: "inspect addr2line module.wasm 0xc1",
}}

package inspect

import "github.com/mortise-wasm/mortise/diag"

// CodeUnbundle is the code of the diagnostics of this package.
const CodeUnbundle diag.Code = "inspect/unbundle"

// Codes tells what each code means. The examples are command lines, in a folder with the files of testdata/examples.
var Codes = []diag.CodeInfo{{
	Code: CodeUnbundle,
	Doc: "A core module cannot be taken out of its component, because the type of such a module cannot be written: an import or export has a type " +
		"of the module's own, such as one of a recursion group.",
	Example: "inspect unbundle --module-dir modules --threshold 0 recursive.wasm",
}}

package link

import "github.com/mortise-wasm/mortise/diag"

// CannotLink is the code of this package's diagnostics. Libraries that cannot be read, and
// components that cannot be made of them, are reported with the codes of packages binary and
// componentize. Codes are stable: this one begins with the name of the package that had it first.
const CodeCannotLink diag.Code = "componentize/cannot-link"

// Codes describes the code. The example is the only library that is linked, in the text format.
var Codes = []diag.CodeInfo{
	{Code: CodeCannotLink, Doc: "The linked libraries lack a symbol or another library, or contradict each other.",
		Example: `(module (@dylink.0 (needed "other")) (func (export "run")))`},
}

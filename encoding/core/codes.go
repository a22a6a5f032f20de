package core

import "github.com/mortise-wasm/mortise/diag"

// Malformed is the code of the diagnostics of this package.
const Malformed diag.Code = "core/malformed"

// Codes is the table of the codes of this package. An example is what follows the preamble of a module, in hexadecimal.
var Codes = []diag.CodeInfo{{
	Code: Malformed,
	Doc: "The bytes are not a core module: they are cut off, a section is unknown, out of order or of the wrong size, or something in a section is not " +
		"what the format has there. The message says which.",
	Example: "0e 00",
}}

// Diagnostic returns e as a diagnostic in f, where the module starts at offset base.
func (e *Error) Diagnostic(f *diag.File, base int) *diag.Diagnostic {
	d := diag.At(f, base+e.Offset, Malformed, "%s", e.Message)
	if e.InSection {
		d.In("%s section", e.Section)
	}
	return d
}

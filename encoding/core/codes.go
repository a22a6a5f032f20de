package core

import (
	"errors"

	"github.com/mortise-wasm/mortise/diag"
)

// The codes of the diagnostics of this package.
const (
	CodeMalformed diag.Code = "core/malformed"
	CodeInvalid   diag.Code = "core/invalid"
)

// Codes is the table of the codes of this package. An example is the hexadecimal form of the bytes
// that follow the preamble of a module.
var Codes = []diag.CodeInfo{{
	Code: CodeMalformed,
	Doc: "The bytes are not a core module: they are cut off, a section is unknown, out of order or of the wrong size, or an item in a section does not " +
		"have the right format. The message gives the reason.",
	Example: "0e 00",
}, {
	Code: CodeInvalid,
	Doc: "The module has the right format but breaks a rule of validation: a type does not match, an index is out of bounds, or a feature is " +
		"disabled. The message gives the reason, at the instruction or item that breaks the rule.",
	Example: "08 01 00",
}}

// Diagnostic returns e as a diagnostic in f, where the module starts at offset base.
func (e *Error) Diagnostic(f *diag.File, base int) *diag.Diagnostic {
	code := CodeMalformed
	if e.Invalid {
		code = CodeInvalid
	}
	d := diag.At(f, base+e.Offset, code, "%s", e.Message)
	switch {
	case e.Item != "":
		d.In("%s", e.Item)
	case e.InSection:
		d.In("%s section", e.Section)
	}
	return d
}

// Diagnose returns an error of [Decode] or [Validate] as a diagnostic in f, the file of the module.
// It returns any other error as it is.
func Diagnose(f *diag.File, err error) error {
	var e *Error
	if errors.As(err, &e) {
		return e.Diagnostic(f, 0)
	}
	return err
}

package cli

import "github.com/mortise-wasm/mortise/diag"

// Diagnostic codes of the command line.
const (
	CodeUnreadable diag.Code = "cli/unreadable-input"
	CodeNotWasm    diag.Code = "cli/not-wasm"
	CodeUnwritable diag.Code = "cli/unwritable-output"
)

// Codes lists the diagnostic codes of the command line. Each example is the
// contents of an input file, or, if the error is about the file itself, "read "
// or "write " and a file name.
var Codes = []diag.CodeInfo{
	{
		Code:    CodeUnreadable,
		Doc:     "An input file does not exist, is a folder, or cannot be read. `-` is standard input, which can be read only once.",
		Example: "read no/such/file.wasm",
	},
	{
		Code:    CodeNotWasm,
		Doc:     "A file does not hold WebAssembly. Binaries and text are recognised by content, not by name.",
		Example: "PK\x03\x04\x14\x00",
	},
	{
		Code:    CodeUnwritable,
		Doc:     "An output file cannot be written. A file that existed before is unchanged.",
		Example: "write no/such/folder/out.wasm",
	},
}

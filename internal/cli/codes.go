package cli

import "github.com/mortise-wasm/mortise/diag"

// Diagnostic codes of the command line.
const (
	CodeUnreadable diag.Code = "cli/unreadable-input"
	CodeNotWasm    diag.Code = "cli/not-wasm"
	CodeUnwritable diag.Code = "cli/unwritable-output"
)

// Codes lists the diagnostic codes of the command line. The examples are
// contents of an input file; where the file itself is the trouble they are a
// file name after "read " or "write ".
var Codes = []diag.CodeInfo{
	{
		Code:    CodeUnreadable,
		Doc:     "An input file does not exist, is a folder, or cannot be read. `-` stands for standard input, once.",
		Example: "read no/such/file.wasm",
	},
	{
		Code:    CodeNotWasm,
		Doc:     "A file that should hold WebAssembly holds something else. Binaries and text are recognised by content, not by name.",
		Example: "PK\x03\x04\x14\x00",
	},
	{
		Code:    CodeUnwritable,
		Doc:     "An output file cannot be written. What stood there before is unchanged.",
		Example: "write no/such/folder/out.wasm",
	},
}

package record

import "github.com/mortise-wasm/mortise/diag"

// CodeScript is the code of this package's diagnostics.
const CodeScript diag.Code = "record/script"

// Codes documents the code. The example is a script.
var Codes = []diag.CodeInfo{
	{Code: CodeScript, Doc: "A script of a recording is malformed.", Example: `(recording 1 "x.wasm" "" "") (invoke "" "f" (returns))`},
}

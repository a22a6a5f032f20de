package compose

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics.
const (
	CodeMismatch diag.Code = "compose/mismatch"
	CodeMerge    diag.Code = "compose/merge"
	CodeCycle    diag.Code = "compose/cycle"
	CodeNothing  diag.Code = "compose/nothing-to-plug"
	CodeName     diag.Code = "compose/name"
	CodeOpen     diag.Code = "compose/open-resource"
)

// Codes tells what each code means. The examples are sentences: it takes two components to see these.
var Codes = []diag.CodeInfo{
	{Code: CodeMismatch, Doc: "An export is connected to an import of another type.",
		Example: "a plug exports `get: func() -> string` where the socket imports `get: func() -> u32`"},
	{Code: CodeMerge, Doc: "Two instances leave the same import open, with types that do not agree.",
		Example: "two packages import `get`, one as func() -> string and one as func() -> u32"},
	{Code: CodeCycle, Doc: "Instances need each other.", Example: "a takes an export of b, and b one of a"},
	{Code: CodeNothing, Doc: "No export of a plug satisfies an import of the socket.", Example: "the plug exports `x:y/a`, the socket imports `x:y/b`"},
	{Code: CodeName, Doc: "An import or export that was named does not exist, or is used twice.", Example: "`get` is exported twice"},
	{Code: CodeOpen, Doc: "An import that is left open needs a resource that only exists inside the composition.",
		Example: "an interface that uses a resource of a plugged interface is not itself plugged"},
}

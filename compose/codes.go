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

	CodeTargetImport  diag.Code = "compose/extra-import"
	CodeTargetExport  diag.Code = "compose/missing-export"
	CodeTargetType    diag.Code = "compose/target-mismatch"
	CodeTargetVersion diag.Code = "compose/other-version"
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
	{Code: CodeTargetImport, Doc: "A component imports what the world that it is to fit does not have.",
		Example: "a component imports `a:b/i@2.0.0`, the world imports `a:b/i@1.0.0`"},
	{Code: CodeTargetExport, Doc: "A component does not export what the world that it is to fit exports.",
		Example: "a component exports nothing, the world exports `a:b/i`"},
	{Code: CodeTargetType, Doc: "An import or export of a component has another type than in the world that it is to fit.",
		Example: "a component exports `get: func() -> string`, the world exports `get: func() -> u32`"},
	{Code: CodeTargetVersion, Doc: "A component fits a world that has another version on the same semver track. This is a note, not an error.",
		Example: "a component imports `a:b/i@1.0.0`, the world imports `a:b/i@1.2.0`"},
}

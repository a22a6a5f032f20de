package runner

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics.
const (
	CodePlan   diag.Code = "run/plan"
	CodeEngine diag.Code = "run/engine"
	CodeImport diag.Code = "run/import"
	CodeExport diag.Code = "run/export"
)

// Codes tells what each code means. The examples are components in the text format.
var Codes = []diag.CodeInfo{
	{Code: CodePlan, Doc: "The component is valid, but needs something at run time that only another component can give it.",
		Example: `(component (import "c" (component)))`},
	{Code: CodeEngine, Doc: "A core module uses a feature of WebAssembly that the engine does not have.",
		Example: `(component (core module $m (memory i64 1)) (core instance (instantiate $m)))`},
	{Code: CodeImport, Doc: "The host does not supply an import.",
		Example: `(component (import "f" (func)))`},
	{Code: CodeExport, Doc: "An exported function that was asked for does not exist.",
		Example: `(component)`},
}

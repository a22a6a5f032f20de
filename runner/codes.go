package runner

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics.
const (
	CodeNotComponent diag.Code = "run/not-component"
	CodePlan         diag.Code = "run/plan"
	CodeEngine       diag.Code = "run/engine"
	CodeMemory       diag.Code = "run/memory"
)

// Codes documents each code. The examples are components in the text format, for an engine with a
// MaxMemory of 1 MiB. An example that is not a component is used as it is.
var Codes = []diag.CodeInfo{
	{Code: CodeNotComponent, Doc: "The input is a core module, or it is in the text format.", Example: `(component)`},
	{Code: CodePlan, Doc: "The component is valid, but needs something at run time that only another component can give it.",
		Example: `(component (import "c" (component)))`},
	{Code: CodeEngine, Doc: "A core module uses a feature of WebAssembly that the engine does not have.",
		Example: `(component (core module $m (memory i64 1)) (core instance (instantiate $m)))`},
	{Code: CodeMemory, Doc: "A core module has a memory that is larger than the limit.",
		Example: `(component (core module $m (memory 17)) (core instance (instantiate $m)))`},
}

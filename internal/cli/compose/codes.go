package compose

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics.
const (
	CodeRunModule diag.Code = "compose/module"
	CodeNoRun     diag.Code = "compose/no-run"
	CodeNoExport  diag.Code = "compose/no-export"
	CodeAmbiguous diag.Code = "compose/ambiguous-export"
	CodeUnmet     diag.Code = "compose/unmet-import"
	CodeTrap      diag.Code = "compose/trap"
	CodeCache     diag.Code = "compose/cache"
	CodeWastJSON  diag.Code = "compose/wast-json"

	CodeModuleWorld diag.Code = "compose/world-of-module"
)

// Codes tells what each code means. The examples are command lines; the scripts in testdata show them at work.
var Codes = []diag.CodeInfo{
	{Code: CodeRunModule, Doc: "A core module that is no program for WASI preview 1 was given where a component is needed.",
		Example: "compose run module.wasm"},
	{Code: CodeNoRun, Doc: "A component without `wasi:cli/run` was run as a command.", Example: "compose run library.wasm"},
	{Code: CodeNoExport, Doc: "The function to call is not exported.", Example: "compose run --invoke 'nothing()' greeter.wasm"},
	{Code: CodeAmbiguous, Doc: "Several exported interfaces have the function to call.", Example: "compose run --invoke 'get()' two.wasm"},
	{Code: CodeUnmet, Doc: "The component imports what the host does not offer.", Example: "compose run needs-more.wasm"},
	{Code: CodeModuleWorld, Doc: "A core module that needs an adapter is compared by the world that it is made for. This is a note, not an error.",
		Example: "compose targets preview1.wasm --wit world.wit"},
	{Code: CodeCache, Doc: "The folder for compiled code cannot be used, or others can write to it. Its files are run, so it must be the user's alone.",
		Example: "compose run --cache-dir /tmp tool.wasm"},
	{Code: CodeWastJSON, Doc: "A directive of a test script has no form in JSON.", Example: "compose json-from-wast null-of-type-7.wast"},
	{Code: CodeTrap, Doc: "The guest trapped.", Example: "compose run --invoke 'fail()' traps.wasm"},
}

package compose

import "github.com/mortise-wasm/mortise/diag"

// The codes of the diagnostics of this package.
const (
	CodeRunModule diag.Code = "compose/module"
	CodeNoRun     diag.Code = "compose/no-run"
	CodeNoExport  diag.Code = "compose/no-export"
	CodeAmbiguous diag.Code = "compose/ambiguous-export"
	CodeUnmet     diag.Code = "compose/unmet-import"
	CodeTrap      diag.Code = "compose/trap"
	CodeCache     diag.Code = "compose/cache"
	CodeWastJSON  diag.Code = "compose/wast-json"
	CodeRecording diag.Code = "compose/recording"
	CodeDeviation diag.Code = "compose/deviation"

	CodeModuleWorld diag.Code = "compose/world-of-module"
)

// Codes describes the codes. The examples are command lines in a folder with the files of
// testdata/examples and testdata/codes.
var Codes = []diag.CodeInfo{
	{Code: CodeRunModule, Doc: "A core module that does not import WASI preview 1 cannot be run: make a component of it first.",
		Example: "compose run add.wat"},
	{Code: CodeNoRun, Doc: "A component without `wasi:cli/run` was run as a command.", Example: "compose run calc.wasm"},
	{Code: CodeNoExport, Doc: "The function to call is not exported.", Example: "compose run --invoke 'nothing()' calc.wasm"},
	{Code: CodeAmbiguous, Doc: "Several exported interfaces have a function of the given name.", Example: "compose run --invoke 'get()' two.wat"},
	{Code: CodeUnmet, Doc: "The component has an import that the host does not offer.", Example: "compose run --invoke 'get()' needs-more.wat"},
	{Code: CodeModuleWorld, Doc: "For a core module that needs an adapter, the world that it is made for is compared. This is a note, not an error.",
		Example: "compose embed old.wat --wit add.wit -o old.wasm\ncompose targets old.wasm --wit add.wit"},
	{Code: CodeCache, Doc: "The folder for compiled code cannot be used, or others can write to it. Its files are run, so only the user may write to it.",
		Example: "compose run --cache-dir tool.wasm tool.wasm"},
	{Code: CodeWastJSON, Doc: "A directive of a test script cannot be expressed in JSON.", Example: "compose json-from-wast shared-null.wast"},
	{Code: CodeRecording, Doc: "A recording cannot be read.", Example: "compose replay calc.wasm"},
	{Code: CodeDeviation, Doc: "The replay of a recording differs from it.",
		Example: "compose run --record calc.rec --invoke 'add(40, 2)' calc.wasm\ncompose replay calc.rec --component tool.wasm"},
	{Code: CodeTrap, Doc: "The guest trapped.", Example: "compose run --invoke 'fail()' traps.wat"},
}

package binary

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics. Invalid binaries are reported with the codes of packages
// encoding and validate. Codes are stable: these begin with the name of package componentize, which
// reported them first and still reports some of them.
const (
	CodeNoWIT      diag.Code = "componentize/no-wit"
	CodeNotPackage diag.Code = "componentize/not-a-package"
	CodeNotInWIT   diag.Code = "componentize/not-in-wit"
	CodeBadDocs    diag.Code = "componentize/bad-docs"
	CodeBadWorld   diag.Code = "componentize/bad-world"
	CodeNotModule  diag.Code = "componentize/not-a-module"
)

// Codes describes each code. The examples are in the text format: encoded WIT packages for
// [CodeNotPackage], modules to embed a world in for [CodeNotModule], and any binaries with WIT for
// the other codes.
var Codes = []diag.CodeInfo{
	{Code: CodeNoWIT, Doc: "A core module does not say which world it is made for: it has no custom section whose name starts with `component-type`.",
		Example: `(module)`},
	{Code: CodeNotPackage, Doc: "A component was given where an encoded WIT package is expected.",
		Example: `(component (import "f" (func)))`},
	{Code: CodeNotInWIT, Doc: "Something has no counterpart in WIT, such as a record without a name or an exported core module.",
		Example: `(component (component $c) (export "c" (component $c)))`},
	{Code: CodeBadDocs, Doc: "The section `package-docs` cannot be read, or describes items that do not exist.",
		Example: `(component
  (type (component (export "a:b/i" (instance))))
  (export "i" (type 0))
  (@custom "package-docs" "\02{}"))`},
	{Code: CodeBadWorld, Doc: "The section of a core module that holds its world cannot be read.",
		Example: `(module (@custom "component-type" "none"))`},
	{Code: CodeNotModule, Doc: "A core module is needed, but something else was given. A component cannot be made into a component again.",
		Example: `(component)`},
}

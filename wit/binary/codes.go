package binary

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics. Invalid binaries are reported with the codes of packages
// encoding and validate. Codes are stable: these begin with the name of package componentize, which
// reported them first and still reports some of them.
const (
	NoWIT      diag.Code = "componentize/no-wit"
	NotPackage diag.Code = "componentize/not-a-package"
	NotInWIT   diag.Code = "componentize/not-in-wit"
	BadDocs    diag.Code = "componentize/bad-docs"
	BadWorld   diag.Code = "componentize/bad-world"
	NotModule  diag.Code = "componentize/not-a-module"
)

// Codes describes each code. The examples are in the text format: encoded WIT packages for
// [NotPackage], modules to embed a world in for [NotModule], and any binaries with WIT for the
// other codes.
var Codes = []diag.CodeInfo{
	{Code: NoWIT, Doc: "A core module does not say which world it is made for: it has no custom section whose name starts with `component-type`.",
		Example: `(module)`},
	{Code: NotPackage, Doc: "A component was given where an encoded WIT package is expected.",
		Example: `(component (import "f" (func)))`},
	{Code: NotInWIT, Doc: "Something has no counterpart in WIT, such as a record without a name or an exported core module.",
		Example: `(component (component $c) (export "c" (component $c)))`},
	{Code: BadDocs, Doc: "The section `package-docs` cannot be read, or describes items that do not exist.",
		Example: `(component
  (type (component (export "a:b/i" (instance))))
  (export "i" (type 0))
  (@custom "package-docs" "\02{}"))`},
	{Code: BadWorld, Doc: "The section of a core module that holds its world cannot be read.",
		Example: `(module (@custom "component-type" "none"))`},
	{Code: NotModule, Doc: "A core module is needed, but something else was given. A component cannot be made into a component again.",
		Example: `(component)`},
}

package componentize

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics. A binary that is not valid is reported with the codes of packages encoding and validate.
const (
	NoWIT      diag.Code = "componentize/no-wit"
	NotPackage diag.Code = "componentize/not-a-package"
	NotInWIT   diag.Code = "componentize/not-in-wit"
	BadDocs    diag.Code = "componentize/bad-docs"
	BadWorld   diag.Code = "componentize/bad-world"
)

// Codes describes each code. The examples are in the text format; they are read as encoded WIT packages for [NotPackage] and as any WIT
// otherwise.
var Codes = []diag.CodeInfo{
	{Code: NoWIT, Doc: "A core module does not say which world it is made for: it has no custom section whose name starts with `component-type`.",
		Example: `(module)`},
	{Code: NotPackage, Doc: "A component is there where an encoded WIT package is expected.",
		Example: `(component (import "f" (func)))`},
	{Code: NotInWIT, Doc: "Something has no counterpart in WIT, such as a record without name or an exported core module.",
		Example: `(component (component $c) (export "c" (component $c)))`},
	{Code: BadDocs, Doc: "The section `package-docs` cannot be read, or describes what is not there.",
		Example: `(component
  (type (component (export "a:b/i" (instance))))
  (export "i" (type 0))
  (@custom "package-docs" "\02{}"))`},
	{Code: BadWorld, Doc: "The section of a core module that holds its world cannot be read.",
		Example: `(module (@custom "component-type" "none"))`},
}

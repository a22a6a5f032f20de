package validate

import "github.com/mortise-wasm/mortise/diag"

// The codes of the diagnostics of this package.
const (
	CodeIndex       diag.Code = "validate/index"
	CodeKind        diag.Code = "validate/kind"
	CodeName        diag.Code = "validate/name"
	CodeType        diag.Code = "validate/type"
	CodeMismatch    diag.Code = "validate/mismatch"
	CodeResource    diag.Code = "validate/resource"
	CodeCanon       diag.Code = "validate/canon"
	CodeInstantiate diag.Code = "validate/instantiate"
	CodeVisibility  diag.Code = "validate/visibility"
	CodeFeature     diag.Code = "validate/feature"
	CodeModule      diag.Code = "validate/module"
	CodeLimit       diag.Code = "validate/limit"
	CodeValue       diag.Code = "validate/value"
)

// Codes describes the codes of this package. The examples are components in the text format.
var Codes = []diag.CodeInfo{
	{Code: CodeIndex, Doc: "An index refers to a definition that does not exist, or that comes later.",
		Example: `(component (export "f" (func 0)))`},
	{Code: CodeKind, Doc: "An index refers to a definition of the wrong kind.",
		Example: `(component (type u8) (import "f" (func (type 0))))`},
	{Code: CodeName, Doc: "A name is malformed, or occurs twice where names must be unique.",
		Example: `(component (import "a" (func)) (import "A" (func)))`},
	{Code: CodeType, Doc: "A type breaks a rule for types, for instance by being empty.",
		Example: `(component (type (record)))`},
	{Code: CodeMismatch, Doc: "A definition does not have the type that its use requires.",
		Example: `(component (import "f" (func $f)) (export "g" (func $f) (func (param "x" u8))))`},
	{Code: CodeResource, Doc: "A resource type is used where the component that defines it cannot be reached.",
		Example: `(component (type (component (type (resource (rep i32))))))`},
	{Code: CodeCanon, Doc: "The options or the core function of a canonical definition are wrong for its type.",
		Example: `(component (import "f" (func $f (param "s" string))) (core func (canon lower (func $f))))`},
	{Code: CodeInstantiate, Doc: "The arguments of an instantiation do not match the imports of the component or core module.",
		Example: `(component (component $c (import "f" (func))) (instance (instantiate $c)))`},
	{Code: CodeVisibility, Doc: "An import or export mentions a type that has no name outside the component: it must be imported or exported first.",
		Example: `(component (type $e (enum "a")) (import "f" (func (param "e" $e))))`},
	{Code: CodeFeature, Doc: "A definition belongs to a proposal that is not enabled.",
		Example: `(component (type (list u8 4)))`},
	{Code: CodeModule, Doc: "A nested core module cannot be read, or is invalid.",
		Example: `(component (core module (export "f" (func 0))))`},
	{Code: CodeLimit, Doc: "A type is larger or more deeply nested than allowed.",
		Example: `(component (type (tuple (list u8 268435456))))`},
	{Code: CodeValue, Doc: "A value is used twice, or not at all, or there are two start functions.",
		Example: `(component (import "v" (value u8)))`},
}

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

// Codes describes the codes. The examples are components in the text format. In some, each import
// is connected to the export of the same name of another component, and the composition exports
// every export. In the others, the first component is the socket and the rest are plugs. If a WIT
// package follows, the component is compared with its world.
var Codes = []diag.CodeInfo{
	{
		Code: CodeMismatch,
		Doc:  "An export is connected to an import of another type.",
		Example: `(component (import "get" (func (result u32))))
(component (import "base" (func $f (result string))) (export "get" (func $f)))`,
	},
	{
		Code: CodeMerge,
		Doc:  "Two instances leave the same import open, with types that do not agree.",
		Example: `(component (import "get" (func (result u32))))
(component (import "get" (func (result string))))`,
	},
	{
		Code: CodeCycle,
		Doc:  "Instances need each other.",
		Example: `(component (import "a" (func $f)) (export "b" (func $f)))
(component (import "b" (func $f)) (export "a" (func $f)))`,
	},
	{
		Code: CodeNothing,
		Doc:  "No export of a plug satisfies an import of the socket.",
		Example: `(component (import "x:y/b" (instance)))
(component (import "base" (instance $i)) (export "x:y/a" (instance $i)))`,
	},
	{
		Code: CodeName,
		Doc:  "A named import or export does not exist, or is used twice.",
		Example: `(component (import "a" (func $f)) (export "get" (func $f)))
(component (import "b" (func $f)) (export "get" (func $f)))`,
	},
	{
		Code: CodeOpen,
		Doc:  "An import that is left open needs a resource that exists only inside the composition.",
		Example: `(component
  (import "x:y/files" (instance $files (export "file" (type (sub resource)))))
  (alias export $files "file" (type $file))
  (import "x:y/open" (instance
    (alias outer 1 $file (type $outer))
    (export "file" (type $file (eq $outer)))
    (export "open" (func (result (own $file)))))))
(component
  (type $file (resource (rep i32)))
  (component $files
    (import "file" (type $f (sub resource)))
    (export "file" (type $f)))
  (instance $i (instantiate $files (with "file" (type $file))))
  (export "x:y/files" (instance $i)))`,
	},
	{
		Code: CodeTargetImport,
		Doc:  "A component imports an item that the target world does not have.",
		Example: `(component (import "a:b/i@2.0.0" (instance)))
package a:b@1.0.0; interface i {} world w { import i; }`,
	},
	{
		Code: CodeTargetExport,
		Doc:  "A component does not export an item that the target world exports.",
		Example: `(component)
package a:b; interface i {} world w { export i; }`,
	},
	{
		Code: CodeTargetType,
		Doc:  "An import or export of a component has another type than in the target world.",
		Example: `(component (import "get" (func (result string))))
package a:b; world w { import get: func() -> u32; }`,
	},
	{
		Code: CodeTargetVersion,
		Doc:  "A component fits a world that has another version of an interface on the same semver track. This is a note, not an error.",
		Example: `(component (import "a:b/i@1.0.0" (instance)))
package a:b@1.2.0; interface i {} world w { import i; }`,
	},
}

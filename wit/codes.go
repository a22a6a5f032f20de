package wit

import (
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
)

// The codes of the diagnostics of this package. Package syntax has the codes of syntax errors.
const (
	CodeCannotRead         diag.Code = "wit/cannot-read"
	CodeCannotDecode       diag.Code = "wit/cannot-decode"
	CodeCannotMerge        diag.Code = "wit/cannot-merge"
	CodeNoPackage          diag.Code = "wit/no-package"
	CodeWrongPackage       diag.Code = "wit/wrong-package"
	CodeDuplicatePackage   diag.Code = "wit/duplicate-package"
	CodeUnknownPackage     diag.Code = "wit/unknown-package"
	CodePackageCycle       diag.Code = "wit/package-cycle"
	CodeDuplicateItem      diag.Code = "wit/duplicate-item"
	CodeUnknownItem        diag.Code = "wit/unknown-item"
	CodeWrongItem          diag.Code = "wit/wrong-item"
	CodeDependsOnItself    diag.Code = "wit/depends-on-itself"
	CodeMisplacedAttribute diag.Code = "wit/misplaced-attribute"
	CodeDuplicateName      diag.Code = "wit/duplicate-name"
	CodeUnknownName        diag.Code = "wit/unknown-name"
	CodeUnknownType        diag.Code = "wit/unknown-type"
	CodeEmptyType          diag.Code = "wit/empty-type"
	CodeTooLarge           diag.Code = "wit/too-large"
	CodeBadStream          diag.Code = "wit/bad-stream"
	CodeBadMapKey          diag.Code = "wit/bad-map-key"
	CodeBadHandle          diag.Code = "wit/bad-handle"
	CodeBadConstructor     diag.Code = "wit/bad-constructor"
	CodeBorrowInResult     diag.Code = "wit/borrow-in-result"
	CodeBadGate            diag.Code = "wit/bad-gate"
	CodeGatedReference     diag.Code = "wit/gated-reference"
	CodeDuplicateExtern    diag.Code = "wit/duplicate-extern"
	CodeBadExport          diag.Code = "wit/bad-export"
	CodeUnknownWorld       diag.Code = "wit/unknown-world"
)

// Codes describes each code. An example is a package, or several files that each follow a line `//
// file: path`. The example of [CodeUnknownWorld] is for a request for the world `missing`.
var Codes = []diag.CodeInfo{
	{Code: CodeCannotRead, Doc: "A file or directory cannot be read. The message has the cause.", Example: "// file: missing\n"},
	{Code: CodeCannotDecode, Doc: "A file contains WebAssembly instead of WIT text, and this program has no decoder for it.", Example: "// file: a.wit\npackage a:b;\n// file: deps/c.wat\n(component)\n"},
	{Code: CodeCannotMerge, Doc: "An encoded package contradicts a package that was read before it.", Example: "// file: a.wit\npackage a:b;\n// file: deps/one.wat\n(one)\n// file: deps/two.wat\n(two)\n"},
	{Code: CodeNoPackage, Doc: "No file of a package declares the package.", Example: "interface a {}"},
	{Code: CodeWrongPackage, Doc: "The files of a package name different packages, or more than one of them documents the package.", Example: "// file: a.wit\npackage a:a;\n// file: b.wit\npackage a:b;\n"},
	{Code: CodeDuplicatePackage, Doc: "A package is defined twice.", Example: "package a:b;\npackage c:d {}\npackage c:d {}"},
	{Code: CodeUnknownPackage, Doc: "A package is used that is neither nested in a file nor in the folder deps.", Example: "package a:b;\nworld w { import c:d/e; }"},
	{Code: CodePackageCycle, Doc: "Packages depend on each other in a circle.", Example: "package a:b;\npackage c:d { interface i { use e:f/i.{t}; } }\npackage e:f { interface i { use c:d/i.{t}; } }"},
	{Code: CodeDuplicateItem, Doc: "Two interfaces or worlds of a package, or a use and one of them in a file, have the same name.", Example: "package a:b;\ninterface i {}\nworld i {}"},
	{Code: CodeUnknownItem, Doc: "No interface or world has this name.", Example: "package a:b;\nworld w { import i; }"},
	{Code: CodeWrongItem, Doc: "The name refers to a different kind of item than is needed here.", Example: "package a:b;\nworld v {}\nworld w { import v; }"},
	{Code: CodeDependsOnItself, Doc: "Types, interfaces or worlds are defined in terms of each other.", Example: "package a:b;\ninterface i { type t = u; type u = t; }"},
	{Code: CodeMisplacedAttribute, Doc: "A use at the top of a file takes no attributes.", Example: "package a:b@1.0.0;\n@since(version = 1.0.0) use i as j;\ninterface i {}"},
	{Code: CodeDuplicateName, Doc: "A name is defined more than once. Names that differ only in case are the same.", Example: "package a:b;\ninterface i { type t = u8; f: func(); F: func(); t: func(); }"},
	{Code: CodeUnknownName, Doc: "The interface that is used has no type of this name, or the included world no item.", Example: "package a:b;\ninterface i {}\ninterface j { use i.{t}; }"},
	{Code: CodeUnknownType, Doc: "No type of this name is in scope.", Example: "package a:b;\ninterface i { f: func(a: t); }"},
	{Code: CodeEmptyType, Doc: "Variants and enums have at least one case. In components, records, flags, tuples and fixed-length lists have at least one element.", Example: "package a:b;\ninterface i { enum e {} }"},
	{Code: CodeTooLarge, Doc: "A type or a package is too large for a component: flags have at most 32 entries, and a type has at most 100,000 parts and 100 levels.", Example: "package a:b;\ninterface i { flags f {" + flagNames(33) + "} }"},
	{Code: CodeBadStream, Doc: "Components have no streams of char.", Example: "package a:b;\ninterface i { f: func(a: stream<char>); }"},
	{Code: CodeBadMapKey, Doc: "The keys of a map are bool, an integer type, char or string.", Example: "package a:b;\ninterface i { type t = map<f32, u8>; }"},
	{Code: CodeBadHandle, Doc: "Handles are of resources.", Example: "package a:b;\ninterface i { type t = u8; f: func(a: borrow<t>); }"},
	{Code: CodeBadConstructor, Doc: "A constructor returns the resource, or a result of it.", Example: "package a:b;\ninterface i { resource r { constructor() -> r; } }"},
	{Code: CodeBorrowInResult, Doc: "A function cannot return a borrowed handle.", Example: "package a:b;\ninterface i { resource r; f: func() -> borrow<r>; }"},
	{Code: CodeBadGate, Doc: "The attributes contradict each other or the version of the package.", Example: "package a:b;\n@since(version = 1.0.0) @unstable(feature = f) interface i {}"},
	{Code: CodeGatedReference, Doc: "An item is enabled although it needs another one that is disabled, because the feature that gates the latter is off.", Example: "package a:b;\ninterface i { @unstable(feature = f) type t = u8; type u = t; }"},
	{Code: CodeDuplicateExtern, Doc: "A world imports or exports two things under one name.", Example: "package a:b;\nworld w { import f: func(); import f: func(); }"},
	{Code: CodeBadExport, Doc: "An interface would have to be imported and exported at once: an export needs types of it as an import, and the world exports it.", Example: "package a:b;\ninterface i1 { type t = u8; }\ninterface i2 { use i1.{t}; }\ninterface i3 { use i2.{t}; }\nworld w { export i1; export i3; }"},
	{Code: CodeUnknownWorld, Doc: "The package has no such world, or several worlds and none was chosen.", Example: "package a:b;\nworld w {}"},
}

// flagNames returns n flag names, separated by commas.
func flagNames(n int) string {
	text := ""
	for i := range n {
		text += fmt.Sprintf("n%d, ", i)
	}
	return text
}

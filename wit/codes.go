package wit

import (
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
)

// The codes of the diagnostics of this package. Package syntax has the codes of syntax errors.
const (
	CannotRead         diag.Code = "wit/cannot-read"
	CannotDecode       diag.Code = "wit/cannot-decode"
	CannotMerge        diag.Code = "wit/cannot-merge"
	NoPackage          diag.Code = "wit/no-package"
	WrongPackage       diag.Code = "wit/wrong-package"
	DuplicatePackage   diag.Code = "wit/duplicate-package"
	UnknownPackage     diag.Code = "wit/unknown-package"
	PackageCycle       diag.Code = "wit/package-cycle"
	DuplicateItem      diag.Code = "wit/duplicate-item"
	UnknownItem        diag.Code = "wit/unknown-item"
	WrongItem          diag.Code = "wit/wrong-item"
	DependsOnItself    diag.Code = "wit/depends-on-itself"
	MisplacedAttribute diag.Code = "wit/misplaced-attribute"
	DuplicateName      diag.Code = "wit/duplicate-name"
	UnknownName        diag.Code = "wit/unknown-name"
	UnknownType        diag.Code = "wit/unknown-type"
	EmptyType          diag.Code = "wit/empty-type"
	TooLarge           diag.Code = "wit/too-large"
	BadStream          diag.Code = "wit/bad-stream"
	BadMapKey          diag.Code = "wit/bad-map-key"
	BadHandle          diag.Code = "wit/bad-handle"
	BadConstructor     diag.Code = "wit/bad-constructor"
	BorrowInResult     diag.Code = "wit/borrow-in-result"
	BadGate            diag.Code = "wit/bad-gate"
	GatedReference     diag.Code = "wit/gated-reference"
	DuplicateExtern    diag.Code = "wit/duplicate-extern"
	BadExport          diag.Code = "wit/bad-export"
	UnknownWorld       diag.Code = "wit/unknown-world"
)

// Codes describes each code. An example is a package, or several files that each follow a line `//
// file: path`. The example of [UnknownWorld] is for a request for the world `missing`.
var Codes = []diag.CodeInfo{
	{Code: CannotRead, Doc: "A file or directory cannot be read. The message has the cause.", Example: "// file: missing\n"},
	{Code: CannotDecode, Doc: "A file contains WebAssembly instead of WIT text, and this program has no decoder for it.", Example: "// file: a.wit\npackage a:b;\n// file: deps/c.wat\n(component)\n"},
	{Code: CannotMerge, Doc: "An encoded package contradicts a package that was read before it.", Example: "// file: a.wit\npackage a:b;\n// file: deps/one.wat\n(one)\n// file: deps/two.wat\n(two)\n"},
	{Code: NoPackage, Doc: "No file of a package declares the package.", Example: "interface a {}"},
	{Code: WrongPackage, Doc: "The files of a package name different packages, or more than one of them documents the package.", Example: "// file: a.wit\npackage a:a;\n// file: b.wit\npackage a:b;\n"},
	{Code: DuplicatePackage, Doc: "A package is defined twice.", Example: "package a:b;\npackage c:d {}\npackage c:d {}"},
	{Code: UnknownPackage, Doc: "A package is used that is neither nested in a file nor in the folder deps.", Example: "package a:b;\nworld w { import c:d/e; }"},
	{Code: PackageCycle, Doc: "Packages depend on each other in a circle.", Example: "package a:b;\npackage c:d { interface i { use e:f/i.{t}; } }\npackage e:f { interface i { use c:d/i.{t}; } }"},
	{Code: DuplicateItem, Doc: "Two interfaces or worlds of a package, or a use and one of them in a file, have the same name.", Example: "package a:b;\ninterface i {}\nworld i {}"},
	{Code: UnknownItem, Doc: "No interface or world has this name.", Example: "package a:b;\nworld w { import i; }"},
	{Code: WrongItem, Doc: "The name refers to a different kind of item than is needed here.", Example: "package a:b;\nworld v {}\nworld w { import v; }"},
	{Code: DependsOnItself, Doc: "Types, interfaces or worlds are defined in terms of each other.", Example: "package a:b;\ninterface i { type t = u; type u = t; }"},
	{Code: MisplacedAttribute, Doc: "A use at the top of a file takes no attributes.", Example: "package a:b@1.0.0;\n@since(version = 1.0.0) use i as j;\ninterface i {}"},
	{Code: DuplicateName, Doc: "A name is defined more than once. Names that differ only in case are the same.", Example: "package a:b;\ninterface i { type t = u8; f: func(); F: func(); t: func(); }"},
	{Code: UnknownName, Doc: "The interface that is used has no type of this name, or the included world no item.", Example: "package a:b;\ninterface i {}\ninterface j { use i.{t}; }"},
	{Code: UnknownType, Doc: "No type of this name is in scope.", Example: "package a:b;\ninterface i { f: func(a: t); }"},
	{Code: EmptyType, Doc: "Variants and enums have at least one case. In components, records, flags, tuples and fixed-length lists have at least one element.", Example: "package a:b;\ninterface i { enum e {} }"},
	{Code: TooLarge, Doc: "A type or a package is too large for a component: flags have at most 32 entries, and a type has at most 100,000 parts and 100 levels.", Example: "package a:b;\ninterface i { flags f {" + flagNames(33) + "} }"},
	{Code: BadStream, Doc: "Components have no streams of char.", Example: "package a:b;\ninterface i { f: func(a: stream<char>); }"},
	{Code: BadMapKey, Doc: "The keys of a map are bool, an integer type, char or string.", Example: "package a:b;\ninterface i { type t = map<f32, u8>; }"},
	{Code: BadHandle, Doc: "Handles are of resources.", Example: "package a:b;\ninterface i { type t = u8; f: func(a: borrow<t>); }"},
	{Code: BadConstructor, Doc: "A constructor returns the resource, or a result of it.", Example: "package a:b;\ninterface i { resource r { constructor() -> r; } }"},
	{Code: BorrowInResult, Doc: "A function cannot return a borrowed handle.", Example: "package a:b;\ninterface i { resource r; f: func() -> borrow<r>; }"},
	{Code: BadGate, Doc: "The attributes contradict each other or the version of the package.", Example: "package a:b;\n@since(version = 1.0.0) @unstable(feature = f) interface i {}"},
	{Code: GatedReference, Doc: "An item is enabled although it needs another one that is disabled, because the feature that gates the latter is off.", Example: "package a:b;\ninterface i { @unstable(feature = f) type t = u8; type u = t; }"},
	{Code: DuplicateExtern, Doc: "A world imports or exports two things under one name.", Example: "package a:b;\nworld w { import f: func(); import f: func(); }"},
	{Code: BadExport, Doc: "An interface would have to be imported and exported at once: an export needs types of it as an import, and the world exports it.", Example: "package a:b;\ninterface i1 { type t = u8; }\ninterface i2 { use i1.{t}; }\ninterface i3 { use i2.{t}; }\nworld w { export i1; export i3; }"},
	{Code: UnknownWorld, Doc: "The package has no such world, or several worlds and none was chosen.", Example: "package a:b;\nworld w {}"},
}

// flagNames returns n flag names, separated by commas.
func flagNames(n int) string {
	text := ""
	for i := range n {
		text += fmt.Sprintf("n%d, ", i)
	}
	return text
}

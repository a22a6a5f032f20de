package syntax

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
)

// Range is the bytes from Start up to, but not including, End of the source.
type Range struct{ Start, End int32 }

// Pos returns the range itself. Every node has this method through embedding.
func (r Range) Pos() Range { return r }

// Node is a node of the tree. It is one of [*File], [*PackageDecl], [*Interface], [*World],
// [*TopUse], [*NestedPackage], [*Use], [*Include], [*Extern], [*TypeDef], [*Func] and [*Type].
type Node interface {
	// Pos returns the range that the node covers, including its attributes but not its documentation.
	Pos() Range
	node()
}

// Docs identifies the comments directly before an item: [File.Comments] from From up to, but not
// including, To.
type Docs struct{ From, To int32 }

// Ident is an identifier. Its range includes a leading `%`; its name does not.
type Ident struct {
	Name string
	Range
}

// File is the tree of a source text. This package does not change a File after returning it.
type File struct {
	Source *diag.File
	// Package is the declaration `package a:b;`, or nil.
	Package *PackageDecl
	Items   []Item
	// Comments holds all comments in order.
	Comments []Range
	// Bad reports whether part of the file could not be read.
	Bad bool
	// Lost reports whether an item at the top could not be read and is missing from the tree.
	Lost bool

	text string // the source; all names are substrings of it
}

// Span returns the source span of r.
func (f *File) Span(r Range) diag.Span {
	return diag.Span{File: f.Source, Start: int(r.Start), End: int(r.End)}
}

// PackageID is a package identifier in the source.
type PackageID struct {
	Range
	// ID is the identifier. The parser has checked that the names in it are labels.
	ID name.Package
	// Version is the range of the version, or empty if there is none.
	Version Range
}

// PackageDecl is `package a:b@1.0.0;`.
type PackageDecl struct {
	Docs Docs
	Range
	PackageID PackageID
}

// Item is an item at the top of a file: [*Interface], [*World], [*TopUse] or [*NestedPackage].
type Item interface {
	Node
	item()
}

// Interface is `interface a { … }`.
type Interface struct {
	Docs  Docs
	Attrs []Attr
	Range
	Name  Ident
	Items []InterfaceItem
	// Bad reports whether some items of the interface could not be read.
	Bad bool
}

// World is `world a { … }`.
type World struct {
	Docs  Docs
	Attrs []Attr
	Range
	Name  Ident
	Items []WorldItem
	// Bad reports whether some items of the world could not be read.
	Bad bool
}

// TopUse is a use at the top of a file: `use a:b/c as d;`.
type TopUse struct {
	Docs  Docs
	Attrs []Attr
	Range
	Keyword Range
	Path    Path
	// As is the name after `as`. Its Name is empty if there is none.
	As Ident
}

// Local returns the name that the use defines in the file.
func (u *TopUse) Local() Ident {
	if u.As.Name != "" {
		return u.As
	}
	return u.Path.Name
}

// NestedPackage is `package a:b { … }`.
type NestedPackage struct {
	Docs Docs
	Range
	PackageID PackageID
	Items     []Item
	Bad       bool
}

// InterfaceItem is an item of an interface: [*Use], [*TypeDef] or [*Func].
type InterfaceItem interface {
	Node
	interfaceItem()
}

// WorldItem is an item of a world: [*Use], [*Include], [*Extern] or [*TypeDef].
type WorldItem interface {
	Node
	worldItem()
}

// Path names an interface or a world: `a`, or `a:b/c@1.0.0`.
type Path struct {
	// Package is nil if the path is a plain name.
	Package *PackageID
	Name    Ident
}

// Use is `use a.{b, c as d};` in an interface or world.
type Use struct {
	Docs  Docs
	Attrs []Attr
	Range
	From  Path
	Names []Rename
}

// Rename is `a` or `a as b`; As.Name is empty in the first case.
type Rename struct{ Name, As Ident }

// Local returns the name that r defines.
func (r Rename) Local() Ident {
	if r.As.Name != "" {
		return r.As
	}
	return r.Name
}

// Include is `include a;` or `include a with { b as c }`.
type Include struct {
	Docs  Docs
	Attrs []Attr
	Range
	From Path
	With []Rename
}

// Extern is an import or export of a world. Exactly one of Func, Interface and Path is set.
type Extern struct {
	Docs  Docs
	Attrs []Attr
	Range
	Export bool
	// Name is the label. Its Name is empty for `import a:b/c;`.
	Name Ident
	// Func is set for `import a: func();`. Its name is the label. It has no documentation of its own.
	Func *Func
	// Interface is set for `import a: interface { … }`. Its name is the label.
	Interface *Interface
	// Path is set for `import a:b/c;` and `import label: a:b/c;`.
	Path *Path
}

// TypeDef defines a type: `type a = b;`, `record a { … }` and so on, depending on Kind.
type TypeDef struct {
	Docs  Docs
	Attrs []Attr
	Range
	Kind TypeDefKind
	Name Ident
	// Type is the type that an alias refers to.
	Type *Type
	// Members are the fields, cases or flags. The Type of a field is never nil; that of a flag or enum
	// case always is.
	Members []Member
	// Funcs are the functions of a resource.
	Funcs []*Func
	// Bad reports whether part of the definition could not be read.
	Bad bool
}

// TypeDefKind is the kind of a type definition. The zero value is invalid.
type TypeDefKind uint8

// The kinds of type definitions.
const (
	AliasDef TypeDefKind = iota + 1
	RecordDef
	VariantDef
	EnumDef
	FlagsDef
	ResourceDef
)

// Member is a field of a record, a case of a variant or enum, or a flag.
type Member struct {
	Docs Docs
	Name Ident
	Type *Type
}

// FuncKind is the kind of a function. The zero value is invalid.
type FuncKind uint8

// The kinds of functions. All except FreeFunc occur in resources.
const (
	FreeFunc FuncKind = iota + 1
	MethodFunc
	StaticFunc
	ConstructorFunc
)

// Func is a function with its name. A constructor is named `constructor`, and the range of its name
// is that of the keyword.
type Func struct {
	Docs  Docs
	Attrs []Attr
	Range
	Kind  FuncKind
	Name  Ident
	Async bool
	// Keyword is the range of `func` or `constructor`.
	Keyword Range
	Params  []Param
	// Result is nil if the function has no result.
	Result *Type
	Bad    bool
}

// Param is a parameter.
type Param struct {
	Name Ident
	Type *Type
}

// TypeKind is the kind of a type. The zero value is invalid.
type TypeKind uint8

// The kinds of types.
const (
	Bool TypeKind = iota + 1
	S8
	U8
	S16
	U16
	S32
	U32
	S64
	U64
	F32
	F64
	Char
	StringType
	ErrorContext
	Named
	List
	FixedList
	Map
	Option
	Result
	Tuple
	Future
	Stream
	Own
	Borrow
	// BadType replaces a type that could not be read. The error has been reported.
	BadType
)

// Type is a use of a type.
type Type struct {
	Range
	Kind TypeKind
	// Keyword is the range of the first word.
	Keyword Range
	// Name is the name of a Named type and the resource of Own and Borrow.
	Name Ident
	// Args are the parameters: the key and value of a map; the ok and error types of a result, each
	// nil if missing; at most one type for a stream or future; any number for a tuple.
	Args []*Type
	// Len is the length of a FixedList.
	Len uint32
}

// AttrKind is the kind of an attribute. The zero value is invalid.
type AttrKind uint8

// The kinds of attributes.
const (
	Since AttrKind = iota + 1
	Unstable
	Deprecated
	ExternalID
)

// Attr is an attribute: `@since(version = 1.0.0)`.
type Attr struct {
	// Range covers the attribute. Name covers its name without the `@`.
	Range
	Name Range
	Kind AttrKind
	// Version is set for Since and Deprecated.
	Version name.Version
	// Feature is set for Unstable.
	Feature Ident
	// Value is the text of an ExternalID.
	Value string
}

func (*File) node()          {}
func (*PackageDecl) node()   {}
func (*Interface) node()     {}
func (*World) node()         {}
func (*TopUse) node()        {}
func (*NestedPackage) node() {}
func (*Use) node()           {}
func (*Include) node()       {}
func (*Extern) node()        {}
func (*TypeDef) node()       {}
func (*Func) node()          {}
func (*Type) node()          {}

// Pos returns the range of the whole source.
func (f *File) Pos() Range { return Range{0, int32(len(f.Source.Data))} }

func (*Interface) item()     {}
func (*World) item()         {}
func (*TopUse) item()        {}
func (*NestedPackage) item() {}

func (*Use) interfaceItem()     {}
func (*TypeDef) interfaceItem() {}
func (*Func) interfaceItem()    {}

func (*Use) worldItem()     {}
func (*Include) worldItem() {}
func (*Extern) worldItem()  {}
func (*TypeDef) worldItem() {}

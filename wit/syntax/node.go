package syntax

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
)

// Range is the bytes Start to End (exclusive) of the source.
type Range struct{ Start, End int32 }

// Pos returns the range itself; every node has the method through embedding.
func (r Range) Pos() Range { return r }

// Node is a node of the tree. It is one of [*File], [*PackageDecl], [*Interface], [*World], [*TopUse], [*NestedPackage], [*Use],
// [*Include], [*Extern], [*TypeDef], [*Func] and [*Type].
type Node interface {
	// Pos returns what the node covers, without its documentation. It includes attributes.
	Pos() Range
	node()
}

// Docs are the comments From to To (exclusive) of [File.Comments]: those directly before an item.
type Docs struct{ From, To int32 }

// Ident is an identifier. Its range includes the `%` that it may be written with, its name does not.
type Ident struct {
	Name string
	Range
}

// File is the tree of a source text. It is not changed by this package once it was returned.
type File struct {
	Source *diag.File
	// Package is the declaration `package a:b;`, or nil.
	Package *PackageDecl
	Items   []Item
	// Comments are all comments, in order.
	Comments []Range
	// Bad tells that something of the file could not be read.
	Bad bool
	// Lost tells that an item at the top could not be read and is not in the tree.
	Lost bool

	text string // the source, of which all names are parts
}

// Span returns the place of r.
func (f *File) Span(r Range) diag.Span {
	return diag.Span{File: f.Source, Start: int(r.Start), End: int(r.End)}
}

// PackageID is a package identifier as it is written.
type PackageID struct {
	Range
	// ID is the identifier. Names in it are checked to be labels.
	ID name.Package
	// Version is where the version stands; it is empty if there is none.
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
	// Bad tells that items in it could not be read.
	Bad bool
}

// World is `world a { … }`.
type World struct {
	Docs  Docs
	Attrs []Attr
	Range
	Name  Ident
	Items []WorldItem
	// Bad tells that items in it could not be read.
	Bad bool
}

// TopUse is a use at the top of a file: `use a:b/c as d;`.
type TopUse struct {
	Docs  Docs
	Attrs []Attr
	Range
	Keyword Range
	Path    Path
	// As is the name given with `as`; its Name is empty if there is none.
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
	// Package is nil for a name alone.
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

// Local returns the name that is defined.
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

// Extern is an import or export of a world. Exactly one of Func, Interface and Path says what.
type Extern struct {
	Docs  Docs
	Attrs []Attr
	Range
	Export bool
	// Name is the label; its Name is empty in `import a:b/c;`.
	Name Ident
	// Func is set for `import a: func();`. Its name is that of the label, it has no documentation of its own.
	Func *Func
	// Interface is set for `import a: interface { … }`. Its name is that of the label.
	Interface *Interface
	// Path is set for `import a:b/c;` and `import label: a:b/c;`.
	Path *Path
}

// TypeDef defines a type: `type a = b;`, `record a { … }` and so on, told apart by Kind.
type TypeDef struct {
	Docs  Docs
	Attrs []Attr
	Range
	Kind TypeDefKind
	Name Ident
	// Type is what an alias stands for.
	Type *Type
	// Members are the fields, cases or flags. Types of fields are never nil, those of flags and enum cases always.
	Members []Member
	// Funcs are the functions of a resource.
	Funcs []*Func
	// Bad tells that parts of the definition could not be read.
	Bad bool
}

// TypeDefKind tells kinds of type definitions apart. The zero value is invalid.
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

// FuncKind tells functions apart. The zero value is invalid.
type FuncKind uint8

// The kinds of functions. All but the first stand in resources.
const (
	FreeFunc FuncKind = iota + 1
	MethodFunc
	StaticFunc
	ConstructorFunc
)

// Func is a function with its name. The name of a constructor is `constructor`, its range that keyword.
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
	// Result is nil if there is none.
	Result *Type
	Bad    bool
}

// Param is a parameter.
type Param struct {
	Name Ident
	Type *Type
}

// TypeKind tells types apart. The zero value is invalid.
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
	// BadType stands where a type belongs and none could be read, which was reported.
	BadType
)

// Type is a type where it is used.
type Type struct {
	Range
	Kind TypeKind
	// Keyword is the range of the first word.
	Keyword Range
	// Name is the name of a Named type and the resource of Own and Borrow.
	Name Ident
	// Args are the parameters: key and value of a map; ok and error of a result, nil where there is none; at most one for stream
	// and future; any number for a tuple.
	Args []*Type
	// Len is the length of a FixedList.
	Len uint32
}

// AttrKind tells attributes apart. The zero value is invalid.
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
	// Range covers the attribute, Name its name without the `@`.
	Range
	Name Range
	Kind AttrKind
	// Version is that of Since and Deprecated.
	Version name.Version
	// Feature is that of Unstable.
	Feature Ident
	// Value is the text of ExternalID.
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

// Pos returns the whole source.
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

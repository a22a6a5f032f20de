package wit

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// Model is resolved WIT: packages and all that is in them. Nothing in it is looked up by text any more. A Model must not be changed
// once the function that made it has returned it, and is then safe for concurrent use.
type Model struct {
	// Main is the package that was asked for. It may be nil in a model that has none.
	Main *Package
	// Packages, Interfaces, Worlds and Types hold everything in the order of definition: what something needs stands before it. Types
	// includes types without names, each once for a package.
	Packages   []*Package
	Interfaces []*Interface
	Worlds     []*World
	Types      []*TypeDef

	byType map[types.Type]*TypeDef
}

// Package is a package with what is in it, in the order in which it was resolved.
type Package struct {
	Name       name.Package
	Docs       Docs
	Interfaces []*Interface
	Worlds     []*World
	// Span is where the package is named; it may be no place.
	Span diag.Span

	interfaces finder[*Interface]
	worlds     finder[*World]
}

// Docs is a documentation text, its lines joined by newlines. Given tells an empty comment from none.
type Docs struct {
	Text  string
	Given bool
}

// Stability is the gate of an item: none, `@since` or `@unstable`, with or without `@deprecated`.
type Stability struct {
	// Since is zero unless the item is gated by @since.
	Since name.Version
	// Feature is the name of the feature that the item belongs to by @unstable, or "".
	Feature    string
	Deprecated name.Version
}

// IsZero reports whether there is no gate.
func (s Stability) IsZero() bool { return s == Stability{} }

// Interface is an interface.
type Interface struct {
	// Name is "" for an interface that is written inside a world.
	Name    string
	Package *Package
	Docs    Docs
	// Stability is the gate of the interface.
	Stability Stability
	// Types are the types that it defines or uses, with distinct names.
	Types []*TypeDef
	// Funcs are its functions, those of resources included, with distinct names.
	Funcs []*Func
	// CloneOf is the interface in a world of which this is a copy made by an include, or nil.
	CloneOf *Interface
	Span    diag.Span

	types finder[*TypeDef]
	funcs finder[*Func]
}

// ID returns the name under which components import and export the interface. It is zero for one inside a world.
func (i *Interface) ID() name.Interface {
	if i.Name == "" || i.Package == nil {
		return name.Interface{}
	}
	return i.Package.Name.Interface(i.Name)
}

// Type returns the type named label, or nil.
func (i *Interface) Type(label string) *TypeDef {
	return i.types.find(label, i.Types, func(t *TypeDef) string { return t.Name })
}

// Func returns the function of that name, such as `f` or `[method]r.m`, or nil.
func (i *Interface) Func(fname string) *Func {
	return i.funcs.find(fname, i.Funcs, func(f *Func) string { return f.Name })
}

// World is a world with everything that it imports and exports, be it written down or needed by what is.
type World struct {
	Name      string
	Package   *Package
	Docs      Docs
	Stability Stability
	// Imports are interfaces, then types, then functions. An interface stands after those whose types it uses.
	Imports []*WorldItem
	Exports []*WorldItem
	Span    diag.Span

	imports, exports finder[*WorldItem]
}

// ID returns the identifier of the world.
func (w *World) ID() name.Interface { return w.Package.Name.Interface(w.Name) }

// Import returns the import of that name, as [WorldItem.ExternName] has it, or nil.
func (w *World) Import(extern string) *WorldItem {
	return w.imports.find(extern, w.Imports, (*WorldItem).ExternName)
}

// Export returns the export of that name, as [WorldItem.ExternName] has it, or nil.
func (w *World) Export(extern string) *WorldItem {
	return w.exports.find(extern, w.Exports, (*WorldItem).ExternName)
}

// WorldItem is an import or export. Exactly one of Interface, Func and Type is set; only imports are types.
type WorldItem struct {
	// Name is the label, or "" where an interface goes by its own name. An item that has a label and an interface with a name
	// implements that interface.
	Name      string
	Interface *Interface
	Func      *Func
	Type      *TypeDef
	// Docs and Stability are those of the statement that imports or exports an interface. Functions and types carry their own.
	Docs      Docs
	Stability Stability
	// ExternalID is what @external-id gives the interface.
	ExternalID    string
	HasExternalID bool
	Span          diag.Span
}

// ExternName returns the name of the import or export in a component.
func (i *WorldItem) ExternName() string {
	if i.Name == "" {
		return i.Interface.ID().String()
	}
	return i.Name
}

// Implements returns the identifier of the interface that an item with a label implements, or "".
func (i *WorldItem) Implements() string {
	if i.Name == "" || i.Interface == nil || i.Interface.Name == "" {
		return ""
	}
	return i.Interface.ID().String()
}

// Gate returns the stability of the item, wherever it is written.
func (i *WorldItem) Gate() Stability {
	switch {
	case i.Func != nil:
		return i.Func.Stability
	case i.Type != nil:
		return i.Type.Stability
	}
	return i.Stability
}

// TypeDef is a type definition, or a type without name that is used.
type TypeDef struct {
	// Name is "" for a type such as `list<u8>` where it is used.
	Name string
	// Type is the type. For a definition it is a [*types.Named] or a [*types.Resource]; the name's Of is the type that the definition
	// spells out, or, for an alias or use, the Type of another TypeDef or a primitive type. Resources here are those of the
	// interface as it is written: a world that imports and exports it has two of each, see [World.Component].
	Type types.Type
	// Interface or World is where it is defined. Both are nil for a type without name.
	Interface *Interface
	World     *World
	// Members describes the fields, cases or flags of Type, in their order.
	Members       []Member
	Docs          Docs
	Stability     Stability
	ExternalID    string
	HasExternalID bool
	Span          diag.Span
}

// Member is what is said about a field, case or flag.
type Member struct {
	Docs Docs
	Span diag.Span
}

// Alias returns the definition that t is another name of, by `use` or `type a = b`, or nil.
func (m *Model) Alias(t *TypeDef) *TypeDef {
	if n, ok := t.Type.(*types.Named); ok {
		return m.byType[n.Of]
	}
	return nil
}

// Def returns the definition of a type of the model, or nil for a primitive type.
func (m *Model) Def(t types.Type) *TypeDef { return m.byType[t] }

// FuncKind tells functions apart. The zero value is invalid.
type FuncKind uint8

// The kinds of functions.
const (
	Freestanding FuncKind = iota + 1
	Method
	Static
	Constructor
)

// Func is a function.
type Func struct {
	// Name is the name that components know it by: `f`, `[method]r.f`, `[static]r.f` or `[constructor]r`.
	Name  string
	Kind  FuncKind
	Async bool
	// Resource is the resource of all but freestanding functions.
	Resource *TypeDef
	// Params includes `self` of a method.
	Params []Param
	// Result is nil if there is none.
	Result        types.ValType
	Docs          Docs
	Stability     Stability
	ExternalID    string
	HasExternalID bool
	Span          diag.Span
}

// Param is a parameter.
type Param struct {
	Name string
	Type types.ValType
	Span diag.Span
}

// Label returns the name of the function in WIT: without the resource.
func (f *Func) Label() string {
	switch f.Kind {
	case Constructor:
		return "constructor"
	case Method, Static:
		for i := range len(f.Name) {
			if f.Name[i] == '.' {
				return f.Name[i+1:]
			}
		}
	}
	return f.Name
}

// Type returns the type of the function.
func (f *Func) Type() *types.Func {
	t := &types.Func{Async: f.Async, Result: f.Result, Params: make([]types.Param, len(f.Params))}
	for i, p := range f.Params {
		t.Params[i] = types.Param{Name: p.Name, Type: p.Type}
	}
	return t
}

// Dependencies returns all packages but the main one.
func (m *Model) Dependencies() []*Package {
	var list []*Package
	for _, p := range m.Packages {
		if p != m.Main {
			list = append(list, p)
		}
	}
	return list
}

// Package returns the package with that name and version, or nil.
func (m *Model) Package(id name.Package) *Package {
	for _, p := range m.Packages {
		if p.Name == id {
			return p
		}
	}
	return nil
}

// Interface returns the interface named label, or nil.
func (p *Package) Interface(label string) *Interface {
	return p.interfaces.find(label, p.Interfaces, func(i *Interface) string { return i.Name })
}

// World returns the world named label, or nil.
func (p *Package) World(label string) *World {
	return p.worlds.find(label, p.Worlds, func(w *World) string { return w.Name })
}

// NewModel completes a model whose exported fields the caller has set, such as one read from a binary. Each type of Types must
// have its own value in Type, and every type that is used must be in Types. NewModel takes m over and returns it.
func NewModel(m Model) *Model {
	m.byType = make(map[types.Type]*TypeDef, len(m.Types))
	for _, t := range m.Types {
		m.byType[t.Type] = t
	}
	return &m
}

package wit

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// Model is resolved WIT: packages and their contents, with pointers instead of names. A Model must
// not be changed after the function that made it has returned. It is then safe for concurrent use.
type Model struct {
	// Main is the requested package. It is nil if the model has none.
	Main *Package
	// Packages, Interfaces, Worlds and Types hold all items in definition order: an item comes after
	// its dependencies. Types includes types without names, each once for a package.
	Packages   []*Package
	Interfaces []*Interface
	Worlds     []*World
	Types      []*TypeDef

	byType map[types.Type]*TypeDef
	byName map[name.Package]*Package
}

// Package is a package and its contents, in the order of resolution.
type Package struct {
	Name       name.Package
	Docs       Docs
	Interfaces []*Interface
	Worlds     []*World
	// Span is where the package is declared. It may be invalid.
	Span diag.Span

	interfaces finder[*Interface]
	worlds     finder[*World]
}

// Docs is a documentation text, with its lines joined by newlines. Given distinguishes an empty
// comment from none.
type Docs struct {
	Text  string
	Given bool
}

// Stability is the gate of an item: none, or `@since` or `@unstable` with or without `@deprecated`.
type Stability struct {
	// Since is zero unless the item is gated by @since.
	Since name.Version
	// Feature is the feature in the item's @unstable, or "".
	Feature    string
	Deprecated name.Version
}

// IsZero reports whether s is the empty gate.
func (s Stability) IsZero() bool { return s == Stability{} }

// Interface is an interface.
type Interface struct {
	// Name is "" for an interface inside a world.
	Name    string
	Package *Package
	Docs    Docs
	// Stability is the gate of the interface.
	Stability Stability
	// Types are the types that the interface defines or uses, with distinct names.
	Types []*TypeDef
	// Funcs are the functions of the interface, including those of resources, with distinct names.
	Funcs []*Func
	// CloneOf is the original of this interface if this is a copy, or nil. An include copies
	// interfaces inside worlds, and [UnionOptions].Nominal copies shared ones.
	CloneOf *Interface
	Span    diag.Span

	types finder[*TypeDef]
	funcs finder[*Func]
}

// ID returns the name under which components import and export the interface. It is zero for an
// interface inside a world.
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

// Func returns the function named fname, such as `f` or `[method]r.m`, or nil.
func (i *Interface) Func(fname string) *Func {
	return i.funcs.find(fname, i.Funcs, func(f *Func) string { return f.Name })
}

// World is a world with all its imports and exports, including those that are only dependencies of
// others.
type World struct {
	Name      string
	Package   *Package
	Docs      Docs
	Stability Stability
	// Imports are interfaces, then types, then functions. An interface comes after the interfaces
	// whose types it uses.
	Imports []*WorldItem
	Exports []*WorldItem
	Span    diag.Span

	imports, exports finder[*WorldItem]
}

// ID returns the identifier of the world.
func (w *World) ID() name.Interface { return w.Package.Name.Interface(w.Name) }

// Import returns the import with the given [WorldItem.ExternName], or nil.
func (w *World) Import(extern string) *WorldItem {
	return w.imports.find(extern, w.Imports, (*WorldItem).ExternName)
}

// Export returns the export with the given [WorldItem.ExternName], or nil.
func (w *World) Export(extern string) *WorldItem {
	return w.exports.find(extern, w.Exports, (*WorldItem).ExternName)
}

// WorldItem is an import or export. Exactly one of Interface, Func and Type is set. Only imports
// can be types.
type WorldItem struct {
	// Name is the label, or "" for an interface without one. An item with a label and a named
	// interface implements that interface.
	Name      string
	Interface *Interface
	Func      *Func
	Type      *TypeDef
	// Docs and Stability belong to the statement that imports or exports an interface. Functions and
	// types have their own.
	Docs      Docs
	Stability Stability
	// ExternalID is the value of the interface's @external-id.
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

// Gate returns the stability of the item: that of its function or type, or that of the statement
// for an interface.
func (i *WorldItem) Gate() Stability {
	switch {
	case i.Func != nil:
		return i.Func.Stability
	case i.Type != nil:
		return i.Type.Stability
	}
	return i.Stability
}

// TypeDef is a type definition, or a type without a name that the model uses.
type TypeDef struct {
	// Name is "" for a type without a name, such as `list<u8>`.
	Name string
	// Type is the type. For a definition it is a [*types.Named] or a [*types.Resource]. The Of of a
	// Named is the right-hand side of the definition; for an alias or use, it is the Type of another
	// TypeDef or a primitive type. Resources belong to the interface as written: a world that imports
	// and exports the interface has two of each, see [World.Component].
	Type types.Type
	// Interface or World is where the type is defined. Both are nil for a type without a name.
	Interface *Interface
	World     *World
	// Members describes the fields, cases or flags of Type, in the same order.
	Members       []Member
	Docs          Docs
	Stability     Stability
	ExternalID    string
	HasExternalID bool
	Span          diag.Span
}

// Member is the documentation and the place of a field, case or flag.
type Member struct {
	Docs Docs
	Span diag.Span
}

// Alias returns the definition that t renames, by `use` or `type a = b`, or nil.
func (m *Model) Alias(t *TypeDef) *TypeDef {
	if n, ok := t.Type.(*types.Named); ok {
		return m.byType[n.Of]
	}
	return nil
}

// Def returns the TypeDef of a type of the model, or nil for a primitive type.
func (m *Model) Def(t types.Type) *TypeDef { return m.byType[t] }

// FuncKind is the kind of a function. The zero value is invalid.
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
	// Name is the name in components: `f`, `[method]r.f`, `[static]r.f` or `[constructor]r`.
	Name  string
	Kind  FuncKind
	Async bool
	// Resource is the resource of the function. It is nil for freestanding functions.
	Resource *TypeDef
	// Params includes the `self` of a method.
	Params []Param
	// Result is nil if the function has no result.
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

// Label returns the name of the function in WIT, without its resource.
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

// Dependencies returns all packages except the main one.
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
func (m *Model) Package(id name.Package) *Package { return m.byName[id] }

// Interface returns the interface named label, or nil.
func (p *Package) Interface(label string) *Interface {
	return p.interfaces.find(label, p.Interfaces, func(i *Interface) string { return i.Name })
}

// World returns the world named label, or nil.
func (p *Package) World(label string) *World {
	return p.worlds.find(label, p.Worlds, func(w *World) string { return w.Name })
}

// NewModel completes a model whose exported fields the caller has set, such as one read from a
// binary. Each TypeDef in Types must have a distinct Type, and Types must include every type that
// is used. NewModel takes ownership of the contents of m.
func NewModel(m Model) *Model {
	m.byType = make(map[types.Type]*TypeDef, len(m.Types))
	for _, t := range m.Types {
		m.byType[t.Type] = t
	}
	m.byName = make(map[name.Package]*Package, len(m.Packages))
	for _, p := range m.Packages {
		m.byName[p.Name] = p
	}
	return &m
}

// addType adds a definition. Its Type must be new to the model.
func (m *Model) addType(t *TypeDef) {
	m.Types = append(m.Types, t)
	m.byType[t.Type] = t
}

func (m *Model) addPackage(p *Package) {
	m.Packages = append(m.Packages, p)
	m.byName[p.Name] = p
}

// owner is the interface or world that defines a type. Both are nil for types without a name.
type owner struct {
	iface *Interface
	world *World
}

func (t *TypeDef) owner() owner { return owner{t.Interface, t.World} }

// home returns the name of the interface in types that it defines, or "".
func (o owner) home() string {
	if o.iface == nil {
		return ""
	}
	return o.iface.text()
}

// text returns the full name of an interface, `ns:pkg/a@1.0.0`, or "" for an interface inside a
// world.
func (i *Interface) text() string {
	if i.Name == "" || i.Package == nil {
		return i.Name
	}
	return i.ID().String()
}

// rename gives a definition another name.
func (t *TypeDef) rename(label string) {
	t.Name = label
	switch t := t.Type.(type) {
	case *types.Named:
		t.Name = label
	case *types.Resource:
		t.Name = label
	}
}

// usedFrom returns the interface from which a definition takes its type, or nil.
func (m *Model) usedFrom(t *TypeDef) *Interface {
	if a := m.Alias(t); a != nil && a.owner() != t.owner() {
		return a.Interface
	}
	return nil
}

// dependencies calls f for each interface from which i uses a type, in order, with repetitions. It
// stops when f returns false. It returns false if it stopped.
func (m *Model) dependencies(i *Interface, f func(*Interface) bool) bool {
	for _, t := range i.Types {
		if from := m.usedFrom(t); from != nil && !f(from) {
			return false
		}
	}
	return true
}

// isResource reports whether t defines a resource. An alias of a resource does not.
func (t *TypeDef) isResource() bool {
	_, ok := t.Type.(*types.Resource)
	return ok
}

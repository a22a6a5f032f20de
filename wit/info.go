package wit

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// Info maps the identifiers of WIT text to the objects that they refer to. Editors and other tools
// that work on source text use it. [Load] and [Parse] fill it in if [Options.Info] points to it. If
// there are errors, it holds all objects that could be resolved.
type Info struct {
	// Files are the trees of the texts that were read. Those of the user's package come first.
	Files []*syntax.File
	// Defs maps the place of each defining name to its object. A package has an entry for each
	// `package` declaration.
	Defs map[Place]*Object
	// Uses maps the place of every other identifier to its object. A name in `use a.{b}` without `as`
	// is a use of `b`, and so is each later `b`: it has no definition of its own.
	Uses map[Place]*Object

	// pending are uses, and targets of aliases, whose nodes may belong to packages that are linked
	// later.
	pending []pendingUse
}

// Place is where a name starts.
type Place struct {
	File  *diag.File
	Start int
}

// Object is something that has a name in WIT.
type Object struct {
	Kind ObjectKind
	// Name is the label. For a package it is the identifier.
	Name string
	// Span is where the name is defined. It is invalid for objects of an encoded package.
	Span diag.Span
	// Parent is the object that contains the object: the package of an interface, the interface of a
	// type, the type of a field. It is nil for packages.
	Parent *Object
	// Target is the object that an alias renames. It is nil if that is unknown, and for all other
	// kinds.
	Target *Object
}

// ObjectKind is the kind of an object. The zero value is invalid.
type ObjectKind uint8

// The kinds of objects.
const (
	PackageObject ObjectKind = iota + 1
	InterfaceObject
	WorldObject
	TypeObject
	FuncObject
	ParamObject
	// MemberObject is a field, case or flag.
	MemberObject
	// ExternObject is the label of an import or export of an interface that is defined elsewhere.
	ExternObject
	// AliasObject is a name given by `as` in a use or include.
	AliasObject
)

// pendingUse is a use of a node, or the target of an alias.
type pendingUse struct {
	at    Place
	alias *Object
	node  any
}

func (i *Info) reset() { *i = Info{Defs: map[Place]*Object{}, Uses: map[Place]*Object{}} }

// declare records the definition of a name in the current file. It returns nil if Options.Info is
// nil.
func (s *source) declare(kind ObjectKind, id syntax.Ident, parent *Object) *Object {
	if s.opts.Info == nil {
		return nil
	}
	o := &Object{Kind: kind, Name: id.Name, Span: s.at(id.Range), Parent: parent}
	s.opts.Info.Defs[Place{o.Span.File, o.Span.Start}] = o
	return o
}

// declareAlias records the definition of an alias of a node.
func (s *source) declareAlias(id syntax.Ident, parent *Object, target any) *Object {
	o := s.declare(AliasObject, id, parent)
	if o != nil {
		s.opts.Info.pending = append(s.opts.Info.pending, pendingUse{alias: o, node: target})
	}
	return o
}

// declarePackage records a place that declares the package.
func (s *source) declarePackage(at diag.Span) {
	if s.opts.Info == nil {
		return
	}
	if s.obj == nil {
		s.obj = &Object{Kind: PackageObject, Name: s.name.String(), Span: at}
	}
	s.opts.Info.Defs[Place{at.File, at.Start}] = s.obj
}

// uses records that the name at a span refers to a node: a *TypeDef, *Interface, *World,
// *WorldItem, *Object or name.Package.
func (l *loader) uses(at diag.Span, node any) {
	if l.opts.Info != nil {
		l.opts.Info.pending = append(l.opts.Info.pending, pendingUse{at: Place{at.File, at.Start}, node: node})
	}
}

// usesPath records the uses in a path.
func (s *source) usesPath(p *syntax.Path, t topItem) {
	if s.opts.Info == nil {
		return
	}
	if p.Package != nil {
		s.uses(s.at(p.Package.Range), p.Package.ID)
	}
	switch at := s.at(p.Name.Range); {
	case t.alias != nil:
		s.uses(at, t.alias)
	case t.iface != nil:
		s.uses(at, t.iface)
	case t.world != nil:
		s.uses(at, t.world)
	}
}

// finishInfo resolves all pending uses. It runs after the packages are linked.
func (l *loader) finishInfo() {
	info := l.opts.Info
	if info == nil {
		return
	}
	for _, p := range info.pending {
		o := l.object(p.node)
		switch {
		case o == nil:
		case p.alias != nil:
			p.alias.Target = o
		default:
			info.Uses[p.at] = o
		}
	}
	info.pending = nil
}

// setObject records the object of a node, which may be nil.
func (l *loader) setObject(node any, o *Object) {
	if o != nil {
		l.objects[node] = o
	}
}

// copyObject records that a copy of a node has the object of the node.
func (l *loader) copyObject(from, to any) { l.setObject(to, l.objects[from]) }

// object returns the object of a node, or nil if there is none. It creates the objects of encoded
// packages on demand.
func (l *loader) object(node any) *Object {
	if o := l.objects[node]; o != nil {
		return o
	}
	var o *Object
	switch n := node.(type) {
	case *Object:
		return n
	case name.Package:
		if p := l.m.Package(n); p != nil {
			return l.object(p)
		}
	case *Package:
		o = &Object{Kind: PackageObject, Name: n.Name.String()}
	case *WorldItem:
		switch {
		case n.Type != nil:
			return l.object(n.Type)
		case n.Func != nil:
			return l.objects[n.Func]
		}
	case *TypeDef:
		return l.typeObject(n)
	case *Interface:
		if n.Name != "" && n.Package != nil {
			o = &Object{Kind: InterfaceObject, Name: n.Name, Parent: l.object(n.Package)}
		}
	case *World:
		if n.Package != nil {
			o = &Object{Kind: WorldObject, Name: n.Name, Parent: l.object(n.Package)}
		}
	}
	l.setObject(node, o)
	return o
}

// typeObject returns the object of a type. It follows uses that keep the name.
func (l *loader) typeObject(t *TypeDef) *Object {
	for l.objects[t] == nil {
		if a := l.m.Alias(t); a != nil && a.owner() != t.owner() && a.Name == t.Name {
			t = a
			continue
		}
		if types.Unname(t.Type) == nil || t.Name == "" {
			return nil
		}
		o := &Object{Kind: TypeObject, Name: t.Name}
		switch {
		case t.Interface != nil:
			o.Parent = l.object(t.Interface)
		case t.World != nil:
			o.Parent = l.object(t.World)
		}
		l.objects[t] = o
	}
	return l.objects[t]
}

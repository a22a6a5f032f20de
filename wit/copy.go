package wit

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
)

// copier copies definitions, functions and interfaces to other owners, in the same model or in
// another one.
type copier struct {
	from, to *Model
	// types maps each type that was copied to its copy. Types that another type replaces are mapped
	// from the start.
	types map[types.Type]types.Type
	// owner returns the owner of the copies of definitions of an owner.
	owner func(owner) owner
	// shares reports whether copies of aliases refer to the same definition, unless it was copied.
	shares func(t *TypeDef) bool
	// copied, unless nil, is called for each copy of a definition or function.
	copied func(from, to any)
}

// cloner returns a copier for items that an owner in the model defines. It also copies the types
// without names that these refer to. Types of others are shared.
func (m *Model) cloner(from, to owner, types map[types.Type]types.Type) *copier {
	return &copier{
		from: m, to: m, types: types, owner: func(owner) owner { return to },
		shares: func(t *TypeDef) bool { return t.owner() != from },
	}
}

// def returns the copy of a definition.
func (c *copier) def(t *TypeDef) *TypeDef {
	if to, ok := c.types[t.Type]; ok {
		return c.to.byType[to]
	}
	n := *t
	if t.owner() != (owner{}) {
		o := c.owner(t.owner())
		n.Interface, n.World = o.iface, o.world
	}
	switch t := t.Type.(type) {
	case *types.Resource:
		n.Type = &types.Resource{Name: n.Name, Home: n.owner().home()}
	case *types.Named:
		n.Type = &types.Named{Name: n.Name, Of: c.right(t.Of), Home: n.owner().home()}
	default:
		// Each definition has a type of its own, even if the parts are the same.
		if n.Type = types.MapParts(t, c.typ); n.Type == t {
			n.Type = distinct(t)
		}
	}
	c.types[t.Type] = n.Type
	c.to.addType(&n)
	if c.copied != nil {
		c.copied(t, &n)
	}
	return &n
}

// right returns the copy of the right-hand side of a definition.
func (c *copier) right(t types.Type) types.Type {
	target := c.from.byType[t]
	switch {
	case t == nil || isUnresolved(t):
		return t
	case target == nil:
		return types.MapParts(t, c.typ)
	case c.shares(target) && !has(c.types, t):
		return t
	}
	return c.typ(t)
}

// typ returns the copy of a type that is used.
func (c *copier) typ(t types.Type) types.Type {
	if primitive(t) || isUnresolved(t) {
		return t
	}
	def := c.from.byType[t]
	if def == nil {
		panic("wit: a model uses a type that is not in its list of types")
	}
	return c.def(def).Type
}

func (c *copier) val(t types.ValType) types.ValType {
	if t == nil {
		return nil
	}
	return c.typ(t).(types.ValType)
}

func (c *copier) function(f *Func) *Func {
	n := *f
	if f.Resource != nil {
		n.Resource = c.def(f.Resource)
	}
	n.Params = make([]Param, len(f.Params))
	for i, p := range f.Params {
		n.Params[i] = Param{p.Name, c.val(p.Type), p.Span}
	}
	n.Result = c.val(f.Result)
	if c.copied != nil {
		c.copied(f, &n)
	}
	return &n
}

// iface returns a copy of an interface in package p. The copy owns copies of the types.
func (c *copier) iface(i *Interface, p *Package) *Interface {
	n := &Interface{Name: i.Name, Docs: i.Docs, Stability: i.Stability, Span: i.Span, Package: p, CloneOf: i}
	inner := c.to.cloner(owner{iface: i}, owner{iface: n}, c.types)
	inner.copied = c.copied
	for _, t := range i.Types {
		n.Types = append(n.Types, inner.def(t))
	}
	for _, f := range i.Funcs {
		n.Funcs = append(n.Funcs, inner.function(f))
	}
	c.to.Interfaces = append(c.to.Interfaces, n)
	return n
}

// item returns a copy of an item with the given label. It shares named interfaces.
func (c *copier) item(i *WorldItem, label string, p *Package) *WorldItem {
	n := *i
	n.Name = label
	switch {
	case i.Type != nil:
		n.Type = c.def(i.Type)
		n.Type.rename(label)
	case i.Func != nil && i.Func.Name == label && i.Func.primitive():
		// The copy would be the same.
	case i.Func != nil:
		n.Func = c.function(i.Func)
		n.Func.Name = label
	case i.Interface.Name == "":
		n.Interface = c.iface(i.Interface, p)
	}
	return &n
}

// primitive reports whether a function uses only primitive types.
func (f *Func) primitive() bool {
	for _, p := range f.Params {
		if !primitive(p.Type) {
			return false
		}
	}
	return f.Resource == nil && (f.Result == nil || primitive(f.Result))
}

func primitive(t types.Type) bool {
	_, ok := t.(types.Prim)
	return ok
}

// distinct returns a copy of a type without a name.
func distinct(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Record:
		return clone(t)
	case *types.Variant:
		return clone(t)
	case *types.Flags:
		return clone(t)
	case *types.Enum:
		return clone(t)
	case *types.Own:
		return clone(t)
	case *types.Borrow:
		return clone(t)
	case *types.Tuple:
		return clone(t)
	case *types.Option:
		return clone(t)
	case *types.Result:
		return clone(t)
	case *types.List:
		return clone(t)
	case *types.FixedList:
		return clone(t)
	case *types.Map:
		return clone(t)
	case *types.Future:
		return clone(t)
	case *types.Stream:
		return clone(t)
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

func clone[T any](p *T) *T {
	c := *p
	return &c
}

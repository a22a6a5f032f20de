package wit

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
)

// thaw converts a model to a graph. It does not change the model.
func thaw(m *Model) *graph {
	t := &thawer{m: m, defs: map[*TypeDef]*def{}, ifaces: map[*Interface]*iface{}, worlds: map[*World]*world{}, pkgs: map[*Package]*pkg{}}
	g := newGraph()
	for _, p := range m.Packages {
		q := &pkg{name: p.Name, docs: p.Docs, span: p.Span}
		t.pkgs[p] = q
		g.pkgs = append(g.pkgs, q)
		g.byName[q.name] = q
	}
	g.main = t.pkgs[m.Main]
	for _, i := range m.Interfaces {
		n := &iface{name: i.Name, docs: i.Docs, stab: i.Stability, span: i.Span, pkg: t.pkgs[i.Package]}
		t.ifaces[i] = n
		g.ifaces = append(g.ifaces, n)
	}
	for _, w := range m.Worlds {
		n := &world{name: w.Name, docs: w.Docs, stab: w.Stability, span: w.Span, pkg: t.pkgs[w.Package]}
		t.worlds[w] = n
		g.worlds = append(g.worlds, n)
	}
	for _, d := range m.Types {
		n := &def{}
		t.defs[d] = n
		g.types = append(g.types, n)
	}
	for _, d := range m.Types {
		t.def(d)
	}
	for _, i := range m.Interfaces {
		n := t.ifaces[i]
		n.cloneOf = t.ifaces[i.CloneOf]
		for _, d := range i.Types {
			n.types.Set(d.Name, t.defs[d])
		}
		for _, f := range i.Funcs {
			n.funcs.Set(f.Name, t.fn(f))
		}
	}
	for _, w := range m.Worlds {
		n := t.worlds[w]
		t.items(w.Imports, &n.imports)
		t.items(w.Exports, &n.exports)
	}
	for _, p := range m.Packages {
		for _, i := range p.Interfaces {
			t.pkgs[p].ifaces.Set(i.Name, t.ifaces[i])
		}
		for _, w := range p.Worlds {
			t.pkgs[p].worlds.Set(w.Name, t.worlds[w])
		}
	}
	return g
}

type thawer struct {
	m      *Model
	defs   map[*TypeDef]*def
	ifaces map[*Interface]*iface
	worlds map[*World]*world
	pkgs   map[*Package]*pkg
}

func pointer(s string, has bool) *string {
	if !has {
		return nil
	}
	return &s
}

// ref returns the node of a use of a type.
func (t *thawer) ref(ty types.Type) ref {
	switch ty := ty.(type) {
	case nil:
		return ref{}
	case types.Prim:
		return ref{prim: ty}
	}
	d := t.m.byType[ty]
	if d == nil {
		panic("wit: a model uses a type that is not in its list of types")
	}
	return ref{def: t.defs[d]}
}

func (t *thawer) val(ty types.ValType) ref {
	if ty == nil {
		return ref{}
	}
	return t.ref(ty)
}

func (t *thawer) def(d *TypeDef) {
	n := t.defs[d]
	n.name, n.docs, n.stab, n.span, n.ext = d.Name, d.Docs, d.Stability, d.Span, pointer(d.ExternalID, d.HasExternalID)
	if d.Interface != nil {
		n.owner.iface = t.ifaces[d.Interface]
	}
	if d.World != nil {
		n.owner.world = t.worlds[d.World]
	}
	ty := d.Type
	if named, ok := ty.(*types.Named); ok {
		ty = named.Of
		if _, ok := ty.(types.Prim); ok || t.m.byType[ty] != nil {
			n.kind, n.a = kindAlias, t.ref(ty)
			return
		}
	}
	member := func(i int, name string, ty types.ValType) {
		m := member{name: name, ty: t.val(ty)}
		if i < len(d.Members) {
			m.docs, m.span = d.Members[i].Docs, d.Members[i].Span
		}
		n.members = append(n.members, m)
	}
	switch ty := ty.(type) {
	case *types.Resource:
		n.kind = kindResource
	case *types.Record:
		n.kind = kindRecord
		for i, f := range ty.Fields {
			member(i, f.Name, f.Type)
		}
	case *types.Variant:
		n.kind = kindVariant
		for i, c := range ty.Cases {
			member(i, c.Name, c.Type)
		}
	case *types.Flags:
		n.kind = kindFlags
		for i, l := range ty.Names {
			member(i, l, nil)
		}
	case *types.Enum:
		n.kind = kindEnum
		for i, l := range ty.Names {
			member(i, l, nil)
		}
	case *types.Own:
		n.kind, n.a = kindOwn, t.ref(ty.Of)
	case *types.Borrow:
		n.kind, n.a = kindBorrow, t.ref(ty.Of)
	case *types.Tuple:
		n.kind = kindTuple
		for _, e := range ty.Elems {
			n.elems = append(n.elems, t.val(e))
		}
	case *types.Option:
		n.kind, n.a = kindOption, t.val(ty.Elem)
	case *types.Result:
		n.kind, n.a, n.b = kindResult, t.val(ty.OK), t.val(ty.Err)
	case *types.List:
		n.kind, n.a = kindList, t.val(ty.Elem)
	case *types.FixedList:
		n.kind, n.a, n.n = kindFixed, t.val(ty.Elem), ty.Len
	case *types.Map:
		n.kind, n.a, n.b = kindMap, t.val(ty.Key), t.val(ty.Value)
	case *types.Future:
		n.kind, n.a = kindFuture, t.val(ty.Elem)
	case *types.Stream:
		n.kind, n.a = kindStream, t.val(ty.Elem)
	default:
		panic(fmt.Sprintf("unreachable: %T", ty))
	}
}

func (t *thawer) fn(f *Func) *fn {
	n := &fn{
		name: f.Name, kind: f.Kind, async: f.Async, result: t.val(f.Result), docs: f.Docs, stab: f.Stability,
		ext: pointer(f.ExternalID, f.HasExternalID), span: f.Span,
	}
	if f.Resource != nil {
		n.res = t.defs[f.Resource]
	}
	for _, p := range f.Params {
		n.params = append(n.params, param{name: p.Name, ty: t.val(p.Type), span: p.Span})
	}
	return n
}

func (t *thawer) items(from []*WorldItem, to *itemMap) {
	for _, i := range from {
		n := &item{docs: i.Docs, stab: i.Stability, ext: pointer(i.ExternalID, i.HasExternalID), span: i.Span}
		k := key{name: i.Name}
		switch {
		case i.Interface != nil:
			n.iface = t.ifaces[i.Interface]
			if i.Name == "" {
				k.iface = n.iface
			}
		case i.Func != nil:
			n.fn = t.fn(i.Func)
		default:
			n.def = t.defs[i.Type]
		}
		to.Set(k, n)
	}
}

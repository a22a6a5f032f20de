package wit

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
)

// freeze converts the graph to a Model.
func (g *graph) freeze() *Model {
	m := Model{
		Packages: make([]*Package, len(g.pkgs)), Interfaces: make([]*Interface, len(g.ifaces)),
		Worlds: make([]*World, len(g.worlds)), Types: make([]*TypeDef, len(g.types)),
	}
	for n, p := range g.pkgs {
		p.out = &Package{Name: p.name, Docs: p.docs, Span: p.span}
		m.Packages[n] = p.out
	}
	for n, i := range g.ifaces {
		i.out = &Interface{Name: i.name, Docs: i.docs, Stability: i.stab, Span: i.span}
		if i.pkg != nil {
			i.out.Package = i.pkg.out
		}
		m.Interfaces[n] = i.out
	}
	for n, w := range g.worlds {
		w.out = &World{Name: w.name, Docs: w.docs, Stability: w.stab, Span: w.span}
		if w.pkg != nil {
			w.out.Package = w.pkg.out
		}
		m.Worlds[n] = w.out
	}
	defs := make([]TypeDef, len(g.types))
	for n, d := range g.types {
		d.out = &defs[n]
		m.Types[n] = d.out
	}
	for _, d := range g.types {
		d.freeze()
	}
	for _, i := range g.ifaces {
		i.freeze()
	}
	funcs := map[*fn]*Func{} // a world may share functions with its included worlds
	for _, w := range g.worlds {
		w.out.Imports, w.out.Exports = freezeItems(&w.imports, funcs), freezeItems(&w.exports, funcs)
	}
	for _, p := range g.pkgs {
		for _, i := range p.ifaces.All() {
			p.out.Interfaces = append(p.out.Interfaces, i.out)
		}
		for _, w := range p.worlds.All() {
			p.out.Worlds = append(p.out.Worlds, w.out)
		}
	}
	if g.main != nil {
		m.Main = g.main.out
	}
	return NewModel(m)
}

// freeze fills in the TypeDef of d, after those of the types that d refers to.
func (d *def) freeze() {
	o := d.out
	if o.Type != nil {
		return
	}
	o.Name, o.Docs, o.Stability, o.Span = d.name, d.docs, d.stab, d.span
	o.ExternalID, o.HasExternalID = text(d.ext)
	home := ""
	switch {
	case d.owner.iface != nil:
		o.Interface = d.owner.iface.out
		home = d.owner.iface.id()
	case d.owner.world != nil:
		o.World = d.owner.world.out
	}
	if len(d.members) > 0 {
		o.Members = make([]Member, len(d.members))
		for i := range d.members {
			o.Members[i] = Member{d.members[i].docs, d.members[i].span}
		}
	}
	if d.kind == kindResource {
		o.Type = &types.Resource{Name: d.name, Home: home}
		return
	}
	t := d.structure()
	if d.name != "" {
		t = &types.Named{Name: d.name, Of: t, Home: home}
	}
	o.Type = t
}

// typ returns the type of a definition.
func (d *def) typ() types.Type {
	d.freeze()
	return d.out.Type
}

// val returns the type that r refers to, or nil if r is empty.
func (r ref) val() types.ValType {
	switch {
	case r.def != nil:
		return r.def.typ().(types.ValType)
	case r.prim != 0:
		return r.prim
	}
	return nil
}

func (d *def) structure() types.Type {
	switch d.kind {
	case kindAlias:
		if d.a.def != nil {
			return d.a.def.typ()
		}
		return d.a.prim
	case kindRecord:
		t := &types.Record{Fields: make([]types.Field, len(d.members))}
		for i, m := range d.members {
			t.Fields[i] = types.Field{Name: m.name, Type: m.ty.val()}
		}
		return t
	case kindVariant:
		t := &types.Variant{Cases: make([]types.Case, len(d.members))}
		for i, m := range d.members {
			t.Cases[i] = types.Case{Name: m.name, Type: m.ty.val()}
		}
		return t
	case kindFlags:
		return &types.Flags{Names: d.labels()}
	case kindEnum:
		return &types.Enum{Names: d.labels()}
	case kindOwn:
		return &types.Own{Of: d.a.def.typ()}
	case kindBorrow:
		return &types.Borrow{Of: d.a.def.typ()}
	case kindTuple:
		t := &types.Tuple{Elems: make([]types.ValType, len(d.elems))}
		for i, e := range d.elems {
			t.Elems[i] = e.val()
		}
		return t
	case kindOption:
		return &types.Option{Elem: d.a.val()}
	case kindResult:
		return &types.Result{OK: d.a.val(), Err: d.b.val()}
	case kindList:
		return &types.List{Elem: d.a.val()}
	case kindFixed:
		return &types.FixedList{Elem: d.a.val(), Len: d.n}
	case kindMap:
		return &types.Map{Key: d.a.val(), Value: d.b.val()}
	case kindFuture:
		return &types.Future{Elem: d.a.val()}
	case kindStream:
		return &types.Stream{Elem: d.a.val()}
	default:
		panic(fmt.Sprintf("unreachable: %d", d.kind))
	}
}

func (d *def) labels() []string {
	out := make([]string, len(d.members))
	for i := range d.members {
		out[i] = d.members[i].name
	}
	return out
}

func text(s *string) (string, bool) {
	if s == nil {
		return "", false
	}
	return *s, true
}

func (i *iface) freeze() {
	if i.cloneOf != nil {
		i.out.CloneOf = i.cloneOf.out
	}
	i.out.Types = make([]*TypeDef, 0, i.types.Len())
	for _, d := range i.types.All() {
		i.out.Types = append(i.out.Types, d.out)
	}
	i.out.Funcs = make([]*Func, 0, i.funcs.Len())
	for _, f := range i.funcs.All() {
		i.out.Funcs = append(i.out.Funcs, f.freeze())
	}
}

func (f *fn) freeze() *Func {
	o := &Func{
		Name: f.name, Kind: f.kind, Async: f.async, Params: make([]Param, len(f.params)), Result: f.result.val(),
		Docs: f.docs, Stability: f.stab, Span: f.span,
	}
	o.ExternalID, o.HasExternalID = text(f.ext)
	if f.res != nil {
		o.Resource = f.res.out
	}
	for i, p := range f.params {
		o.Params[i] = Param{p.name, p.ty.val(), p.span}
	}
	return o
}

func freezeItems(items *itemMap, funcs map[*fn]*Func) []*WorldItem {
	out := make([]*WorldItem, 0, items.Len())
	for k, it := range items.All() {
		w := &WorldItem{Name: k.name, Docs: it.docs, Stability: it.stab, Span: it.span}
		w.ExternalID, w.HasExternalID = text(it.ext)
		switch {
		case it.iface != nil:
			w.Interface = it.iface.out
		case it.fn != nil:
			if w.Func = funcs[it.fn]; w.Func == nil {
				w.Func = it.fn.freeze()
				funcs[it.fn] = w.Func
			}
		default:
			w.Type = it.def.out
		}
		out = append(out, w)
	}
	return out
}

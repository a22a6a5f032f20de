package wit

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// worldBody resolves the items of a world into w.
func (r *resolver) worldBody(w *World, n *syntax.World) {
	w.Docs = r.docText(n.Docs)
	w.Stability = r.stability(n.Attrs)
	defer r.enter(block{
		object: r.objects[w], off: r.excludes(w, w.Stability, w.Span), lossy: n.Bad, body: r.bodyOf(n.Name, usesIn(n.Items)),
	})()
	r.typeItems(owner{world: w}, typesIn(n.Items))
	for _, it := range n.Items {
		if inc, ok := it.(*syntax.Include); ok {
			r.include(w, inc)
		}
	}
	b := &worldBuilder{resolver: r}
	for label, e := range r.block.names.All() {
		b.imports.put(&WorldItem{Name: label, Type: e.def, Span: e.span})
	}
	for _, it := range n.Items {
		switch it := it.(type) {
		case *syntax.Extern:
			b.extern(it)
		case *syntax.TypeDef:
			if e, ok := r.block.names.Get(it.Name.Name); ok && it.Kind == syntax.ResourceDef && e.def.isResource() {
				for _, f := range r.resourceFuncs(it, e.def) {
					b.imports.Add(key{name: f.Name}, &WorldItem{Name: f.Name, Func: f, Span: f.Span})
				}
			}
		}
	}
	if !r.block.off {
		w.Imports, w.Exports = r.includedItems(&b.imports), r.includedItems(&b.exports)
		r.worlds = append(r.worlds, w)
	}
}

// includedItems returns the items that are not left out.
func (r *resolver) includedItems(items *itemMap) []*WorldItem {
	list := make([]*WorldItem, 0, items.Len())
	for _, it := range items.All() {
		if it.Type != nil {
			r.refer(it.Type.Type, it.Span, diag.Span{})
		}
		switch {
		case it.Func != nil && r.excluded[it.Func]:
		case it.Func == nil && !r.included(it.Gate(), it.Span):
		case it.Interface != nil && !r.referInterface(it.Interface, it.Span):
		default:
			list = append(list, it)
		}
	}
	return list
}

// include records `include a with { … };`. The items are added after all worlds are known.
func (r *resolver) include(w *World, n *syntax.Include) {
	inc := include{world: r.lookupWorld(&n.From), gate: r.stability(n.Attrs), span: r.at(n.From.Name.Range)}
	for _, as := range n.With {
		inc.with = append(inc.with, rename{as.Name.Name, as.As.Name, r.at(as.Name.Range), r.declare(AliasObject, as.As, r.objects[w])})
	}
	if !r.missing[inc.world] {
		r.includes[w] = append(r.includes[w], inc)
	}
}

// worldBuilder collects the items written in a world.
type worldBuilder struct {
	*resolver
	imports, exports itemMap
}

// extern adds an import or export.
func (b *worldBuilder) extern(n *syntax.Extern) {
	verb, dst := "import", &b.imports
	if n.Export {
		verb, dst = "export", &b.exports
	}
	it := b.externItem(n)
	at := n.Name.Range
	if n.Name.Name == "" {
		at = n.Path.Name.Range
	}
	k := it.key()
	if k.iface != nil && b.missing[k.iface] && !has(b.foreignScopes, k.iface) {
		return
	}
	prev, ok := dst.Get(k)
	switch {
	case !ok:
		dst.put(it)
	case k.iface != nil:
		b.errorf(b.at(at), CodeDuplicateExtern, "interface cannot be %sed more than once", verb).
			Labelf(prev.Span, "first %sed here", verb)
	default:
		first := "first defined here"
		if prev.Span.File == b.cur.file.Source && prev.Span.Start > int(at.Start) {
			first = "also defined here"
		}
		b.errorf(b.at(at), CodeDuplicateExtern, "%s `%s` conflicts with prior %s of same name", verb, k.name, prev.kind()).Labelf(prev.Span, "%s", first)
	}
}

func (b *worldBuilder) externItem(n *syntax.Extern) *WorldItem {
	s := b.resolver
	switch {
	case n.Func != nil:
		f := s.function(n.Func, nil, n.Name.Name, n.Docs, n.Attrs)
		return &WorldItem{Name: f.Name, Func: f, Span: f.Span}
	case n.Interface != nil:
		i := &Interface{Package: s.pkg, Span: s.at(n.Name.Range)}
		obj := s.declare(InterfaceObject, n.Name, s.block.object)
		s.setObject(i, obj)
		s.interfaceBody(i, n.Name, n.Interface.Items, n.Docs, n.Attrs, n.Interface.Bad)
		it := &WorldItem{Name: n.Name.Name, Interface: i, Stability: i.Stability, Span: i.Span}
		it.ExternalID, it.HasExternalID = s.externalID(n.Attrs)
		s.setObject(it, obj)
		return it
	}
	it := &WorldItem{Name: n.Name.Name, Stability: s.stability(n.Attrs), Docs: s.docText(n.Docs), Span: s.at(n.Path.Name.Range)}
	it.ExternalID, it.HasExternalID = s.externalID(n.Attrs)
	it.Interface = s.lookupInterface(n.Path)
	if it.Name != "" {
		it.Span = s.at(n.Name.Range)
		s.setObject(it, s.declare(ExternObject, n.Name, s.block.object))
	}
	return it
}

package wit

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// worldBody resolves the items of a world into w.
func (s *source) worldBody(w *World, n *syntax.World) {
	w.Docs = s.docText(n.Docs)
	w.Stability = s.stability(n.Attrs)
	defer s.enter(block{
		object: s.objects[w], off: s.excludes(w, w.Stability, w.Span), lossy: n.Bad, body: s.bodyOf(n.Name, usesIn(n.Items)),
	})()
	s.typeItems(owner{world: w}, typesIn(n.Items))
	for _, it := range n.Items {
		if inc, ok := it.(*syntax.Include); ok {
			s.include(w, inc)
		}
	}
	b := &worldBuilder{source: s}
	for label, e := range s.block.names.All() {
		b.imports.put(&WorldItem{Name: label, Type: e.def, Span: e.span})
	}
	for _, it := range n.Items {
		switch it := it.(type) {
		case *syntax.Extern:
			b.extern(it)
		case *syntax.TypeDef:
			if e, ok := s.block.names.Get(it.Name.Name); ok && it.Kind == syntax.ResourceDef && e.def.isResource() {
				for _, f := range s.resourceFuncs(it, e.def) {
					b.imports.Add(key{name: f.Name}, &WorldItem{Name: f.Name, Func: f, Span: f.Span})
				}
			}
		}
	}
	if !s.block.off {
		w.Imports, w.Exports = s.includedItems(&b.imports), s.includedItems(&b.exports)
		s.worlds = append(s.worlds, w)
	}
}

// includedItems returns the items that are not left out.
func (s *source) includedItems(items *itemMap) []*WorldItem {
	list := make([]*WorldItem, 0, items.Len())
	for _, it := range items.All() {
		if it.Type != nil {
			s.refer(it.Type.Type, it.Span, diag.Span{})
		}
		switch {
		case it.Func != nil && s.excluded[it.Func]:
		case it.Func == nil && !s.included(it.Gate(), it.Span):
		case it.Interface != nil && !s.referInterface(it.Interface, it.Span):
		default:
			list = append(list, it)
		}
	}
	return list
}

// include records `include a with { … };`. The items are added after all worlds are known.
func (s *source) include(w *World, n *syntax.Include) {
	inc := include{world: s.lookupWorld(&n.From), gate: s.stability(n.Attrs), span: s.at(n.From.Name.Range)}
	for _, r := range n.With {
		inc.with = append(inc.with, rename{r.Name.Name, r.As.Name, s.at(r.Name.Range), s.declare(AliasObject, r.As, s.objects[w])})
	}
	if !s.missing[inc.world] {
		s.includes[w] = append(s.includes[w], inc)
	}
}

// worldBuilder collects the items written in a world.
type worldBuilder struct {
	*source
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
	s := b.source
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

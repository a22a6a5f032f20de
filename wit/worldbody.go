package wit

import (
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// worldBody resolves the items of a world into w.
func (s *source) worldBody(w *world, n *syntax.World) {
	w.docs = s.docText(n.Docs)
	w.stab = s.stability(n.Attrs)
	s.names, s.within = nameTable{}, w.obj
	s.lossy = n.Bad
	defer s.enter(n.Name, usesIn(n.Items))()
	s.typeItems(owner{world: w}, func(yield func(*syntax.Use, *syntax.TypeDef)) {
		for _, it := range n.Items {
			switch it := it.(type) {
			case *syntax.Use:
				yield(it, nil)
			case *syntax.TypeDef:
				yield(nil, it)
			}
		}
	})
	for _, it := range n.Items {
		if inc, ok := it.(*syntax.Include); ok {
			s.include(w, inc)
		}
	}
	for label, e := range s.names.All() {
		w.imports.Set(key{name: label}, &item{def: e.def, span: e.span})
	}
	var seen [2]map[*iface]*syntax.Extern
	seen[0], seen[1] = map[*iface]*syntax.Extern{}, map[*iface]*syntax.Extern{}
	for _, it := range n.Items {
		switch it := it.(type) {
		case *syntax.Extern:
			s.extern(w, it, &seen)
		case *syntax.TypeDef:
			if e, ok := s.names.Get(it.Name.Name); ok && it.Kind == syntax.ResourceDef && e.def.kind == kindResource {
				for _, f := range s.resourceFuncs(it, e.def) {
					w.imports.Add(key{name: f.name}, &item{fn: f, span: f.span})
				}
			}
		}
	}
	s.names = nameTable{}
	s.lossy = false
}

// include records `include a with { … };`. The linker expands it after all worlds are known.
func (s *source) include(w *world, n *syntax.Include) {
	inc := include{world: s.lookupWorld(&n.From), stab: s.stability(n.Attrs), span: s.at(n.From.Name.Range)}
	for _, r := range n.With {
		inc.with = append(inc.with, rename{r.Name.Name, r.As.Name, s.at(r.Name.Range), s.declare(AliasObject, r.As, w.obj)})
	}
	if !inc.world.poison {
		w.includes = append(w.includes, inc)
	}
}

// extern adds an import or export to w.
func (s *source) extern(w *world, n *syntax.Extern, seen *[2]map[*iface]*syntax.Extern) {
	verb, dst, mine := "import", &w.imports, seen[0]
	if n.Export {
		verb, dst, mine = "export", &w.exports, seen[1]
	}
	it, k := s.externItem(n)
	at := n.Name.Range
	if n.Name.Name == "" {
		at = n.Path.Name.Range
	}
	if k.iface != nil {
		if k.iface.poison {
			return
		}
		if prev, ok := mine[k.iface]; ok {
			s.errorf(s.at(at), CodeDuplicateExtern, "interface cannot be %sed more than once", verb).
				Labelf(s.at(prev.Path.Name.Range), "first %sed here", verb)
			return
		}
		mine[k.iface] = n
	}
	if prev, ok := dst.Get(k); ok {
		first := "first defined here"
		if prev.span.File == s.cur.file.Source && prev.span.Start > int(at.Start) {
			first = "also defined here"
		}
		s.errorf(s.at(at), CodeDuplicateExtern, "%s `%s` conflicts with prior %s of same name", verb, k.name, prev.kind()).Labelf(prev.span, "%s", first)
		return
	}
	dst.Set(k, it)
}

func (s *source) externItem(n *syntax.Extern) (*item, key) {
	switch {
	case n.Func != nil:
		f := s.function(n.Func, nil, n.Name.Name, n.Docs, n.Attrs)
		return &item{fn: f, span: f.span}, key{name: f.name}
	case n.Interface != nil:
		names, lossy, within := s.names, s.lossy, s.within
		i := s.newIface(s.at(n.Name.Range))
		i.obj = s.declare(InterfaceObject, n.Name, within)
		s.interfaceBody(i, n.Name, n.Interface.Items, n.Docs, n.Attrs, n.Interface.Bad)
		s.names, s.lossy, s.within = names, lossy, within
		return &item{iface: i, stab: i.stab, ext: s.externalID(n.Attrs), span: i.span, obj: i.obj}, key{name: n.Name.Name}
	}
	it := &item{stab: s.stability(n.Attrs), ext: s.externalID(n.Attrs), docs: s.docText(n.Docs), span: s.at(n.Path.Name.Range)}
	it.iface = s.lookupIface(n.Path)
	if n.Name.Name == "" {
		return it, key{iface: it.iface}
	}
	it.span, it.obj = s.at(n.Name.Range), s.declare(ExternObject, n.Name, s.within)
	return it, key{name: n.Name.Name}
}

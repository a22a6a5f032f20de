package wit

import (
	"iter"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// source is a package as written, with all that can be known of it before its dependencies.
type source struct {
	*loader
	name  name.Package
	span  diag.Span
	docs  Docs
	obj   *Object
	files []*fileScope
	// pkg is the package in the model. Its interfaces and worlds are added when it is resolved.
	pkg *Package
	// foreign holds the packages that are used.
	foreign ordered.Map[name.Package, *foreignDep]
	// top holds the interfaces and worlds of the package by name.
	top map[string]topItem
	// ifaceOrder and worldOrder are the items in resolution order.
	ifaceOrder []localIface
	worldOrder []localWorld
	// cur is the current file.
	cur *fileScope
	// homes caches the result of typeHomes.
	homes map[string][]syntax.Ident
}

// fileScope is a file, or a package nested in one.
type fileScope struct {
	file  *syntax.File
	items []syntax.Item
	names map[string]topItem
}

type localIface struct {
	iface *Interface
	node  *syntax.Interface
	file  *fileScope
}

type localWorld struct {
	world *World
	node  *syntax.World
	file  *fileScope
}

// topItem is an interface or a world.
type topItem struct {
	iface *Interface
	world *World
	// alias is the name that a use in the file gives the item with `as`.
	alias *Object
}

// pathUse is one occurrence of a path.
type pathUse struct {
	// in is the interface or world that depends on the path, or nil if the path does not affect the
	// resolution order.
	in    *syntax.Ident
	attrs []syntax.Attr
	path  *syntax.Path
	// names are the names that a `use` takes. uses is set for a `use` statement.
	names []syntax.Rename
	uses  bool
	world bool
}

// eachPath calls f for each path in items. Imports of a world come before its exports regardless of
// their source order, as when the world is printed.
func eachPath(items []syntax.Item, f func(pathUse)) {
	for _, it := range items {
		switch it := it.(type) {
		case *syntax.Interface:
			usesOf(it.Items, &it.Name, f)
		case *syntax.World:
			for _, wi := range it.Items {
				switch wi := wi.(type) {
				case *syntax.Use:
					f(pathUse{attrs: wi.Attrs, path: &wi.From, names: wi.Names, uses: true})
				case *syntax.Include:
					f(pathUse{in: &it.Name, attrs: wi.Attrs, path: &wi.From, world: true})
				}
			}
			for _, export := range []bool{false, true} {
				for _, wi := range it.Items {
					if e, ok := wi.(*syntax.Extern); ok && e.Export == export {
						switch {
						case e.Interface != nil:
							usesOf(e.Interface.Items, nil, f)
						case e.Path != nil:
							f(pathUse{attrs: e.Attrs, path: e.Path})
						}
					}
				}
			}
		case *syntax.TopUse:
			f(pathUse{attrs: it.Attrs, path: &it.Path})
		}
	}
}

func usesOf(items []syntax.InterfaceItem, in *syntax.Ident, f func(pathUse)) {
	for _, i := range items {
		if u, ok := i.(*syntax.Use); ok {
			f(pathUse{in: in, attrs: u.Attrs, path: &u.From, names: u.Names, uses: true})
		}
	}
}

// scan finds the packages that are used, and the interfaces and worlds of the package itself.
func (s *source) scan() {
	s.pkg = &Package{Name: s.name, Docs: s.docs, Span: s.span}
	s.setObject(s.pkg, s.obj)
	s.findForeign()
	s.declareItems()
}

// declareItems creates the interfaces and worlds of the package, in resolution order.
func (s *source) declareItems() {
	s.top = map[string]topItem{}
	var order ordered.Map[string, *node]
	s.declareNames(&order)
	for _, f := range s.files {
		s.cur = f
		s.itemDeps(f, &order)
	}
	sorted := toposort(&order)
	for _, label := range sorted {
		n, _ := order.Get(label)
		s.declareItem(label, n, false)
	}
	if s.cyclic("interface or world", "needs", &order, sorted) {
		// Resolve items in cycles, and items that depend on them, as far as possible.
		for label, n := range order.All() {
			if _, ok := s.top[label]; !ok {
				s.declareItem(label, n, true)
			}
		}
	}
}

// declareItem creates an interface or world. If circular is set, the item may lack
// names when it is used.
func (s *source) declareItem(label string, n *node, circular bool) {
	s.cur = n.file
	switch it := n.item.(type) {
	case *syntax.Interface:
		i := &Interface{Name: label, Package: s.pkg, Span: n.file.span(it.Name)}
		s.setObject(i, s.declare(InterfaceObject, it.Name, s.obj))
		if circular {
			s.incomplete[i] = true
		}
		s.top[label] = topItem{iface: i}
		s.ifaceOrder = append(s.ifaceOrder, localIface{i, it, n.file})
	case *syntax.World:
		w := &World{Name: label, Package: s.pkg, Span: n.file.span(it.Name)}
		s.setObject(w, s.declare(WorldObject, it.Name, s.obj))
		if circular {
			s.missing[w] = true
		}
		s.top[label] = topItem{world: w}
		s.worldOrder = append(s.worldOrder, localWorld{w, it, n.file})
	}
}

func (f *fileScope) span(id syntax.Ident) diag.Span { return f.file.Span(id.Range) }

// node is a node of a dependency graph of names.
type node struct {
	edges []syntax.Ident
	span  diag.Span
	item  syntax.Item
	file  *fileScope
}

func (s *source) declareNames(order *ordered.Map[string, *node]) {
	for _, f := range s.files {
		for _, it := range f.items {
			var id syntax.Ident
			switch it := it.(type) {
			case *syntax.Interface:
				id = it.Name
			case *syntax.World:
				id = it.Name
			default:
				continue
			}
			if prev, ok := order.Get(id.Name); ok {
				s.errorf(f.span(id), CodeDuplicateItem, "duplicate item named `%s`", id.Name).Labelf(prev.span, "first defined here")
				continue
			}
			order.Set(id.Name, &node{span: f.span(id), item: it, file: f})
		}
	}
}

// itemDeps records the dependencies between the items of f by use and include.
func (s *source) itemDeps(f *fileScope, order *ordered.Map[string, *node]) {
	type local struct {
		span    diag.Span
		foreign bool
		target  syntax.Ident
	}
	names := map[string]local{}
	for _, it := range f.items {
		var id syntax.Ident
		l := local{}
		switch it := it.(type) {
		case *syntax.TopUse:
			id = it.Local()
			l.foreign, l.target = it.Path.Package != nil, it.Path.Name
		case *syntax.Interface:
			id, l.target = it.Name, it.Name
		case *syntax.World:
			id, l.target = it.Name, it.Name
		default:
			continue
		}
		l.span = f.span(id)
		if prev, ok := names[id.Name]; ok {
			s.errorf(l.span, CodeDuplicateItem, "duplicate name `%s` in this file", id.Name).Labelf(prev.span, "first defined here")
			continue
		}
		names[id.Name] = l
	}
	eachPath(f.items, func(u pathUse) {
		if u.in == nil || u.path.Package != nil {
			return
		}
		n, ok := order.Get(u.in.Name)
		if !ok {
			return
		}
		target := u.path.Name
		if l, ok := names[target.Name]; ok {
			if l.foreign {
				return
			}
			target = l.target
		}
		if !order.Has(target.Name) {
			s.unknownItem(target, order.Keys())
			return
		}
		n.edges = append(n.edges, target)
	})
}

func (s *source) unknownItem(id syntax.Ident, known iter.Seq[string]) {
	if s.bad() {
		return
	}
	d := s.errorf(s.at(id.Range), CodeUnknownItem, "interface or world `%s` does not exist", id.Name).
		Captionf("not found in package `%s`", s.name)
	s.suggest(d, id, known)
}

// bad reports whether an item of the files could not be read. A name that is not found may have
// been in it.
func (s *source) bad() bool {
	for _, f := range s.files {
		if f.file.Lost {
			return true
		}
	}
	return false
}

// suggestText is like suggest for a name at the primary span of the diagnostic.
func (s *source) suggestText(d *diag.Diagnostic, label string, known iter.Seq[string]) {
	s.suggest(d, syntax.Ident{Name: label}, known)
}

// suggest adds a similar name to the diagnostic, if there is one.
func (s *source) suggest(d *diag.Diagnostic, id syntax.Ident, known iter.Seq[string]) {
	if best, ok := diag.Suggest(id.Name, known); ok {
		d.Helpf("a similar name exists: `%s`", best).Replace(d.Primary, best)
	}
}

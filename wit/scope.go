package wit

import (
	"iter"
	"maps"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// source is a package as written, with the state of its resolution.
//
// A package is resolved after the packages that it uses, and each type, interface and world after
// those that it needs, so it refers to them from the start. It is made in its final form. Whatever
// the model does not hold is in tables beside it, here and in loader: the scopes, the items that
// are left out, and those that could not be read or found. The order of the types is that of
// wit-parser, so that lists by index agree.
type source struct {
	*loader
	name  name.Package
	span  diag.Span
	docs  Docs
	obj   *Object
	files []*fileScope
	// pkg is the package in the model, once its resolution has started.
	pkg *Package

	// types, ifaces and worlds are those that the package defines. The last two lack those that are
	// left out.
	types   []*TypeDef
	ifaces  []*Interface
	worlds  []*World
	foreign ordered.Map[name.Package, *foreignDep]
	// foreignScopes holds the types that are used from each interface of another package.
	foreignScopes map[*Interface]map[string]entry
	// top holds the interfaces and worlds of the package by name.
	top map[string]topItem
	// anon finds types without names by their structure, in which types are numbers.
	anon      map[string]types.ValType
	numbers   map[types.Type]int
	keyBuffer []byte
	// handles maps each resource that is used as a type to its `own` type.
	handles map[types.Type]*types.Own
	// includes holds the include statements of each world.
	includes map[*World][]include
	// excluded holds the items that their gates disable, and functions of such interfaces and worlds.
	excluded map[any]bool
	// ifaceOrder and worldOrder are the items in resolution order.
	ifaceOrder []localIface
	worldOrder []localWorld

	// block is the current interface or world, and cur the current file.
	block block
	cur   *fileScope
	// homes caches the result of typeHomes.
	homes map[string][]syntax.Ident
}

// block is an interface or world whose items are being resolved.
type block struct {
	names  nameTable
	object *Object
	off    bool // it is left out
	lossy  bool // some items could not be read
	body   body
}

// enter starts resolving the items of b. It returns a function that returns to the block before.
func (s *source) enter(b block) func() {
	prev := s.block
	s.block = b
	return func() { s.block = prev }
}

// fileScope is a file, or a package nested in one.
type fileScope struct {
	file  *syntax.File
	items []syntax.Item
	names map[string]topItem
}

// nameTable holds names in definition order, and finds names that differ only in case.
type nameTable struct {
	ordered.Map[string, entry]
	folded map[string]string
}

func (t *nameTable) set(label string, e entry) {
	t.Set(label, e)
	if t.folded == nil {
		t.folded = map[string]string{}
	}
	t.folded[name.LabelKey(label)] = label
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

// entry is the meaning of a name in an interface or world: a type, or another item described by
// what, such as "function".
type entry struct {
	def  *TypeDef
	what string
	span diag.Span
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

// fileNames fills in the names at the top of a file.
func (s *source) fileNames(f *fileScope) {
	f.names = maps.Clone(s.top)
	for _, it := range f.items {
		u, ok := it.(*syntax.TopUse)
		if !ok {
			continue
		}
		if len(u.Attrs) > 0 {
			s.errorf(s.at(u.Keyword), CodeMisplacedAttribute, "attributes not allowed on top-level use")
		}
		if u.Path.Package == nil {
			t, ok := s.top[u.Path.Name.Name]
			if !ok {
				s.unknownItem(u.Path.Name, maps.Keys(s.top))
				t = topItem{iface: s.missingInterface()}
			}
			f.names[u.Local().Name] = s.topUse(u, t)
			continue
		}
		dep, _ := s.foreign.Get(u.Path.Package.ID)
		t, _ := dep.items.Get(u.Path.Name.Name)
		f.names[u.Local().Name] = s.topUse(u, t.topItem)
	}
}

// topUse returns the item that a use at the top of a file defines for t.
func (s *source) topUse(u *syntax.TopUse, t topItem) topItem {
	s.usesPath(&u.Path, t)
	if u.As.Name != "" {
		var node any = t.iface
		if t.world != nil {
			node = t.world
		}
		t.alias = s.declareAlias(u.As, s.obj, node)
	}
	return t
}

// lookup returns the item that a path refers to.
func (s *source) lookup(p *syntax.Path) topItem {
	if p.Package != nil {
		dep, _ := s.foreign.Get(p.Package.ID)
		t, _ := dep.items.Get(p.Name.Name)
		s.usesPath(p, t.topItem)
		return t.topItem
	}
	t, ok := s.cur.names[p.Name.Name]
	if !ok {
		s.unknownItem(p.Name, maps.Keys(s.cur.names))
		return topItem{iface: s.missingInterface()}
	}
	s.usesPath(p, t)
	return t
}

// lookupInterface returns the interface that a path refers to. It never returns nil.
func (s *source) lookupInterface(p *syntax.Path) *Interface {
	t := s.lookup(p)
	if t.iface == nil {
		s.errorf(s.at(p.Name.Range), CodeWrongItem, "name `%s` is defined as a world, not an interface", p.Name.Name).
			Labelf(t.world.Span, "the world")
		return s.missingInterface()
	}
	return t.iface
}

// lookupWorld returns the world that a path refers to. It never returns nil.
func (s *source) lookupWorld(p *syntax.Path) *World {
	t := s.lookup(p)
	if t.world == nil {
		if !s.missing[t.iface] || has(s.foreignScopes, t.iface) {
			s.errorf(s.at(p.Name.Range), CodeWrongItem, "name `%s` is defined as an interface, not a world", p.Name.Name)
		}
		w := &World{}
		s.missing[w] = true
		return w
	}
	return t.world
}

// missingInterface returns an interface that takes the place of one that does not exist.
func (s *source) missingInterface() *Interface {
	i := &Interface{}
	s.missing[i] = true
	return i
}

// scope returns the names that can be used from an interface.
func (s *source) scope(i *Interface) map[string]entry {
	if scope, ok := s.foreignScopes[i]; ok {
		return scope
	}
	return s.scopes[i]
}

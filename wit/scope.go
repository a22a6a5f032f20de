package wit

import (
	"iter"
	"maps"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// source is a package as written, with the results of the resolution that needs no dependencies.
//
// A package is resolved in two steps. The first step, here and in define.go, sees only the package
// itself. It binds names and gives each type a definition, in an order in which each type comes
// after its dependencies. Items of other packages become placeholder nodes. The second step, in
// link.go, runs after the other packages are linked. It connects the placeholders, removes items of
// disabled features, and completes the worlds. Definitions are in the order of wit-parser, so that
// lists by index agree.
type source struct {
	*loader
	name  name.Package
	span  diag.Span
	docs  Docs
	obj   *Object
	files []*fileScope

	types   []*def
	ifaces  []*iface
	worlds  []*world
	foreign ordered.Map[name.Package, *foreignDep]
	// top holds the interfaces and worlds of the package by name.
	top map[string]topItem
	// anon finds types without names by their structure.
	anon map[anonKey]*def
	// handles are placeholders that must turn out to be resources.
	handles []handle
	// ifaceOrder and worldOrder are the items in resolution order.
	ifaceOrder []localIface
	worldOrder []localWorld

	// names is the scope of the current interface or world. within is its object.
	names  nameTable
	within *Object
	// body is the source of the current items. homes caches the result of typeHomes.
	body  body
	homes map[string][]syntax.Ident
	// numbered counts the definitions that have a number. The keys of tuples use these numbers.
	numbered int32
	// cur is the current file.
	cur   *fileScope
	lossy bool
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
	iface *iface
	node  *syntax.Interface
	file  *fileScope
}

type localWorld struct {
	world *world
	node  *syntax.World
	file  *fileScope
}

// topItem is an interface or a world.
type topItem struct {
	iface *iface
	world *world
	// alias is the name that a use in the file gives the item with `as`.
	alias *Object
}

// foreignDep is another package that the package uses.
type foreignDep struct {
	span  diag.Span
	paths []usedPath
	items ordered.Map[string, *foreignItem]
}

// usedPath is a path and the file that contains it.
type usedPath struct {
	file *syntax.File
	path *syntax.Path
}

type foreignItem struct {
	topItem
	// gates are the gates of all statements that use the item.
	gates []Stability
}

type handle struct {
	def  *def
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

// resolve runs the first step.
func (s *source) resolve() {
	// Find the packages that are used, and the items of them.
	s.declareForeign()
	// Find the interfaces and worlds, and a resolution order.
	s.declareItems()
	// Find the types of other packages that are used.
	s.declareForeignTypes()
	// Resolve the interfaces, each after those it uses.
	for _, l := range s.ifaceOrder {
		s.cur = l.file
		s.interfaceBody(l.iface, l.node.Name, l.node.Items, l.node.Docs, l.node.Attrs, l.node.Bad)
	}
	// Resolve the worlds, each after those it includes.
	for _, l := range s.worldOrder {
		s.cur = l.file
		s.worldBody(l.world, l.node)
	}
}

func (s *source) newIface(span diag.Span) *iface {
	i := &iface{span: span}
	s.ifaces = append(s.ifaces, i)
	return i
}

func (s *source) newWorld(span diag.Span) *world {
	w := &world{span: span}
	s.worlds = append(s.worlds, w)
	return w
}

// declareForeign creates a node for each interface and world of another package.
func (s *source) declareForeign() {
	for _, f := range s.files {
		s.cur = f
		eachPath(f.items, func(u pathUse) {
			if u.path.Package == nil {
				return
			}
			gate := s.stability(u.attrs)
			dep, ok := s.foreign.Get(u.path.Package.ID)
			if !ok {
				dep = &foreignDep{span: s.at(u.path.Package.Range)}
				s.foreign.Set(u.path.Package.ID, dep)
			}
			dep.paths = append(dep.paths, usedPath{f.file, u.path})
			label := u.path.Name
			it, ok := dep.items.Get(label.Name)
			if !ok {
				it = &foreignItem{}
				if u.world {
					it.world = s.newWorld(s.at(label.Range))
					it.world.name, it.world.foreign = label.Name, true
				} else {
					it.iface = s.newIface(s.at(label.Range))
					it.iface.name, it.iface.foreign = label.Name, true
					it.iface.scope = map[string]entry{}
				}
				dep.items.Set(label.Name, it)
			}
			it.gates = append(it.gates, gate)
		})
	}
}

// declareItems creates a node for each interface and world of the package, in resolution order.
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
	for _, f := range s.files {
		s.cur = f
		s.fileNames(f)
	}
}

// declareItem creates the node of an interface or world. If circular is set, the item may lack
// names when it is used.
func (s *source) declareItem(label string, n *node, circular bool) {
	s.cur = n.file
	switch it := n.item.(type) {
	case *syntax.Interface:
		i := s.newIface(n.file.span(it.Name))
		i.name, i.lossy, i.obj = label, circular, s.declare(InterfaceObject, it.Name, s.obj)
		s.top[label] = topItem{iface: i}
		s.ifaceOrder = append(s.ifaceOrder, localIface{i, it, n.file})
	case *syntax.World:
		w := s.newWorld(n.file.span(it.Name))
		w.name, w.poison, w.obj = label, circular, s.declare(WorldObject, it.Name, s.obj)
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
				t = topItem{iface: &iface{poison: true}}
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
		return topItem{iface: &iface{poison: true}}
	}
	s.usesPath(p, t)
	return t
}

// lookupIface returns the interface that a path refers to. It never returns nil.
func (s *source) lookupIface(p *syntax.Path) *iface {
	t := s.lookup(p)
	if t.iface == nil {
		s.errorf(s.at(p.Name.Range), CodeWrongItem, "name `%s` is defined as a world, not an interface", p.Name.Name).
			Labelf(t.world.span, "the world")
		return &iface{poison: true}
	}
	return t.iface
}

// lookupWorld returns the world that a path refers to. It never returns nil.
func (s *source) lookupWorld(p *syntax.Path) *world {
	t := s.lookup(p)
	if t.world == nil {
		if !t.iface.poison {
			s.errorf(s.at(p.Name.Range), CodeWrongItem, "name `%s` is defined as an interface, not a world", p.Name.Name)
		}
		return &world{poison: true}
	}
	return t.world
}

// declareForeignTypes creates a node for each type that is used from another package.
func (s *source) declareForeignTypes() {
	for _, f := range s.files {
		s.cur = f
		eachPath(f.items, func(u pathUse) {
			if !u.uses {
				return
			}
			from := s.lookupIface(u.path)
			if !from.foreign {
				return
			}
			gate, ext := s.stability(u.attrs), s.externalID(u.attrs)
			for _, n := range u.names {
				if _, ok := from.scope[n.Name.Name]; ok {
					continue
				}
				at := s.at(n.Name.Range)
				d := &def{name: n.Name.Name, kind: kindUnknown, foreign: true, stab: gate, ext: ext, owner: owner{iface: from}, span: at}
				s.types = append(s.types, d)
				from.scope[d.name] = entry{def: d, span: at}
			}
		})
	}
}

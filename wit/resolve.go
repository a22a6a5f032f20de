package wit

import "github.com/mortise-wasm/mortise/model/types"

// resolve adds the package to the model. All packages that it depends on must have been added
// before.
func (s *source) resolve() {
	s.m.addPackage(s.pkg)
	if s.bad() {
		s.incomplete[s.pkg] = true
	}
	s.foreignScopes = map[*Interface]map[string]entry{}
	s.anon, s.numbers, s.handles = map[string]types.ValType{}, map[types.Type]int{}, map[types.Type]*types.Own{}
	s.includes, s.excluded = map[*World][]include{}, map[any]bool{}
	// Find the items of other packages that are used.
	for id, dep := range s.foreign.All() {
		if !s.broken {
			dep.pkg = s.m.Package(id)
		}
		for label, it := range dep.items.All() {
			s.foreignItem(dep.pkg, label, it)
		}
	}
	// Bind the names at the top of each file.
	for _, f := range s.files {
		s.cur = f
		s.fileNames(f)
	}
	// Find the types of other packages that are used.
	s.foreignTypes()
	// Resolve the interfaces, each after those it uses.
	for _, l := range s.ifaceOrder {
		s.cur = l.file
		s.interfaceBody(l.iface, l.node.Name, l.node.Items, l.node.Docs, l.node.Attrs, l.node.Bad)
	}
	// Resolve the worlds as written, each after those it includes.
	for _, l := range s.worldOrder {
		s.cur = l.file
		s.worldBody(l.world, l.node)
	}
	if !s.broken {
		s.checkForeign()
	}
	s.checkOwners()
	s.list()
	// Expand includes and then add the imports that other items need.
	for _, w := range s.worlds {
		if s.broken || !s.room(len(w.Imports)+len(w.Exports), w) {
			continue
		}
		s.expandIncludes(w)
		if s.full {
			break
		}
		if c := s.m.elaborate(w); c != nil {
			c.explain(s.errorf(w.Span, CodeBadExport, "%s", c.Error()).Captionf("in this world"))
		}
	}
}

// list adds the items of the package to the model. The handles of resources come before the
// definitions that use them first, and those that only functions use come last.
func (s *source) list() {
	handle := func(t types.Type) {
		if h, ok := t.(*types.Own); ok && s.m.byType[h] == nil {
			s.m.addType(&TypeDef{Type: h})
		}
	}
	for _, d := range s.types {
		if s.excluded[d] {
			continue
		}
		if s.m.Alias(d) == nil {
			for part := range types.Parts(s.form(d)) {
				handle(part)
			}
		}
		s.m.Types = append(s.m.Types, d)
	}
	function := func(f *Func) {
		for _, p := range f.Params {
			handle(p.Type)
		}
		handle(f.Result)
	}
	for _, i := range s.ifaces {
		for _, f := range i.Funcs {
			function(f)
		}
		if i.Name != "" {
			s.pkg.Interfaces = append(s.pkg.Interfaces, i)
		}
	}
	s.m.Interfaces = append(s.m.Interfaces, s.ifaces...)
	for _, w := range s.worlds {
		for _, items := range [...][]*WorldItem{w.Imports, w.Exports} {
			for _, it := range items {
				if it.Func != nil {
					function(it.Func)
				}
			}
		}
	}
	s.pkg.Worlds = s.worlds
	s.m.Worlds = append(s.m.Worlds, s.worlds...)
}

// addType adds a definition of the package. It reports false if the gate of the definition disables
// it.
func (s *source) addType(d *TypeDef) bool {
	s.m.byType[d.Type] = d
	s.types = append(s.types, d)
	return !s.excludes(d, d.Stability, d.Span)
}

package wit

import "github.com/mortise-wasm/mortise/model/types"

// resolver adds a package to the model.
//
// A package is resolved after the packages that it uses, and each type, interface and world after
// those that it needs, so it refers to them from the start. It is made in its final form. Whatever
// the model does not hold is in tables beside it, here and in loader: the scopes, the items that
// are left out, and those that could not be read or found. The order of the types is that of
// wit-parser, so that lists by index agree.
type resolver struct {
	*source
	// types, ifaces and worlds are those that the package defines. The last two lack those that are
	// left out.
	types  []*TypeDef
	ifaces []*Interface
	worlds []*World
	// foreignScopes holds the types that are used from each interface of another package.
	foreignScopes map[*Interface]map[string]entry
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
	// block is the current interface or world.
	block block
}

func newResolver(s *source) *resolver {
	return &resolver{
		source: s, foreignScopes: map[*Interface]map[string]entry{}, anon: map[string]types.ValType{}, numbers: map[types.Type]int{},
		handles: map[types.Type]*types.Own{}, includes: map[*World][]include{}, excluded: map[any]bool{},
	}
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
func (r *resolver) enter(b block) func() {
	prev := r.block
	r.block = b
	return func() { r.block = prev }
}

// resolve adds the package to the model. All packages that it depends on must have been added
// before.
func (r *resolver) resolve() {
	r.m.addPackage(r.pkg)
	if r.bad() {
		r.incomplete[r.pkg] = true
	}
	// Find the items of other packages that are used.
	for id, dep := range r.foreign.All() {
		if !r.broken {
			dep.pkg = r.m.Package(id)
		}
		for label, it := range dep.items.All() {
			r.foreignItem(dep.pkg, label, it)
		}
	}
	// Bind the names at the top of each file.
	for _, f := range r.files {
		r.cur = f
		r.fileNames(f)
	}
	// Find the types of other packages that are used.
	r.foreignTypes()
	// Resolve the interfaces, each after those it uses.
	for _, l := range r.ifaceOrder {
		r.cur = l.file
		r.interfaceBody(l.iface, l.node.Name, l.node.Items, l.node.Docs, l.node.Attrs, l.node.Bad)
	}
	// Resolve the worlds as written, each after those it includes.
	for _, l := range r.worldOrder {
		r.cur = l.file
		r.worldBody(l.world, l.node)
	}
	if !r.broken {
		r.checkForeign()
	}
	r.checkOwners()
	r.list()
	// Expand includes and then add the imports that other items need.
	for _, w := range r.worlds {
		if r.broken || !r.room(len(w.Imports)+len(w.Exports), w) {
			continue
		}
		r.expandIncludes(w)
		if r.full {
			break
		}
		if c := r.m.elaborate(w); c != nil {
			c.explain(r.errorf(w.Span, CodeBadExport, "%s", c.Error()).Captionf("in this world"))
		}
	}
}

// list adds the items of the package to the model. The handles of resources come before the
// definitions that use them first, and those that only functions use come last.
func (r *resolver) list() {
	handle := func(t types.Type) {
		if h, ok := t.(*types.Own); ok && r.m.byType[h] == nil {
			r.m.addType(&TypeDef{Type: h})
		}
	}
	for _, d := range r.types {
		if r.excluded[d] {
			continue
		}
		if r.m.Alias(d) == nil {
			for part := range types.Parts(r.form(d)) {
				handle(part)
			}
		}
		r.m.Types = append(r.m.Types, d)
	}
	function := func(f *Func) {
		for _, p := range f.Params {
			handle(p.Type)
		}
		handle(f.Result)
	}
	for _, i := range r.ifaces {
		for _, f := range i.Funcs {
			function(f)
		}
		if i.Name != "" {
			r.pkg.Interfaces = append(r.pkg.Interfaces, i)
		}
	}
	r.m.Interfaces = append(r.m.Interfaces, r.ifaces...)
	for _, w := range r.worlds {
		for _, items := range [...][]*WorldItem{w.Imports, w.Exports} {
			for _, it := range items {
				if it.Func != nil {
					function(it.Func)
				}
			}
		}
	}
	r.pkg.Worlds = r.worlds
	r.m.Worlds = append(r.m.Worlds, r.worlds...)
}

// addType adds a definition of the package. It reports false if the gate of the definition disables
// it.
func (r *resolver) addType(d *TypeDef) bool {
	r.m.byType[d.Type] = d
	r.types = append(r.types, d)
	return !r.excludes(d, d.Stability, d.Span)
}

package wit

import (
	"iter"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// foreignDep is another package that the package uses.
type foreignDep struct {
	pkg   *Package // nil if it does not exist
	span  diag.Span
	paths []usedPath
	items ordered.Map[string, *foreignItem]
}

// usedPath is a path and the file that contains it.
type usedPath struct {
	file *syntax.File
	path *syntax.Path
}

// foreignItem is an interface or world of another package.
type foreignItem struct {
	topItem
	isWorld bool
	on      bool // at least one of the statements is enabled
	span    diag.Span
	// gates are the gates of all statements that use the item.
	gates []Stability
}

// findForeign finds the packages that are used, and the items of them.
func (s *source) findForeign() {
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
				it = &foreignItem{isWorld: u.world, span: s.at(label.Range)}
				dep.items.Set(label.Name, it)
			}
			it.gates = append(it.gates, gate)
		})
	}
}

// foreignItem finds an interface or world of package p, which may be nil. If it does not exist,
// another one takes its place.
func (r *resolver) foreignItem(p *Package, label string, it *foreignItem) {
	it.on = slices.ContainsFunc(it.gates, func(g Stability) bool { return r.included(g, it.span) })
	if it.isWorld {
		if it.on && p != nil {
			it.world = p.World(label)
		}
		if it.world == nil {
			it.world = &World{Name: label, Span: it.span}
			r.missing[it.world] = true
		}
		return
	}
	if it.on && p != nil {
		it.iface = p.Interface(label)
	}
	if it.iface == nil {
		it.iface = &Interface{Name: label, Span: it.span}
		r.missing[it.iface] = true
	}
	r.foreignScopes[it.iface] = map[string]entry{}
}

// foreignTypes finds the types that are used from interfaces of other packages.
func (r *resolver) foreignTypes() {
	for _, f := range r.files {
		r.cur = f
		eachPath(f.items, func(u pathUse) {
			if !u.uses {
				return
			}
			from := r.lookupInterface(u.path)
			scope, ok := r.foreignScopes[from]
			if !ok {
				return
			}
			gate := r.stability(u.attrs)
			for _, n := range u.names {
				if !has(scope, n.Name.Name) {
					at := r.at(n.Name.Range)
					scope[n.Name.Name] = entry{def: r.foreignType(from, n.Name.Name, gate, at), span: at}
				}
			}
		})
	}
}

// foreignType returns a type of an interface of another package.
func (r *resolver) foreignType(from *Interface, label string, gate Stability, at diag.Span) *TypeDef {
	on := r.included(gate, at)
	if t := from.Type(label); on && t != nil {
		return t
	}
	missing := r.unresolved()
	switch {
	case !on:
		missing.Name, missing.Stability, missing.Span = label, gate, at
		r.excluded[missing] = true
		return missing
	case r.missing[from] || r.incomplete[from]:
		return missing
	}
	e := r.errorf(at, CodeUnknownType, "type `%s` not defined in interface", label).
		Captionf("not found in `%s`", from.text()).Labelf(from.Span, "the interface")
	if from.Func(label) != nil {
		e.Notef("`%s` is a function there, and only types can be used", label)
	}
	r.suggestText(e, label, names(from.Types, func(t *TypeDef) string { return t.Name }))
	return missing
}

// checkForeign reports the packages that do not exist, and the items of other packages that do not.
func (r *resolver) checkForeign() {
	for id, dep := range r.foreign.All() {
		if dep.pkg == nil && !r.unread {
			r.unknownPackage(dep, id)
		}
		if dep.pkg == nil || r.incomplete[dep.pkg] {
			continue
		}
		for label, it := range dep.items.All() {
			switch {
			case !it.on:
			case it.isWorld && r.missing[it.world]:
				d := r.errorf(it.span, CodeUnknownItem, "world '%s' not found in package '%s'", label, id)
				r.suggestText(d, label, slices.Values(dep.pkg.worldNames()))
			case !it.isWorld && r.missing[it.iface]:
				d := r.errorf(it.span, CodeUnknownItem, "interface '%s' not found in package '%s'", label, id)
				r.suggestText(d, label, names(dep.pkg.Interfaces, func(i *Interface) string { return i.Name }))
			}
		}
	}
}

func (r *resolver) unknownPackage(dep *foreignDep, id name.Package) {
	known := make([]name.Package, 0, len(r.m.Packages))
	names := make([]string, 0, len(r.m.Packages))
	for _, p := range r.m.Packages {
		known = append(known, p.Name)
	}
	for _, other := range r.sources {
		if r.m.Package(other.name) == nil { // not linked yet
			known = append(known, other.name)
		}
	}
	for _, n := range known {
		names = append(names, n.String())
	}
	d := r.errorf(dep.span, CodeUnknownPackage, "package '%s' not found. known packages: %s", id, strings.Join(names, ", "))
	if r.hintOwn(d, id, dep.paths) || hintVersion(d, id, known, dep.paths) {
		return
	}
	if r.fetch != "" {
		d.Helpf("%s", r.fetch)
	}
	if r.depsBeside != "" {
		d.Helpf("a single file is read without the packages in `%s`: check the folder that holds both", r.depsBeside)
		return
	}
	d.Helpf("put the package in the folder deps, as deps/%s", id.Name)
}

// names yields the names of the elements of a list.
func names[T any](list []T, name func(T) string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, x := range list {
			if !yield(name(x)) {
				return
			}
		}
	}
}

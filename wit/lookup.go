package wit

import (
	"maps"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// entry is the meaning of a name in an interface or world: a type, or another item described by
// what, such as "function".
type entry struct {
	def  *TypeDef
	what string
	span diag.Span
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

// fileNames fills in the names at the top of a file.
func (r *resolver) fileNames(f *fileScope) {
	f.names = maps.Clone(r.top)
	for _, it := range f.items {
		u, ok := it.(*syntax.TopUse)
		if !ok {
			continue
		}
		if len(u.Attrs) > 0 {
			r.errorf(r.at(u.Keyword), CodeMisplacedAttribute, "attributes not allowed on top-level use")
		}
		if u.Path.Package == nil {
			t, ok := r.top[u.Path.Name.Name]
			if !ok {
				r.unknownItem(u.Path.Name, maps.Keys(r.top))
				t = topItem{iface: r.missingInterface()}
			}
			f.names[u.Local().Name] = r.topUse(u, t)
			continue
		}
		dep, _ := r.foreign.Get(u.Path.Package.ID)
		t, _ := dep.items.Get(u.Path.Name.Name)
		f.names[u.Local().Name] = r.topUse(u, t.topItem)
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
func (r *resolver) lookup(p *syntax.Path) topItem {
	if p.Package != nil {
		dep, _ := r.foreign.Get(p.Package.ID)
		t, _ := dep.items.Get(p.Name.Name)
		r.usesPath(p, t.topItem)
		return t.topItem
	}
	t, ok := r.cur.names[p.Name.Name]
	if !ok {
		r.unknownItem(p.Name, maps.Keys(r.cur.names))
		return topItem{iface: r.missingInterface()}
	}
	r.usesPath(p, t)
	return t
}

// lookupInterface returns the interface that a path refers to. It never returns nil.
func (r *resolver) lookupInterface(p *syntax.Path) *Interface {
	t := r.lookup(p)
	if t.iface == nil {
		r.errorf(r.at(p.Name.Range), CodeWrongItem, "name `%s` is defined as a world, not an interface", p.Name.Name).
			Labelf(t.world.Span, "the world")
		return r.missingInterface()
	}
	return t.iface
}

// lookupWorld returns the world that a path refers to. It never returns nil.
func (r *resolver) lookupWorld(p *syntax.Path) *World {
	t := r.lookup(p)
	if t.world == nil {
		if !r.missing[t.iface] || has(r.foreignScopes, t.iface) {
			r.errorf(r.at(p.Name.Range), CodeWrongItem, "name `%s` is defined as an interface, not a world", p.Name.Name)
		}
		w := &World{}
		r.missing[w] = true
		return w
	}
	return t.world
}

// missingInterface returns an interface that takes the place of one that does not exist.
func (r *resolver) missingInterface() *Interface {
	i := &Interface{}
	r.missing[i] = true
	return i
}

// scope returns the names that can be used from an interface.
func (r *resolver) scope(i *Interface) map[string]entry {
	if scope, ok := r.foreignScopes[i]; ok {
		return scope
	}
	return r.scopes[i]
}

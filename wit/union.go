package wit

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/model/name"
)

// Union joins worlds, each of a model of its own, to one world, as it has to be done for the parts of a program that are made for different
// worlds. The joined world is `root` of package `root:root`. A Union is of no use after an error; it is not safe for concurrent use.
type Union struct {
	g *graph
	w *world
}

// NewUnion returns the union of no worlds.
func NewUnion() *Union {
	p := &pkg{name: name.Package{Namespace: "root", Name: "root"}}
	w := &world{name: "root", pkg: p}
	p.worlds.Set(w.name, w)
	g := newGraph()
	g.pkgs, g.worlds, g.main = []*pkg{p}, []*world{w}, p
	g.byName[p.name] = p
	return &Union{g, w}
}

// Add adds w, a world of m, to the union. Items of one name must agree, and what w exports must not be what an export that is there already
// needs as an import. Neither m nor w is changed.
func (u *Union) Add(m *Model, w *World) error {
	at := slices.Index(m.Worlds, w)
	if at < 0 {
		panic("wit: the world is not one of the model")
	}
	g := thaw(m)
	from := g.worlds[at]
	if from.pkg.name == u.w.pkg.name && from.name == u.w.name {
		// A union itself: it must not become one with this one before it is merged.
		from.pkg.worlds = renamed(from.pkg.worlds, from)
	}
	merged, err := u.g.merge(g)
	if err != nil {
		return fmt.Errorf("the packages cannot be joined: %w", err)
	}
	if v, ok := merged.worlds[from]; ok {
		from = v
	}
	if err := u.merge(from); err != nil {
		return fmt.Errorf("failed to merge worlds from two documents: %w", err)
	}
	return nil
}

// renamed gives w another name among the worlds of its package.
func renamed(worlds worldMap, w *world) worldMap {
	out := worldMap{}
	for label, x := range worlds.All() {
		if x == w {
			label, w.name = "added", "added"
		}
		out.Set(label, x)
	}
	return out
}

// merge adds the items of a world of the graph.
func (u *Union) merge(from *world) error {
	c := &cloner{g: u.g, types: map[*def]*def{}, from: owner{world: from}, to: owner{world: u.w}, pkg: u.w.pkg}
	for k, it := range u.w.imports.All() {
		if other, ok := from.imports.Get(k); ok && k.iface == nil && it.def != nil && other.def != nil {
			c.types[other.def] = it.def
		}
	}
	imports, err := u.fresh(&from.imports, &u.w.imports, "import", nil)
	if err != nil {
		return err
	}
	exports, err := u.fresh(&from.exports, &u.w.exports, "export", u.mustBeImported())
	if err != nil {
		return err
	}
	for _, k := range imports {
		it, _ := from.imports.Get(k)
		u.w.imports.Set(k, c.added(k, it))
	}
	for _, k := range exports {
		it, _ := from.exports.Get(k)
		u.w.exports.Set(k, c.added(k, it))
	}
	return nil
}

// added returns an item as it is in the union: interfaces that have a name are shared.
func (c *cloner) added(k key, it *item) *item {
	if k.iface != nil {
		cp := *it
		return &cp
	}
	return c.item(it, k.name)
}

// fresh returns the keys of the items that the union has not. Those that it has must agree.
func (u *Union) fresh(from, into *itemMap, verb string, needed map[*iface]key) ([]key, error) {
	var list []key
	for k, it := range from.All() {
		other, ok := into.Get(k)
		if ok {
			if err := agree(it, other); err != nil {
				return nil, fmt.Errorf("failed to merge world %s %s: %w", verb, k.text(), err)
			}
			continue
		}
		if verb == "export" {
			if err := u.canExport(k, it, needed); err != nil {
				return nil, fmt.Errorf("failed to add export `%s`: %w", k.text(), err)
			}
		}
		list = append(list, k)
	}
	return list, nil
}

// agree tells whether two items of one name can be one.
func agree(from, into *item) error {
	m := &merger{ifaces: map[*iface]*iface{}, types: map[*def]*def{}}
	switch {
	case from.iface != nil && into.iface != nil:
		if from.iface == into.iface {
			return nil
		}
		if err := m.matchIface(from.iface, into.iface); err != nil {
			return fmt.Errorf("failed to merge interfaces: %w", err)
		}
	case from.fn != nil && into.fn != nil:
		if err := matchFunc(from.fn, into.fn); err != nil {
			return fmt.Errorf("failed to merge functions: %w", err)
		}
	case from.def != nil && into.def != nil:
	default:
		return fmt.Errorf("different kinds of items")
	}
	return nil
}

// mustBeImported returns the interfaces that exports need and that are no exports, each with one export that needs it.
func (u *Union) mustBeImported() map[*iface]key {
	needed := map[*iface]key{}
	for k, it := range u.w.exports.All() {
		var add func(i *iface) bool
		add = func(i *iface) bool {
			if _, ok := needed[i]; !ok {
				needed[i] = k
				i.deps(add)
			}
			return true
		}
		if it.iface != nil {
			it.iface.deps(func(dep *iface) bool {
				if !u.w.exports.Has(key{iface: dep}) {
					add(dep)
				}
				return true
			})
		}
	}
	return needed
}

// canExport tells whether an export can be added without changing what the world means.
func (u *Union) canExport(k key, it *item, needed map[*iface]key) error {
	if it.iface == nil {
		return nil
	}
	seen := map[*iface]bool{}
	var imported func(i *iface) error
	imported = func(i *iface) (err error) {
		if seen[i] {
			return nil
		}
		seen[i] = true
		if u.w.exports.Has(key{iface: i}) {
			return fmt.Errorf("world exports `%s` but it's also transitively used by an import which means that this is not valid", i.id())
		}
		i.deps(func(dep *iface) bool {
			err = imported(dep)
			return err == nil
		})
		return err
	}
	var err error
	it.iface.deps(func(dep *iface) bool {
		if !u.w.exports.Has(key{iface: dep}) {
			err = imported(dep)
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	if by, ok := needed[it.iface]; ok && k.iface != nil {
		return fmt.Errorf("export `%s` depends on `%s` previously as an import which will change meaning if `%s` is added as an export",
			by.text(), k.text(), k.text())
	}
	return nil
}

// UnionOptions say what becomes of the joined world. The zero value is the world as it is.
type UnionOptions struct {
	// MergeVersions makes one import of those that are one interface in several versions that are compatible: that of the highest version.
	MergeVersions bool
	// Nominal gives each import and export an interface of its own: one that is there more than once, or uses such a one, is a copy
	// ([Interface.CloneOf]).
	Nominal bool
}

// Finish returns the model and the joined world. The Union is used up.
func (u *Union) Finish(o UnionOptions) (*Model, *World, error) {
	if o.MergeVersions {
		if err := u.mergeVersions(); err != nil {
			return nil, nil, err
		}
	}
	if o.Nominal {
		u.nominal()
	}
	at := slices.Index(u.g.worlds, u.w)
	m := u.g.freeze()
	return m, m.Worlds[at], nil
}

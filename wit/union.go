package wit

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/model/name"
)

// Union joins worlds of different models into one world, for programs whose parts are made for
// different worlds. The joined world is `root` of package `root:root`. A Union must not be used
// after an error. It is not safe for concurrent use.
type Union struct {
	g *graph
	w *world
}

// NewUnion returns an empty union.
func NewUnion() *Union {
	p := &pkg{name: name.Package{Namespace: "root", Name: "root"}}
	w := &world{name: "root", pkg: p}
	p.worlds.Set(w.name, w)
	g := newGraph()
	g.pkgs, g.worlds, g.main = []*pkg{p}, []*world{w}, p
	g.byName[p.name] = p
	return &Union{g, w}
}

// Add adds w, a world of m, to the union. Items with the same name must agree, and w must not
// export anything that an existing export needs as an import. Add changes neither m nor w.
func (u *Union) Add(m *Model, w *World) error {
	at := slices.Index(m.Worlds, w)
	if at < 0 {
		panic("wit: the world is not one of the model")
	}
	g := thaw(m)
	from := g.worlds[at]
	if from.pkg.name == u.w.pkg.name && from.name == u.w.name {
		// The world is a union itself. Rename it so that it does not merge with this one.
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

// renamed changes the name of w among the worlds of its package.
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

// added returns an item for the union. Named interfaces are shared.
func (c *cloner) added(k key, it *item) *item {
	if k.iface != nil {
		cp := *it
		return &cp
	}
	return c.item(it, k.name)
}

// fresh returns the keys of the items that the union lacks. Items that it already has must agree.
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

// agree returns an error unless two items with the same name can be merged.
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

// mustBeImported returns the interfaces that exports depend on and that are not exports, each with
// an export that depends on it.
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

// canExport returns an error if adding an export would change the meaning of the world.
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

// UnionOptions configures the joined world. The zero value leaves the world as it is.
type UnionOptions struct {
	// MergeVersions replaces imports of the same interface in several compatible versions by one
	// import of the highest version.
	MergeVersions bool
	// Nominal gives each import and export an interface of its own. An interface that occurs more than
	// once, or that uses such an interface, is copied ([Interface.CloneOf]).
	Nominal bool
}

// Finish returns the model and the joined world. The Union must not be used afterwards.
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

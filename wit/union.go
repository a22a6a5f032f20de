package wit

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// Union joins worlds of different models into one world, for programs whose parts are made for
// different worlds. The joined world is `root` of package `root:root`. A Union must not be used
// after an error. It is not safe for concurrent use.
type Union struct {
	m *Model
	w *World
}

// NewUnion returns an empty union.
func NewUnion() *Union {
	p := &Package{Name: name.Package{Namespace: "root", Name: "root"}}
	w := &World{Name: "root", Package: p}
	p.Worlds = []*World{w}
	return &Union{NewModel(Model{Main: p, Packages: []*Package{p}, Worlds: p.Worlds}), w}
}

// Add adds w, a world of m, to the union. Items with the same name must agree, and w must not
// export anything that an existing export needs as an import. Add changes neither m nor w.
func (u *Union) Add(m *Model, w *World) error {
	if !slices.Contains(m.Worlds, w) {
		panic("wit: the world is not one of the model")
	}
	if w.Package.Name == u.w.Package.Name && w.Name == u.w.Name {
		// The world is a union itself. Rename it so that it does not merge with this one.
		m, w = renamed(m, w)
	}
	merged, err := u.m.merge(m)
	if err != nil {
		return fmt.Errorf("the packages cannot be joined: %w", err)
	}
	if err := u.merge(merged.worlds[w]); err != nil {
		return fmt.Errorf("failed to merge worlds from two documents: %w", err)
	}
	return nil
}

// renamed returns a copy of a model in which a world has another name, and that world.
func renamed(m *Model, w *World) (*Model, *World) {
	m, merged := copyModel(m)
	w = merged.worlds[w]
	w.Name = "added"
	return m, w
}

// merge adds the items of a world of the model.
func (u *Union) merge(from *World) error {
	c := u.m.cloner(owner{world: from}, owner{world: u.w}, map[types.Type]types.Type{})
	for _, it := range u.w.Imports {
		if other := from.Import(it.ExternName()); it.Type != nil && other != nil && other.Type != nil {
			c.types[other.Type.Type] = it.Type.Type
		}
	}
	into := [...]*itemMap{newItemMap(u.w.Imports), newItemMap(u.w.Exports)}
	imports, err := u.fresh(from.Imports, into[0], "import", nil)
	if err != nil {
		return err
	}
	exports, err := u.fresh(from.Exports, into[1], "export", u.mustBeImported())
	if err != nil {
		return err
	}
	for _, it := range imports {
		u.w.Imports = append(u.w.Imports, c.item(it, it.Name, u.w.Package))
	}
	for _, it := range exports {
		u.w.Exports = append(u.w.Exports, c.item(it, it.Name, u.w.Package))
	}
	return nil
}

// fresh returns the items that the union lacks. Items that it already has must agree.
func (u *Union) fresh(from []*WorldItem, into *itemMap, verb string, needed map[*Interface]key) ([]*WorldItem, error) {
	var list []*WorldItem
	for _, it := range from {
		k := it.key()
		if other, ok := into.Get(k); ok {
			if err := agree(it, other); err != nil {
				return nil, fmt.Errorf("failed to merge world %s %s: %w", verb, k.text(), err)
			}
			continue
		}
		if verb == "export" {
			if err := u.canExport(it, into, needed); err != nil {
				return nil, fmt.Errorf("failed to add export `%s`: %w", k.text(), err)
			}
		}
		list = append(list, it)
	}
	return list, nil
}

// agree returns an error unless two items with the same name can be merged.
func agree(from, into *WorldItem) error {
	switch {
	case from.Interface != nil && into.Interface != nil:
		if from.Interface == into.Interface {
			return nil
		}
		if err := matchItems(from.Interface, into.Interface); err != nil {
			return fmt.Errorf("failed to merge interfaces: %w", err)
		}
	case from.Func != nil && into.Func != nil:
		if err := matchFunc(from.Func, into.Func); err != nil {
			return fmt.Errorf("failed to merge functions: %w", err)
		}
	case from.Type != nil && into.Type != nil:
		return matchType(from.Type, into.Type)
	default:
		return fmt.Errorf("different kinds of items")
	}
	return nil
}

// mustBeImported returns the interfaces that exports depend on and that are not exports, each with
// an export that depends on it.
func (u *Union) mustBeImported() map[*Interface]key {
	needed := map[*Interface]key{}
	exports := newItemMap(u.w.Exports)
	for _, it := range u.w.Exports {
		var add func(i *Interface) bool
		add = func(i *Interface) bool {
			if _, ok := needed[i]; !ok {
				needed[i] = it.key()
				u.m.dependencies(i, add)
			}
			return true
		}
		if it.Interface != nil {
			u.m.dependencies(it.Interface, func(dep *Interface) bool {
				if !exports.Has(key{iface: dep}) {
					add(dep)
				}
				return true
			})
		}
	}
	return needed
}

// canExport returns an error if adding an export would change the meaning of the world.
func (u *Union) canExport(it *WorldItem, exports *itemMap, needed map[*Interface]key) error {
	if it.Interface == nil {
		return nil
	}
	seen := map[*Interface]bool{}
	var imported func(i *Interface) error
	imported = func(i *Interface) (err error) {
		if seen[i] {
			return nil
		}
		seen[i] = true
		if exports.Has(key{iface: i}) {
			return fmt.Errorf("world exports `%s` but it's also transitively used by an import which means that this is not valid", i.text())
		}
		u.m.dependencies(i, func(dep *Interface) bool {
			err = imported(dep)
			return err == nil
		})
		return err
	}
	var err error
	u.m.dependencies(it.Interface, func(dep *Interface) bool {
		if !exports.Has(key{iface: dep}) {
			err = imported(dep)
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	if by, ok := needed[it.Interface]; ok && it.Name == "" {
		name := it.key().text()
		return fmt.Errorf("export `%s` depends on `%s` previously as an import which will change meaning if `%s` is added as an export",
			by.text(), name, name)
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
	return u.m, u.w, nil
}

package wit

import (
	"maps"
	"slices"
)

// nominal copies interfaces of the world so that each belongs to one import or export, and each
// type to one of these.
func (u *Union) nominal() {
	n := &nominalizer{u: u, seen: map[*iface]bool{}, copied: map[*iface]bool{}, types: map[*def]*def{}}
	u.w.imports = n.items(&u.w.imports)
	u.w.exports = n.items(&u.w.exports)
}

type nominalizer struct {
	u *Union
	// seen holds the interfaces that belong to an item.
	seen map[*iface]bool
	// copied holds the interfaces that have a copy in an item without a label. Users of their types
	// use the types of the copy.
	copied map[*iface]bool
	types  map[*def]*def
}

func (n *nominalizer) items(items *itemMap) itemMap {
	// Collect the copies to make of each interface. Copies with a label come first, because nobody
	// uses their types.
	var order []*iface
	labelled, own := map[*iface][]key{}, map[*iface]key{}
	for _, label := range []bool{false, true} {
		for k, it := range items.All() {
			if it.iface == nil || label != (k.iface == nil) {
				continue
			}
			again := n.seen[it.iface]
			n.seen[it.iface] = true
			stale := !it.iface.deps(func(dep *iface) bool { return !n.copied[dep] })
			if !again && !stale {
				continue
			}
			if !slices.Contains(order, it.iface) {
				order = append(order, it.iface)
			}
			if label {
				labelled[it.iface] = append(labelled[it.iface], k)
			} else {
				n.copied[it.iface] = true
				own[it.iface] = k
			}
		}
	}
	copies := map[key]*iface{}
	for _, i := range order {
		for _, k := range labelled[i] {
			copies[k] = n.copy(i, maps.Clone(n.types))
		}
		if k, ok := own[i]; ok {
			copies[k] = n.copy(i, n.types)
		}
	}
	out := itemMap{}
	for k, it := range items.All() {
		if c := copies[k]; c != nil {
			cp := *it
			cp.iface, it = c, &cp
			if k.iface != nil {
				k.iface = c
			}
		}
		out.Set(k, it)
	}
	return out
}

// copy returns a copy of an interface and maps its types in types.
func (n *nominalizer) copy(i *iface, types map[*def]*def) *iface {
	c := &cloner{g: n.u.g, types: types, pkg: i.pkg}
	for _, d := range i.types.All() {
		delete(types, d)
	}
	return c.iface(i)
}

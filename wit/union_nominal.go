package wit

import (
	"maps"
	"slices"
)

// nominal copies interfaces of the world until each belongs to one import or export, and each type to one of these.
func (u *Union) nominal() {
	n := &nominalizer{u: u, seen: map[*iface]bool{}, copied: map[*iface]bool{}, types: map[*def]*def{}}
	u.w.imports = n.items(&u.w.imports)
	u.w.exports = n.items(&u.w.exports)
}

type nominalizer struct {
	u *Union
	// seen are the interfaces that belong to an item.
	seen map[*iface]bool
	// copied are those of which an item without label has a copy: who uses their types uses the copy's.
	copied map[*iface]bool
	types  map[*def]*def
}

func (n *nominalizer) items(items *itemMap) itemMap {
	// The copies that are to be made of an interface: first those that go by a label, which nobody uses types of.
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

// copy returns a copy of an interface and adds its types to those in types.
func (n *nominalizer) copy(i *iface, types map[*def]*def) *iface {
	c := &cloner{g: n.u.g, types: types, pkg: i.pkg}
	for _, d := range i.types.All() {
		delete(types, d)
	}
	return c.iface(i)
}

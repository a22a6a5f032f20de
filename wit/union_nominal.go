package wit

import (
	"maps"
	"slices"

	"github.com/mortise-wasm/mortise/model/types"
)

// nominal copies interfaces of the world so that each belongs to one import or export, and each
// type to one of these.
func (u *Union) nominal() {
	n := &nominalizer{m: u.m, seen: map[*Interface]bool{}, copied: map[*Interface]bool{}, types: map[types.Type]types.Type{}}
	u.w.Imports = n.items(u.w.Imports)
	u.w.Exports = n.items(u.w.Exports)
}

type nominalizer struct {
	m *Model
	// seen holds the interfaces that belong to an item.
	seen map[*Interface]bool
	// copied holds the interfaces that have a copy in an item without a label. Users of their types
	// use the types of the copy.
	copied map[*Interface]bool
	types  map[types.Type]types.Type
}

func (n *nominalizer) items(items []*WorldItem) []*WorldItem {
	// Collect the copies to make of each interface. Copies with a label come first, because nobody
	// uses their types.
	var order []*Interface
	labelled, own := map[*Interface][]*WorldItem{}, map[*Interface]*WorldItem{}
	for _, label := range []bool{false, true} {
		for _, it := range items {
			if it.Interface == nil || label != (it.Name != "") {
				continue
			}
			again := n.seen[it.Interface]
			n.seen[it.Interface] = true
			stale := !n.m.dependencies(it.Interface, func(dep *Interface) bool { return !n.copied[dep] })
			if !again && !stale {
				continue
			}
			if !slices.Contains(order, it.Interface) {
				order = append(order, it.Interface)
			}
			if label {
				labelled[it.Interface] = append(labelled[it.Interface], it)
			} else {
				n.copied[it.Interface] = true
				own[it.Interface] = it
			}
		}
	}
	copies := map[*WorldItem]*Interface{}
	for _, i := range order {
		for _, it := range labelled[i] {
			copies[it] = n.copy(i, maps.Clone(n.types))
		}
		if it := own[i]; it != nil {
			copies[it] = n.copy(i, n.types)
		}
	}
	list := make([]*WorldItem, len(items))
	for at, it := range items {
		if c := copies[it]; c != nil {
			cp := *it
			cp.Interface, it = c, &cp
		}
		list[at] = it
	}
	return list
}

// copy returns a copy of an interface and maps its types in types.
func (n *nominalizer) copy(i *Interface, types map[types.Type]types.Type) *Interface {
	for _, t := range i.Types {
		delete(types, t.Type)
	}
	return n.m.cloner(owner{}, owner{}, types).iface(i, i.Package)
}

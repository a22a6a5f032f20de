package wit

import (
	"fmt"
	"slices"
)

// elaborate completes a world: what its items need of other interfaces is imported, or exported where it is among the exports, and
// the imports are put in the order in which they are printed, which is one in which each follows those it needs. It returns a message
// if that is not possible.
func (g *graph) elaborate(w *world) string {
	e := &elaboration{}
	sorted := make([]key, 0, w.imports.Len())
	for k := range w.imports.All() {
		sorted = append(sorted, k)
	}
	slices.SortStableFunc(sorted, func(a, b key) int {
		x, _ := w.imports.Get(a)
		y, _ := w.imports.Get(b)
		return class(x) - class(y)
	})
	for _, k := range sorted {
		it, _ := w.imports.Get(k)
		switch {
		case it.iface != nil:
			e.importIface(k, it)
		case it.def != nil:
			if dep := it.def.dep(); dep != nil {
				e.importIface(key{iface: dep}, &item{iface: dep, stab: it.def.stab})
			}
			e.imports.Set(k, it)
		default:
			e.imports.Set(k, it)
		}
	}
	for k, it := range w.exports.All() {
		if it.iface != nil {
			e.wanted.Set(k, it)
		} else {
			e.exports.Set(k, it)
		}
	}
	e.required = map[*iface]bool{}
	for k, it := range e.wanted.All() {
		if !e.export(k, it, true) {
			return fmt.Sprintf("interface `%s` transitively depends on an interface in incompatible ways", k.text())
		}
	}
	w.imports = sortItems(e.imports)
	w.exports = e.exports
	return ""
}

// class is the group of an import in the order of a world: interfaces, types of interfaces, types, functions, functions of resources.
func class(i *item) int {
	switch {
	case i.iface != nil:
		return 0
	case i.def != nil && i.def.kind == kindAlias && i.def.a.def != nil && i.def.a.def.owner != i.def.owner:
		return 1
	case i.def != nil:
		return 2
	case i.fn.res == nil:
		return 3
	}
	return 4
}

func sortItems(items itemMap) itemMap {
	keys := make([]key, 0, items.Len())
	for k := range items.All() {
		keys = append(keys, k)
	}
	slices.SortStableFunc(keys, func(a, b key) int {
		x, _ := items.Get(a)
		y, _ := items.Get(b)
		return class(x) - class(y)
	})
	out := itemMap{}
	for _, k := range keys {
		it, _ := items.Get(k)
		out.Set(k, it)
	}
	return out
}

// elaboration is the state of elaborate.
type elaboration struct {
	imports, exports itemMap
	// wanted are the interfaces that the world exports as written.
	wanted itemMap
	// required are the interfaces that must be imported because an export uses them.
	required map[*iface]bool
}

// importIface imports an interface after those it uses.
func (e *elaboration) importIface(k key, it *item) {
	if e.imports.Has(k) {
		return
	}
	it.iface.deps(func(dep *iface) bool {
		e.importIface(key{iface: dep}, &item{iface: dep, stab: it.stab})
		return true
	})
	e.imports.Set(k, it)
}

// export exports an interface after those it uses, which are exported if they are wanted as exports by a chain of such, and imported
// otherwise. It returns false if an interface would have to be imported and exported at once.
func (e *elaboration) export(k key, it *item, export bool) bool {
	if e.exports.Has(k) {
		return export
	}
	if !export && e.required[it.iface] {
		return true
	}
	ok := it.iface.deps(func(dep *iface) bool {
		dk := key{iface: dep}
		return e.export(dk, &item{iface: dep, stab: it.stab, ext: it.ext}, export && e.wanted.Has(dk))
	})
	if !ok {
		return false
	}
	if export {
		if e.required[it.iface] {
			return false
		}
		e.exports.Set(k, it)
		return true
	}
	e.required[it.iface] = true
	e.imports.Add(k, it)
	return true
}

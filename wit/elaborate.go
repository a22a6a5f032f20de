package wit

import (
	"slices"

	"github.com/mortise-wasm/mortise/diag"
)

// elaborate completes a world. It imports the interfaces that the world's items depend on, or
// exports those that are among the exports. It sorts the imports in the order in which they are
// printed, with each after its dependencies. elaborate returns nil, or the reason why this is
// impossible.
func (g *graph) elaborate(w *world) *clash {
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
	e.required = map[*iface]*iface{}
	for k, it := range e.wanted.All() {
		if !e.export(k, it, true) {
			return &clash{k.text(), e.stack}
		}
	}
	w.imports = sortItems(e.imports)
	w.exports = e.exports
	return nil
}

// clash describes an interface that would have to be both imported and exported.
type clash struct {
	name string
	// chain starts at an exported interface and leads, through interfaces imported as its
	// dependencies, to another exported interface.
	chain []*iface
}

func (c *clash) Error() string {
	return "interface `" + c.name + "` transitively depends on an interface in incompatible ways"
}

// explain adds notes to d that show how the interfaces depend on each other, and a help.
func (c *clash) explain(d *diag.Diagnostic) {
	var between []string
	called := func(i *iface) string {
		if id := i.id(); id != "" {
			return id
		}
		return c.name // the interface is declared in the world
	}
	for i, at := range c.chain[:len(c.chain)-1] {
		next := c.chain[i+1]
		what := "types"
		for label, t := range at.types.All() {
			if t.dep() == next {
				what = "type `" + label + "`"
				break
			}
		}
		if i+2 == len(c.chain) {
			d.Notef("`%s` uses %s of `%s`, which the world exports", called(at), what, next.id())
			break
		}
		d.Notef("`%s` uses %s of `%s`, which is not exported and so is imported", called(at), what, next.id())
		between = append(between, next.id())
	}
	if len(between) > 0 {
		d.Helpf("export %s as well", enumerate(between))
	}
}

// class returns the position of an import's group in the order of a world: interfaces, types of
// interfaces, types, functions, functions of resources.
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
	// wanted are the interfaces that the source of the world exports.
	wanted itemMap
	// required maps each interface that must be imported for an export to the interface that uses it.
	required map[*iface]*iface
	// stack holds the interfaces being exported, each used by the previous one. After a failure, it
	// holds the chain of the clash.
	stack []*iface
}

// importIface imports an interface after its dependencies.
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

// export exports or, if export is false, imports an interface after its dependencies. A dependency
// is exported if it is wanted as an export and its user is exported, and imported otherwise. export
// returns false if an interface would have to be both imported and exported.
func (e *elaboration) export(k key, it *item, export bool) bool {
	e.stack = append(e.stack, it.iface)
	if e.exports.Has(k) {
		if export {
			e.stack = e.stack[:len(e.stack)-1]
		}
		return export
	}
	if !export && e.required[it.iface] != nil {
		e.stack = e.stack[:len(e.stack)-1]
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
		if e.required[it.iface] != nil {
			e.stack = e.stack[:0]
			for at := it.iface; at != nil; at = e.required[at] {
				e.stack = append(e.stack, at)
			}
			slices.Reverse(e.stack)
			return false
		}
		e.exports.Set(k, it)
	} else {
		e.required[it.iface] = e.stack[len(e.stack)-2]
		e.imports.Add(k, it)
	}
	e.stack = e.stack[:len(e.stack)-1]
	return true
}

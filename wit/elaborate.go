package wit

import (
	"slices"

	"github.com/mortise-wasm/mortise/diag"
)

// elaborate completes a world. It imports the interfaces that the world's items depend on, or
// exports those that are among the exports. It sorts the imports in the order in which they are
// printed, with each after its dependencies. elaborate returns nil, or the reason why this is
// impossible.
func (m *Model) elaborate(w *World) *clash {
	e := &elaboration{m: m}
	for _, it := range m.sorted(w.Imports) {
		switch {
		case it.Interface != nil:
			e.importInterface(it)
			continue
		case it.Type != nil:
			if from := m.usedFrom(it.Type); from != nil {
				e.importInterface(&WorldItem{Interface: from, Stability: it.Type.Stability})
			}
		}
		e.imports.put(it)
	}
	for _, it := range w.Exports {
		if it.Interface != nil {
			e.wanted.put(it)
		} else {
			e.exports.put(it)
		}
	}
	e.required = map[*Interface]*Interface{}
	for k, it := range e.wanted.All() {
		if !e.export(it, true) {
			return &clash{m, k.text(), e.stack}
		}
	}
	w.Imports = m.sorted(e.imports.list())
	w.Exports = e.exports.list()
	return nil
}

// clash describes an interface that would have to be both imported and exported.
type clash struct {
	m    *Model
	name string
	// chain starts at an exported interface and leads, through interfaces imported as its
	// dependencies, to another exported interface.
	chain []*Interface
}

func (c *clash) Error() string {
	return "interface `" + c.name + "` transitively depends on an interface in incompatible ways"
}

// explain adds notes to d that show how the interfaces depend on each other, and a help.
func (c *clash) explain(d *diag.Diagnostic) {
	var between []string
	called := func(i *Interface) string {
		if id := i.text(); id != "" {
			return id
		}
		return c.name // the interface is declared in the world
	}
	for i, at := range c.chain[:len(c.chain)-1] {
		next := c.chain[i+1]
		what := "types"
		for _, t := range at.Types {
			if c.m.usedFrom(t) == next {
				what = "type `" + t.Name + "`"
				break
			}
		}
		if i+2 == len(c.chain) {
			d.Notef("`%s` uses %s of `%s`, which the world exports", called(at), what, next.text())
			break
		}
		d.Notef("`%s` uses %s of `%s`, which is not exported and so is imported", called(at), what, next.text())
		between = append(between, next.text())
	}
	if len(between) > 0 {
		d.Helpf("export %s as well", enumerate(between))
	}
}

// class returns the position of an import's group in the order of a world: interfaces, types of
// interfaces, types, functions, functions of resources.
func (m *Model) class(i *WorldItem) int {
	switch {
	case i.Interface != nil:
		return 0
	case i.Type != nil:
		if a := m.Alias(i.Type); a != nil && a.owner() != i.Type.owner() {
			return 1
		}
		return 2
	case i.Func.Resource == nil:
		return 3
	}
	return 4
}

// sorted returns a copy of the imports of a world, sorted by class.
func (m *Model) sorted(imports []*WorldItem) []*WorldItem {
	list := slices.Clone(imports)
	slices.SortStableFunc(list, func(a, b *WorldItem) int { return m.class(a) - m.class(b) })
	return list
}

// elaboration is the state of elaborate.
type elaboration struct {
	m                *Model
	imports, exports itemMap
	// wanted are the interfaces that the source of the world exports.
	wanted itemMap
	// required maps each interface that must be imported for an export to the interface that uses it.
	required map[*Interface]*Interface
	// stack holds the interfaces being exported, each used by the previous one. After a failure, it
	// holds the chain of the clash.
	stack []*Interface
}

// importInterface imports an interface after its dependencies.
func (e *elaboration) importInterface(it *WorldItem) {
	if e.imports.Has(it.key()) {
		return
	}
	e.m.dependencies(it.Interface, func(dep *Interface) bool {
		e.importInterface(&WorldItem{Interface: dep, Stability: it.Stability})
		return true
	})
	e.imports.put(it)
}

// export exports or, if export is false, imports an interface after its dependencies. A dependency
// is exported if it is wanted as an export and its user is exported, and imported otherwise. export
// returns false if an interface would have to be both imported and exported.
func (e *elaboration) export(it *WorldItem, export bool) bool {
	e.stack = append(e.stack, it.Interface)
	if e.exports.Has(it.key()) {
		if export {
			e.stack = e.stack[:len(e.stack)-1]
		}
		return export
	}
	if !export && e.required[it.Interface] != nil {
		e.stack = e.stack[:len(e.stack)-1]
		return true
	}
	ok := e.m.dependencies(it.Interface, func(dep *Interface) bool {
		d := &WorldItem{Interface: dep, Stability: it.Stability, ExternalID: it.ExternalID, HasExternalID: it.HasExternalID}
		return e.export(d, export && e.wanted.Has(d.key()))
	})
	if !ok {
		return false
	}
	if export {
		if e.required[it.Interface] != nil {
			e.stack = e.stack[:0]
			for at := it.Interface; at != nil; at = e.required[at] {
				e.stack = append(e.stack, at)
			}
			slices.Reverse(e.stack)
			return false
		}
		e.exports.put(it)
	} else {
		e.required[it.Interface] = e.stack[len(e.stack)-2]
		if !e.imports.Has(it.key()) {
			e.imports.put(it)
		}
	}
	e.stack = e.stack[:len(e.stack)-1]
	return true
}

package wit

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
)

// Importize returns a model in which world w of m imports what it exported. That is the world of a
// program that calls a component of world w. The old imports are removed, except types, which the
// functions may use, and interfaces that the remaining items depend on. The world is named label,
// or by its own name followed by `-importized` if label is "". It becomes the last world of its
// package. Importize does not change m.
func Importize(m *Model, w *World, label string) (*Model, error) {
	return turn(m, w, label, "-importized", func(w *world) error {
		imports := itemMap{}
		for k, it := range w.imports.All() {
			if it.def != nil {
				imports.Set(k, it)
			}
		}
		for k, it := range w.exports.All() {
			if !imports.Add(k, it) {
				return fmt.Errorf("world export `%s` conflicts with import of same name", k.text())
			}
		}
		w.imports, w.exports = imports, itemMap{}
		return nil
	})
}

// Exportize returns a model in which world w of m exports what it imported. That is the world of a
// component that provides the imports of components of world w. The old exports are removed. If
// only is not nil, imports for which it returns false stay imports. Types, which no world exports,
// and dependencies of exports also stay imports. The world is named as by [Importize], with the
// suffix `-exportized`. Exportize does not change m.
func Exportize(m *Model, w *World, label string, only func(*WorldItem) bool) (*Model, error) {
	moved := map[string]bool{}
	for _, it := range w.Imports {
		moved[it.ExternName()] = it.Type == nil && (only == nil || only(it))
	}
	return turn(m, w, label, "-exportized", func(w *world) error {
		imports := itemMap{}
		w.exports = itemMap{}
		for k, it := range w.imports.All() {
			if moved[k.text()] {
				w.exports.Set(k, it)
			} else {
				imports.Set(k, it)
			}
		}
		w.imports = imports
		return nil
	})
}

// turn renames a world in a copy of the model and applies f to it.
func turn(m *Model, w *World, label, suffix string, f func(*world) error) (*Model, error) {
	if label == "" {
		label = w.Name + suffix
	}
	if !name.IsLabel(label) {
		return nil, fmt.Errorf("`%s` is not the name of a world", label)
	}
	if label != w.Name && (w.Package.World(label) != nil || w.Package.Interface(label) != nil) {
		return nil, fmt.Errorf("package `%s` has an item `%s` already", w.Package.Name, label)
	}
	g := thaw(m)
	for i, old := range m.Worlds {
		if old != w {
			continue
		}
		turned := g.worlds[i]
		turned.name = label
		worlds := ordered.Map[string, *world]{}
		for _, other := range turned.pkg.worlds.All() {
			if other != turned {
				worlds.Set(other.name, other)
			}
		}
		worlds.Set(label, turned)
		turned.pkg.worlds = worlds
		if err := f(turned); err != nil {
			return nil, err
		}
		if c := g.elaborate(turned); c != nil {
			return nil, c
		}
		return g.freeze(), nil
	}
	return nil, fmt.Errorf("world `%s` is not in the model", w.Name)
}

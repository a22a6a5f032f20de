package wit

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/model/name"
)

// Importize returns a model in which world w of m imports what it exported. That is the world of a
// program that calls a component of world w. The old imports are removed, except types, which the
// functions may use, and interfaces that the remaining items depend on. The world is named label,
// or by its own name followed by `-importized` if label is "". It becomes the last world of its
// package. Importize does not change m.
func Importize(m *Model, w *World, label string) (*Model, error) {
	return turn(m, w, label, "-importized", func(w *World) error {
		imports := newItemMap(nil)
		for _, it := range w.Imports {
			if it.Type != nil {
				imports.put(it)
			}
		}
		for _, it := range w.Exports {
			if !imports.Add(it.key(), it) {
				return fmt.Errorf("world export `%s` conflicts with import of same name", it.key().text())
			}
		}
		w.Imports, w.Exports = imports.list(), nil
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
	return turn(m, w, label, "-exportized", func(w *World) error {
		all := w.Imports
		w.Imports, w.Exports = nil, nil
		for _, it := range all {
			if moved[it.ExternName()] {
				w.Exports = append(w.Exports, it)
			} else {
				w.Imports = append(w.Imports, it)
			}
		}
		return nil
	})
}

// turn renames a world in a copy of the model and applies f to it.
func turn(m *Model, w *World, label, suffix string, f func(*World) error) (*Model, error) {
	if label == "" {
		label = w.Name + suffix
	}
	if !name.IsLabel(label) {
		return nil, fmt.Errorf("`%s` is not the name of a world", label)
	}
	if label != w.Name && (w.Package.World(label) != nil || w.Package.Interface(label) != nil) {
		return nil, fmt.Errorf("package `%s` has an item `%s` already", w.Package.Name, label)
	}
	if !slices.Contains(m.Worlds, w) {
		return nil, fmt.Errorf("world `%s` is not in the model", w.Name)
	}
	m, copied := copyModel(m)
	w = copied.worlds[w]
	w.Name = label
	worlds := slices.DeleteFunc(w.Package.Worlds, func(other *World) bool { return other == w })
	w.Package.Worlds = append(worlds, w)
	if err := f(w); err != nil {
		return nil, err
	}
	if c := m.elaborate(w); c != nil {
		return nil, c
	}
	return m, nil
}

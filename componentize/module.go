package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// module is a core module that takes part in a component: the main module, an adapter or a library.
type module struct {
	// name is the module name under which the main module imports from an adapter. It is "" for the
	// main module.
	name    string
	library *Library
	// ownMemory is set if an adapter does not use the memory of the main module. memory is the
	// adapter's own memory once it exists.
	ownMemory bool
	memory    *encoding.CoreMemoryIdx
	file      *diag.File
	core      *core.Module
	// given and source are the file and the module in their original form, for places in messages.
	given  *diag.File
	source *core.Module
	// worlds are the worlds that the module is made for. importStrings and exportStrings hold the
	// string encodings of their functions.
	worlds                       []binary.EmbeddedWorld
	importStrings, exportStrings stringsOfItems
	// owned are the names of the exports of these worlds, and exports the items of the merged world
	// with these names.
	owned   []string
	exports []*wit.WorldItem
	// original maps imports that were renamed as duplicates to their original names.
	original map[importName]string

	in  importMap
	out exportMap
}

// importName is the module and field name of a core import.
type importName struct{ module, field string }

func (m *module) isMain() bool { return m.name == "" }

// debugName returns the name of the module in debug names.
func (m *module) debugName() string {
	if m.isMain() {
		return "main"
	}
	return m.name
}

// target returns the name of an import before duplicate imports were renamed.
func (m *module) target(i core.Import) string {
	if original, ok := m.original[importName{i.Module, i.Name}]; ok {
		return original
	}
	return i.Name
}

// place returns the place of item n of a section.
func (m *module) place(spans []core.Span, n int) diag.Span {
	if n >= len(spans) {
		return m.given.Span(0, 0)
	}
	return m.given.Span(spans[n].Start, spans[n].End)
}

// coreImport is an import of a module.
type coreImport struct {
	module, field string
	// at is the place in the original module.
	at diag.Span
	// target is the field before duplicate imports were renamed.
	target  string
	meaning meaning
}

// meaning is what a core import stands for.
type meaning interface {
	// addTypes adds the types of the world that the import needs.
	addTypes(l *liveTypes)
	// addShims adds the shims that the import x of a module needs.
	addShims(a *assembly, mod *module, x *coreImport) error
	// provide returns the definition for the import x of a module: the function itself, or the shim
	// that stands in for it.
	provide(a *assembly, mod *module, x *coreImport) (encoding.SortIndex, error)
}

// noTypes is embedded in meanings that need no types of the world, and noShims in meanings that
// need no shims.
type (
	noTypes struct{}
	noShims struct{}
)

func (noTypes) addTypes(*liveTypes)                            {}
func (noShims) addShims(*assembly, *module, *coreImport) error { return nil }

// neededBy adds a note with the import, and with the function of the world if it is one, to an
// error.
func (x *coreImport) neededBy(err error, f worldFunc) error {
	return neededBy(err, x.at, f.item, f.fn, "import `%s::%s`", x.module, x.target)
}

// homeOf returns the interface of an item, or nil for a function or type of the world itself.
func homeOf(item *wit.WorldItem) *wit.WorldItem {
	if item != nil && item.Interface != nil {
		return item
	}
	return nil
}

// importMap holds the imports of a module by module name, in the order of the first import of each.
type importMap struct {
	modules []*importModule
	// memory is the type of the memory that the module imports, or nil.
	memory *core.MemoryType
}

// importModule holds the imports from one module name: a whole instance, or single items.
type importModule struct {
	name    string
	whole   *LibraryInstance
	imports []*coreImport
	fields  map[string]bool // the field names of imports
}

func (m *importMap) find(name string) *importModule {
	for _, x := range m.modules {
		if x.name == name {
			return x
		}
	}
	return nil
}

// all yields the imports, except those from whole instances.
func (m *importMap) all(yield func(*coreImport) bool) {
	for _, x := range m.modules {
		for _, i := range x.imports {
			if !yield(i) {
				return
			}
		}
	}
}

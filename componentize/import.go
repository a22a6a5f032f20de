package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
)

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

// neededBy adds a note with the import to an error.
func (x *coreImport) neededBy(err error) error {
	var home *wit.WorldItem
	var fn *wit.Func
	if f, ok := x.meaning.(*funcImport); ok {
		home, fn = homeOf(f.item), f.fn
	}
	return neededBy(err, x.at, home, fn, "import `%s::%s`", x.module, x.target)
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

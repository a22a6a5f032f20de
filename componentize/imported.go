package componentize

import (
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/wit"
)

// imported is what the component imports from the world: the items that core code imports, and the
// types that these items and the exports need.
type imported struct {
	// imports maps the imports of the world, in order, to the functions that are lowered. Functions of
	// the world itself are in the entry of nil.
	imports ordered.Map[*wit.WorldItem, *importedItems]
	// types lists the types needed of each interface.
	types map[*wit.Interface][]*wit.TypeDef
	// exportsUsed maps each exported interface to the exported interfaces that it takes types from,
	// directly or indirectly.
	exportsUsed map[*wit.Interface]map[*wit.Interface]bool
}

// importedItems holds the functions that core code imports from an interface, or from the world
// itself.
type importedItems struct {
	item      *wit.WorldItem // nil for the world itself
	lowerings ordered.Map[lowerKey, *lowering]
}

type lowerKey struct {
	name string
	v    variant
}

// lowering describes how a function is lowered for core code.
type lowering struct {
	fn    *wit.Func
	needs needs
	sig   signature
	// direct is set if the function can be lowered before the main module is instantiated.
	direct bool
}

// uses reports whether core code imports a function in any way.
func (i *importedItems) uses(f *wit.Func) bool {
	return i.lowerings.Has(lowerKey{f.Name, importSync}) || i.lowerings.Has(lowerKey{f.Name, importAsync})
}

package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// program is the input of a component: core modules, and the world that they are made for together.
type program struct {
	options Options
	model   *wit.Model
	world   *wit.World
	main    *module
	// all lists the adapters and libraries in the given order, and adapters those that are used.
	all, adapters []*module
	signatures    map[funcVariant]signature
	// names are the names of all adapters. Imports from a module of such a name belong to the adapter.
	names map[string]bool
}

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

// importKind is the meaning of a core import. The zero value is invalid.
type importKind uint8

const (
	importFunc        importKind = iota + 1 // a function of an import of the world: item, fn, variant
	importDrop                              // resource.drop of an imported resource: item, resource
	importResource                          // an intrinsic of an exported resource: resource, op
	importTaskReturn                        // task.return: item, fn
	importBuiltin                           // an intrinsic without an item: op and its immediates
	importStream                            // an intrinsic of a stream or future: op, payload
	importTLS                               // the base of thread-local storage: set, val
	importAdapter                           // a function of an adapter: adapter, sig
	importMemory                            // the memory of the main module: memory
	importMainMemory                        // a function that loads or stores: field
	importMainExport                        // an export of the main module: field, extern
	importLibraryItem                       // an item that a library's arguments name: libItem
)

// coreImport is a core import with its meaning. The kind determines which of the fields after kind
// are set.
type coreImport struct {
	module, field string
	// at is the place in the original module.
	at diag.Span
	// target is the field before duplicate imports were renamed.
	target string
	kind   importKind

	item     *wit.WorldItem
	fn       *wit.Func
	variant  variant
	resource *wit.TypeDef
	op       encoding.CanonOp
	async    bool
	strings  encoding.CanonOptKind
	val      core.ValType
	slot     uint32
	set      bool
	payload  *channel
	adapter  string
	sig      core.FuncType
	extern   core.ExternKind
	memory   core.MemoryType
	libItem  *LibraryItem
}

// channel is the stream or future type of an intrinsic. The type is identified by a function that
// has it, and the intrinsic shares the options of this function.
type channel struct {
	// typ is nil for a stream or future without elements, which no function needs to have.
	typ      types.ValType
	unit     types.ValType
	item     *wit.WorldItem // of an interface, or nil for functions of the world itself
	fn       *wit.Func
	imported bool
	name     string
}

// elem returns the type of the elements, or nil if there are none.
func (p *channel) elem() types.ValType {
	if p.typ == nil {
		return nil
	}
	switch t := types.UnnameVal(p.typ).(type) {
	case *types.Stream:
		return t.Elem
	case *types.Future:
		return t.Elem
	}
	return nil
}

// importMap holds the imports of a module by module name, in the order of the first import of each.
type importMap struct {
	modules []*importModule
	memory  *core.MemoryType
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

// exportKind is the use of a core export. The zero value is invalid.
type exportKind uint8

const (
	exportFunc exportKind = iota + 1 // item, fn, variant
	exportPostReturn
	exportCallbackFunc
	exportDtor // resource
	exportMemory
	exportRealloc
	exportReallocForExports
	exportReallocForImports
	exportReallocForAdapter
	exportInitialize
	exportTable
	exportTaskHook
)

// coreExport is a core export that the component uses. The item is nil for functions of the world
// itself.
type coreExport struct {
	name     string
	at       diag.Span
	kind     exportKind
	item     *wit.WorldItem
	fn       *wit.Func
	variant  variant
	resource *wit.TypeDef
}

// exportMap holds the exports of a module that the component uses.
type exportMap struct {
	list []*coreExport
	// funcs holds the types of all exported functions.
	funcs map[string]core.FuncType

	// Indexes of the exports: the first of each kind, the first of each kind and function, and the
	// destructor of each resource.
	byKind map[exportKind]*coreExport
	byFunc map[exportKey]*coreExport
	dtors  map[*wit.TypeDef]*coreExport
}

// exportKey is the key of exports of functions.
type exportKey struct {
	kind exportKind
	item *wit.WorldItem
	fn   *wit.Func
}

func newExportMap() exportMap {
	return exportMap{
		funcs: map[string]core.FuncType{}, byKind: map[exportKind]*coreExport{}, byFunc: map[exportKey]*coreExport{},
		dtors: map[*wit.TypeDef]*coreExport{},
	}
}

func (m *exportMap) add(e *coreExport) {
	m.list = append(m.list, e)
	if m.byKind[e.kind] == nil {
		m.byKind[e.kind] = e
	}
	if k := (exportKey{e.kind, e.item, e.fn}); m.byFunc[k] == nil {
		m.byFunc[k] = e
	}
	if e.kind == exportDtor && m.dtors[e.resource] == nil {
		m.dtors[e.resource] = e
	}
}

// first returns the name of the first export of one of the kinds, in the order of the kinds, or "".
func (m *exportMap) first(kinds ...exportKind) string {
	for _, k := range kinds {
		if e := m.byKind[k]; e != nil {
			return e.name
		}
	}
	return ""
}

func (m *exportMap) find(k exportKind, i *wit.WorldItem, f *wit.Func) *coreExport {
	return m.byFunc[exportKey{k, i, f}]
}

// importsRealloc returns the allocator for results of imports, and exportsRealloc the allocator for
// parameters of exports.
func (m *exportMap) importsRealloc() string { return m.first(exportReallocForImports, exportRealloc) }
func (m *exportMap) exportsRealloc() string { return m.first(exportReallocForExports, exportRealloc) }

// adapterRealloc returns the allocator that adapters use.
func (m *exportMap) adapterRealloc() string { return m.first(exportReallocForAdapter, exportRealloc) }

// dtor returns the name of the destructor of a resource, or "".
func (m *exportMap) dtor(r *wit.TypeDef) string {
	if e := m.dtors[r]; e != nil {
		return e.name
	}
	return ""
}

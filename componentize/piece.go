package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// program is what a component is made of: core modules, and the world that they are made for together.
type program struct {
	Options
	model *wit.Model
	world *wit.World
	main  *piece
	// all are the adapters and libraries in the order in which they were given, and adapters those that are used.
	all, adapters []*piece
	signatures    map[funcVariant]signature
	// complete adds to the fixup module what linked libraries need; it is nil otherwise.
	complete func(*assembly, *fixup) error
	// names are all adapters: imports from a module of such a name are theirs.
	names map[string]bool
}

// piece is one core module of a program.
type piece struct {
	// name is what the main module imports an adapter as; it is "" for the main module.
	name    string
	library *Library
	// ownMemory tells that an adapter does not use the memory of the main module, and memory is its own once it is there.
	ownMemory bool
	memory    *encoding.CoreMemoryIdx
	file      *diag.File
	module    *core.Module
	// given and source are the file and the module as they were given, for places in messages.
	given  *diag.File
	source *core.Module
	// worlds are those that it is made for, and importStrings and exportStrings say how their functions encode strings.
	worlds                       []metadata
	importStrings, exportStrings stringsOfItems
	// owned are the names of the exports of these worlds, and exports the items of the joined world with these names.
	owned   []string
	exports []*wit.WorldItem
	// original gives the names of imports that were renamed because they were there twice.
	original map[importName]string

	in  importMap
	out exportMap
}

// importName is the two names of a core import.
type importName struct{ module, field string }

func (p *piece) isMain() bool { return p.name == "" }

// debugName is what the module is called in names that are for people.
func (p *piece) debugName() string {
	if p.isMain() {
		return "main"
	}
	return p.name
}

// importKind tells what a core import stands for. The zero value is invalid.
type importKind uint8

const (
	importFunc        importKind = iota + 1 // a function of an import of the world: item, fn, variant
	importDrop                              // resource.drop of an imported resource: item, resource
	importResource                          // an intrinsic of an exported resource: resource, op
	importTaskReturn                        // task.return: item, fn
	importBuiltin                           // an intrinsic that stands for itself: op and its immediates
	importStream                            // an intrinsic of a stream or future: op, payload
	importTLS                               // the base of thread-local storage: set, val
	importAdapter                           // a function of an adapter: adapter, sig
	importMemory                            // the memory of the main module: memory
	importMainMemory                        // a function that loads or stores: field
	importMainExport                        // an export of the main module: field, extern
	importLibraryItem                       // an export of a part, as the arguments of a library say: libItem
)

// coreImport is a core import and what it stands for. Which fields count besides the names follows from kind.
type coreImport struct {
	module, field string
	// at is where it stands in the module as it was given.
	at diag.Span
	// target is the field as it was before imports of one name got different ones.
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

// channel is the stream or future type that an intrinsic works on. The type is known by a function that has it, whose options it shares.
type channel struct {
	// typ is nil for a stream or future without elements that no function needs to have.
	typ      types.ValType
	unit     types.ValType
	item     *wit.WorldItem // of an interface; nil for functions of the world itself
	fn       *wit.Func
	imported bool
	name     string
}

// elem returns the type of the elements, nil if there are none.
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

// importMap holds the imports of a part by the names of their modules, in the order in which these first appear.
type importMap struct {
	modules []*importModule
	memory  *core.MemoryType
}

// importModule is what a part imports from one name: a whole instance, or names.
type importModule struct {
	name    string
	whole   *LibraryInstance
	imports []*coreImport
	fields  map[string]bool // the names of imports
}

func (m *importMap) find(name string) *importModule {
	for _, x := range m.modules {
		if x.name == name {
			return x
		}
	}
	return nil
}

// all yields the imports, those from whole instances excepted.
func (m *importMap) all(yield func(*coreImport) bool) {
	for _, x := range m.modules {
		for _, i := range x.imports {
			if !yield(i) {
				return
			}
		}
	}
}

// exportKind tells what a core export is used for. The zero value is invalid.
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

// coreExport is a core export that the component uses. Item is nil for functions of the world itself.
type coreExport struct {
	name     string
	at       diag.Span
	kind     exportKind
	item     *wit.WorldItem
	fn       *wit.Func
	variant  variant
	resource *wit.TypeDef
}

// exportMap holds the exports of a part that mean something.
type exportMap struct {
	list []*coreExport
	// funcs are the types of all exported functions.
	funcs map[string]core.FuncType

	// The exports by what they are looked up by: the first of each kind, of each kind and function, and the destructor of each resource.
	byKind map[exportKind]*coreExport
	byFunc map[exportKey]*coreExport
	dtors  map[*wit.TypeDef]*coreExport
}

// exportKey is what the export of a function is found by.
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

// first returns the name of the first export of the kinds, tried one after the other, or "".
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

// importsRealloc returns the function that allocates for results of imports, and exportsRealloc that for parameters of exports.
func (m *exportMap) importsRealloc() string { return m.first(exportReallocForImports, exportRealloc) }
func (m *exportMap) exportsRealloc() string { return m.first(exportReallocForExports, exportRealloc) }

// adapterRealloc returns the function with which adapters allocate.
func (m *exportMap) adapterRealloc() string { return m.first(exportReallocForAdapter, exportRealloc) }

// dtor returns the name of the destructor of a resource, or "".
func (m *exportMap) dtor(r *wit.TypeDef) string {
	if e := m.dtors[r]; e != nil {
		return e.name
	}
	return ""
}

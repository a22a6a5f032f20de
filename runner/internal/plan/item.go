package plan

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/types"
)

// item is the definition behind an index of a component's index spaces, once instantiation is
// inlined.
type item interface{ isItem() }

type funcItem struct{ fn Func }

// typeItem is a type. res is the slot of a resource type, or -1 for other types.
type typeItem struct{ res int }

type instanceItem struct{ items map[string]item }

// componentItem is a component with the frame that it closes over.
type componentItem struct {
	def   *encoding.NestedComponent
	info  *validate.Info
	frame *frame
	path  string
}

type moduleItem struct{ module *Module }

func (funcItem) isItem()       {}
func (typeItem) isItem()       {}
func (*instanceItem) isItem()  {}
func (*componentItem) isItem() {}
func (moduleItem) isItem()     {}

func newInstanceItem() *instanceItem { return &instanceItem{items: make(map[string]item)} }

func (i *instanceItem) add(name string, it item) { i.items[name] = it }

// coreInstance is a core instance: an instantiated module or a set of definitions.
type coreInstance struct {
	slot int // of an instantiated module, or -1
	bag  map[string]CoreDef
}

func (c *coreInstance) export(name string) CoreDef {
	if c.bag != nil {
		return c.bag[name]
	}
	return CoreExport{c.slot, name}
}

// frame is a component being instantiated. It holds the index spaces as far as they are defined.
type frame struct {
	b      *builder
	info   *validate.Info
	parent *frame // the lexically enclosing component
	inst   int
	scope  Scope

	imports map[string]item
	exports *instanceItem

	funcs      []Func
	instances  []*instanceItem
	components []*componentItem
	modules    []moduleItem
	coreFuncs  []CoreDef
	coreMems   []CoreDef
	coreOther  map[encoding.Sort][]CoreDef // tables, globals, tags
	coreInsts  []*coreInstance
	types      int // number of type definitions processed
}

func (f *frame) item(si encoding.SortIndex) item {
	switch si.Sort {
	case encoding.SortFunc:
		return funcItem{f.funcs[si.Index]}
	case encoding.SortInstance:
		return f.instances[si.Index]
	case encoding.SortComponent:
		return f.components[si.Index]
	case encoding.SortCoreModule:
		return f.modules[si.Index]
	case encoding.SortType:
		return typeItem{f.slotOf(f.info.Types[si.Index])}
	default:
		panic(fmt.Sprintf("unreachable: %v", si.Sort))
	}
}

// slotOf returns the resource slot of a type, or -1.
func (f *frame) slotOf(t types.Type) int {
	if r, ok := types.Unname(t).(*types.Resource); ok {
		if slot, ok := f.scope[r]; ok {
			return slot
		}
	}
	return -1
}

// push adds an import, an export or an aliased export to its index space.
func (f *frame) push(it item, name string) {
	switch it := it.(type) {
	case funcItem:
		f.funcs = append(f.funcs, it.fn)
		if l, ok := it.fn.(LiftedFunc); ok && f.b.p.Lifts[l].Name == "" {
			f.b.p.Lifts[l].Name = name
		}
	case *instanceItem:
		f.instances = append(f.instances, it)
	case *componentItem:
		f.components = append(f.components, it)
	case moduleItem:
		f.modules = append(f.modules, it)
	case typeItem:
		f.types++
	default:
		panic(fmt.Sprintf("unreachable: %T", it))
	}
}

// bind records the slots of the resources in type t, given the item that has this type.
func (f *frame) bind(t types.Extern, it item) {
	switch t := t.(type) {
	case *types.Bound:
		if r, ok := types.Unname(t.Type).(*types.Resource); ok {
			if ti, ok := it.(typeItem); ok && ti.res >= 0 {
				f.scope[r] = ti.res
			}
		}
	case *types.Instance:
		inst, ok := it.(*instanceItem)
		if !ok {
			return
		}
		for _, x := range t.Exports.All() {
			f.bind(x.Type, inst.items[x.Name])
		}
	}
}

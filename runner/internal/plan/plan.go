package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/types"
)

// MaxInstances limits the component instances of a program. Without a limit, n nested components
// that each instantiate the next twice would yield 2^n instances.
const MaxInstances = 10000

// MaxDefs limits the inlined definitions of all instances together. A few bytes suffice to
// instantiate a large component again.
const MaxDefs = 5_000_000

// Error says why a valid component cannot be run.
type Error struct {
	Msg string
	// CoreInstances is the limit of core instances if that is what the component exceeds.
	CoreInstances uint64
}

func (e *Error) Error() string { return e.Msg }

func fail(format string, args ...any) { panic(&Error{Msg: fmt.Sprintf(format, args...)}) }

// New flattens a validated component. The error is an [*Error]: the component is valid, but it
// needs something that the runner cannot provide, such as an imported component.
//
// A component with more than maxCoreInstances core instances is refused as soon as that is known; 0
// means any number.
func New(info *validate.Info, maxCoreInstances uint64) (p *Program, err error) {
	defer func() {
		if e, ok := recover().(*Error); ok {
			p, err = nil, e
		}
	}()
	b := &builder{maxCoreInstances: maxCoreInstances, p: &Program{Type: info.Type}, hostTypes: make(Scope), modules: make(map[*encoding.CoreModule]*Module),
		memories: make(map[CoreExport]int), tables: make(map[CoreExport]int), coreFuncs: make(map[CoreDef]int), options: make(map[Options]*Options)}
	imports := make(map[string]item)
	for _, x := range info.Type.Imports.All() {
		imports[x.Name] = b.hostItem(nil, x.Name, x.Type)
	}
	exports := b.instantiate(&componentItem{info: info}, imports, -1, "")
	b.p.Exports = b.exports(info.Type.Exports, exports)
	return b.p, nil
}

// builder builds one program.
type builder struct {
	p *Program

	maxCoreInstances uint64

	defs      int   // inlined so far
	hostTypes Scope // resources from the component's imports
	modules   map[*encoding.CoreModule]*Module
	memories  map[CoreExport]int
	tables    map[CoreExport]int
	coreFuncs map[CoreDef]int
	options   map[Options]*Options
}

// hostItem returns the item for an import of the whole component.
func (b *builder) hostItem(path []string, name string, t types.Extern) item {
	switch t := t.(type) {
	case *types.Func:
		b.p.Imports = append(b.p.Imports, &Import{Path: path, Name: name, Type: t})
		return funcItem{HostFunc(len(b.p.Imports) - 1)}
	case *types.Instance:
		inst := newInstanceItem()
		inner := append(slices.Clip(path), name)
		for _, x := range t.Exports.All() {
			inst.add(x.Name, b.hostItem(inner, x.Name, x.Type))
		}
		return inst
	case *types.Bound:
		r, ok := t.Type.(*types.Resource)
		if !ok {
			// An (eq) bound refers to a type of an earlier import.
			if r, ok := types.Unname(t.Type).(*types.Resource); ok {
				if slot, ok := b.hostTypes[r]; ok {
					return typeItem{slot}
				}
			}
			return typeItem{-1}
		}
		b.p.Resources = append(b.p.Resources, &Resource{Name: r.Name, Instance: -1, Dtor: -1, Path: path})
		b.hostTypes[r] = len(b.p.Resources) - 1
		return typeItem{b.hostTypes[r]}
	case *types.Module:
		m := &Module{Path: "core module `" + strings.Join(append(slices.Clip(path), name), ".") + "`",
			Supplied: &SuppliedModule{Slot: len(b.p.Modules), Within: path, Name: name, Type: t}}
		b.p.Modules = append(b.p.Modules, m)
		return moduleItem{m}
	default:
		fail("import `%s` is a %s: only functions, instances, types and core modules can be supplied when a component is run; "+
			"compose the component with one that exports it first", name, types.KindOf(t))
		panic("unreachable")
	}
}

// instantiate inlines one instantiation and returns its exports.
func (b *builder) instantiate(c *componentItem, imports map[string]item, parent int, path string) *instanceItem {
	if len(b.p.Instances) >= MaxInstances {
		fail("the component instantiates more than %d components", MaxInstances)
	}
	if b.defs += len(c.info.Component.Defs); b.defs > MaxDefs {
		fail("the component has more than %d definitions, counted once for each instantiation", MaxDefs)
	}
	f := &frame{b: b, info: c.info, parent: c.frame, inst: len(b.p.Instances), scope: make(Scope), imports: imports,
		exports: newInstanceItem(), coreOther: make(map[encoding.Sort][]CoreDef)}
	b.p.Instances = append(b.p.Instances, &Instance{Parent: parent, Path: path, Scope: f.scope})
	for _, d := range c.info.Component.Defs {
		f.define(d)
	}
	return f.exports
}

func (f *frame) define(d encoding.Def) {
	switch d := d.(type) {
	case *encoding.Custom:
	case *encoding.CoreModule:
		f.modules = append(f.modules, moduleItem{f.b.module(d, f.info.Module(d), len(f.modules))})
	case *encoding.CoreInstance:
		f.coreInstance(d)
	case *encoding.CoreType:
	case *encoding.NestedComponent:
		path := joinPath(f.b.p.Instances[f.inst].Path, fmt.Sprintf("component %d", len(f.components)))
		f.components = append(f.components, &componentItem{def: d, info: f.info.Nested(d), frame: f, path: path})
	case *encoding.Instance:
		f.instance(d)
	case *encoding.Alias:
		f.alias(d)
	case *encoding.Type:
		f.typeDef(d)
	case *encoding.Canon:
		f.canon(d)
	case *encoding.Import:
		f.importDef(d)
	case *encoding.Export:
		it := f.item(d.Item)
		f.bind(f.info.Type.Exports.Get(d.Name.Name), it)
		f.push(it, d.Name.Name)
		switch it := it.(type) {
		case typeItem:
			f.b.nameResource(it.res, d.Name.Name)
		case *instanceItem:
			f.b.nameInterface(it, d.Name.Name)
		}
		f.exports.add(d.Name.Name, it)
	case *encoding.Start, *encoding.Value:
		fail("values and start functions cannot be run")
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
}

// nameResource names the resource of a slot if it has no name. Definitions of resources are
// anonymous.
func (b *builder) nameResource(slot int, name string) {
	if slot >= 0 && b.p.Resources[slot].Name == "" {
		b.p.Resources[slot].Name = name
	}
}

// nameInterface names the interface of the lifted functions that an exported instance holds, and
// the functions by their names in it.
func (b *builder) nameInterface(inst *instanceItem, name string) {
	for label, it := range inst.items {
		fn, _ := it.(funcItem)
		if l, ok := fn.fn.(LiftedFunc); ok && b.p.Lifts[l].Interface == "" {
			b.p.Lifts[l].Interface, b.p.Lifts[l].Name = name, label
		}
	}
}

func joinPath(a, b string) string {
	if a == "" {
		return b
	}
	return a + " > " + b
}

func (b *builder) module(d *encoding.CoreModule, m *core.Module, index int) *Module {
	if got := b.modules[d]; got != nil {
		return got
	}
	out := &Module{Def: d, Module: m, Path: fmt.Sprintf("core module %d", index)}
	b.modules[d] = out
	return out
}

// imports returns the module and field names of the module's imports.
func (m *Module) imports() [][2]string {
	var list [][2]string
	if m.Supplied != nil {
		for _, im := range m.Supplied.Type.Imports {
			list = append(list, [2]string{im.Module, im.Name})
		}
		return list
	}
	for _, im := range m.Imports {
		list = append(list, [2]string{im.Module, im.Name})
	}
	return list
}

func (f *frame) importDef(d *encoding.Import) {
	t := f.info.Type.Imports.Get(d.Name.Name)
	it := f.imports[d.Name.Name]
	if b, ok := t.(*types.Bound); ok {
		// An (eq) import of a resource has the slot of the resource it refers to.
		if ti, ok := it.(typeItem); ok && ti.res < 0 {
			it = typeItem{f.slotOf(b.Type)}
		}
	}
	f.bind(t, it)
	f.push(it, d.Name.Name)
}

func (f *frame) typeDef(d *encoding.Type) {
	t := f.info.Types[f.types]
	f.types++
	res, ok := d.Def.(*encoding.Resource)
	if !ok {
		return
	}
	r := t.(*types.Resource)
	slot := &Resource{Name: r.Name, Instance: f.inst, Dtor: -1}
	if res.Dtor != nil {
		slot.Dtor = f.b.coreFunc(f.coreFuncs[*res.Dtor])
	}
	f.b.p.Resources = append(f.b.p.Resources, slot)
	f.scope[r] = len(f.b.p.Resources) - 1
}

func (f *frame) instance(d *encoding.Instance) {
	index := len(f.instances)
	inst := newInstanceItem()
	switch e := d.Expr.(type) {
	case *encoding.Instantiate:
		c := f.components[e.Component]
		args := make(map[string]item, len(e.Args))
		for _, a := range e.Args {
			args[a.Name] = f.item(a.Item)
		}
		inst = f.b.instantiate(c, args, f.inst, c.path)
	case *encoding.InlineExports:
		for _, x := range e.Exports {
			inst.add(x.Name.Name, f.item(x.Item))
		}
	default:
		panic(fmt.Sprintf("unreachable: %T", e))
	}
	f.instances = append(f.instances, inst)
	f.bind(f.info.Instances[index], inst)
}

func (f *frame) alias(d *encoding.Alias) {
	switch t := d.Target.(type) {
	case encoding.ExportAlias:
		f.push(f.instances[t.Instance].items[t.Name], t.Name)
	case encoding.CoreExportAlias:
		f.pushCore(d.Sort, f.coreInsts[t.Instance].export(t.Name))
	case encoding.OuterAlias:
		from := f
		for range t.Count {
			from = from.parent
		}
		switch d.Sort {
		case encoding.SortCoreModule, encoding.SortComponent:
			f.push(from.item(encoding.SortIndex{Sort: d.Sort, Index: t.Index}), "")
		case encoding.SortType:
			f.types++
		case encoding.SortCoreType:
		default:
			panic(fmt.Sprintf("unreachable: %v", d.Sort))
		}
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

func (f *frame) pushCore(sort encoding.Sort, d CoreDef) {
	switch sort {
	case encoding.SortCoreFunc:
		f.coreFuncs = append(f.coreFuncs, d)
	case encoding.SortCoreMemory:
		f.coreMems = append(f.coreMems, d)
	default:
		f.coreOther[sort] = append(f.coreOther[sort], d)
	}
}

func (f *frame) coreItem(si encoding.SortIndex) CoreDef {
	switch si.Sort {
	case encoding.SortCoreFunc:
		return f.coreFuncs[si.Index]
	case encoding.SortCoreMemory:
		return f.coreMems[si.Index]
	default:
		return f.coreOther[si.Sort][si.Index]
	}
}

func (f *frame) coreInstance(d *encoding.CoreInstance) {
	switch e := d.Expr.(type) {
	case *encoding.CoreInstantiate:
		args := make(map[string]*coreInstance, len(e.Args))
		for _, a := range e.Args {
			args[a.Name] = f.coreInsts[a.Instance]
		}
		if n := f.b.maxCoreInstances; n > 0 && uint64(len(f.b.p.CoreInstances)) >= n {
			panic(&Error{fmt.Sprintf("the component instantiates more than %d core modules", n), n})
		}
		m := f.modules[e.Module].module
		ci := &CoreInstance{Owner: f.inst, Index: len(f.coreInsts), Module: m}
		for _, im := range m.imports() {
			ci.Imports = append(ci.Imports, args[im[0]].export(im[1]))
		}
		f.b.p.CoreInstances = append(f.b.p.CoreInstances, ci)
		f.coreInsts = append(f.coreInsts, &coreInstance{slot: len(f.b.p.CoreInstances) - 1})
	case *encoding.CoreInlineExports:
		bag := make(map[string]CoreDef, len(e.Exports))
		for _, x := range e.Exports {
			bag[x.Name] = f.coreItem(x.Item)
		}
		f.coreInsts = append(f.coreInsts, &coreInstance{slot: -1, bag: bag})
	default:
		panic(fmt.Sprintf("unreachable: %T", e))
	}
}

// exports pairs the exports of a component or instance with their types.
func (b *builder) exports(t types.Items, inst *instanceItem) *Exports {
	out := &Exports{Items: make(map[string]ExportItem, t.Len())}
	for _, x := range t.All() {
		out.Names = append(out.Names, x.Name)
		e := ExportItem{Type: x.Type, Resource: -1}
		switch it := inst.items[x.Name].(type) {
		case funcItem:
			e.Func = it.fn
		case typeItem:
			e.Resource = it.res
		case *instanceItem:
			e.Instance = b.exports(x.Type.(*types.Instance).Exports, it)
		case moduleItem:
			e.Module = it.module
		}
		out.Items[x.Name] = e
	}
	return out
}

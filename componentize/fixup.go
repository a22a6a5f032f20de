package componentize

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/ordered"
)

// The names of the instances that the fixup module imports, besides those of adapters.
const (
	fixupShim   = "shim"
	fixupMain   = "main"
	fixupActual = "actual" // what the shims stand for
)

// fixup is the module that is instantiated last: it makes the shims call what they stand for, and calls what initialises the main module. If
// that wants to know about tasks, it has the functions that tell it.
type fixup struct {
	b         core.Builder
	instances ordered.Map[string, *piece] // nil for the shim module and for what the shims stand for
	imported  map[importName]uint32
	names     core.Names
	// slots are what goes into the table of the shims, and globals what goes into globals.
	slots []fixupSlot
	// abi are the first things that the start function does, after the globals: nothing that runs code of the user.
	abi     []func(*core.Asm)
	globals []fixupGlobal
	start   []core.FuncIdx
	hooks   []*hook
}

// fixupSlot is what fills a shim: an imported function, until hooks take its place.
type fixupSlot struct {
	shim *shim
	f    core.FuncIdx
	hook int // the number of the hook to use, counted from 1
}

type fixupGlobal struct {
	fixupSlot
	global uint32
}

// hook is a function that calls another one, and tells the main module before and after it.
type hook struct {
	typ    core.TypeIdx
	f      core.FuncIdx
	params int
	name   string
	// part is the module whose export it takes the place of, nil if it only fills a shim.
	part       *piece
	start, end int32
	// async tells that what comes after depends on the code that the function returns.
	async bool
	// before and after are called first and last, if they are set.
	before, after *core.FuncIdx
}

// newFixup returns a module that has room for so many imports.
func newFixup(imports int) *fixup {
	x := &fixup{imported: make(map[importName]uint32, imports)}
	x.b.Imports = make([]core.Import, 0, imports)
	x.names.Funcs = make([]core.FuncName, 0, imports)
	x.slots = make([]fixupSlot, 0, imports)
	return x
}

// importItem imports an item once and returns its index.
func (x *fixup) importItem(instance string, part *piece, name string, t core.ExternType) uint32 {
	x.instances.Add(instance, part)
	key := importName{instance, name}
	if i, ok := x.imported[key]; ok {
		return i
	}
	i := x.b.NumImports(t.Kind)
	x.b.Imports = append(x.b.Imports, core.Import{Module: instance, Name: name, Type: t})
	x.imported[key] = i
	switch t.Kind {
	case core.ExternFunc:
		x.names.Funcs = append(x.names.Funcs, core.FuncName{Index: core.FuncIdx(i), Name: name})
	case core.ExternGlobal:
		x.names.Globals = append(x.names.Globals, core.IndexName{Index: i, Name: name})
	}
	return i
}

func (x *fixup) importFunc(instance string, part *piece, name string, t core.TypeIdx) core.FuncIdx {
	return core.FuncIdx(x.importItem(instance, part, name, core.ExternType{Kind: core.ExternFunc, Func: t}))
}

func (x *fixup) funcType(t core.FuncType) core.TypeIdx { return x.b.FuncType(t.Params, t.Results) }

// addShim adds a shim to be filled in.
func (x *fixup) addShim(s *shim, returnCallRef bool) {
	t := x.funcType(s.sig)
	slot := fixupSlot{shim: s, f: x.importFunc(fixupActual, nil, s.label, t)}
	if !returnCallRef {
		x.slots = append(x.slots, slot)
		return
	}
	g := x.importItem(fixupShim, nil, "g"+s.label, core.ExternType{Kind: core.ExternGlobal, Global: slotType(t)})
	x.globals = append(x.globals, fixupGlobal{slot, g})
}

// addInitialize adds a call of an export of the main module.
func (x *fixup) addInitialize(name string) {
	x.start = append(x.start, x.importFunc(fixupMain, nil, name, x.funcType(thunkType)))
}

// addFixup adds and instantiates the fixup module, unless there is nothing for it to do.
func (a *assembly) addFixup(x *fixup) error {
	told := x.addHooks(a)
	data := x.append(a, told)
	if data == nil {
		return nil
	}
	module := a.label(a.b.CoreModule(data).SortIndex(), "wit-component-fixup").CoreModule()
	var args []encoding.CoreInstantiateArg
	for name, part := range x.instances.All() {
		var at encoding.CoreInstanceIdx
		switch {
		case part != nil:
			at = a.parts[part]
		case name == fixupShim:
			at = *a.shim
		case name == fixupMain:
			at = a.parts[a.main]
		default:
			var actual []encoding.CoreInlineExport
			for _, s := range a.shims.list.All() {
				f, err := a.fillShim(s)
				if err != nil {
					return err
				}
				actual = append(actual, encoding.CoreInlineExport{Name: s.label, Item: f.SortIndex()})
			}
			at = a.label(a.b.CoreInlineExports(actual...).SortIndex(), fixupActual).CoreInstance()
		}
		args = append(args, encoding.CoreInstantiateArg{Name: name, Instance: at})
	}
	at := a.label(a.b.CoreInstantiate(module, args...).SortIndex(), "fixup").CoreInstance()
	for i, h := range x.hooks {
		if h.part != nil {
			name := fmt.Sprintf("hook%d", i)
			a.hooked[hookedExport{h.part, h.name}] = a.aliasFunc(at, name, name)
		}
	}
	return nil
}

// append returns the module, or nil if it has nothing to do. Told is the function that is told about tasks, if there is one.
func (x *fixup) append(a *assembly, told *core.FuncIdx) []byte {
	if len(x.start)+len(x.slots)+len(x.globals)+len(x.hooks)+len(x.abi)+len(x.b.Elems)+len(x.b.Data) == 0 {
		return nil
	}
	table := uint32(0)
	if n := uint64(len(x.slots)); n > 0 {
		// All imports stand before the first definition.
		table = x.importItem(fixupShim, nil, shimTable, core.ExternType{Kind: core.ExternTable, Table: funcTable(n)})
	}
	hooks := make([]core.FuncIdx, len(x.hooks))
	for i, h := range x.hooks {
		hooks[i] = x.b.Func(h.function(told))
		x.names.Funcs = append(x.names.Funcs, core.FuncName{Index: hooks[i], Name: "hook-" + h.name})
		if h.part != nil {
			x.b.Export(fmt.Sprintf("hook%d", i), core.ExternFunc, uint32(hooks[i]))
		}
	}
	target := func(s fixupSlot) core.FuncIdx {
		if s.hook > 0 {
			return hooks[s.hook-1]
		}
		return s.f
	}
	if len(x.slots) > 0 {
		e := core.Elem{Mode: core.Active, Table: core.TableIdx(table), Offset: core.ConstExpr(core.I32Const(0))}
		for _, s := range x.slots {
			e.Funcs = append(e.Funcs, target(s))
		}
		x.b.Elems = append(x.b.Elems, e)
	}
	x.addStart(told, target)
	if len(x.globals) > 0 {
		e := core.Elem{Mode: core.Declared}
		for _, g := range x.globals {
			e.Funcs = append(e.Funcs, target(g.fixupSlot))
		}
		x.b.Elems = append(x.b.Elems, e)
	}
	x.b.Customs = a.customs("wit-component:fixups", x.names)
	return x.b.Append(nil)
}

// addStart adds the start function: it fills the globals, and then calls what is to be called.
func (x *fixup) addStart(told *core.FuncIdx, target func(fixupSlot) core.FuncIdx) {
	switch {
	case len(x.globals)+len(x.abi)+len(x.start) == 0:
		return
	case len(x.globals)+len(x.abi) == 0 && len(x.start) == 1 && told == nil:
		x.b.Start = &x.start[0]
		return
	}
	code := core.NewAsm(0)
	for _, g := range x.globals {
		code.Index(core.OpRefFunc, uint32(target(g.fixupSlot)))
		code.Index(core.OpGlobalSet, g.global)
	}
	for _, add := range x.abi {
		add(code)
	}
	tell := func(what int32) {
		if told != nil && len(x.start) > 0 {
			code.I32(what)
			code.Call(*told)
		}
	}
	tell(hookInitializeStart)
	for _, f := range x.start {
		code.Call(f)
	}
	tell(hookInitializeFinish)
	f := x.b.Func(code.Function(x.funcType(thunkType)))
	x.names.Funcs = append(x.names.Funcs, core.FuncName{Index: f, Name: "start"})
	x.b.Start = &f
}

// What the main module is told about tasks: the argument of `__wasm_task_hook`.
const (
	hookSyncStart int32 = iota
	hookSyncFinish
	hookAsyncStart
	hookAsyncResume
	hookAsyncBlock
	hookAsyncFinish
	hookInitializeStart
	hookInitializeFinish
	hookDtorStart
	hookDtorFinish
	hookPostReturnStart
	hookPostReturnFinish
	hookReallocStart
	hookReallocFinish
)

// addHooks adds the functions that tell the main module about tasks around exports, allocators and destructors, and an adapter about allocations. It
// returns what tells the main module, or nil if that does not want to know.
func (x *fixup) addHooks(a *assembly) *core.FuncIdx {
	name, guard := a.main.out.first(exportTaskHook), a.guard()
	if name == "" && guard == nil {
		return nil
	}
	var told, begin, end *core.FuncIdx
	if name != "" {
		f := x.importFunc(fixupMain, nil, name, x.funcType(hookType))
		told = &f
		for part := range a.pieces {
			x.hookExports(part)
		}
	}
	if guard != nil {
		instance, part := instanceName(guard)
		b, e := x.importFunc(instance, part, reallocBegin, x.funcType(thunkType)), x.importFunc(instance, part, reallocEnd, x.funcType(thunkType))
		begin, end = &b, &e
	}
	type allocator struct {
		part *piece
		name string
	}
	reallocs := map[allocator]int{}
	for part := range a.pieces {
		for _, e := range part.out.list {
			switch e.kind {
			case exportRealloc, exportReallocForExports, exportReallocForImports:
				if told == nil && !part.isMain() {
					continue
				}
				x.hook(part, e.name, reallocType, hookReallocStart, hookReallocFinish, false)
				if part.isMain() {
					h := x.hooks[len(x.hooks)-1]
					h.before, h.after = begin, end
				}
				reallocs[allocator{part, e.name}] = len(x.hooks)
			}
		}
	}
	fill := func(s *fixupSlot) {
		switch s.shim.kind {
		case shimDtor:
			if told == nil {
				return
			}
			x.hooks = append(x.hooks, &hook{
				typ: x.funcType(dtorType), f: s.f, params: 1, name: "resource-dtor", start: hookDtorStart, end: hookDtorFinish,
			})
			s.hook = len(x.hooks)
		case shimRealloc:
			s.hook = reallocs[allocator{s.shim.part, s.shim.name}]
		}
	}
	for i := range x.slots {
		fill(&x.slots[i])
	}
	for i := range x.globals {
		fill(&x.globals[i].fixupSlot)
	}
	return told
}

// instanceName returns what the fixup module imports exports of a part from, and the part unless it is the main module.
func instanceName(part *piece) (string, *piece) {
	switch {
	case part.isMain():
		return fixupMain, nil
	case part.name == fixupMain || part.name == fixupShim || part.name == fixupActual:
		return "adapter:" + part.name, part
	}
	return part.name, part
}

// hook adds a hook of an export.
func (x *fixup) hook(part *piece, name string, t core.FuncType, start, end int32, async bool) {
	instance, from := instanceName(part)
	typ := x.funcType(t)
	x.hooks = append(x.hooks, &hook{
		typ: typ, f: x.importFunc(instance, from, name, typ), params: len(t.Params), name: name, part: part, start: start, end: end, async: async,
	})
}

// hookExports adds hooks of the functions that are lifted, with their post-return functions and callbacks.
func (x *fixup) hookExports(part *piece) {
	for _, e := range part.out.list {
		if e.kind != exportFunc {
			continue
		}
		t := signatureOf(e.fn, e.variant).FuncType
		switch e.variant {
		case exportCallback:
			x.hook(part, e.name, t, hookAsyncStart, 0, true)
		case exportStackful:
			x.hook(part, e.name, t, hookAsyncStart, hookAsyncFinish, false)
		default:
			x.hook(part, e.name, t, hookSyncStart, hookSyncFinish, false)
		}
		if p := part.out.find(exportPostReturn, e.item, e.fn); p != nil {
			x.hook(part, p.name, core.FuncType{Params: slices.Clone(t.Results)}, hookPostReturnStart, hookPostReturnFinish, false)
		}
		if c := part.out.find(exportCallbackFunc, e.item, e.fn); c != nil {
			x.hook(part, c.name, callbackType, hookAsyncResume, 0, true)
		}
	}
}

// function returns the code of a hook.
func (h *hook) function(told *core.FuncIdx) core.Function {
	code := core.NewAsm(h.params)
	tell := func(what int32) {
		if told != nil {
			code.I32(what)
			code.Call(*told)
		}
	}
	call := func(f *core.FuncIdx) {
		if f != nil {
			code.Call(*f)
		}
	}
	call(h.before)
	tell(h.start)
	for i := range h.params {
		code.Get(uint32(i))
	}
	code.Call(h.f)
	if !h.async {
		tell(h.end)
		call(h.after)
		return code.Function(h.typ)
	}
	// The function returns 0 when the task is done, and anything else when it waits.
	returned := code.Local(core.I32)
	code.Set(returned)
	code.I32(hookAsyncBlock)
	code.I32(hookAsyncFinish)
	code.Get(returned)
	code.Ops(core.OpSelect)
	code.Call(*told)
	code.Get(returned)
	return code.Function(h.typ)
}

package componentize

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/ordered"
)

// The names of the instances that the fixup module imports, in addition to those of adapters.
const (
	fixupShim   = "shim"
	fixupMain   = "main"
	fixupActual = "actual" // the functions that the shims stand in for
)

// fixup builds the module that is instantiated last. It makes the shims call the actual functions
// and calls the initialization of the main module. If the main module wants to be notified of
// tasks, it also has the hooks that do so.
type fixup struct {
	b core.Builder
	// instances maps the imported instances to their modules. The module is nil for the shim module
	// and for the instance of actual functions.
	instances ordered.Map[string, *module]
	imported  map[importName]uint32
	names     core.Names
	// slots are the entries of the shims' table, and globals the values of the shims' globals.
	slots []fixupSlot
	// abi are the first actions of the start function after the globals. They do not run user code.
	abi     []func(*core.Asm)
	globals []fixupGlobal
	start   []core.FuncIdx
	hooks   []*hook
}

// fixupSlot is the function for a shim: an imported function, or the hook that replaces it.
type fixupSlot struct {
	shim *shim
	f    core.FuncIdx
	hook int // the number of the hook, counted from 1, or 0 for none
}

type fixupGlobal struct {
	fixupSlot
	global uint32
}

// hook is a function that calls another one and notifies the main module before and after the call.
type hook struct {
	typ    core.TypeIdx
	f      core.FuncIdx
	params int
	name   string
	// mod is the module whose export the hook replaces, or nil if the hook only fills a shim.
	mod        *module
	start, end int32
	// async is set if the second notification depends on the code that the function returns.
	async bool
	// before and after are called first and last, unless nil.
	before, after *core.FuncIdx
}

// newFixup returns a module with room for the given number of imports.
func newFixup(imports int) *fixup {
	x := &fixup{imported: make(map[importName]uint32, imports)}
	x.b.Imports = make([]core.Import, 0, imports)
	x.names.Funcs = make([]core.FuncName, 0, imports)
	x.slots = make([]fixupSlot, 0, imports)
	return x
}

// importItem imports an item, once, and returns its index.
func (x *fixup) importItem(instance string, mod *module, name string, t core.ExternType) uint32 {
	x.instances.Add(instance, mod)
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

func (x *fixup) importFunc(instance string, mod *module, name string, t core.TypeIdx) core.FuncIdx {
	return core.FuncIdx(x.importItem(instance, mod, name, core.ExternType{Kind: core.ExternFunc, Func: t}))
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
	x.start = append(x.start, x.importFunc(fixupMain, nil, name, x.funcType(sig.Thunk)))
}

// addFixup adds and instantiates the fixup module, unless the module would have no effect.
func (a *assembly) addFixup(x *fixup) error {
	notify := x.addHooks(a)
	data := x.append(a, notify)
	if data == nil {
		return nil
	}
	module := a.label(a.b.CoreModule(data).SortIndex(), "wit-component-fixup").CoreModule()
	var args []encoding.CoreInstantiateArg
	for name, mod := range x.instances.All() {
		var at encoding.CoreInstanceIdx
		switch {
		case mod != nil:
			at = a.coreInstances[mod]
		case name == fixupShim:
			at = *a.shim
		case name == fixupMain:
			at = a.coreInstances[a.p.main]
		default:
			var actual []encoding.CoreInlineExport
			for _, s := range a.shims.list.All() {
				f, err := s.fill()
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
		if h.mod != nil {
			name := fmt.Sprintf("hook%d", i)
			a.hooked[hookedExport{h.mod, h.name}] = a.aliasFunc(at, name, name)
		}
	}
	return nil
}

// append returns the module, or nil if it would have no effect. notify is the task hook of the main
// module, or nil.
func (x *fixup) append(a *assembly, notify *core.FuncIdx) []byte {
	if len(x.start)+len(x.slots)+len(x.globals)+len(x.hooks)+len(x.abi)+len(x.b.Elems)+len(x.b.Data) == 0 {
		return nil
	}
	table := uint32(0)
	if n := uint64(len(x.slots)); n > 0 {
		// All imports come before the first definition.
		table = x.importItem(fixupShim, nil, shimTable, core.ExternType{Kind: core.ExternTable, Table: funcTable(n)})
	}
	hooks := make([]core.FuncIdx, len(x.hooks))
	for i, h := range x.hooks {
		hooks[i] = x.b.Func(h.function(notify))
		x.names.Funcs = append(x.names.Funcs, core.FuncName{Index: hooks[i], Name: "hook-" + h.name})
		if h.mod != nil {
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
	x.addStart(notify, target)
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

// addStart adds the start function, which sets the globals and then calls the functions to be
// called.
func (x *fixup) addStart(notify *core.FuncIdx, target func(fixupSlot) core.FuncIdx) {
	switch {
	case len(x.globals)+len(x.abi)+len(x.start) == 0:
		return
	case len(x.globals)+len(x.abi) == 0 && len(x.start) == 1 && notify == nil:
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
	announce := func(what int32) {
		if notify != nil && len(x.start) > 0 {
			code.I32(what)
			code.Call(*notify)
		}
	}
	announce(hookInitializeStart)
	for _, f := range x.start {
		code.Call(f)
	}
	announce(hookInitializeFinish)
	f := x.b.Func(code.Function(x.funcType(sig.Thunk)))
	x.names.Funcs = append(x.names.Funcs, core.FuncName{Index: f, Name: "start"})
	x.b.Start = &f
}

// The notifications of the main module: the argument of `__wasm_task_hook`.
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

// addHooks adds the hooks that notify the main module of tasks around exports, allocators and
// destructors, and that notify an adapter of allocations. It returns the main module's task hook,
// or nil if the module has none.
func (x *fixup) addHooks(a *assembly) *core.FuncIdx {
	name, guard := a.p.main.out.first(roleTaskHook), a.p.guard()
	if name == "" && guard == nil {
		return nil
	}
	var notify, begin, end *core.FuncIdx
	if name != "" {
		f := x.importFunc(fixupMain, nil, name, x.funcType(sig.TaskHook))
		notify = &f
		for mod := range a.p.usedModules {
			x.hookExports(mod)
		}
	}
	if guard != nil {
		instance, mod := instanceName(guard)
		b, e := x.importFunc(instance, mod, reallocBegin, x.funcType(sig.Thunk)), x.importFunc(instance, mod, reallocEnd, x.funcType(sig.Thunk))
		begin, end = &b, &e
	}
	reallocs := map[reallocShim]int{}
	for mod := range a.p.usedModules {
		for _, e := range mod.out.list {
			if r, ok := e.use.(roleExport); !ok || !r.allocates() || notify == nil && !mod.isMain() {
				continue
			}
			x.hook(mod, e.name, sig.Realloc, hookReallocStart, hookReallocFinish, false)
			if mod.isMain() {
				h := x.hooks[len(x.hooks)-1]
				h.before, h.after = begin, end
			}
			reallocs[reallocShim{mod, e.name}] = len(x.hooks)
		}
	}
	fill := func(s *fixupSlot) {
		switch key := s.shim.key.(type) {
		case dtorShim:
			if notify == nil {
				return
			}
			x.hooks = append(x.hooks, &hook{
				typ: x.funcType(sig.Dtor), f: s.f, params: 1, name: "resource-dtor", start: hookDtorStart, end: hookDtorFinish,
			})
			s.hook = len(x.hooks)
		case reallocShim:
			s.hook = reallocs[key]
		}
	}
	for i := range x.slots {
		fill(&x.slots[i])
	}
	for i := range x.globals {
		fill(&x.globals[i].fixupSlot)
	}
	return notify
}

// instanceName returns the name under which the fixup module imports exports of a module, and the
// module unless it is the main one.
func instanceName(mod *module) (string, *module) {
	switch {
	case mod.isMain():
		return fixupMain, nil
	case mod.name == fixupMain || mod.name == fixupShim || mod.name == fixupActual:
		return "adapter:" + mod.name, mod
	}
	return mod.name, mod
}

// hook adds a hook for an export.
func (x *fixup) hook(mod *module, name string, t core.FuncType, start, end int32, async bool) {
	instance, from := instanceName(mod)
	typ := x.funcType(t)
	x.hooks = append(x.hooks, &hook{
		typ: typ, f: x.importFunc(instance, from, name, typ), params: len(t.Params), name: name, mod: mod, start: start, end: end, async: async,
	})
}

// hookExports adds hooks for the lifted functions, with their post-return functions and callbacks.
func (x *fixup) hookExports(mod *module) {
	for _, e := range mod.out.list {
		f, ok := e.use.(*funcExport)
		if !ok {
			continue
		}
		t := signatureOf(f.fn, f.variant).FuncType
		switch f.variant {
		case exportCallback:
			x.hook(mod, e.name, t, hookAsyncStart, 0, true)
		case exportStackful:
			x.hook(mod, e.name, t, hookAsyncStart, hookAsyncFinish, false)
		default:
			x.hook(mod, e.name, t, hookSyncStart, hookSyncFinish, false)
		}
		if p := mod.out.postReturns[f.worldFunc]; p != nil {
			x.hook(mod, p.name, core.FuncType{Params: slices.Clone(t.Results)}, hookPostReturnStart, hookPostReturnFinish, false)
		}
		if c := mod.out.callbacks[f.worldFunc]; c != nil {
			x.hook(mod, c.name, sig.Callback, hookAsyncResume, 0, true)
		}
	}
}

// function returns the code of a hook.
func (h *hook) function(notify *core.FuncIdx) core.Function {
	code := core.NewAsm(h.params)
	announce := func(what int32) {
		if notify != nil {
			code.I32(what)
			code.Call(*notify)
		}
	}
	call := func(f *core.FuncIdx) {
		if f != nil {
			code.Call(*f)
		}
	}
	call(h.before)
	announce(h.start)
	for i := range h.params {
		code.Get(uint32(i))
	}
	code.Call(h.f)
	if !h.async {
		announce(h.end)
		call(h.after)
		return code.Function(h.typ)
	}
	// The function returns 0 if the task is done, and another number if the task waits.
	returned := code.Local(core.I32)
	code.Set(returned)
	code.I32(hookAsyncBlock)
	code.I32(hookAsyncFinish)
	code.Get(returned)
	code.Ops(core.OpSelect)
	code.Call(*notify)
	code.Get(returned)
	return code.Function(h.typ)
}

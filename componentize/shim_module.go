package componentize

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// The exports of the shim module in addition to the shims.
const (
	shimTable  = "$imports"
	shimMemory = "$memory"
)

// addShims adds and instantiates the module with the shims, unless it would be empty. The module
// also defines the memory of a main module that imports its memory, and the base of thread-local
// storage for modules without threads.
func (a *assembly) addShims() error {
	for mod := range a.p.usedModules {
		if err := a.collectShims(mod); err != nil {
			return err
		}
	}
	tls, err := a.tlsGlobal()
	if err != nil {
		return err
	}
	if a.shims.list.Len() == 0 && a.p.main.in.memory == nil && tls == nil {
		return nil
	}
	m := &shimModule{returnCallRef: a.p.options.ReturnCallRef, traps: map[core.TypeIdx]core.FuncIdx{}}
	for _, s := range a.shims.list.All() {
		m.add(s)
	}
	if n := uint64(a.shims.list.Len()); n > 0 && !a.p.options.ReturnCallRef {
		m.b.Tables = []core.Table{{Type: funcTable(n)}}
		m.b.Export(shimTable, core.ExternTable, 0)
	}
	if a.p.main.in.memory != nil {
		m.b.Memories = []core.MemoryType{*a.p.main.in.memory}
		m.b.Export(shimMemory, core.ExternMemory, 0)
	}
	if tls != nil {
		m.addTLS(*tls)
	}
	m.b.Customs = a.customs("wit-component:shim", core.Names{Funcs: m.names})
	module := a.label(a.b.CoreModule(m.b.Append(nil)).SortIndex(), "wit-component-shim-module").CoreModule()
	at := a.label(a.b.CoreInstantiate(module).SortIndex(), "wit-component-shim-instance").CoreInstance()
	a.shim = &at
	if a.p.main.in.memory != nil {
		memory := a.aliasCore(at, encoding.SortCoreMemory, shimMemory, "memory").CoreMemory()
		a.memory = &memory
	}
	return nil
}

// funcTable returns the type of a table of n functions.
func funcTable(n uint64) core.TableType {
	t := core.TableType{Elem: core.FuncRef.Ref}
	t.Limits.Min, t.Limits.Max, t.Limits.HasMax = n, n, true
	return t
}

// customs returns the custom sections of a generated module.
func (a *assembly) customs(name string, n core.Names) []core.Custom {
	list := []core.Custom{{Name: core.ProducersName, Data: core.ProcessedBy(a.p.options.Producer).Append(nil)}}
	if !a.p.options.NoNames {
		n.Module, n.HasModule = name, true
		list = append(list, core.Custom{Name: "name", Data: n.Append(nil)})
	}
	return list
}

// shimModule builds the module with the shims.
type shimModule struct {
	b             core.Builder
	names         []core.FuncName
	returnCallRef bool
	// traps maps function types to functions that trap. They are called if a shim is used before the
	// fixup module has been instantiated.
	traps map[core.TypeIdx]core.FuncIdx
}

func (m *shimModule) function(t core.TypeIdx, code *core.Asm, name string) core.FuncIdx {
	f := m.b.Func(code.Function(t))
	m.names = append(m.names, core.FuncName{Index: f, Name: name})
	return f
}

// add adds a shim, which calls the actual function through a slot of the table or a global of its
// own.
func (m *shimModule) add(s *shim) {
	t := m.b.FuncType(s.sig.Params, s.sig.Results)
	trap, ok := m.traps[t]
	if m.returnCallRef && !ok {
		code := core.NewAsm(len(s.sig.Params))
		code.Ops(core.OpUnreachable)
		trap = m.function(t, code, "trap stub before initialization")
		m.traps[t] = trap
	}
	code := core.NewAsm(len(s.sig.Params))
	for i := range s.sig.Params {
		code.Get(uint32(i))
	}
	if m.returnCallRef {
		g := uint32(len(m.b.Globals))
		m.b.Globals = append(m.b.Globals, core.Global{
			Type: slotType(t), Init: core.ConstExpr(core.Instr{Op: core.OpRefFunc, X: uint32(trap)}),
		})
		m.b.Export("g"+s.label, core.ExternGlobal, g)
		code.Index(core.OpGlobalGet, g)
		code.Index(core.OpReturnCallRef, uint32(t))
	} else {
		code.I32(int32(len(m.b.Funcs)))
		code.Emit(core.Instr{Op: core.OpCallIndirect, X: uint32(t)})
	}
	m.b.Export(s.label, core.ExternFunc, uint32(m.function(t, code, s.debug)))
}

// slotType returns the type of a global that holds a function.
func slotType(t core.TypeIdx) core.GlobalType {
	return core.GlobalType{Type: core.Ref(core.RefType{Heap: core.HeapType{Type: t}}), Mutable: true}
}

// addTLS adds a global for the base of thread-local storage, and functions that get and set it.
func (m *shimModule) addTLS(t core.ValType) {
	get, set := m.b.FuncType(nil, []core.ValType{t}), m.b.FuncType([]core.ValType{t}, nil)
	g := uint32(len(m.b.Globals))
	zero := core.I32Const(0)
	if t == core.I64 {
		zero = core.I64Const(0)
	}
	m.b.Globals = append(m.b.Globals, core.Global{Type: core.GlobalType{Type: t, Mutable: true}, Init: core.ConstExpr(zero)})
	code := core.NewAsm(0)
	code.Index(core.OpGlobalGet, g)
	m.b.Export(shimTLSGet, core.ExternFunc, uint32(m.function(get, code, shimTLSGet)))
	code = core.NewAsm(1)
	code.Get(0)
	code.Index(core.OpGlobalSet, g)
	m.b.Export(shimTLSSet, core.ExternFunc, uint32(m.function(set, code, shimTLSSet)))
}

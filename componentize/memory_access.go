package componentize

import (
	"errors"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// memoryAccess maps the functions with which an adapter with a memory of its own accesses the main
// module's memory to their types.
var memoryAccess = map[string]string{
	"load8": "i:i", "load16": "i:i", "load32": "i:i", "load64": "i:I",
	"store8": "ii:", "store16": "ii:", "store32": "ii:", "store64": "iI:", "store64x8": "iIIIIIIII:",
}

// memoryFunctions returns the instance of a module with these functions, which it adds on first
// use. A module can have only one memory; this one has the main module's.
func (a *assembly) memoryFunctions() (encoding.CoreInstanceIdx, error) {
	if a.access != nil {
		return *a.access, nil
	}
	if a.memory == nil {
		return 0, errors.New("an adapter needs the memory of the main module, which does not export a memory named `memory`")
	}
	var b core.Builder
	b.Imports = []core.Import{{Module: "main", Name: "memory", Type: core.ExternType{Kind: core.ExternMemory}}}
	var names core.Names
	add := func(name string, code func(*core.Asm)) {
		t := sig.Of(memoryAccess[name])
		asm := core.NewAsm(len(t.Params))
		code(asm)
		f := b.Func(asm.Function(b.FuncType(t.Params, t.Results)))
		b.Export(name, core.ExternFunc, uint32(f))
		names.Funcs = append(names.Funcs, core.FuncName{Index: f, Name: name})
	}
	for _, x := range []struct {
		name string
		op   core.Op
	}{{"load8", core.OpI32Load8U}, {"load16", core.OpI32Load16U}, {"load32", core.OpI32Load}, {"load64", core.OpI64Load}} {
		add(x.name, func(asm *core.Asm) {
			asm.Get(0)
			asm.Emit(core.Instr{Op: x.op})
		})
	}
	for _, x := range []struct {
		name string
		op   core.Op
	}{{"store8", core.OpI32Store8}, {"store16", core.OpI32Store16}, {"store32", core.OpI32Store}, {"store64", core.OpI64Store}} {
		add(x.name, func(asm *core.Asm) {
			asm.Get(0)
			asm.Get(1)
			asm.Emit(core.Instr{Op: x.op})
		})
	}
	add("store64x8", func(asm *core.Asm) {
		for i := range 8 {
			asm.Get(0)
			asm.Get(uint32(i + 1))
			asm.Emit(core.Instr{Op: core.OpI64Store, Offset: uint64(8 * i)})
		}
	})
	b.Customs = a.customs("wit-component:main-memory", names)
	module := a.label(a.b.CoreModule(b.Append(nil)).SortIndex(), "main-memory-module").CoreModule()
	main := a.b.CoreInlineExports(encoding.CoreInlineExport{Name: "memory", Item: a.memory.SortIndex()})
	at := a.label(a.b.CoreInstantiate(module, encoding.CoreInstantiateArg{Name: "main", Instance: main}).SortIndex(), "main-memory").CoreInstance()
	a.access = &at
	return at, nil
}

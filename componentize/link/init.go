package link

import (
	"fmt"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// initialize adds the initialization of linked libraries to the fixup module: it computes and
// stores addresses, lets the libraries relocate their data and run their initialization, and adds
// the functions that are called through the table.
func (l *linkage) initialize(x *componentize.Fixup) error {
	i := &linkInit{l: l, fix: x}
	i.memory = x.Import("", symMemory, core.ExternType{Kind: core.ExternMemory})
	table := core.ExternType{Kind: core.ExternTable, Table: core.TableType{Elem: core.FuncRef.Ref}}
	i.table = x.Import("", symTable, table)
	if err := i.addresses(); err != nil {
		return err
	}
	for _, lib := range l.libs {
		if lib.has[symDataRelocs] {
			i.call(lib, symDataRelocs, func(f core.FuncIdx) {
				x.Prepare(func(code *core.Asm) { code.Call(f) })
			})
		}
	}
	for _, lib := range l.libs {
		for _, s := range []string{symCtors, symInitialize} {
			if lib.has[s] {
				i.call(lib, s, x.Start)
			}
		}
	}
	var opened, called []core.FuncIdx
	for _, lib := range l.libs {
		for _, s := range lib.exports {
			if lib.Openable && s.kind == core.ExternFunc {
				opened = append(opened, i.function(lib, s))
			}
		}
	}
	for _, c := range l.calls {
		called = append(called, i.function(c.from, c.symbol))
	}
	if l.tls.libraries != 0 {
		for _, lib := range l.libs {
			if lib.tlsSlot != nil {
				i.store(lib, symLibraryTLS, l.tls.libraries+*lib.tlsSlot*4)
			}
		}
	}
	i.elements(l.dl.table, opened)
	i.elements(l.callsTable, called)
	i.data(l.dl.memory, l.dl.data)
	if len(l.tls.data) > 0 {
		i.data(l.tls.program, l.tls.data)
	}
	return nil
}

type linkInit struct {
	l             *linkage
	fix           *componentize.Fixup
	memory, table uint32
}

func globalImport(mutable bool) core.ExternType {
	return core.ExternType{Kind: core.ExternGlobal, Global: core.GlobalType{Type: core.I32, Mutable: mutable}}
}

// base imports the global with the start of a library's data.
func (i *linkInit) base(lib *library) uint32 {
	return i.fix.Import("", lib.Name+":memory_base", globalImport(false))
}

func (i *linkInit) function(lib *library, s symbol) core.FuncIdx {
	return i.fix.ImportFunc(lib.Name, s.name, s.fn)
}

func (i *linkInit) call(lib *library, name string, add func(core.FuncIdx)) {
	add(i.function(lib, symbol{name: name, fn: sig.Thunk}))
}

// store stores the address of a symbol in memory.
func (i *linkInit) store(lib *library, name string, at uint32) {
	base, offset := i.base(lib), i.fix.Import(lib.Name, name, globalImport(false))
	i.fix.Prepare(func(code *core.Asm) {
		code.I32(int32(at))
		code.Index(core.OpGlobalGet, base)
		code.Index(core.OpGlobalGet, offset)
		code.Ops(core.OpI32Add)
		code.Access(core.OpI32Store, core.MemoryIdx(i.memory), 0)
	})
}

// addresses stores addresses in memory: in the table of `dlsym`, and in the globals that libraries
// import.
func (i *linkInit) addresses() error {
	for _, g := range i.l.dl.globals {
		i.store(g.lib, g.name, g.at)
	}
	for _, lib := range i.l.libs {
		for _, name := range lib.addresses {
			from := i.l.from(address(name))
			if from == nil {
				return fmt.Errorf("unable to find %q in any library", name)
			}
			base, offset := i.base(from), i.fix.Import(from.Name, name, globalImport(false))
			to := i.fix.Import("", lib.Name+":"+name, globalImport(true))
			i.fix.Prepare(func(code *core.Asm) {
				code.Index(core.OpGlobalGet, base)
				code.Index(core.OpGlobalGet, offset)
				code.Ops(core.OpI32Add)
				code.Index(core.OpGlobalSet, to)
			})
		}
	}
	return nil
}

func (i *linkInit) elements(at uint32, funcs []core.FuncIdx) {
	i.fix.AddElem(core.Elem{
		Mode: core.Active, Table: core.TableIdx(i.table), Offset: core.ConstExpr(core.I32Const(int32(at))), Funcs: funcs,
	})
}

func (i *linkInit) data(at uint32, bytes []byte) {
	i.fix.AddData(core.Data{
		Mode: core.Active, Memory: core.MemoryIdx(i.memory), Offset: core.ConstExpr(core.I32Const(int32(at))), Bytes: bytes,
	})
}

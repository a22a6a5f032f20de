package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// initialize adds the initialization of linked libraries to the fixup module: it computes and
// stores addresses, lets the libraries relocate their data and run their initialization, and adds
// the functions that are called through the table.
func (l *linkage) initialize(a *assembly, x *fixup) error {
	i := &linkInit{linkage: l, fix: x, modules: map[string]*programModule{}}
	for _, p := range a.adapters {
		i.modules[p.name] = p
	}
	x.funcType(sig.Thunk)
	i.memory = x.importItem(fixupMain, nil, symMemory, core.ExternType{Kind: core.ExternMemory})
	table := core.ExternType{Kind: core.ExternTable, Table: core.TableType{Elem: core.FuncRef.Ref}}
	i.table = x.importItem(fixupMain, nil, symTable, table)
	if err := i.addresses(); err != nil {
		return err
	}
	for _, lib := range l.libs {
		if lib.has[symDataRelocs] {
			i.call(lib, symDataRelocs, func(f core.FuncIdx) {
				x.abi = append(x.abi, func(code *core.Asm) { code.Call(f) })
			})
		}
	}
	for _, lib := range l.libs {
		for _, s := range []string{symCtors, symInitialize} {
			if lib.has[s] {
				i.call(lib, s, func(f core.FuncIdx) { x.start = append(x.start, f) })
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
	*linkage
	fix           *fixup
	modules       map[string]*programModule
	memory, table uint32
}

func (i *linkInit) importOf(lib *library, name string, t core.ExternType) uint32 {
	instance, mod := instanceName(i.modules[lib.Name])
	return i.fix.importItem(instance, mod, name, t)
}

func globalImport(mutable bool) core.ExternType {
	return core.ExternType{Kind: core.ExternGlobal, Global: core.GlobalType{Type: core.I32, Mutable: mutable}}
}

// base imports the global with the start of a library's data.
func (i *linkInit) base(lib *library) uint32 {
	return i.fix.importItem(fixupMain, nil, lib.Name+":memory_base", globalImport(false))
}

func (i *linkInit) function(lib *library, s symbol) core.FuncIdx {
	return core.FuncIdx(i.importOf(lib, s.name, core.ExternType{Kind: core.ExternFunc, Func: i.fix.funcType(s.fn)}))
}

func (i *linkInit) call(lib *library, name string, add func(core.FuncIdx)) {
	add(i.function(lib, symbol{name: name, fn: sig.Thunk}))
}

// store stores the address of a symbol in memory.
func (i *linkInit) store(lib *library, name string, at uint32) {
	base, offset := i.base(lib), i.importOf(lib, name, globalImport(false))
	i.fix.abi = append(i.fix.abi, func(code *core.Asm) {
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
	for _, g := range i.dl.globals {
		i.store(g.lib, g.name, g.at)
	}
	for _, lib := range i.libs {
		for _, name := range lib.addresses {
			from := i.from(address(name))
			if from == nil {
				return fmt.Errorf("unable to find %q in any library", name)
			}
			base, offset := i.base(from), i.importOf(from, name, globalImport(false))
			to := i.fix.importItem(fixupMain, nil, lib.Name+":"+name, globalImport(true))
			i.fix.abi = append(i.fix.abi, func(code *core.Asm) {
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
	i.fix.b.Elems = append(i.fix.b.Elems, core.Elem{
		Mode: core.Active, Table: core.TableIdx(i.table), Offset: core.ConstExpr(core.I32Const(int32(at))), Funcs: funcs,
	})
}

func (i *linkInit) data(at uint32, bytes []byte) {
	i.fix.b.Data = append(i.fix.b.Data, core.Data{
		Mode: core.Active, Memory: core.MemoryIdx(i.memory), Offset: core.ConstExpr(core.I32Const(int32(at))), Bytes: bytes,
	})
}

package link

import (
	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
)

// envBuilder builds the module that has the memory and the table of linked libraries.
type envBuilder struct {
	l             *linkage
	b             core.Builder
	memory, table uint32 // the amounts used so far
	contextGet    *core.FuncIdx
	fromAdapters  ordered.Map[adapterItem, core.Export]
	start         *core.FuncIdx
}

// adapterItem is the name of an item that libraries import from an adapter.
type adapterItem struct{ module, name string }

// function adds a function and its type.
func (e *envBuilder) function(t core.FuncType, code *core.Asm) core.FuncIdx {
	return e.b.Func(code.Function(e.typ(t)))
}

func (e *envBuilder) typ(t core.FuncType) core.TypeIdx {
	e.b.Types = append(e.b.Types, core.Func(t.Params, t.Results))
	return core.TypeIdx(len(e.b.Types) - 1)
}

// global adds and exports a global of type i32.
func (e *envBuilder) global(name string, value uint32, mutable bool) {
	e.b.Export(name, core.ExternGlobal, uint32(len(e.b.Globals)))
	e.b.Globals = append(e.b.Globals, core.Global{
		Type: core.GlobalType{Type: core.I32, Mutable: mutable}, Init: core.ConstExpr(core.I32Const(int32(value))),
	})
}

// needed calls f if a library imports a symbol.
func (e *envBuilder) needed(s string, f func()) {
	for _, lib := range e.l.libs {
		if lib.needs[s] {
			f()
			return
		}
	}
}

// envModule returns the module, after laying out the memory and the table. The memory holds the
// stack, then the data for `dlopen` and threads, then the data of the libraries, and then the heap.
// The first slot of the table stays empty, as in all LLVM programs.
func (l *linkage) envModule() ([]byte, error) {
	stack := l.o.StackSize
	e := &envBuilder{l: l, memory: stack, table: 1}
	if err := l.fits(); err != nil {
		return nil, err
	}
	e.imports()
	l.dl = layoutOpenables(l.libs, e.table, e.memory)
	e.needed(symLibraries, func() { e.global(symLibraries, l.dl.root, true) })
	e.table += l.dl.funcs
	e.memory += uint32(len(l.dl.data))
	l.tls = layoutTLS(l.libs, &e.memory)
	e.needed(symProgramTLS, func() { e.global(symProgramTLS, l.tls.program, true) })
	e.needed(symStackPointer, func() { e.global(symStackPointer, stack, true) })
	e.needed(symInitStack, func() { e.global(symInitStack, stack, false) })
	for _, lib := range l.libs {
		if lib.asyncify {
			e.global(symAsyncState, 0, true)
			e.global(symAsyncData, 0, true)
			break
		}
	}
	e.needed(symStackHigh, func() { e.global(symStackHigh, stack, true) })
	e.needed(symStackLow, func() { e.global(symStackLow, 0, true) })
	e.libraries()
	e.memory = alignTo(e.memory, heapAlign)
	e.needed(symHeapBase, func() { e.global(symHeapBase, e.memory, true) })
	heapEnd := alignTo(e.memory, pageSize)
	tableSize := uint64(0)
	for _, lib := range l.libs {
		heapEnd = max(heapEnd, uint32(lib.memoryPages*pageSize))
		tableSize = max(tableSize, lib.tableEntries)
	}
	e.needed(symHeapEnd, func() { e.global(symHeapEnd, heapEnd, true) })

	l.callsTable = e.table
	e.indirectCalls()
	e.tlsFunctions()
	for n, x := range e.fromAdapters.All() {
		e.b.Export(n.module+":"+n.name, x.Kind, x.Index)
	}
	if e.start != nil {
		e.b.Export(symStart, core.ExternFunc, uint32(*e.start))
	}
	e.b.Tables = []core.Table{{Type: core.TableType{Elem: core.FuncRef.Ref, Limits: types.Limits{Min: max(tableSize, uint64(e.table))}}}}
	e.b.Export(symTable, core.ExternTable, 0)
	e.b.Memories = []core.MemoryType{{Limits: types.Limits{Min: uint64(heapEnd / pageSize)}}}
	e.b.Export(symMemory, core.ExternMemory, 0)
	e.b.Customs = []core.Custom{{Name: core.ProducersName, Data: core.ProcessedBy(l.o.Component.Producer).Append(nil)}}
	return e.b.Append(nil), nil
}

// The largest memory and table that libraries may need together. The memory leaves room for a heap,
// and the table is as large as engines allow.
const (
	maxLinkedMemory = 1 << 31
	maxLinkedTable  = 10_000_000
)

// fits reports libraries that need more memory or table entries than the limits allow.
func (l *linkage) fits() error {
	memory, table := uint64(l.o.StackSize), uint64(1)
	for _, lib := range l.libs {
		memory += uint64(lib.dylink.MemorySize) + 1<<lib.dylink.MemoryAlign
		table += uint64(lib.dylink.TableSize) + 1<<lib.dylink.TableAlign + uint64(len(lib.exports)+len(lib.funcs)+len(lib.tableAddresses))
		for _, s := range lib.exports {
			memory += 32 + uint64(len(s.name)) // in the table of dlsym, with the name padded
		}
		if lib.memoryPages > maxLinkedMemory/pageSize || lib.tableEntries > maxLinkedTable {
			return lib.fail("it imports a memory of %d pages and a table of %d entries, which exceeds the limit", lib.memoryPages, lib.tableEntries)
		}
		if memory > maxLinkedMemory || table > maxLinkedTable {
			return lib.fail("the libraries need %d bytes of memory and %d entries of the table, which exceeds the limit", memory, table)
		}
	}
	return nil
}

// imports imports the items that libraries need from adapters, and exports of libraries that are
// called from outside.
func (e *envBuilder) imports() {
	for _, lib := range e.l.libs {
		for _, i := range lib.adapters {
			n := adapterItem{i.module, i.name}
			if e.fromAdapters.Has(n) {
				continue
			}
			t := core.ExternType{Kind: i.kind, Global: i.global}
			if i.kind == core.ExternFunc {
				t.Func = e.typ(i.fn)
			}
			e.fromAdapters.Set(n, core.Export{Kind: i.kind, Index: e.b.NumImports(i.kind)})
			e.b.Imports = append(e.b.Imports, core.Import{Module: i.module, Name: i.name, Type: t})
		}
		if lib.has[symStart] {
			f := e.b.ImportFunc(lib.Name, symStart, e.typ(sig.Thunk))
			e.start = &f
		}
	}
	if lib := e.l.realloc; lib != nil {
		f := e.b.ImportFunc(lib.Name, reallocSymbol.name, e.typ(sig.Realloc))
		e.b.Export(reallocSymbol.name, core.ExternFunc, uint32(f))
	}
	base, spawns := false, false
	for _, lib := range e.l.libs {
		base = base || lib.needs[symGetTLS] || lib.needs[symSetTLS]
		spawns = spawns || lib.spawns
	}
	// Each thread has its own list of bases, in its context.
	if base && spawns {
		f := e.b.ImportFunc(rootModule, "[context-get-1]", e.typ(sig.Of(":i")))
		e.contextGet = &f
	}
}

// libraries assigns each library a part of the memory and the table, and globals for the addresses
// that it imports. Addresses in memory are computed once the libraries are instantiated.
func (e *envBuilder) libraries() {
	for _, lib := range e.l.libs {
		d := lib.dylink
		e.memory = alignTo(e.memory, 1<<d.MemoryAlign)
		e.table = alignTo(e.table, 1<<d.TableAlign)
		e.global(lib.Name+":memory_base", e.memory, false)
		e.global(lib.Name+":table_base", e.table, false)
		e.memory += d.MemorySize
		e.table += d.TableSize
		for _, a := range lib.addresses {
			e.global(lib.Name+":"+a, 0, true)
		}
	}
	slots := map[string]uint32{}
	stubs := map[string]bool{}
	for i, c := range e.l.calls {
		slots[c.name] = e.table + uint32(i)
		stubs[c.name] = c.from.Name == stubLibrary
	}
	for _, lib := range e.l.libs {
		for _, name := range lib.tableAddresses {
			at := slots[name]
			if stubs[name] && lib.importsWeak(name) {
				at = 0 // a missing weak symbol has no address
			}
			e.global(lib.Name+":"+name, at, true)
		}
	}
}

func (l *library) importsWeak(name string) bool {
	for _, f := range l.funcs {
		if f.name == name && f.weak {
			return true
		}
	}
	return false
}

// indirectCalls adds the functions that call others through the table.
func (e *envBuilder) indirectCalls() {
	for _, c := range e.l.calls {
		code := core.NewAsm(len(c.fn.Params))
		for i := range c.fn.Params {
			code.Get(uint32(i))
		}
		code.I32(int32(e.table))
		t := e.typ(c.fn)
		code.Emit(core.Instr{Op: core.OpCallIndirect, X: uint32(t)})
		e.b.Export(c.name, core.ExternFunc, uint32(e.b.Func(code.Function(t))))
		e.table++
	}
}

// tlsFunctions adds, for each library, the functions that get and set the base of its thread-local
// storage. They trap for libraries without such storage.
func (e *envBuilder) tlsFunctions() {
	for _, lib := range e.l.libs {
		for _, f := range []struct {
			name string
			t    core.FuncType
			code func(slot uint32) *core.Asm
		}{{symGetTLS, sig.Of(":i"), e.getTLS}, {symSetTLS, sig.Of("i:"), e.setTLS}} {
			if !lib.needs[f.name] {
				continue
			}
			code := core.NewAsm(len(f.t.Params))
			if lib.tlsSlot == nil {
				code.Ops(core.OpUnreachable)
			} else {
				code = f.code(*lib.tlsSlot)
			}
			e.b.Export(lib.Name+":"+f.name, core.ExternFunc, uint32(e.function(f.t, code)))
		}
	}
}

func (e *envBuilder) getTLS(slot uint32) *core.Asm {
	code := core.NewAsm(0)
	if e.contextGet != nil {
		code.Call(*e.contextGet)
	} else {
		code.I32(int32(e.l.tls.bases))
	}
	code.Access(core.OpI32Load, 0, uint64(slot)*4)
	return code
}

// setTLS sets the base in the list of the thread. The main thread has no list in its context until
// its storage is set up.
func (e *envBuilder) setTLS(slot uint32) *core.Asm {
	code := core.NewAsm(1)
	store := func() {
		code.Get(0)
		code.Access(core.OpI32Store, 0, uint64(slot)*4)
	}
	if e.contextGet == nil {
		code.I32(int32(e.l.tls.bases))
		store()
		return code
	}
	list := code.Local(core.I32)
	code.Call(*e.contextGet)
	code.Tee(list)
	code.Ops(core.OpI32Eqz)
	code.Block(core.OpIf, core.BlockType{})
	code.I32(int32(e.l.tls.bases))
	store()
	code.Ops(core.OpElse)
	code.Get(list)
	store()
	code.End()
	return code
}

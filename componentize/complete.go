package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// Fixup is the core module of a component that is instantiated last. Its start function runs the
// initialization of the main module. [Options.Complete] can extend it.
type Fixup struct {
	x *fixup
	// modules maps the names of adapters and libraries to the modules.
	modules map[string]*module
}

// newFixupExtension prepares x to be extended.
func newFixupExtension(a *assembly, x *fixup) *Fixup {
	f := &Fixup{x: x, modules: map[string]*module{"": a.p.main}}
	for _, m := range a.p.adapters {
		f.modules[m.name] = m
	}
	x.funcType(sig.Thunk) // the first type, as in wasm-tools
	return f
}

// Import imports an export of an adapter or library, or of the main module if the name of the
// module is "". It returns the index of the import. Each export is imported once. Import panics if
// there is no such module.
func (f *Fixup) Import(module, name string, t core.ExternType) uint32 {
	m := f.modules[module]
	if m == nil {
		panic(fmt.Sprintf("componentize: there is no module `%s`", module))
	}
	instance, from := instanceName(m)
	return f.x.importItem(instance, from, name, t)
}

// ImportFunc is like Import for a function of type t.
func (f *Fixup) ImportFunc(module, name string, t core.FuncType) core.FuncIdx {
	return core.FuncIdx(f.Import(module, name, core.ExternType{Kind: core.ExternFunc, Func: f.x.funcType(t)}))
}

// Prepare adds code to the beginning of the start function. The code must not run functions that
// users wrote.
func (f *Fixup) Prepare(add func(*core.Asm)) { f.x.abi = append(f.x.abi, add) }

// Start adds a call to the end of the start function. The called function has no parameters and
// results.
func (f *Fixup) Start(fn core.FuncIdx) { f.x.start = append(f.x.start, fn) }

// AddElem adds an element segment.
func (f *Fixup) AddElem(e core.Elem) { f.x.b.Elems = append(f.x.b.Elems, e) }

// AddData adds a data segment.
func (f *Fixup) AddData(d core.Data) { f.x.b.Data = append(f.x.b.Data, d) }

package componentize

import (
	"errors"
	"fmt"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/wit"
)

// dropImport is the intrinsic that drops an imported resource.
type dropImport struct {
	noShims
	resource *wit.TypeDef
}

func (d *dropImport) addTypes(l *liveTypes) { l.add(d.resource.Type) }

func (d *dropImport) provide(a *assembly, _ *module, _ *coreImport) (encoding.SortIndex, error) {
	t, err := a.importedResource(d.resource)
	if err != nil {
		return encoding.SortIndex{}, err
	}
	return a.b.Builtin(encoding.Builtin{Op: encoding.OpResourceDrop, Type: t}).SortIndex(), nil
}

// resourceImport is an intrinsic of an exported resource.
type resourceImport struct {
	noShims
	resource *wit.TypeDef
	op       encoding.CanonOp
}

func (r *resourceImport) addTypes(l *liveTypes) { l.add(r.resource.Type) }

func (r *resourceImport) provide(a *assembly, _ *module, _ *coreImport) (encoding.SortIndex, error) {
	t, ok := a.known.Defs[r.resource]
	if !ok {
		return encoding.SortIndex{}, fmt.Errorf("no module exports resource `%s`", r.resource.Name)
	}
	return a.b.Builtin(encoding.Builtin{Op: r.op, Type: t}).SortIndex(), nil
}

// builtinImport is an intrinsic that belongs to no item of the world.
type builtinImport struct {
	noTypes
	op    encoding.CanonOp
	async bool
	// strings is the string encoding of an error context.
	strings abi.StringEncoding
	// val and slot are the type and the number of a value in the context of a thread.
	val  core.ValType
	slot uint32
	// sig is the type that the name of the intrinsic stands for.
	sig core.FuncType
}

func (b *builtinImport) shimKey(mod *module) builtinShim {
	k := builtinShim{op: b.op, strings: b.strings}
	if b.op == encoding.OpErrorContextDebugMessage {
		k.mod = mod
	}
	return k
}

// addShims adds the shim of a built-in that needs memory or a table.
func (b *builtinImport) addShims(a *assembly, mod *module, x *coreImport) error {
	hasMemory := a.p.main.in.memory != nil
	s := &shim{
		key: b.shimKey(mod), sig: sig.Of("ii:i"),
		fill: func() (encoding.CoreFuncIdx, error) { return b.builtin(a, mod, x) },
	}
	switch b.op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll:
		if hasMemory {
			return nil
		}
		s.debug, s.sig = b.op.String(), b.sig // the pointer has the address type of the memory
	case encoding.OpErrorContextNew:
		if hasMemory {
			return nil
		}
		s.debug = "error-new"
	case encoding.OpErrorContextDebugMessage:
		s.debug, s.sig = "error-debug-message", sig.Of("ii:")
		a.shims.add(s)
		a.addReallocShim(mod, false, b.needs(), mod.out.importsRealloc())
		return nil
	case encoding.OpThreadNewIndirect:
		s.debug = "thread.new-indirect"
	default:
		return nil
	}
	a.shims.add(s)
	return nil
}

// needs returns the needs of a built-in of error contexts.
func (b *builtinImport) needs() needs {
	return needs{memory: true, strings: true, realloc: b.op == encoding.OpErrorContextDebugMessage}
}

// ready reports whether a built-in that has a shim only for lack of a memory can do without it.
// This is so for adapters, which come after the main module.
func (b *builtinImport) ready(a *assembly) bool {
	switch b.op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll, encoding.OpErrorContextNew:
		return a.memory != nil
	}
	return false
}

func (b *builtinImport) provide(a *assembly, mod *module, x *coreImport) (encoding.SortIndex, error) {
	if !b.ready(a) {
		if f, ok := a.shimFunc(b.shimKey(mod)); ok {
			return f.SortIndex(), nil
		}
	}
	f, err := b.builtin(a, mod, x)
	return f.SortIndex(), err
}

// builtin adds the built-in.
func (b *builtinImport) builtin(a *assembly, mod *module, x *coreImport) (encoding.CoreFuncIdx, error) {
	out := encoding.Builtin{Op: b.op, Async: b.async, Val: b.val, Slot: b.slot}
	switch b.op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll:
		if a.memory == nil {
			return 0, x.neededBy(errNoMemory, worldFunc{})
		}
		out.Memory = *a.memory
	case encoding.OpErrorContextNew, encoding.OpErrorContextDebugMessage:
		n := b.needs()
		realloc := a.reallocFunc(mod, false, n, mod.out.importsRealloc())
		var err error
		if out.Opts, err = n.options(b.strings, a.memory, realloc); err != nil {
			return 0, x.neededBy(err, worldFunc{})
		}
	case encoding.OpThreadNewIndirect:
		start := core.Func([]core.ValType{core.I32}, nil)
		out.CoreType = a.label(a.b.CoreType(&encoding.CoreRec{RecType: start}).SortIndex(), "thread-start").CoreType()
		name := a.p.main.out.first(roleTable)
		if name == "" {
			return 0, x.neededBy(errors.New("table __indirect_function_table must be an exported funcref table for thread.new-indirect"), worldFunc{})
		}
		out.Table = a.aliasCore(a.coreInstances[a.p.main], encoding.SortCoreTable, name, "indirect-function-table").CoreTable()
	}
	return a.b.Builtin(out), nil
}

// usesThreads reports whether the built-in shows that core code uses threads.
func (b *builtinImport) usesThreads() bool {
	switch b.op {
	case encoding.OpThreadNewIndirect:
		return true
	case encoding.OpContextGet, encoding.OpContextSet:
		return b.slot == 1
	}
	return false
}

func contextOp(set bool) encoding.CanonOp {
	if set {
		return encoding.OpContextSet
	}
	return encoding.OpContextGet
}

package runner

import (
	"context"
	"errors"
	"slices"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// The engine skips element segments that do not fit their table, where instantiation must trap
// (core specification, "Instantiation"). So their bounds are checked first: when a component is
// compiled, as far as they are known then, and otherwise at each instantiation.

// activeElem is an active element segment.
type activeElem struct {
	// table is the index of the import that provides the table, or -1 for a table of the module's own.
	table int
	// size is the minimum number of elements of the table. A table of the module's own has exactly
	// that many.
	size   uint64
	offset core.Expr
	n      uint64
}

// activeElems returns the active element segments of a module, which must be valid.
func activeElems(m *core.Module) []activeElem {
	var list []activeElem
	for e, err := range m.Elems() {
		if err != nil {
			return nil // Validation would have reported the error.
		}
		if e.Mode != core.Active || int(e.Table) >= m.NumImports(core.ExternTable)+len(m.Tables) {
			continue
		}
		a := activeElem{table: imported(m, core.ExternTable, int(e.Table)), offset: e.Offset, n: uint64(len(e.Funcs) + len(e.Exprs))}
		if a.table >= 0 {
			a.size = m.Imports[a.table].Type.Table.Limits.Min
		} else {
			a.size = m.Tables[int(e.Table)-m.NumImports(core.ExternTable)].Type.Limits.Min
		}
		list = append(list, a)
	}
	return list
}

// uncertainElems returns the active element segments that may not fit their tables.
func uncertainElems(m *core.Module) []activeElem {
	if m.NumElems == 0 {
		return nil
	}
	return slices.DeleteFunc(activeElems(m), func(e activeElem) bool {
		offset, ok := constant(e.offset, nil)
		return ok && offset+e.n <= e.size
	})
}

// fits reports whether a segment fits a table of the given size. It returns true if the offset is
// unknown, since the table is then of a kind that the engine does not support.
func (e *activeElem) fits(size uint64, globals []startValue) bool {
	offset, ok := constant(e.offset, globals)
	return !ok || offset+e.n <= size
}

const outOfTable = "out of bounds table access"

// segmentsFit returns a trap if an active element segment does not fit its table. If an earlier
// segment has an effect that outlives the instance, the error is ErrUnsupported instead.
func (l *coreLink) segmentsFit() error {
	globals := startValues(l.module, func(i int) (uint64, bool) { return l.providers[i].Global(l.module.Imports[i].Name) })
	lasting := false
	for _, e := range activeElems(l.module) {
		size := e.size
		if e.table >= 0 {
			size = l.have[e.table].(*types.CoreTable).Min
		}
		if !e.fits(size, globals) {
			if lasting {
				return unsupported("the engine passes over element segments that do not fit")
			}
			return publish(&canon.Trap{Message: outOfTable}, "")
		}
		lasting = lasting || e.n > 0 && e.table >= 0
	}
	return nil
}

// checkSegments traps if an element segment of the core instance about to be made does not fit its
// table.
func (s *store) checkSegments(ctx context.Context, slot int) {
	list := s.code[slot].elems
	if len(list) == 0 {
		return
	}
	m, imports := s.code[slot].source, s.code[slot].imports
	globals := startValues(m, func(i int) (uint64, bool) {
		d := imports[i].(plan.CoreExport)
		g := s.cores[d.Instance].ExportedGlobal(d.Name)
		if g == nil {
			return 0, false
		}
		return g.Get(), true
	})
	for _, e := range list {
		size := e.size
		if e.table >= 0 && !e.fits(size, globals) {
			d := imports[e.table].(plan.CoreExport)
			elem, err := core.Ref(m.Imports[e.table].Type.Table.Elem).Resolve(nil)
			n, known := uint64(0), false
			if err == nil {
				n, known, err = s.prog.engine.tableSize(ctx, s.cores[d.Instance], d.Name, elem)
			}
			if !known {
				continue
			}
			if size = n; err != nil {
				panic(&canon.Trap{Message: err.Error(), Cause: err})
			}
		}
		if !e.fits(size, globals) {
			panic(&canon.Trap{Message: outOfTable})
		}
	}
}

// tableSize returns the size of an exported table and reports whether it is known. The engine
// reveals the size only to instructions, so tableSize runs a module that imports the table.
func (e *Engine) tableSize(ctx context.Context, m api.Module, name string, elem types.CoreVal) (uint64, bool, error) {
	var ref core.ValType
	switch elem {
	case types.FuncRef:
		ref = core.FuncRef
	case types.ExternRef:
		ref = core.ExternRef
	default:
		return 0, false, nil
	}
	var b core.Builder
	b.Imports = []core.Import{{Module: "0", Name: name, Type: core.ExternType{Kind: core.ExternTable, Table: core.TableType{Elem: ref.Ref}}}}
	size := (&core.Instr{Op: core.OpTableSize}).Append(nil)
	f := b.Func(core.Function{Type: b.FuncType(nil, []core.ValType{core.I32}), Code: append(size, byte(core.OpEnd))})
	b.Export("size", core.ExternFunc, uint32(f))
	ctx = experimental.WithImportResolver(ctx, func(string) api.Module { return m })
	code, err := e.compile(ctx, b.Append(nil))
	if err != nil {
		return 0, false, err
	}
	probe, err := e.runtime.InstantiateModule(ctx, code.code, e.config)
	if err != nil {
		return 0, false, errors.Join(err, e.release(ctx, code))
	}
	out, err := probe.ExportedFunction("size").Call(ctx)
	if err = errors.Join(err, probe.Close(ctx), e.release(ctx, code)); err != nil {
		return 0, false, err
	}
	return out[0], true, nil
}

// fillsImported reports whether the module has active element segments for a table that it imports.
func (l *coreLink) fillsImported() bool {
	return slices.ContainsFunc(activeElems(l.module), func(e activeElem) bool { return e.table >= 0 })
}

// imported returns the position of the import that provides the definition of kind k with the given
// index. It returns -1 if the definition is the module's own.
func imported(m *core.Module, k core.ExternKind, index int) int {
	for i, im := range m.Imports {
		if im.Type.Kind != k {
			continue
		}
		if index == 0 {
			return i
		}
		index--
	}
	return -1
}

// constant evaluates a constant expression of type i32 and reports whether that succeeded.
func constant(x core.Expr, globals []startValue) (uint64, bool) {
	var stack []uint32
	var in core.Instr
	for r := x.Instrs(); r.Next(&in); {
		n := len(stack)
		switch {
		case in.Op == core.OpI32Const:
			stack = append(stack, uint32(in.Value))
		case in.Op == core.OpGlobalGet && int64(in.X) < int64(len(globals)) && globals[in.X].known:
			stack = append(stack, uint32(globals[in.X].v))
		case in.Op == core.OpI32Add && n >= 2:
			stack = append(stack[:n-2], stack[n-2]+stack[n-1])
		case in.Op == core.OpI32Sub && n >= 2:
			stack = append(stack[:n-2], stack[n-2]-stack[n-1])
		case in.Op == core.OpI32Mul && n >= 2:
			stack = append(stack[:n-2], stack[n-2]*stack[n-1])
		case in.Op == core.OpEnd && n == 1:
			return uint64(stack[0]), true
		default:
			return 0, false
		}
	}
	return 0, false
}

// startValue is the initial value of a global, if it is known.
type startValue struct {
	v     uint64
	known bool
}

// startValues returns the initial values of all globals that constant expressions can refer to.
// imported returns the value of the global that import i provides, and reports whether it is known.
func startValues(m *core.Module, imported func(i int) (uint64, bool)) []startValue {
	var out []startValue
	for i, im := range m.Imports {
		if im.Type.Kind == core.ExternGlobal {
			v, ok := imported(i)
			out = append(out, startValue{v, ok})
		}
	}
	for _, g := range m.Globals {
		// The expression of a global refers only to earlier globals.
		v, ok := constant(g.Init, out)
		out = append(out, startValue{v, ok})
	}
	return out
}

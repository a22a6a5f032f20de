package runner

import (
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
)

// The engine passes over element segments that do not fit their table, where instantiation has to trap (core
// specification, "Instantiation"). So their bounds are checked before.

// segmentsFit returns a trap if an active element segment does not fit its table. If a segment before it has an effect
// that outlives the instance, the error is ErrUnsupported.
func (l *coreLink) segmentsFit() error {
	lasting, globals := false, l.startValues()
	for e, err := range l.module.Elems() {
		if err != nil {
			return err
		}
		if e.Mode != core.Active {
			continue
		}
		n := uint64(len(e.Funcs) + len(e.Exprs))
		offset, ok := constant(e.Offset, globals)
		if ok && offset+n > l.tableSize(int(e.Table)) {
			if lasting {
				return unsupported("the engine passes over element segments that do not fit")
			}
			return publish(&canon.Trap{Message: "out of bounds table access"}, "")
		}
		lasting = lasting || n > 0 && l.imported(core.ExternTable, int(e.Table)) >= 0
	}
	return nil
}

// fillsImported reports whether the module has active element segments for a table that it imports.
func (l *coreLink) fillsImported() bool {
	for e, err := range l.module.Elems() {
		if err == nil && e.Mode == core.Active && l.imported(core.ExternTable, int(e.Table)) >= 0 {
			return true
		}
	}
	return false
}

// imported returns which import the definition of a kind with the given index is, or -1 if it is the module's own.
func (l *coreLink) imported(k core.ExternKind, index int) int {
	for i, im := range l.module.Imports {
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

// tableSize returns how many elements a table has before the segments are copied.
func (l *coreLink) tableSize(index int) uint64 {
	if i := l.imported(core.ExternTable, index); i >= 0 {
		return l.have[i].(*types.CoreTable).Min
	}
	return l.module.Tables[index-l.module.NumImports(core.ExternTable)].Type.Limits.Min
}

// constant evaluates a constant expression of type i32, and reports whether it can.
func constant(x core.Expr, globals []startValue) (uint64, bool) {
	var stack []uint32
	var in core.Instr
	for r := x.Instrs(); r.Next(&in); {
		switch in.Op {
		case core.OpI32Const:
			stack = append(stack, uint32(in.Value))
		case core.OpGlobalGet:
			if !globals[in.X].known {
				return 0, false
			}
			stack = append(stack, uint32(globals[in.X].v))
		case core.OpI32Add, core.OpI32Sub, core.OpI32Mul:
			a, b := stack[len(stack)-2], stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			stack[len(stack)-1] = map[core.Op]uint32{core.OpI32Add: a + b, core.OpI32Sub: a - b, core.OpI32Mul: a * b}[in.Op]
		case core.OpEnd:
			return uint64(stack[0]), true
		default:
			return 0, false
		}
	}
	return 0, false
}

// startValue is the value that a global starts with, if it is known.
type startValue struct {
	v     uint64
	known bool
}

// startValues returns the values of all globals that constant expressions can name.
func (l *coreLink) startValues() []startValue {
	var out []startValue
	for i, im := range l.module.Imports {
		if im.Type.Kind == core.ExternGlobal {
			v, ok := l.providers[i].Global(im.Name)
			out = append(out, startValue{v, ok})
		}
	}
	for _, g := range l.module.Globals {
		// A global's expression names only those before it.
		v, ok := constant(g.Init, out)
		out = append(out, startValue{v, ok})
	}
	return out
}

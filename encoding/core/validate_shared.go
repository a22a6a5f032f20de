package core

import (
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/model/types"
)

// atomicAccess describes the effect of an atomic instruction of the shared-everything-threads
// proposal on a global, table, field or element. The instruction takes and gives values of the type
// of that item, which refs and packed restrict.
type atomicAccess struct {
	takes, gives int
	mutates      bool
	refs         types.Heap
	packed       bool
}

// accessOf returns the access of an instruction from its keyword, such as "struct.atomic.rmw.add".
func accessOf(name string) atomicAccess {
	_, what, _ := strings.Cut(name, ".atomic.")
	switch what {
	case "get":
		return atomicAccess{gives: 1, refs: types.HeapAny}
	case "get_s", "get_u":
		return atomicAccess{gives: 1, packed: true}
	case "set":
		return atomicAccess{takes: 1, mutates: true, refs: types.HeapAny}
	case "rmw.xchg":
		return atomicAccess{takes: 1, gives: 1, mutates: true, refs: types.HeapAny}
	case "rmw.cmpxchg":
		return atomicAccess{takes: 2, gives: 1, mutates: true, refs: types.HeapEq}
	default:
		return atomicAccess{takes: 1, gives: 1, mutates: true}
	}
}

// sharedAccess validates the instructions of the shared-everything-threads proposal.
func (b *body) sharedAccess(in *Instr) {
	a := accessOf(in.Op.String())
	switch opTable[in.Op].Imm {
	case ImmOrderGlobal:
		g, ok := b.global(in.X)
		if !ok {
			return
		}
		if a.mutates && !g.mutable {
			b.fail("global is immutable: cannot modify it with `%v`", in.Op)
			return
		}
		b.atomic(in.Op, a, field{t: g.t}, false, func() {})
	case ImmOrderTable:
		if t, ok := b.table(in.X); ok {
			b.atomic(in.Op, a, field{t: t.elem}, true, func() { b.pop(t.addr) })
		}
	case ImmOrderTypeField:
		f, ok := b.field(in.X, in.Y)
		if ok && a.mutates {
			f, ok = b.mutableField(in.X, in.Y)
		}
		if ok {
			b.atomic(in.Op, a, f, true, func() { b.popDef(in.X) })
		}
	case ImmOrderType:
		f, ok := b.array(in.X)
		if ok && a.mutates {
			f, ok = b.mutableArray(in.X)
		}
		if ok {
			b.atomic(in.Op, a, f, true, func() {
				b.pop(vtI32)
				b.popDef(in.X)
			})
		}
	default:
		panic(fmt.Sprintf("unreachable: %v", in.Op))
	}
}

// atomic checks the type of the accessed item and moves the operands. References must be shared,
// except in globals. The function address pops the operands that locate the item.
func (b *body) atomic(op Op, a atomicAccess, f field, shared bool, address func()) {
	name := op.String()
	isTable := strings.HasPrefix(name, "table.")
	var ok bool
	switch {
	case a.packed:
		ok = f.packed != 0
	case f.packed != 0:
		ok = strings.HasSuffix(name, ".set")
	case f.t.isRef():
		ok = a.refs != 0 && b.v.subtype(f.t, withShared(nullable(a.refs), shared))
	default:
		ok = !isTable && (f.t == vtI32 || f.t == vtI64)
	}
	if !ok {
		switch {
		case a.packed:
			b.fail("cannot use %s with non-packed storage types", name)
		case f.packed != 0 && name == "struct.atomic.get":
			b.fail("can only use struct `get` with non-packed storage types")
		case f.packed != 0 && name == "array.atomic.get":
			b.fail("cannot use array.get with packed storage types")
		case isTable:
			b.fail("invalid type: `%s` only allows subtypes of `%vref`", name, a.refs)
		case a.refs == 0:
			if strings.HasPrefix(name, "global.") {
				name = "global.atomic.rmw.*"
			}
			b.fail("invalid type: `%s` only allows `i32` and `i64`", name)
		case strings.HasSuffix(name, ".set") && !strings.HasPrefix(name, "global."):
			b.fail("invalid type: `%s` only allows `i8`, `i16`, `i32`, `i64` and subtypes of `%vref`", name, a.refs)
		default:
			b.fail("invalid type: `%s` only allows `i32`, `i64` and subtypes of `%vref`", name, a.refs)
		}
		return
	}
	for range a.takes {
		b.pop(f.unpacked())
	}
	address()
	for range a.gives {
		b.pushOp(f.unpacked())
	}
}

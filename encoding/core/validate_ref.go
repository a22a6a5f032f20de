package core

import (
	"github.com/mortise-wasm/mortise/model/types"
)

// tablesAndRefs validates the instructions of tables, segments and plain references.
func (b *body) tablesAndRefs(in *Instr) {
	switch in.Op {
	case OpTableGet:
		if t, ok := b.table(in.X); ok {
			b.pop(t.addr)
			b.pushOp(t.elem)
		}
	case OpTableSet:
		if t, ok := b.table(in.X); ok {
			b.pop(t.elem)
			b.pop(t.addr)
		}
	case OpTableGrow:
		if t, ok := b.table(in.X); ok {
			b.pop(t.addr)
			b.pop(t.elem)
			b.pushOp(t.addr)
		}
	case OpTableSize:
		if t, ok := b.table(in.X); ok {
			b.pushOp(t.addr)
		}
	case OpTableFill:
		if t, ok := b.table(in.X); ok {
			b.pop(t.addr)
			b.pop(t.elem)
			b.pop(t.addr)
		}
	case OpTableCopy:
		b.tableCopy(in)
	case OpTableInit:
		b.tableInit(in)
	case OpElemDrop:
		b.elem(in.X)
	case OpDataDrop:
		b.dataSegment(in.X)
	case OpMemoryInit:
		if addr, ok := b.memory(in.Y); ok && b.dataSegment(in.X) {
			b.pop(vtI32)
			b.pop(vtI32)
			b.pop(addr)
		}
	case OpMemoryCopy:
		dst, ok := b.memory(in.X)
		src, ok2 := b.memory(in.Y)
		if ok && ok2 {
			b.pop(smaller(dst, src))
			b.pop(src)
			b.pop(dst)
		}
	case OpRefNull:
		b.refNull(in)
	case OpRefIsNull:
		b.popRef()
		b.pushOp(vtI32)
	case OpRefFunc:
		b.refFunc(in.X)
	case OpRefAsNonNull:
		b.pushOp(nonNull(b.popRef()))
	case OpBrOnNull:
		t := nonNull(b.popRef())
		b.retype(b.label(in.X))
		b.pushOp(t)
	case OpBrOnNonNull:
		b.brOnNonNull(in.X)
	default:
		b.aggregates(in)
	}
}

// smaller returns the type of a length for two address types. It is i64 only if both are i64.
func smaller(a, b vt) vt {
	if a == vtI32 || b == vtI32 {
		return vtI32
	}
	return vtI64
}

// nonNull returns the type as non-nullable. The nullability of an open reference stays open.
func nonNull(t vt) vt {
	if t.isOpen() {
		return t
	}
	return t &^ vtNull
}

func (b *body) table(i uint32) (tableInfo, bool) {
	if int64(i) >= int64(len(b.v.tables)) {
		b.fail("unknown table %d: table index out of bounds", i)
		return tableInfo{}, false
	}
	t := b.v.tables[i]
	if b.shared && !t.shared {
		b.fail("shared functions cannot access unshared tables")
		return t, false
	}
	return t, true
}

func (b *body) elem(i uint32) (vt, bool) {
	if int64(i) >= int64(len(b.v.elems)) {
		b.fail("unknown elem segment %d: segment index out of bounds", i)
		return 0, false
	}
	return b.v.elems[i], true
}

func (b *body) dataSegment(i uint32) bool {
	switch {
	case b.v.data < 0:
		b.fail("data count section required")
	case int64(i) >= int64(b.v.data):
		b.fail("unknown data segment %d", i)
	default:
		return true
	}
	return false
}

func (b *body) tableCopy(in *Instr) {
	src, ok := b.table(in.Y)
	if !ok {
		return
	}
	dst, ok := b.table(in.X)
	if !ok {
		return
	}
	if !b.v.subtype(src.elem, dst.elem) {
		b.fail("type mismatch: table of %s copied to one of %s", b.v.str(src.elem), b.v.str(dst.elem))
		return
	}
	b.pop(smaller(dst.addr, src.addr))
	b.pop(src.addr)
	b.pop(dst.addr)
}

func (b *body) tableInit(in *Instr) {
	t, ok := b.table(in.Y)
	if !ok {
		return
	}
	e, ok := b.elem(in.X)
	if !ok {
		return
	}
	if !b.v.subtype(e, t.elem) {
		b.fail("type mismatch: segment of %s copied to a table of %s", b.v.str(e), b.v.str(t.elem))
		return
	}
	b.pop(vtI32)
	b.pop(vtI32)
	b.pop(t.addr)
}

func (b *body) refNull(in *Instr) {
	r := RefType{Nullable: true, Heap: in.Ref.Heap}
	msg := checkRef(r, b.v.features)
	var t vt
	if msg == "" {
		t, msg = b.v.heap(r)
	}
	if msg != "" {
		b.fail("%s", msg)
		return
	}
	b.pushOp(t)
}

func (b *body) refFunc(f uint32) {
	switch {
	case int64(f) >= int64(len(b.v.funcs)):
		b.fail("unknown function %d: function index out of bounds", f)
	case !b.v.declared[f]:
		b.fail("undeclared function reference")
	default:
		b.pushOp(refTo(b.v.funcs[f], false))
	}
}

func (b *body) brOnNonNull(depth uint32) {
	label := b.label(depth)
	if b.err != nil {
		return
	}
	if len(label) == 0 {
		b.fail("type mismatch: br_on_non_null target has no label types")
		return
	}
	last := label[len(label)-1]
	if !last.isRef() {
		b.fail("type mismatch: br_on_non_null target does not end with heap type")
		return
	}
	b.pop(last | vtNull)
	b.retype(label[:len(label)-1])
}

// ref returns the vt of a reference type in an instruction.
func (b *body) ref(r RefType) (vt, bool) {
	msg := checkRef(r, b.v.features)
	var t vt
	if msg == "" {
		t, msg = b.v.heap(r)
	}
	if msg != "" {
		b.fail("%s", msg)
		return 0, false
	}
	return t, true
}

// downcast pops the operand of a ref.test or ref.cast and returns the type to test for.
func (b *body) downcast(r RefType) (vt, bool) {
	t, msg := b.v.heap(r)
	if msg != "" {
		b.fail("%s", msg)
		return 0, false
	}
	h := b.v.heapOf(t).Top()
	if h == types.HeapCont {
		b.fail("invalid cast: cannot cast to a continuation type")
		return 0, false
	}
	b.pop(withShared(nullable(h), b.v.shared(t)))
	return t, true
}

func (b *body) brOnCast(in *Instr) {
	from, ok := b.ref(in.Ref)
	if !ok {
		return
	}
	to, ok := b.ref(in.To)
	if !ok {
		return
	}
	if b.v.heapOf(to).Top() == types.HeapCont {
		b.fail("invalid cast: cannot cast to a continuation type")
		return
	}
	if !b.v.subtype(to, from) {
		b.fail("type mismatch: expected %s, found %s", b.v.str(from), b.v.str(to))
		return
	}
	// A null operand counts as the target type if the target type is nullable.
	rest := from
	if to&vtNull != 0 {
		rest &^= vtNull
	}
	taken, kept := to, rest
	if in.Op == OpBrOnCastFail {
		taken, kept = rest, to
	}
	label := b.label(in.X)
	if b.err != nil {
		return
	}
	if len(label) == 0 {
		if in.Op == OpBrOnCast {
			b.fail("type mismatch: br_on_cast to label with empty types, must have a reference type")
		} else {
			b.fail("type mismatch: expected a reference type, found nothing")
		}
		return
	}
	if last := label[len(label)-1]; !b.v.subtype(taken, last) {
		if in.Op == OpBrOnCast {
			b.fail("type mismatch: the label takes %[2]s, which %[1]s is not", b.v.str(to), b.v.str(last))
		} else {
			b.fail("type mismatch: expected label result type %s, found %s", b.v.str(last), b.v.str(taken))
		}
		return
	}
	b.pop(from)
	b.retype(label[:len(label)-1])
	b.pushOp(kept)
}

// convert validates the conversions between any and extern.
func (b *body) convert(from, to types.Heap) {
	t := b.popShareable(from)
	if t.isOpen() {
		b.pushOp(vtRef | vtOpen | vt(to))
		return
	}
	b.pushOp(withShared(withNull(abs(to), t&vtNull != 0), b.v.shared(t)))
}

package core

import (
	"github.com/mortise-wasm/mortise/model/types"
)

// aggregates validates the instructions of structs, arrays, i31 and casts.
func (b *body) aggregates(in *Instr) {
	switch in.Op {
	case OpRefEq:
		b.refEq()
	case OpRefTest, OpRefTestNull:
		if _, ok := b.downcast(RefType{Nullable: in.Op == OpRefTestNull, Heap: in.Ref.Heap}); ok {
			b.pushOp(vtI32)
		}
	case OpRefCast, OpRefCastNull:
		if t, ok := b.downcast(RefType{Nullable: in.Op == OpRefCastNull, Heap: in.Ref.Heap}); ok {
			b.pushOp(t)
		}
	case OpBrOnCast, OpBrOnCastFail:
		b.brOnCast(in)
	case OpAnyConvertExtern:
		b.convert(types.HeapExtern, types.HeapAny)
	case OpExternConvertAny:
		b.convert(types.HeapAny, types.HeapExtern)
	case OpRefI31:
		b.pop(vtI32)
		b.pushOp(abs(types.HeapI31))
	case OpRefI31Shared:
		b.pop(vtI32)
		b.pushOp(abs(types.HeapI31) | vtShared)
	case OpI31GetS, OpI31GetU:
		b.popShareable(types.HeapI31)
		b.pushOp(vtI32)
	case OpStructNew, OpStructNewDefault:
		b.structNew(in)
	case OpStructGet, OpStructGetS, OpStructGetU:
		if f, ok := b.field(in.X, in.Y); ok {
			b.structGet(in, f)
		}
	case OpStructSet:
		if f, ok := b.mutableField(in.X, in.Y); ok {
			b.pop(f.unpacked())
			b.popDef(in.X)
		}
	case OpArrayLen:
		b.popShareable(types.HeapArray)
		b.pushOp(vtI32)
	default:
		b.arrays(in)
	}
}

// arrays validates the instructions that name an array type.
func (b *body) arrays(in *Instr) {
	switch in.Op {
	case OpArrayNew, OpArrayNewDefault, OpArrayNewFixed, OpArrayNewData, OpArrayNewElem:
		if f, ok := b.array(in.X); ok {
			b.arrayNew(in, f)
		}
	case OpArrayGet, OpArrayGetS, OpArrayGetU:
		if f, ok := b.array(in.X); ok {
			b.arrayGet(in, f)
		}
	case OpArraySet:
		if f, ok := b.mutableArray(in.X); ok {
			b.pop(f.unpacked())
			b.pop(vtI32)
			b.popDef(in.X)
		}
	case OpArrayFill:
		if f, ok := b.mutableArray(in.X); ok {
			b.pop(vtI32)
			b.pop(f.unpacked())
			b.pop(vtI32)
			b.popDef(in.X)
		}
	case OpArrayCopy:
		b.arrayCopy(in)
	case OpArrayInitData, OpArrayInitElem:
		b.arrayInit(in)
	default:
		b.continuations(in)
	}
}

func (b *body) refEq() {
	t, u := b.popShareable(types.HeapEq), b.popShareable(types.HeapEq)
	if b.err == nil && !t.isOpen() && !u.isOpen() && b.v.shared(t) != b.v.shared(u) {
		b.fail("type mismatch: expected `ref.eq` types to match `shared`-ness")
	}
	b.pushOp(vtI32)
}

// popDef pops a nullable reference to the type at an index.
func (b *body) popDef(i uint32) {
	if t, ok := b.typeAt(i); ok {
		b.pop(refTo(t, true))
	}
}

func (b *body) pushDef(i uint32) {
	if t, ok := b.typeAt(i); ok {
		b.pushOp(refTo(t, false))
	}
}

func (b *body) field(t, i uint32) (field, bool) {
	d := b.kindAt(t, types.HeapStruct)
	if d == nil {
		return field{}, false
	}
	if int64(i) >= int64(len(d.fields)) {
		b.fail("unknown field: field index out of bounds: %d", i)
		return field{}, false
	}
	return d.fields[i], true
}

func (b *body) mutableField(t, i uint32) (field, bool) {
	f, ok := b.field(t, i)
	if ok && !f.mutable {
		b.fail("invalid struct modification: struct field is immutable")
		return f, false
	}
	return f, ok
}

func (b *body) array(t uint32) (field, bool) {
	d := b.kindAt(t, types.HeapArray)
	if d == nil {
		return field{}, false
	}
	return d.fields[0], true
}

func (b *body) mutableArray(t uint32) (field, bool) {
	f, ok := b.array(t)
	if ok && !f.mutable {
		b.fail("invalid array modification: array is immutable")
		return f, false
	}
	return f, ok
}

func (b *body) structNew(in *Instr) {
	d := b.kindAt(in.X, types.HeapStruct)
	if d == nil {
		return
	}
	for i := len(d.fields) - 1; i >= 0; i-- {
		t := d.fields[i].unpacked()
		if in.Op == OpStructNew {
			b.pop(t)
		} else if !t.defaultable() {
			b.fail("invalid `struct.new_default`: %s field is not defaultable", b.v.str(t))
			return
		}
	}
	b.pushDef(in.X)
}

func (b *body) structGet(in *Instr, f field) {
	switch {
	case in.Op == OpStructGet && f.packed != 0:
		b.fail("can only use struct `get` with non-packed storage types")
	case in.Op != OpStructGet && f.packed == 0:
		b.fail("cannot use %v with non-packed storage types", in.Op)
	default:
		b.popDef(in.X)
		b.pushOp(f.unpacked())
	}
}

func (b *body) arrayGet(in *Instr, f field) {
	switch {
	case in.Op == OpArrayGet && f.packed != 0:
		b.fail("cannot use array.get with packed storage types")
	case in.Op != OpArrayGet && f.packed == 0:
		b.fail("cannot use %v with non-packed storage types", in.Op)
	default:
		b.pop(vtI32)
		b.popDef(in.X)
		b.pushOp(f.unpacked())
	}
}

func (b *body) arrayNew(in *Instr, f field) {
	t := f.unpacked()
	switch in.Op {
	case OpArrayNew:
		b.pop(vtI32)
		b.pop(t)
	case OpArrayNewDefault:
		if !t.defaultable() {
			b.fail("invalid `array.new_default`: %s field is not defaultable", b.v.str(t))
			return
		}
		b.pop(vtI32)
	case OpArrayNewFixed:
		for range in.Y {
			// In unreachable code there may be fewer operands than the instruction takes, or none.
			if b.err != nil || len(b.ops) == b.height && b.frames[len(b.frames)-1].unreachable {
				break
			}
			b.pop(t)
		}
	case OpArrayNewData:
		if t.isRef() {
			b.fail("type mismatch: array.new_data can only create arrays with numeric and vector elements")
			return
		}
		if !b.dataSegment(in.Y) {
			return
		}
		b.pop(vtI32)
		b.pop(vtI32)
	case OpArrayNewElem:
		if !b.arrayElem(in, t) {
			return
		}
		b.pop(vtI32)
		b.pop(vtI32)
	}
	b.pushDef(in.X)
}

// arrayElem checks that the type of an element segment matches an array.
func (b *body) arrayElem(in *Instr, t vt) bool {
	if !t.isRef() {
		b.fail("type mismatch: %v can only create arrays with reference elements", in.Op)
		return false
	}
	e, ok := b.elem(in.Y)
	if !ok {
		return false
	}
	if !b.v.subtype(e, t) {
		b.fail("invalid %v instruction: element segment %d type mismatch: expected %s, found %s", in.Op, in.Y, b.v.str(t), b.v.str(e))
		return false
	}
	return true
}

func (b *body) arrayInit(in *Instr) {
	f, ok := b.mutableArray(in.X)
	if !ok {
		return
	}
	t := f.unpacked()
	if in.Op == OpArrayInitElem {
		ok = b.arrayElem(in, t)
	} else if t.isRef() {
		b.fail("invalid array.init_data: array type is not numeric or vector")
		ok = false
	} else {
		ok = b.dataSegment(in.Y)
	}
	if ok {
		b.pop(vtI32)
		b.pop(vtI32)
		b.pop(vtI32)
		b.popDef(in.X)
	}
}

func (b *body) arrayCopy(in *Instr) {
	dst, ok := b.mutableArray(in.X)
	if !ok {
		return
	}
	src, ok := b.array(in.Y)
	if !ok {
		return
	}
	if dst.packed != src.packed || dst.packed == 0 && !b.v.subtype(src.t, dst.t) {
		b.fail("array types do not match: expected %s, found %s", b.v.storage(dst), b.v.storage(src))
		return
	}
	b.pop(vtI32)
	b.pop(vtI32)
	b.popDef(in.Y)
	b.pop(vtI32)
	b.popDef(in.X)
}

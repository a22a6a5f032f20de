package canon

import (
	"encoding/binary"
	"fmt"

	"github.com/mortise-wasm/mortise/model/abi"
)

// Copier passes the parameters and results of calls from one component instance to another. It
// copies between the two memories and makes no Go values, and it checks what lifting and lowering
// check. A Copier is immutable.
//
// Lifting and lowering alternate: the first parameter is lowered before the last one is lifted. The
// difference to the specification, which lifts all of them first, shows only in calls that trap.
type Copier struct {
	from, to *Sig // of the caller and the callee
}

// NewCopier returns a copier for calls of a function whose type has been compiled for the caller
// and for the callee. The types are the same but for the slots of resources.
func NewCopier(caller, callee *Sig) *Copier {
	if len(caller.Params) != len(callee.Params) || caller.flat != callee.flat {
		panic("unreachable: the types of caller and callee differ")
	}
	return &Copier{caller, callee}
}

// Params passes the parameters. They are in the words that the caller's core code passed, or in
// memory if there are more than limit words. Params writes the words to pass to the callee's core
// function, and returns the number of words that it read.
func (k *Copier) Params(from, to *Context, in, out []uint64, limit int) int {
	from.viewParams(k.from, limit)
	to.viewParams(k.to, abi.MaxFlatParams)
	c := copying{from, to}
	inMemory, outMemory := k.from.ParamsInMemory(limit), k.to.ParamsInMemory(abi.MaxFlatParams)
	var p, q uint32
	if inMemory {
		p = from.at(k.from.tuple, uint32(in[0]))
	}
	if outMemory {
		t := k.to.tuple
		q = to.realloc(0, 0, t.align, t.size, "pointer")
		out[0] = uint64(q)
	}
	switch {
	case inMemory && outMemory:
		c.memory(k.from.tuple, k.to.tuple, p, q)
	case inMemory:
		c.memoryToFlat(k.from.tuple, k.to.tuple, p, out)
	case outMemory:
		panic("unreachable: the caller passes more words than any function takes")
	default:
		at := 0
		for i, t := range k.from.Params {
			c.flat(t, k.to.Params[i], in[at:], out[at:])
			at += t.flat
		}
		return at
	}
	return 1
}

// Result passes the result from the words that the callee's core function returned to the words
// that the caller's core code receives, or into the caller's memory at ptr.
func (k *Copier) Result(from, to *Context, in, out []uint64, ptr uint32) {
	a, b := k.to.Result, k.from.Result
	if a == nil {
		return
	}
	from.viewResult(k.to)
	to.viewResult(k.from)
	c := copying{from, to}
	if !k.to.ResultInMemory() {
		c.flat(a, b, in, out)
		return
	}
	p := from.at(a, uint32(in[0]))
	c.memory(a, b, p, to.at(b, ptr))
}

// copying passes values from one context to the other. In its methods, a is the type as the source
// sees it and b as the destination does.
type copying struct{ from, to *Context }

// memory copies a value from p to q. Both are aligned and in bounds.
func (c copying) memory(a, b *Type, p, q uint32) {
	src := c.from.mem[p : p+a.size]
	if a.plain {
		copyPlain(c.to.mem[q:], src)
		return
	}
	switch a.kind {
	case kBool, kChar, kFlags:
		storeInt(c.to.mem[q:], a.size, uint64(a.checked(loadInt(src, a.size))))
	case kString:
		ptr, n := c.string(loadPair(src))
		storePair(c.to.mem[q:], ptr, n)
	case kList, kMap:
		ptr, n := loadPair(src)
		ptr = c.list(a, b, ptr, n)
		storePair(c.to.mem[q:], ptr, n)
	case kFixedList:
		c.elems(a.elem, b.elem, p, q, a.n)
	case kRecord, kTuple:
		for i, f := range a.fields {
			c.memory(f.typ, b.fields[i].typ, p+f.offset, q+f.offset)
		}
	case kVariant, kOption, kResult, kEnum:
		i := a.caseIndex(loadInt(src, a.discSize))
		storeInt(c.to.mem[q:], a.discSize, uint64(i))
		if x := a.cases[i]; x != nil {
			c.memory(x, b.cases[i], p+a.payload, q+a.payload)
		}
	case kOwn, kBorrow:
		binary.LittleEndian.PutUint32(c.to.mem[q:], c.handle(a, b, binary.LittleEndian.Uint32(src)))
	default:
		panic(unsupported(a))
	}
}

// flat copies a value from the words of in to those of out.
func (c copying) flat(a, b *Type, in, out []uint64) {
	switch a.kind {
	case kS8:
		out[0] = uint64(uint32(int8(in[0])))
	case kS16:
		out[0] = uint64(uint32(int16(in[0])))
	case kU8:
		out[0] = uint64(uint8(in[0]))
	case kU16:
		out[0] = uint64(uint16(in[0]))
	case kS32, kU32, kF32:
		out[0] = uint64(uint32(in[0]))
	case kS64, kU64, kF64:
		out[0] = in[0]
	case kBool, kChar, kFlags:
		out[0] = uint64(a.checked(uint32(in[0])))
	case kString:
		ptr, n := c.string(uint32(in[0]), uint32(in[1]))
		out[0], out[1] = uint64(ptr), uint64(n)
	case kList, kMap:
		n := uint32(in[1])
		out[0], out[1] = uint64(c.list(a, b, uint32(in[0]), n)), uint64(n)
	case kFixedList:
		for i := range int(a.n) {
			c.flat(a.elem, b.elem, in[i*a.elem.flat:], out[i*a.elem.flat:])
		}
	case kRecord, kTuple:
		for i, f := range a.fields {
			c.flat(f.typ, b.fields[i].typ, in, out)
			in, out = in[f.typ.flat:], out[f.typ.flat:]
		}
	case kVariant, kOption, kResult, kEnum:
		i := a.caseIndex(uint32(in[0]))
		clear(out[:a.flat])
		out[0] = uint64(i)
		if x := a.cases[i]; x != nil {
			c.flat(x, b.cases[i], in[1:], out[1:])
		}
	case kOwn, kBorrow:
		out[0] = uint64(c.handle(a, b, uint32(in[0])))
	default:
		panic(unsupported(a))
	}
}

// memoryToFlat copies a value from p, which is aligned and in bounds, to words.
func (c copying) memoryToFlat(a, b *Type, p uint32, out []uint64) {
	src := c.from.mem[p : p+a.size]
	switch a.kind {
	case kString, kList, kMap:
		ptr, n := loadPair(src)
		var in = [2]uint64{uint64(ptr), uint64(n)}
		c.flat(a, b, in[:], out)
	case kFixedList:
		for i := range a.n {
			c.memoryToFlat(a.elem, b.elem, p+i*a.elem.size, out[int(i)*a.elem.flat:])
		}
	case kRecord, kTuple:
		for i, f := range a.fields {
			c.memoryToFlat(f.typ, b.fields[i].typ, p+f.offset, out)
			out = out[f.typ.flat:]
		}
	case kVariant, kOption, kResult, kEnum:
		i := a.caseIndex(loadInt(src, a.discSize))
		clear(out[:a.flat])
		out[0] = uint64(i)
		if x := a.cases[i]; x != nil {
			c.memoryToFlat(x, b.cases[i], p+a.payload, out[1:])
		}
	default:
		var in [1]uint64
		if in[0] = uint64(loadInt(src, min(a.size, 4))); a.size == 8 {
			in[0] = binary.LittleEndian.Uint64(src)
		}
		c.flat(a, b, in[:], out)
	}
}

// list copies the elements of a list or map and returns where they are.
func (c copying) list(a, b *Type, ptr, n uint32) uint32 {
	c.from.checkList(a, ptr, n)
	q := c.to.realloc(0, 0, b.elem.align, n*b.elem.size, "list content")
	c.elems(a.elem, b.elem, ptr, q, n)
	return q
}

// elems copies n elements from p to q.
func (c copying) elems(a, b *Type, p, q, n uint32) {
	src := c.from.mem[p : uint64(p)+uint64(n)*uint64(a.size)]
	dst := c.to.mem[q:]
	switch {
	case a.plain:
		c.to.copyMemory(dst, src)
	case a.kind == kBool || a.kind == kChar || a.kind == kFlags:
		copyChecked(dst, src, a.size, a.checked)
	case a.kind == kEnum:
		copyChecked(dst, src, a.size, a.caseIndex)
	default:
		for i := range n {
			c.memory(a, b, p+i*a.size, q+i*a.size)
		}
	}
}

// copyChecked copies integers of 1, 2 or 4 bytes through check.
func copyChecked(dst, src []byte, size uint32, check func(uint32) uint32) {
	switch size {
	case 1:
		for i, x := range src {
			dst[i] = byte(check(uint32(x)))
		}
	case 2:
		for i := 0; i < len(src); i += 2 {
			binary.LittleEndian.PutUint16(dst[i:], uint16(check(uint32(binary.LittleEndian.Uint16(src[i:])))))
		}
	default:
		for i := 0; i < len(src); i += 4 {
			binary.LittleEndian.PutUint32(dst[i:], check(binary.LittleEndian.Uint32(src[i:])))
		}
	}
}

// copyPlain copies src to the start of dst.
func copyPlain(dst, src []byte) {
	switch len(src) {
	case 1:
		dst[0] = src[0]
	case 2:
		binary.LittleEndian.PutUint16(dst, binary.LittleEndian.Uint16(src))
	case 4:
		binary.LittleEndian.PutUint32(dst, binary.LittleEndian.Uint32(src))
	case 8:
		binary.LittleEndian.PutUint64(dst, binary.LittleEndian.Uint64(src))
	default:
		copy(dst, src)
	}
}

// checked returns the canonical form of a bool, char or set of flags. It traps if bits is not a
// char.
func (t *Type) checked(bits uint32) uint32 {
	switch t.kind {
	case kBool:
		if bits != 0 {
			return 1
		}
		return 0
	case kChar:
		return uint32(charOf(bits))
	case kFlags:
		return t.flagBits(bits)
	default:
		panic(fmt.Sprintf("unreachable: kind %d", t.kind))
	}
}

// handle passes a handle and returns its index in the destination's table.
func (c copying) handle(a, b *Type, i uint32) uint32 {
	if a.kind == kOwn {
		h := c.from.takeOwn(a, i)
		c.to.checkResource(b, h)
		return c.to.Inst.Handles.Add(h)
	}
	h := c.from.lend(a, i)
	c.to.checkResource(b, h)
	if h.Type.Impl == c.to.Inst {
		return h.Rep
	}
	return c.to.addBorrow(&ResourceHandle{Resource: Resource{Type: h.Type, Rep: h.Rep}, Host: h.Host})
}

func loadPair(m []byte) (ptr, n uint32) {
	return binary.LittleEndian.Uint32(m), binary.LittleEndian.Uint32(m[4:])
}

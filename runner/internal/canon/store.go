package canon

import (
	"context"
	"encoding/binary"

	"github.com/mortise-wasm/mortise/model/value"
)

// store writes v, a value of type t, at ptr, which must be aligned and in bounds.
func (c *Context) store(t *Type, v value.Value, ptr uint32) {
	switch t.kind {
	case kBool, kS8, kU8, kS16, kU16, kS32, kU32, kS64, kU64, kF32, kF64, kChar, kFlags:
		storeInt(c.mem[ptr:], t.size, t.scalar(v))
	case kString:
		p, n := c.storeString(v.Str())
		storePair(c.mem[ptr:], p, n)
	case kList, kMap:
		p, n := c.storeList(t, v)
		storePair(c.mem[ptr:], p, n)
	case kFixedList:
		c.storeElems(t.elem, v, ptr, int(t.n))
	case kRecord, kTuple:
		for i, f := range t.fields {
			c.store(f.typ, v.Index(i), ptr+f.offset)
		}
	case kVariant, kOption, kResult, kEnum:
		i := t.caseOf(v)
		storeInt(c.mem[ptr:], t.discSize, uint64(i))
		if t.cases[i] != nil {
			c.store(t.cases[i], v.Payload(), ptr+t.payload)
		}
	case kOwn:
		binary.LittleEndian.PutUint32(c.mem[ptr:], c.lowerOwn(t, v))
	case kBorrow:
		binary.LittleEndian.PutUint32(c.mem[ptr:], c.lowerBorrow(t, v))
	default:
		panic(unsupported(t))
	}
}

func storePair(m []byte, ptr, n uint32) {
	binary.LittleEndian.PutUint32(m, ptr)
	binary.LittleEndian.PutUint32(m[4:], n)
}

func storeInt(m []byte, size uint32, n uint64) {
	switch size {
	case 1:
		m[0] = byte(n)
	case 2:
		binary.LittleEndian.PutUint16(m, uint16(n))
	case 4:
		binary.LittleEndian.PutUint32(m, uint32(n))
	default:
		binary.LittleEndian.PutUint64(m, n)
	}
}

// scalar returns the core value of a value that is a single number: integers sign-extended to 32
// bits, floats as their bits.
func (t *Type) scalar(v value.Value) uint64 {
	switch t.kind {
	case kS8, kS16, kS32:
		return uint64(uint32(v.Int()))
	case kF32:
		return uint64(bits32(v.F32()))
	case kF64:
		return bits64(v.F64())
	case kFlags:
		return uint64(t.flagBits(v.Flags()))
	default:
		return v.Bits()
	}
}

// caseOf returns the case index of a variant, enum, option or result.
func (t *Type) caseOf(v value.Value) uint32 { return uint32(v.Bits()) }

func (c *Context) storeList(t *Type, v value.Value) (ptr, n uint32) {
	e, count := t.elem, v.Len()
	size := uint64(count) * uint64(e.size)
	if size > maxMemory {
		Trapf("list is too long: its elements take %d bytes", size)
	}
	ptr = c.realloc(0, 0, e.align, uint32(size), "list content")
	if t.kind == kMap {
		for i, x := range v.Entries() {
			at := ptr + uint32(i)*e.size
			c.store(e.fields[0].typ, x.Key, at+e.fields[0].offset)
			c.store(e.fields[1].typ, x.Value, at+e.fields[1].offset)
		}
		return ptr, uint32(count)
	}
	c.storeElems(e, v, ptr, count)
	return ptr, uint32(count)
}

func (c *Context) storeElems(e *Type, v value.Value, ptr uint32, count int) {
	if storePacked(c.mem[ptr:], e, v) {
		return
	}
	for i := range count {
		c.store(e, v.Index(i), ptr+uint32(i)*e.size)
	}
}

// storePacked writes a packed list of numbers or bools. It reports whether v is one.
func storePacked(m []byte, e *Type, v value.Value) bool {
	switch e.kind {
	case kBool:
		return storeScalars(m, 1, v, func(m []byte, x bool) { storeInt(m, 1, value.Bool(x).Bits()) })
	case kU8:
		return storeScalars(m, 1, v, func(m []byte, x uint8) { m[0] = x })
	case kS8:
		return storeScalars(m, 1, v, func(m []byte, x int8) { m[0] = byte(x) })
	case kU16:
		return storeScalars(m, 2, v, binary.LittleEndian.PutUint16)
	case kS16:
		return storeScalars(m, 2, v, func(m []byte, x int16) { binary.LittleEndian.PutUint16(m, uint16(x)) })
	case kU32:
		return storeScalars(m, 4, v, binary.LittleEndian.PutUint32)
	case kS32:
		return storeScalars(m, 4, v, func(m []byte, x int32) { binary.LittleEndian.PutUint32(m, uint32(x)) })
	case kU64:
		return storeScalars(m, 8, v, binary.LittleEndian.PutUint64)
	case kS64:
		return storeScalars(m, 8, v, func(m []byte, x int64) { binary.LittleEndian.PutUint64(m, uint64(x)) })
	case kF32:
		return storeScalars(m, 4, v, func(m []byte, x float32) { binary.LittleEndian.PutUint32(m, bits32(x)) })
	case kF64:
		return storeScalars(m, 8, v, func(m []byte, x float64) { binary.LittleEndian.PutUint64(m, bits64(x)) })
	default:
		return false
	}
}

func storeScalars[T value.Scalar](m []byte, size int, v value.Value, write func([]byte, T)) bool {
	elems, ok := value.PackedOf[T](v)
	if !ok {
		return false
	}
	if b, ok := any(elems).([]byte); ok {
		CopyMemory(context.Background(), m, b)
		return true
	}
	for i, x := range elems {
		write(m[i*size:], x)
	}
	return true
}

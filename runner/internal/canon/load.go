package canon

import (
	"encoding/binary"
	"math"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/value"
)

const (
	canonicalNaN32 = 0x7fc00000
	canonicalNaN64 = 0x7ff8000000000000
)

func float32Of(bits uint32) float32 {
	f := math.Float32frombits(bits)
	if f != f {
		return math.Float32frombits(canonicalNaN32)
	}
	return f
}

func float64Of(bits uint64) float64 {
	f := math.Float64frombits(bits)
	if f != f {
		return math.Float64frombits(canonicalNaN64)
	}
	return f
}

func bits32(f float32) uint32 {
	if f != f {
		return canonicalNaN32
	}
	return math.Float32bits(f)
}

func bits64(f float64) uint64 {
	if f != f {
		return canonicalNaN64
	}
	return math.Float64bits(f)
}

func charOf(i uint32) rune {
	if i >= 0x110000 || 0xD800 <= i && i <= 0xDFFF {
		Trapf("invalid `char` bit pattern")
	}
	return rune(i)
}

// load reads a value of type t at ptr, which must be aligned and in bounds.
func (c *Context) load(t *Type, ptr uint32) value.Value {
	m := c.mem[ptr:]
	switch t.kind {
	case kBool:
		return value.Bool(m[0] != 0)
	case kS8:
		return value.S8(int8(m[0]))
	case kU8:
		return value.U8(m[0])
	case kS16:
		return value.S16(int16(binary.LittleEndian.Uint16(m)))
	case kU16:
		return value.U16(binary.LittleEndian.Uint16(m))
	case kS32:
		return value.S32(int32(binary.LittleEndian.Uint32(m)))
	case kU32:
		return value.U32(binary.LittleEndian.Uint32(m))
	case kS64:
		return value.S64(int64(binary.LittleEndian.Uint64(m)))
	case kU64:
		return value.U64(binary.LittleEndian.Uint64(m))
	case kF32:
		return value.F32(float32Of(binary.LittleEndian.Uint32(m)))
	case kF64:
		return value.F64(float64Of(binary.LittleEndian.Uint64(m)))
	case kChar:
		return value.Char(charOf(binary.LittleEndian.Uint32(m)))
	case kString:
		return value.String(c.loadString(binary.LittleEndian.Uint32(m), binary.LittleEndian.Uint32(m[4:])))
	case kList, kMap:
		return c.loadList(t, binary.LittleEndian.Uint32(m), binary.LittleEndian.Uint32(m[4:]))
	case kFixedList:
		return c.loadElems(t.elem, ptr, t.n)
	case kRecord, kTuple:
		c.charge(valueSize * uint64(len(t.fields)))
		vs := make([]value.Value, len(t.fields))
		for i, f := range t.fields {
			vs[i] = c.load(f.typ, ptr+f.offset)
		}
		return t.product(vs)
	case kVariant, kOption, kResult, kEnum:
		return c.loadVariant(t, ptr)
	case kFlags:
		return value.Flags(t.flagBits(loadInt(m, t.size)))
	case kOwn:
		return c.liftOwn(t, binary.LittleEndian.Uint32(m))
	case kBorrow:
		return c.liftBorrow(t, binary.LittleEndian.Uint32(m))
	default:
		panic(unsupported(t))
	}
}

// unsupported returns the trap for a type whose values this runner cannot pass.
func unsupported(t *Type) *Trap {
	return &Trap{Message: "values of this type cannot be passed yet: streams, futures and error contexts need asynchronous calls",
		Cause: ErrUnsupported}
}

func (t *Type) product(vs []value.Value) value.Value {
	if t.kind == kRecord {
		return value.Record(vs)
	}
	return value.Tuple(vs)
}

// flagBits clears the bits that do not stand for a flag.
func (t *Type) flagBits(bits uint32) uint32 {
	if t.n < 32 {
		bits &= 1<<t.n - 1
	}
	return bits
}

// loadInt reads an unsigned integer of 1, 2 or 4 bytes.
func loadInt(m []byte, size uint32) uint32 {
	switch size {
	case 1:
		return uint32(m[0])
	case 2:
		return uint32(binary.LittleEndian.Uint16(m))
	default:
		return binary.LittleEndian.Uint32(m)
	}
}

func (c *Context) loadVariant(t *Type, ptr uint32) value.Value {
	i := t.caseIndex(loadInt(c.mem[ptr:], t.discSize))
	if t.cases[i] == nil {
		return t.sum(i, value.Value{})
	}
	c.charge(valueSize)
	return t.sum(i, c.load(t.cases[i], ptr+t.payload))
}

// caseIndex returns i. It traps if i is not a valid discriminant.
func (t *Type) caseIndex(i uint32) uint32 {
	if i >= t.n {
		Trapf("invalid variant discriminant")
	}
	return i
}

// sum returns the value of case i of a variant, enum, option or result.
func (t *Type) sum(i uint32, payload value.Value) value.Value {
	switch {
	case t.kind == kEnum:
		return value.Enum(int(i))
	case t.kind == kVariant:
		return value.Variant(int(i), payload)
	case t.kind == kOption && i == 0:
		return value.None()
	case t.kind == kOption:
		return value.Some(payload)
	case i == 0:
		return value.OK(payload)
	default:
		return value.Err(payload)
	}
}

func (c *Context) loadList(t *Type, ptr, n uint32) value.Value {
	c.checkList(t, ptr, n)
	if t.kind == kMap {
		return c.loadMap(t.elem, ptr, n)
	}
	return c.loadElems(t.elem, ptr, n)
}

// checkList traps unless ptr is a valid pointer to n elements of a list or map of type t.
func (c *Context) checkList(t *Type, ptr, n uint32) {
	e := t.elem
	size := uint64(n) * uint64(e.size)
	if size > abi.MaxListByteLength {
		Trapf("list is too long: its elements take %d bytes, and %d is the limit", size, abi.MaxListByteLength)
	}
	if ptr&(e.align-1) != 0 {
		Trapf("unaligned pointer")
	}
	if uint64(ptr)+size > uint64(len(c.mem)) {
		Trapf("list content out-of-bounds")
	}
}

func (c *Context) loadMap(e *Type, ptr, n uint32) value.Value {
	c.charge(2 * valueSize * uint64(n))
	entries := make([]value.Entry, n)
	for i := range entries {
		at := ptr + uint32(i)*e.size
		entries[i] = value.Entry{Key: c.load(e.fields[0].typ, at+e.fields[0].offset), Value: c.load(e.fields[1].typ, at+e.fields[1].offset)}
	}
	return value.Map(entries)
}

// loadElems reads n elements, which must be in bounds. Lists of scalars, enums and flags are
// packed: in Go they take no more space than in memory. Lists of handles take twice as much.
func (c *Context) loadElems(e *Type, ptr, n uint32) value.Value {
	m := c.mem[ptr : uint64(ptr)+uint64(n)*uint64(e.size)]
	switch {
	case e.packed():
		c.charge(uint64(len(m)))
	case e.kind == kOwn || e.kind == kBorrow:
		c.charge(pointerSize * uint64(n))
	default:
		c.charge(valueSize * uint64(n))
	}
	switch e.kind {
	case kBool:
		return value.Packed(loadSlice(m, 1, n, func(m []byte) bool { return m[0] != 0 }))
	case kU8:
		b := make([]byte, len(m))
		c.copyMemory(b, m)
		return value.Bytes(b)
	case kS8:
		return value.Packed(loadSlice(m, 1, n, func(m []byte) int8 { return int8(m[0]) }))
	case kU16:
		return value.Packed(loadSlice(m, 2, n, binary.LittleEndian.Uint16))
	case kS16:
		return value.Packed(loadSlice(m, 2, n, func(m []byte) int16 { return int16(binary.LittleEndian.Uint16(m)) }))
	case kU32:
		return value.Packed(loadSlice(m, 4, n, binary.LittleEndian.Uint32))
	case kS32:
		return value.Packed(loadSlice(m, 4, n, func(m []byte) int32 { return int32(binary.LittleEndian.Uint32(m)) }))
	case kU64:
		return value.Packed(loadSlice(m, 8, n, binary.LittleEndian.Uint64))
	case kS64:
		return value.Packed(loadSlice(m, 8, n, func(m []byte) int64 { return int64(binary.LittleEndian.Uint64(m)) }))
	case kF32:
		return value.Packed(loadSlice(m, 4, n, func(m []byte) float32 { return float32Of(binary.LittleEndian.Uint32(m)) }))
	case kF64:
		return value.Packed(loadSlice(m, 8, n, func(m []byte) float64 { return float64Of(binary.LittleEndian.Uint64(m)) }))
	case kChar:
		return value.PackedChars(loadSlice(m, 4, n, func(m []byte) rune { return charOf(binary.LittleEndian.Uint32(m)) }))
	case kEnum:
		return loadIndices(e.discSize, m, n, e.caseIndex, value.PackedEnums[uint8], value.PackedEnums[uint16], value.PackedEnums[uint32])
	case kFlags:
		return loadIndices(e.size, m, n, e.flagBits, value.PackedFlags[uint8], value.PackedFlags[uint16], value.PackedFlags[uint32])
	case kOwn:
		return value.PackedOwns(loadSlice(m, 4, n, func(m []byte) *ResourceHandle { return c.takeOwn(e, loadInt(m, 4)) }))
	case kBorrow:
		return c.liftBorrows(e, m, n)
	}
	vs := make([]value.Value, n)
	for i := range vs {
		vs[i] = c.load(e, ptr+uint32(i)*e.size)
	}
	return value.List(vs)
}

// packed reports whether lists of t are packed.
func (t *Type) packed() bool {
	switch t.kind {
	case kBool, kU8, kS8, kU16, kS16, kU32, kS32, kU64, kS64, kF32, kF64, kChar, kEnum, kFlags:
		return true
	}
	return false
}

// loadIndices reads enum cases or flag bits of size bytes each.
func loadIndices(size uint32, m []byte, n uint32, check func(uint32) uint32, of8 func([]uint8) value.Value, of16 func([]uint16) value.Value,
	of32 func([]uint32) value.Value) value.Value {
	switch size {
	case 1:
		return of8(loadSlice(m, 1, n, func(m []byte) uint8 { return uint8(check(loadInt(m, 1))) }))
	case 2:
		return of16(loadSlice(m, 2, n, func(m []byte) uint16 { return uint16(check(loadInt(m, 2))) }))
	default:
		return of32(loadSlice(m, 4, n, func(m []byte) uint32 { return check(loadInt(m, 4)) }))
	}
}

func loadSlice[T any](m []byte, size int, n uint32, read func([]byte) T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = read(m[i*size:])
	}
	return out
}

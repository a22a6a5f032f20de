package canon

import (
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/value"
)

// The engine's stack holds core values as 64-bit words: an i32 in the low half, a float as its
// bits. The coercions between the joined types of a variant's cases (CanonicalABI.md, "Flat
// Lifting") therefore need no code: reading an i32 or f32 takes the low half.

// liftFlat lifts a value of type t from the first t.flat words of s.
func (c *Context) liftFlat(t *Type, s []uint64) value.Value {
	switch t.kind {
	case kBool:
		return value.Bool(uint32(s[0]) != 0)
	case kS8:
		return value.S8(int8(s[0]))
	case kU8:
		return value.U8(uint8(s[0]))
	case kS16:
		return value.S16(int16(s[0]))
	case kU16:
		return value.U16(uint16(s[0]))
	case kS32:
		return value.S32(int32(s[0]))
	case kU32:
		return value.U32(uint32(s[0]))
	case kS64:
		return value.S64(int64(s[0]))
	case kU64:
		return value.U64(s[0])
	case kF32:
		return value.F32(float32Of(uint32(s[0])))
	case kF64:
		return value.F64(float64Of(s[0]))
	case kChar:
		return value.Char(charOf(uint32(s[0])))
	case kString:
		return value.String(c.loadString(uint32(s[0]), uint32(s[1])))
	case kList, kMap:
		return c.loadList(t, uint32(s[0]), uint32(s[1]))
	case kFixedList:
		vs := make([]value.Value, t.n)
		for i := range vs {
			vs[i] = c.liftFlat(t.elem, s[i*t.elem.flat:])
		}
		return value.List(vs)
	case kRecord, kTuple:
		vs := make([]value.Value, len(t.fields))
		for i, f := range t.fields {
			vs[i] = c.liftFlat(f.typ, s)
			s = s[f.typ.flat:]
		}
		return t.product(vs)
	case kVariant, kOption, kResult, kEnum:
		i := uint32(s[0])
		if i >= t.n {
			Trapf("invalid variant discriminant")
		}
		if t.cases[i] == nil {
			return t.sum(i, value.Value{})
		}
		return t.sum(i, c.liftFlat(t.cases[i], s[1:]))
	case kFlags:
		return value.Flags(t.flagBits(uint32(s[0])))
	case kOwn:
		return c.liftOwn(t, uint32(s[0]))
	case kBorrow:
		return c.liftBorrow(t, uint32(s[0]))
	default:
		panic(unsupported(t))
	}
}

// lowerFlat lowers v, a value of type t, into the first t.flat words of s.
func (c *Context) lowerFlat(t *Type, v value.Value, s []uint64) {
	switch t.kind {
	case kBool, kS8, kU8, kS16, kU16, kS32, kU32, kS64, kU64, kF32, kF64, kChar, kFlags:
		s[0] = t.scalar(v)
	case kString:
		p, n := c.storeString(v.Str())
		s[0], s[1] = uint64(p), uint64(n)
	case kList, kMap:
		p, n := c.storeList(t, v)
		s[0], s[1] = uint64(p), uint64(n)
	case kFixedList:
		for i := range int(t.n) {
			c.lowerFlat(t.elem, v.Index(i), s[i*t.elem.flat:])
		}
	case kRecord, kTuple:
		for i, f := range t.fields {
			c.lowerFlat(f.typ, v.Index(i), s)
			s = s[f.typ.flat:]
		}
	case kVariant, kOption, kResult, kEnum:
		i := t.caseOf(v)
		clear(s[:t.flat])
		s[0] = uint64(i)
		if t.cases[i] != nil {
			c.lowerFlat(t.cases[i], v.Payload(), s[1:])
		}
	case kOwn:
		s[0] = uint64(c.lowerOwn(t, v))
	case kBorrow:
		s[0] = uint64(c.lowerBorrow(t, v))
	default:
		panic(unsupported(t))
	}
}

// at returns ptr. It traps unless ptr is a valid pointer to a value of type t.
func (c *Context) at(t *Type, ptr uint32) uint32 {
	if ptr&(t.align-1) != 0 {
		Trapf("unaligned pointer")
	}
	if uint64(ptr)+uint64(t.size) > uint64(len(c.mem)) {
		Trapf("pointer out-of-bounds")
	}
	return ptr
}

// LiftParams lifts the parameters of a call from the words that core code passed. Core code passes
// at most limit words directly and more of them through memory. LiftParams also returns the number
// of words that it read.
func (c *Context) LiftParams(s *Sig, stack []uint64, limit int) ([]value.Value, int) {
	vs := make([]value.Value, len(s.Params))
	return vs, c.liftParams(s, stack, limit, vs)
}

// liftParams is like LiftParams. It leaves the parameters in vs.
func (c *Context) liftParams(s *Sig, stack []uint64, limit int, vs []value.Value) int {
	c.viewParams(s, limit)
	c.startLifting()
	if s.ParamsInMemory(limit) {
		ptr := c.at(s.tuple, uint32(stack[0]))
		for i, f := range s.tuple.fields {
			vs[i] = c.load(f.typ, ptr+f.offset)
		}
		return 1
	}
	at := 0
	for i, p := range s.Params {
		vs[i] = c.liftFlat(p, stack[at:])
		at += p.flat
	}
	return at
}

// LowerParams lowers the arguments of a call into the words to pass to the core function. If there
// are too many, it allocates memory for them.
func (c *Context) LowerParams(s *Sig, args []value.Value, stack []uint64) {
	c.viewParams(s, abi.MaxFlatParams)
	if s.ParamsInMemory(abi.MaxFlatParams) {
		ptr := c.realloc(0, 0, s.tuple.align, s.tuple.size, "pointer")
		for i, f := range s.tuple.fields {
			c.store(f.typ, args[i], ptr+f.offset)
		}
		stack[0] = uint64(ptr)
		return
	}
	at := 0
	for i, p := range s.Params {
		c.lowerFlat(p, args[i], stack[at:])
		at += p.flat
	}
}

// LiftResult lifts the result of a core function from the word that it returned. It returns the
// zero value if there is no result.
func (c *Context) LiftResult(s *Sig, stack []uint64) value.Value {
	if s.Result == nil {
		return value.Value{}
	}
	c.viewResult(s)
	if s.ResultInMemory() {
		c.startLifting()
		return c.load(s.Result, c.at(s.Result, uint32(stack[0])))
	}
	return c.liftFlat(s.Result, stack)
}

// LowerResult lowers the result of a call into the word to return to core code, or into memory at
// out.
func (c *Context) LowerResult(s *Sig, v value.Value, stack []uint64, out uint32) {
	if s.Result == nil {
		return
	}
	c.viewResult(s)
	if s.ResultInMemory() {
		c.store(s.Result, v, c.at(s.Result, out))
		return
	}
	c.lowerFlat(s.Result, v, stack)
}

package value

import (
	"fmt"
	"iter"
	"math"
)

// Value is one value. The zero Value represents the missing payload of a case without one.
//
// Accessors panic if the value has another [Kind]. Check with [Value.Kind], or with [Check] against
// a type, first.
type Value struct {
	kind Kind
	// num is the number, code point, bits, or case index. For options 1 is some; for results 0 is ok.
	num uint64
	// ref is a string, a []Value, a packedList, a []Entry, a *Value for a payload, or a handle.
	ref any
}

// Entry is one entry of a map.
type Entry struct{ Key, Value Value }

// Bool returns a bool.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, num: 1}
	}
	return Value{kind: KindBool}
}

// S8 returns an s8.
func S8(n int8) Value { return Value{kind: KindS8, num: uint64(n)} }

// U8 returns a u8.
func U8(n uint8) Value { return Value{kind: KindU8, num: uint64(n)} }

// S16 returns an s16.
func S16(n int16) Value { return Value{kind: KindS16, num: uint64(n)} }

// U16 returns a u16.
func U16(n uint16) Value { return Value{kind: KindU16, num: uint64(n)} }

// S32 returns an s32.
func S32(n int32) Value { return Value{kind: KindS32, num: uint64(n)} }

// U32 returns a u32.
func U32(n uint32) Value { return Value{kind: KindU32, num: uint64(n)} }

// S64 returns an s64.
func S64(n int64) Value { return Value{kind: KindS64, num: uint64(n)} }

// U64 returns a u64.
func U64(n uint64) Value { return Value{kind: KindU64, num: n} }

// F32 returns an f32 with the bits of f.
func F32(f float32) Value { return Value{kind: KindF32, num: uint64(math.Float32bits(f))} }

// F64 returns an f64 with the bits of f.
func F64(f float64) Value { return Value{kind: KindF64, num: math.Float64bits(f)} }

// Char returns a char. It is valid if r is a Unicode scalar value, which [Check] verifies.
func Char(r rune) Value { return Value{kind: KindChar, num: uint64(uint32(r))} }

// String returns a string. It is valid if s is UTF-8, which [Check] verifies.
func String(s string) Value { return Value{kind: KindString, ref: s} }

// List returns a list of elems, also for a list type of fixed length. It takes ownership of elems.
// [Packed] is better for lists of numbers and other small values.
func List(elems []Value) Value { return Value{kind: KindList, ref: elems} }

// Record returns a record with the field values in the order of the type. It takes ownership of
// fields.
func Record(fields []Value) Value { return Value{kind: KindRecord, ref: fields} }

// Tuple returns a tuple of elems, of which it takes ownership.
func Tuple(elems []Value) Value { return Value{kind: KindTuple, ref: elems} }

// Variant returns the given case of a variant. The payload is the zero Value for a case without
// payload.
func Variant(c int, payload Value) Value {
	return Value{kind: KindVariant, num: uint64(c), ref: payloadRef(payload)}
}

// Enum returns the given case of an enum.
func Enum(c int) Value { return Value{kind: KindEnum, num: uint64(c)} }

// Flags returns flags. Bit i is flag i of the type.
func Flags(bits uint32) Value { return Value{kind: KindFlags, num: uint64(bits)} }

// Some returns the option some with payload v.
func Some(v Value) Value { return Value{kind: KindOption, num: 1, ref: payloadRef(v)} }

// None returns the option none.
func None() Value { return Value{kind: KindOption} }

// OK returns an ok result. The payload is the zero Value if the result type has no ok payload.
func OK(payload Value) Value { return Value{kind: KindResult, ref: payloadRef(payload)} }

// Err returns an err result. The payload is the zero Value if the result type has no err payload.
func Err(payload Value) Value { return Value{kind: KindResult, num: 1, ref: payloadRef(payload)} }

// Map returns a map with the entries in the given order. It takes ownership of entries.
func Map(entries []Entry) Value { return Value{kind: KindMap, ref: entries} }

// Own returns an owned handle. The program and its runner agree on the meaning of handle.
func Own(handle any) Value { return Value{kind: KindOwn, ref: handle} }

// Borrow returns a borrowed handle; see [Own].
func Borrow(handle any) Value { return Value{kind: KindBorrow, ref: handle} }

// Stream returns the readable end of a stream; see [Own].
func Stream(handle any) Value { return Value{kind: KindStream, ref: handle} }

// Future returns the readable end of a future; see [Own].
func Future(handle any) Value { return Value{kind: KindFuture, ref: handle} }

// ErrorContext returns an error context; see [Own].
func ErrorContext(handle any) Value { return Value{kind: KindErrorContext, ref: handle} }

func payloadRef(v Value) any {
	if v.kind == 0 {
		return nil
	}
	return &v
}

// Kind returns the form of v, or 0 for the zero Value.
func (v Value) Kind() Kind { return v.kind }

// IsZero reports whether v is the zero Value.
func (v Value) IsZero() bool { return v.kind == 0 }

func (v Value) must(k Kind) {
	if v.kind != k {
		panic(fmt.Sprintf("value: %s used as %s", v.kind, k))
	}
}

// Bool returns the value of a bool.
func (v Value) Bool() bool { v.must(KindBool); return v.num != 0 }

// S8 returns the value of an s8.
func (v Value) S8() int8 { v.must(KindS8); return int8(v.num) }

// U8 returns the value of a u8.
func (v Value) U8() uint8 { v.must(KindU8); return uint8(v.num) }

// S16 returns the value of an s16.
func (v Value) S16() int16 { v.must(KindS16); return int16(v.num) }

// U16 returns the value of a u16.
func (v Value) U16() uint16 { v.must(KindU16); return uint16(v.num) }

// S32 returns the value of an s32.
func (v Value) S32() int32 { v.must(KindS32); return int32(v.num) }

// U32 returns the value of a u32.
func (v Value) U32() uint32 { v.must(KindU32); return uint32(v.num) }

// S64 returns the value of an s64.
func (v Value) S64() int64 { v.must(KindS64); return int64(v.num) }

// U64 returns the value of a u64.
func (v Value) U64() uint64 { v.must(KindU64); return v.num }

// F32 returns the value of an f32.
func (v Value) F32() float32 { v.must(KindF32); return math.Float32frombits(uint32(v.num)) }

// F64 returns the value of an f64.
func (v Value) F64() float64 { v.must(KindF64); return math.Float64frombits(v.num) }

// Char returns the value of a char.
func (v Value) Char() rune { v.must(KindChar); return rune(v.num) }

// Str returns the value of a string. ([Value.String] describes any value.)
func (v Value) Str() string { v.must(KindString); return v.ref.(string) }

// Int returns the value of a signed integer of any width.
func (v Value) Int() int64 {
	switch v.kind {
	case KindS8, KindS16, KindS32, KindS64:
		return int64(v.num)
	default:
		panic(fmt.Sprintf("value: %s used as signed integer", v.kind))
	}
}

// Uint returns the value of an unsigned integer of any width.
func (v Value) Uint() uint64 {
	switch v.kind {
	case KindU8, KindU16, KindU32, KindU64:
		return v.num
	default:
		panic(fmt.Sprintf("value: %s used as unsigned integer", v.kind))
	}
}

// Bits returns the bits of v as a core number. For an integer, this is its value (a negative
// integer is in two's complement of 64 bits); for a bool, 0 or 1; for a char, its code point; for
// flags and floats, their bits; for a variant, enum, option or result, the index of the case (some
// and err are 1). Bits saves callers that only need the bits a switch. It panics for other kinds.
func (v Value) Bits() uint64 {
	switch v.kind {
	case KindString, KindList, KindRecord, KindTuple, KindMap, KindOwn, KindBorrow, KindStream, KindFuture, KindErrorContext, 0:
		panic(fmt.Sprintf("value: %s used as bits", v.kind))
	default:
		return v.num
	}
}

// Case returns the index of the case of a variant or enum.
func (v Value) Case() int {
	if v.kind != KindEnum {
		v.must(KindVariant)
	}
	return int(v.num)
}

// Flags returns the bits of flags.
func (v Value) Flags() uint32 { v.must(KindFlags); return uint32(v.num) }

// IsSome reports whether an option is some.
func (v Value) IsSome() bool { v.must(KindOption); return v.num == 1 }

// IsOK reports whether a result is ok.
func (v Value) IsOK() bool { v.must(KindResult); return v.num == 0 }

// Payload returns the payload of a variant, option or result, or the zero Value if it has none.
func (v Value) Payload() Value {
	switch v.kind {
	case KindVariant, KindOption, KindResult:
	default:
		panic(fmt.Sprintf("value: %s has no payload", v.kind))
	}
	if v.ref == nil {
		return Value{}
	}
	return *v.ref.(*Value)
}

// Entries returns the entries of a map, without a copy.
func (v Value) Entries() []Entry { v.must(KindMap); return v.ref.([]Entry) }

// Handle returns the handle of an own, borrow, stream, future or error context.
func (v Value) Handle() any {
	switch v.kind {
	case KindOwn, KindBorrow, KindStream, KindFuture, KindErrorContext:
		return v.ref
	default:
		panic(fmt.Sprintf("value: %s used as handle", v.kind))
	}
}

// Len returns the number of elements of a list or tuple, fields of a record, or entries of a map.
func (v Value) Len() int {
	switch v.kind {
	case KindMap:
		return len(v.ref.([]Entry))
	case KindList:
		if elems, ok := v.ref.([]Value); ok {
			return len(elems)
		}
		return v.ref.(packedList).len()
	}
	return len(v.fields())
}

// Index returns element or field i of a list, tuple or record. It panics if i is out of range.
func (v Value) Index(i int) Value {
	if v.kind == KindList {
		if elems, ok := v.ref.([]Value); ok {
			return elems[i]
		}
		return v.ref.(packedList).at(i)
	}
	return v.fields()[i]
}

// Elems iterates over the elements or fields of a list, tuple or record.
func (v Value) Elems() iter.Seq[Value] {
	n := v.Len()
	return func(yield func(Value) bool) {
		for i := range n {
			if !yield(v.Index(i)) {
				return
			}
		}
	}
}

func (v Value) fields() []Value {
	if v.kind != KindTuple {
		v.must(KindRecord)
	}
	return v.ref.([]Value)
}

package value

import "fmt"

// Number is the Go types that numbers in packed lists have.
type Number interface {
	int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64 | float32 | float64
}

// Scalar is the Go types whose slices are packed lists.
type Scalar interface{ Number | bool }

// Index is the Go types that a packed list keeps the cases of an enum or the bits of flags in: the
// narrowest that holds all those of the type is what the canonical ABI has in memory.
type Index interface{ uint8 | uint16 | uint32 }

// Packed returns a list of numbers or bools that keeps them in elems, which it takes over: a list of a
// thousand u32 is one slice. [Parse] returns such lists for all lists of numbers
// and bools.
func Packed[T Scalar](elems []T) Value { return Value{kind: KindList, ref: scalars[T](elems)} }

// Bytes returns a list of u8, packed. It takes b over.
func Bytes(b []byte) Value { return Packed(b) }

// PackedChars returns a list of chars that keeps them in chars, which it takes over. As with [Char],
// [Check] finds out whether they are Unicode scalar values.
func PackedChars(chars []rune) Value { return Value{kind: KindList, ref: packedChars(chars)} }

// PackedEnums returns a list of enums that keeps their cases in cases, which it takes over.
func PackedEnums[T Index](cases []T) Value { return Value{kind: KindList, ref: packedEnums[T](cases)} }

// PackedFlags returns a list of flags that keeps their bits in bits, which it takes over.
func PackedFlags[T Index](bits []T) Value { return Value{kind: KindList, ref: packedFlags[T](bits)} }

// PackedOf returns the elements, shared, of a list that [Packed] made of a []T, and whether v is one.
func PackedOf[T Scalar](v Value) ([]T, bool) {
	if v.kind != KindList {
		return nil, false
	}
	elems, ok := v.ref.(scalars[T])
	return elems, ok
}

// Bytes returns the elements of a list of u8: shared if it is packed, else as a new slice. It panics if v is a list of
// something else.
func (v Value) Bytes() []byte {
	v.must(KindList)
	if b, ok := v.ref.(scalars[byte]); ok {
		return b
	}
	b := make([]byte, 0, v.Len())
	for e := range v.Elems() {
		b = append(b, e.U8())
	}
	return b
}

// packedList is what a list is kept in that is not a []Value.
type packedList interface {
	len() int
	// at returns element i.
	at(i int) Value
	// kind is that of the elements. Whether an element is valid may need a look all the same.
	kind() Kind
}

type scalars[T Scalar] []T

func (s scalars[T]) len() int       { return len(s) }
func (s scalars[T]) at(i int) Value { return scalar(s[i]) }
func (s scalars[T]) kind() Kind     { var zero T; return scalar(zero).kind }

func scalar[T Scalar](x T) Value {
	switch x := any(x).(type) {
	case bool:
		return Bool(x)
	case int8:
		return S8(x)
	case uint8:
		return U8(x)
	case int16:
		return S16(x)
	case uint16:
		return U16(x)
	case int32:
		return S32(x)
	case uint32:
		return U32(x)
	case int64:
		return S64(x)
	case uint64:
		return U64(x)
	case float32:
		return F32(x)
	case float64:
		return F64(x)
	default:
		panic(fmt.Sprintf("unreachable: %T", x))
	}
}

type packedChars []rune

func (s packedChars) len() int       { return len(s) }
func (s packedChars) at(i int) Value { return Char(s[i]) }
func (s packedChars) kind() Kind     { return KindChar }

type packedEnums[T Index] []T

func (s packedEnums[T]) len() int       { return len(s) }
func (s packedEnums[T]) at(i int) Value { return Enum(int(s[i])) }
func (s packedEnums[T]) kind() Kind     { return KindEnum }

type packedFlags[T Index] []T

func (s packedFlags[T]) len() int       { return len(s) }
func (s packedFlags[T]) at(i int) Value { return Flags(uint32(s[i])) }
func (s packedFlags[T]) kind() Kind     { return KindFlags }

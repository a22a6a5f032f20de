package value

import "fmt"

// Number is the Go types whose slices are packed lists.
type Number interface {
	int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64 | float32 | float64
}

// Packed returns a list of numbers that keeps them in elems, which it takes over: a list of a thousand u32 is one slice.
// [Parse] returns such lists for all lists of numbers.
func Packed[T Number](elems []T) Value { return Value{kind: KindList, ref: elems} }

// Bytes returns a list of u8, packed. It takes b over.
func Bytes(b []byte) Value { return Packed(b) }

// PackedOf returns the elements, shared, of a list that [Packed] made of a []T, and whether v is one.
func PackedOf[T Number](v Value) ([]T, bool) {
	if v.kind != KindList {
		return nil, false
	}
	elems, ok := v.ref.([]T)
	return elems, ok
}

// Bytes returns the elements of a list of u8: shared if it is packed, else as a new slice. It panics if v is a list of
// something else.
func (v Value) Bytes() []byte {
	v.must(KindList)
	if b, ok := v.ref.([]byte); ok {
		return b
	}
	b := make([]byte, 0, v.Len())
	for e := range v.Elems() {
		b = append(b, e.U8())
	}
	return b
}

// packedKind returns the kind of the elements of a packed list, or 0 if ref is none.
func packedKind(ref any) Kind {
	switch ref.(type) {
	case []int8:
		return KindS8
	case []uint8:
		return KindU8
	case []int16:
		return KindS16
	case []uint16:
		return KindU16
	case []int32:
		return KindS32
	case []uint32:
		return KindU32
	case []int64:
		return KindS64
	case []uint64:
		return KindU64
	case []float32:
		return KindF32
	case []float64:
		return KindF64
	default:
		return 0
	}
}

func packedLen(ref any) int {
	switch s := ref.(type) {
	case []int8:
		return len(s)
	case []uint8:
		return len(s)
	case []int16:
		return len(s)
	case []uint16:
		return len(s)
	case []int32:
		return len(s)
	case []uint32:
		return len(s)
	case []int64:
		return len(s)
	case []uint64:
		return len(s)
	case []float32:
		return len(s)
	case []float64:
		return len(s)
	default:
		panic(fmt.Sprintf("unreachable: %T", ref))
	}
}

func packedIndex(ref any, i int) Value {
	switch s := ref.(type) {
	case []int8:
		return S8(s[i])
	case []uint8:
		return U8(s[i])
	case []int16:
		return S16(s[i])
	case []uint16:
		return U16(s[i])
	case []int32:
		return S32(s[i])
	case []uint32:
		return U32(s[i])
	case []int64:
		return S64(s[i])
	case []uint64:
		return U64(s[i])
	case []float32:
		return F32(s[i])
	case []float64:
		return F64(s[i])
	default:
		panic(fmt.Sprintf("unreachable: %T", ref))
	}
}

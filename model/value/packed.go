package value

import "fmt"

// Number lists the Go types of numbers in packed lists.
type Number interface {
	int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64 | float32 | float64
}

// Scalar lists the Go types whose slices can be packed lists.
type Scalar interface{ Number | bool }

// Index lists the Go types for the enum cases or flag bits of a packed list. In memory, the
// canonical ABI uses the narrowest type that can hold all cases or bits.
type Index interface{ uint8 | uint16 | uint32 }

// Packed returns a list of numbers or bools that is stored in elems. A list of a thousand u32, for
// example, is a single slice. Packed takes ownership of elems. [Parse] returns packed lists for all
// lists of numbers and bools.
func Packed[T Scalar](elems []T) Value { return Value{kind: KindList, ref: scalars[T](elems)} }

// Bytes returns a packed list of u8. It takes ownership of b.
func Bytes(b []byte) Value { return Packed(b) }

// PackedChars returns a list of chars that is stored in chars, of which it takes ownership. As with
// [Char], [Check] reports whether the chars are Unicode scalar values.
func PackedChars(chars []rune) Value { return Value{kind: KindList, ref: packedChars(chars)} }

// PackedEnums returns a list of enums that is stored in cases, of which it takes ownership.
func PackedEnums[T Index](cases []T) Value { return Value{kind: KindList, ref: packedEnums[T](cases)} }

// PackedFlags returns a list of flags that is stored in bits, of which it takes ownership.
func PackedFlags[T Index](bits []T) Value { return Value{kind: KindList, ref: packedFlags[T](bits)} }

// Handled is an element of a packed list of handles. It finds its handle when it is asked for it.
type Handled interface {
	// Handle returns the handle, always the same one.
	Handle() any
}

// PackedOwns returns a list of owned handles that is stored in elems, of which it takes ownership.
// If T is a pointer, an element takes no more than the pointer.
func PackedOwns[T Handled](elems []T) Value { return Value{kind: KindList, ref: packedOwns[T](elems)} }

// PackedBorrows returns a list of borrowed handles that is stored in elems; see [PackedOwns].
func PackedBorrows[T Handled](elems []T) Value {
	return Value{kind: KindList, ref: packedBorrows[T](elems)}
}

// PackedOf returns the elements of a list that [Packed] made of a []T, without a copy. It also
// reports whether v is such a list.
func PackedOf[T Scalar](v Value) ([]T, bool) {
	if v.kind != KindList {
		return nil, false
	}
	elems, ok := v.ref.(scalars[T])
	return elems, ok
}

// Bytes returns the elements of a list of u8. The result shares memory with a packed list and is a
// new slice otherwise. Bytes panics if v is a list of another type.
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

// packedList is the storage of a list that is not a []Value.
type packedList interface {
	len() int
	// at returns element i.
	at(i int) Value
	// kind returns the kind of the elements. An element of this kind can still be invalid.
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

type packedOwns[T Handled] []T

func (s packedOwns[T]) len() int       { return len(s) }
func (s packedOwns[T]) at(i int) Value { return Own(s[i].Handle()) }
func (s packedOwns[T]) kind() Kind     { return KindOwn }

type packedBorrows[T Handled] []T

func (s packedBorrows[T]) len() int       { return len(s) }
func (s packedBorrows[T]) at(i int) Value { return Borrow(s[i].Handle()) }
func (s packedBorrows[T]) kind() Kind     { return KindBorrow }

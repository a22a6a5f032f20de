package adapter

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/abi"
)

// Trap is the number of a trap that an adapter raises through the host.
type Trap uint32

// The traps.
const (
	CannotLeave Trap = iota + 1
	CannotEnter
	Unaligned
	PointerBounds
	StringLength // the argument is the size in bytes
	StringBounds
	ListLength // the argument is the size in bytes
	ListBounds
	Discriminant
	BadChar
	ReallocUnaligned
	ReallocPointer
	ReallocString
	ReallocList
)

var trapMessages = map[Trap]string{
	CannotLeave:      "cannot leave component instance",
	CannotEnter:      "cannot enter component instance",
	Unaligned:        "unaligned pointer",
	PointerBounds:    "pointer out-of-bounds",
	StringBounds:     "string content out-of-bounds: string pointer/length out of bounds of memory",
	ListBounds:       "list content out-of-bounds",
	Discriminant:     "invalid variant discriminant",
	BadChar:          "invalid `char` bit pattern",
	ReallocUnaligned: "unaligned pointer: realloc return: result not aligned",
	ReallocPointer:   "pointer out-of-bounds: realloc return: beyond end of memory",
	ReallocString:    "string content out-of-bounds: realloc return: beyond end of memory",
	ReallocList:      "list content out-of-bounds: realloc return: beyond end of memory",
}

// Message returns the message of the trap, in the words of package canon. arg is the second
// argument of the host function.
func (t Trap) Message(arg uint64) string {
	switch t {
	case StringLength:
		return fmt.Sprintf("string is too long: it takes %d bytes, and %d is the limit", arg, abi.MaxStringByteLength)
	case ListLength:
		return fmt.Sprintf("list is too long: its elements take %d bytes, and %d is the limit", arg, abi.MaxListByteLength)
	}
	if m, ok := trapMessages[t]; ok {
		return m
	}
	return fmt.Sprintf("adapter trap %d", uint32(t))
}

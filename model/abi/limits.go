package abi

import "github.com/mortise-wasm/mortise/model/types"

// The limits of CanonicalABI.md.
const (
	// MaxFlatParams is the largest number of core parameters; more are passed in memory
	// ("Flattening").
	MaxFlatParams = 16
	// MaxFlatAsyncParams is MaxFlatParams for functions lowered with the async option.
	MaxFlatAsyncParams = 4
	// MaxFlatResults is the largest number of core results; more are passed in memory.
	MaxFlatResults = 1
	// MaxStringByteLength is the largest size of a string in memory, in bytes ("Loading").
	MaxStringByteLength = 1<<28 - 1
	// MaxListByteLength is the largest size of the elements of a list in memory, in bytes ("Loading").
	MaxListByteLength = 1<<28 - 1
	// MaxElemSize is the largest size of a valid type, computed with 64-bit pointers ("Element Size").
	MaxElemSize = 1<<28 - 1
	// MaxTableLength is the largest handle index ("Table State").
	MaxTableLength = 1<<28 - 1
	// MaxBufferLength is the largest number of elements in one copy of a stream ("Buffer State").
	MaxBufferLength = 1<<28 - 1
	// MaxFlags is the largest number of labels of a flags type ("Alignment").
	MaxFlags = 32
)

// PtrType is the width of addresses in the memory of a canonical definition. The zero value is 32
// bits, which also applies to a definition without a memory.
type PtrType uint8

// The widths of addresses.
const (
	Ptr32 PtrType = iota
	Ptr64
)

// PtrTypeOf returns the address type of a memory. A nil memory has 32-bit addresses.
func PtrTypeOf(m *types.CoreMemory) PtrType {
	if m != nil && m.Is64 {
		return Ptr64
	}
	return Ptr32
}

// Size returns the number of bytes of an address (`ptr_size`).
func (p PtrType) Size() uint64 {
	if p == Ptr64 {
		return 8
	}
	return 4
}

// Core returns the core type of an address.
func (p PtrType) Core() types.CoreVal {
	if p == Ptr64 {
		return types.I64
	}
	return types.I32
}

// String returns "i32" or "i64".
func (p PtrType) String() string { return p.Core().String() }

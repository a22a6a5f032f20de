// Package abi is the arithmetic of the canonical ABI: the size and alignment of values in memory,
// the core types that values flatten to, and the core function type that a component function type
// is lifted from or lowered to. It accesses no memory. Names follow
// design/mvp/canonical-abi/definitions.py, and each declaration cites its section of
// CanonicalABI.md.
//
// All functions take valid types, as a validator returns them. The exception is the size bound of
// "Element Size", which need not have been checked: a size that exceeds 64 bits is reported as
// math.MaxUint64. A type that is used in several places is visited once, so the cost of a call
// depends on the number of distinct types, not on the size of the values.
package abi

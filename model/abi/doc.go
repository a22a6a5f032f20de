// Package abi is the arithmetic of the canonical ABI: how large values are in memory and how they are aligned, what
// core types they flatten to, and which core function type a component function type is lifted from or lowered to.
// It touches no memory. Names follow design/mvp/canonical-abi/definitions.py, and each cites its section of
// CanonicalABI.md.
//
// All functions take valid types, as a validator returns them; the size bound of "Element Size" need not have been
// checked: sizes that exceed 64 bits are reported as math.MaxUint64. Types that share parts are visited once per part,
// so that the cost of a call follows the number of distinct types and not the size of what they describe.
package abi

package abi

import "github.com/mortise-wasm/mortise/model/types"

// ContainsBorrow reports whether t is or contains a borrow (CanonicalABI.md, "Type Predicates"). It
// looks into the element types of streams and futures.
func ContainsBorrow(t types.ValType) bool {
	return Contains(t, func(t types.ValType) bool { _, ok := t.(*types.Borrow); return ok })
}

// ContainsAsyncValue reports whether t is or contains a stream or future (CanonicalABI.md, "Type
// Predicates").
func ContainsAsyncValue(t types.ValType) bool {
	return Contains(t, func(t types.ValType) bool {
		switch t.(type) {
		case *types.Stream, *types.Future:
			return true
		}
		return false
	})
}

// ContainsPointer reports whether t is or contains a string or a list without fixed length.
// Lowering a value of such a type requires a memory, and lifting one into another memory requires a
// realloc. The elements of streams and futures do not count, because they are not copied with the
// value.
func ContainsPointer(t types.ValType) bool {
	var v visited
	return v.contains(t, isPointer)
}

// isPointer reports whether a value of type t is an address and a length in memory.
func isPointer(t types.ValType) bool {
	switch t := t.(type) {
	case types.Prim:
		return t == types.String
	case *types.List, *types.Map:
		return true
	}
	return false
}

// Contains reports whether p returns true for t or for a type that t contains. It calls p with
// types without names, and never with nil. A nil t contains nothing.
func Contains(t types.ValType, p func(types.ValType) bool) bool {
	v := visited{intoStreams: true}
	return v.contains(t, p)
}

// visited remembers the composite types that do not contain what is searched for.
type visited struct {
	done        map[types.ValType]bool
	intoStreams bool
}

func (v *visited) contains(t types.ValType, p func(types.ValType) bool) bool {
	t = types.UnnameVal(t)
	if t == nil || v.done[t] {
		return false
	}
	if p(t) {
		return true
	}
	switch t.(type) {
	case types.Prim, *types.Own, *types.Borrow: // a resource is no part of a value
		return false
	case *types.Stream, *types.Future:
		if !v.intoStreams {
			return false
		}
	}
	for part := range types.Parts(t) {
		if v.contains(part.(types.ValType), p) {
			return true
		}
	}
	if v.done == nil {
		v.done = make(map[types.ValType]bool)
	}
	v.done[t] = true
	return false
}

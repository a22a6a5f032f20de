package abi

import "github.com/mortise-wasm/mortise/model/types"

// ContainsBorrow reports whether t is or contains a borrow (CanonicalABI.md, "Type Predicates"). The element types of
// streams and futures count.
func ContainsBorrow(t types.ValType) bool {
	return Contains(t, func(t types.ValType) bool { _, ok := t.(*types.Borrow); return ok })
}

// ContainsAsyncValue reports whether t is or contains a stream or future (CanonicalABI.md, "Type Predicates").
func ContainsAsyncValue(t types.ValType) bool {
	return Contains(t, func(t types.ValType) bool {
		switch t.(type) {
		case *types.Stream, *types.Future:
			return true
		}
		return false
	})
}

// ContainsPointer reports whether t is or contains a string or a list without fixed length, so that lowering a value
// of it takes a memory and lifting one into another memory takes a realloc. Elements of streams and futures do not
// count: they stay where they are.
func ContainsPointer(t types.ValType) bool {
	var v visited
	return v.contains(t, isPointer)
}

// isPointer reports whether values of t are an address and a length in memory.
func isPointer(t types.ValType) bool {
	switch t := t.(type) {
	case types.Prim:
		return t == types.String
	case *types.List, *types.Map:
		return true
	}
	return false
}

// Contains reports whether p answers true for t or a type that t contains; p is asked about types without names and
// never about nil. A nil t contains nothing.
func Contains(t types.ValType, p func(types.ValType) bool) bool {
	v := visited{intoStreams: true}
	return v.contains(t, p)
}

// visited remembers the composite types that contain nothing of interest.
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
	parts := v.parts(t)
	for _, part := range parts {
		if v.contains(part, p) {
			return true
		}
	}
	if parts != nil {
		if v.done == nil {
			v.done = make(map[types.ValType]bool)
		}
		v.done[t] = true
	}
	return false
}

func (v *visited) parts(t types.ValType) []types.ValType {
	switch t := t.(type) {
	case *types.List:
		return []types.ValType{t.Elem}
	case *types.FixedList:
		return []types.ValType{t.Elem}
	case *types.Map:
		return []types.ValType{t.Key, t.Value}
	case *types.Stream:
		if v.intoStreams {
			return []types.ValType{t.Elem}
		}
		return nil
	case *types.Future:
		if v.intoStreams {
			return []types.ValType{t.Elem}
		}
		return nil
	}
	if ts, ok := fieldTypes(t); ok {
		return ts
	}
	ts, _ := caseTypes(t)
	return ts
}

package value

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
)

// MapHandles returns v, a value of type t, with each resource handle replaced by what f returns for
// it. It calls f in the order of the text of v, and returns v itself if t has no resources.
func MapHandles(v Value, t types.ValType, f func(handle any, r *types.Resource) any) Value {
	if !hasHandles(t) {
		return v
	}
	sub := func(v Value, t types.ValType) Value {
		if t == nil {
			return v
		}
		return MapHandles(v, t, f)
	}
	elems := func(t func(i int) types.ValType) []Value {
		out := make([]Value, v.Len())
		for i := range out {
			out[i] = sub(v.Index(i), t(i))
		}
		return out
	}
	switch t := types.UnnameVal(t).(type) {
	case *types.Own:
		return Own(f(v.Handle(), t.Resource()))
	case *types.Borrow:
		return Borrow(f(v.Handle(), t.Resource()))
	case *types.List:
		return List(elems(func(int) types.ValType { return t.Elem }))
	case *types.FixedList:
		return List(elems(func(int) types.ValType { return t.Elem }))
	case *types.Tuple:
		return Tuple(elems(func(i int) types.ValType { return t.Elems[i] }))
	case *types.Record:
		return Record(elems(func(i int) types.ValType { return t.Fields[i].Type }))
	case *types.Variant:
		return Variant(v.Case(), sub(v.Payload(), t.Cases[v.Case()].Type))
	case *types.Option:
		if v.IsSome() {
			return Some(sub(v.Payload(), t.Elem))
		}
		return v
	case *types.Result:
		if v.IsOK() {
			return OK(sub(v.Payload(), t.OK))
		}
		return Err(sub(v.Payload(), t.Err))
	case *types.Map:
		entries := make([]Entry, 0, len(v.Entries()))
		for _, e := range v.Entries() {
			entries = append(entries, Entry{Key: e.Key, Value: sub(e.Value, t.Value)})
		}
		return Map(entries)
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

// hasHandles reports whether values of type t can contain resource handles. t may be nil.
func hasHandles(t types.ValType) bool {
	switch t := types.UnnameVal(t).(type) {
	case *types.Own, *types.Borrow:
		return true
	case *types.List:
		return hasHandles(t.Elem)
	case *types.FixedList:
		return hasHandles(t.Elem)
	case *types.Tuple:
		for _, e := range t.Elems {
			if hasHandles(e) {
				return true
			}
		}
	case *types.Record:
		for _, f := range t.Fields {
			if hasHandles(f.Type) {
				return true
			}
		}
	case *types.Variant:
		for _, c := range t.Cases {
			if hasHandles(c.Type) {
				return true
			}
		}
	case *types.Option:
		return hasHandles(t.Elem)
	case *types.Result:
		return hasHandles(t.OK) || hasHandles(t.Err)
	case *types.Map:
		return hasHandles(t.Value)
	}
	return false
}

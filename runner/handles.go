package runner

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// mapHandles returns v, a value of type t, with each resource handle replaced by what f returns for
// it. It returns v itself if t has no resources.
func mapHandles(v value.Value, t types.ValType, f func(handle any, r *types.Resource) any) value.Value {
	if !hasHandles(t) {
		return v
	}
	sub := func(v value.Value, t types.ValType) value.Value {
		if t == nil {
			return v
		}
		return mapHandles(v, t, f)
	}
	elems := func(t func(i int) types.ValType) []value.Value {
		out := make([]value.Value, v.Len())
		for i := range out {
			out[i] = sub(v.Index(i), t(i))
		}
		return out
	}
	switch t := types.UnnameVal(t).(type) {
	case *types.Own:
		return value.Own(f(v.Handle(), t.Resource()))
	case *types.Borrow:
		return value.Borrow(f(v.Handle(), t.Resource()))
	case *types.List:
		return value.List(elems(func(int) types.ValType { return t.Elem }))
	case *types.FixedList:
		return value.List(elems(func(int) types.ValType { return t.Elem }))
	case *types.Tuple:
		return value.Tuple(elems(func(i int) types.ValType { return t.Elems[i] }))
	case *types.Record:
		return value.Record(elems(func(i int) types.ValType { return t.Fields[i].Type }))
	case *types.Variant:
		return value.Variant(v.Case(), sub(v.Payload(), t.Cases[v.Case()].Type))
	case *types.Option:
		if v.IsSome() {
			return value.Some(sub(v.Payload(), t.Elem))
		}
		return v
	case *types.Result:
		if v.IsOK() {
			return value.OK(sub(v.Payload(), t.OK))
		}
		return value.Err(sub(v.Payload(), t.Err))
	case *types.Map:
		entries := make([]value.Entry, 0, len(v.Entries()))
		for _, e := range v.Entries() {
			entries = append(entries, value.Entry{Key: e.Key, Value: sub(e.Value, t.Value)})
		}
		return value.Map(entries)
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

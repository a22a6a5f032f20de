package profile

import (
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// size returns the bytes that a value takes in linear memory, with its strings in UTF-8.
func size(v value.Value, t types.ValType) uint64 { return elemSize(t) + outside(v, t) }

func elemSize(t types.ValType) uint64 { return uint64(abi.ElemSize(t, abi.Ptr32)) }

// outside returns the bytes of a value's strings and lists.
func outside(v value.Value, t types.ValType) uint64 {
	switch t := types.UnnameVal(t).(type) {
	case types.Prim:
		if t == types.String {
			return uint64(len(v.Str()))
		}
		return 0
	case *types.List:
		return uint64(v.Len())*elemSize(t.Elem) + elems(v, func(int) types.ValType { return t.Elem })
	case *types.FixedList:
		return elems(v, func(int) types.ValType { return t.Elem })
	case *types.Tuple:
		return elems(v, func(i int) types.ValType { return t.Elems[i] })
	case *types.Record:
		return elems(v, func(i int) types.ValType { return t.Fields[i].Type })
	case *types.Variant:
		return payload(v, t.Cases[v.Case()].Type)
	case *types.Option:
		if v.IsSome() {
			return payload(v, t.Elem)
		}
		return 0
	case *types.Result:
		if v.IsOK() {
			return payload(v, t.OK)
		}
		return payload(v, t.Err)
	case *types.Map:
		n := uint64(len(v.Entries())) * elemSize(&types.Tuple{Elems: []types.ValType{t.Key, t.Value}})
		for _, e := range v.Entries() {
			n += outside(e.Key, t.Key) + outside(e.Value, t.Value)
		}
		return n
	default:
		return 0
	}
}

func payload(v value.Value, t types.ValType) uint64 {
	if t == nil {
		return 0
	}
	return outside(v.Payload(), t)
}

// elems adds up what the elements or fields of a value have outside.
func elems(v value.Value, t func(i int) types.ValType) (n uint64) {
	for i := range v.Len() {
		elem := t(i)
		if p, ok := types.UnnameVal(elem).(types.Prim); ok && p != types.String && v.Kind() == value.KindList {
			return 0
		}
		n += outside(v.Index(i), elem)
	}
	return n
}

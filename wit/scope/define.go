package scope

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
)

// defType returns the definition of a type with the shape of t and the element types vals.
func defType(t types.Type, vals []*encoding.ValType) (encoding.DefType, error) {
	switch t := t.(type) {
	case *types.Record:
		fields := make([]encoding.Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = encoding.Field{Name: f.Name, Type: *vals[i]}
		}
		return &encoding.Record{Fields: fields}, nil
	case *types.Variant:
		cases := make([]encoding.Case, len(t.Cases))
		for i, c := range t.Cases {
			cases[i] = encoding.Case{Name: c.Name, Type: vals[i]}
		}
		return &encoding.Variant{Cases: cases}, nil
	case *types.Tuple:
		elems := make([]encoding.ValType, len(vals))
		for i, v := range vals {
			elems[i] = *v
		}
		return &encoding.Tuple{Elems: elems}, nil
	case *types.Flags:
		return &encoding.Flags{Names: t.Names}, nil
	case *types.Enum:
		return &encoding.Enum{Names: t.Names}, nil
	case *types.List:
		return &encoding.List{Elem: *vals[0]}, nil
	case *types.FixedList:
		return &encoding.FixedList{Elem: *vals[0], Len: t.Len}, nil
	case *types.Option:
		return &encoding.Option{Elem: *vals[0]}, nil
	case *types.Result:
		return &encoding.Result{OK: vals[0], Err: vals[1]}, nil
	case *types.Map:
		return &encoding.Map{Key: *vals[0], Value: *vals[1]}, nil
	case *types.Own:
		return &encoding.Own{Type: vals[0].Index}, nil
	case *types.Borrow:
		return &encoding.Borrow{Type: vals[0].Index}, nil
	case *types.Stream:
		return &encoding.Stream{Elem: vals[0]}, nil
	case *types.Future:
		return &encoding.Future{Elem: vals[0]}, nil
	default:
		return nil, fmt.Errorf("a %s cannot be defined here", types.Describe(t))
	}
}

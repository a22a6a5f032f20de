package scope

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/model/types"
)

// Shape splits an unnamed type into its form and its element types, where nil stands for an omitted
// type. Two types are equal if their shapes and their element types are equal. A type without
// element types and labels, such as a resource, has shape "".
func Shape(t types.Type) (string, []types.Type) {
	switch t := t.(type) {
	case *types.Record:
		labels, parts := make([]string, len(t.Fields)), make([]types.Type, len(t.Fields))
		for i, f := range t.Fields {
			labels[i], parts[i] = f.Name, f.Type
		}
		return "record " + strings.Join(labels, " "), parts
	case *types.Variant:
		labels, parts := make([]string, len(t.Cases)), make([]types.Type, len(t.Cases))
		for i, c := range t.Cases {
			labels[i], parts[i] = c.Name, OptionalType(c.Type)
		}
		return "variant " + strings.Join(labels, " "), parts
	case *types.Tuple:
		parts := make([]types.Type, len(t.Elems))
		for i, e := range t.Elems {
			parts[i] = e
		}
		return "tuple", parts
	case *types.Flags:
		return "flags " + strings.Join(t.Names, " "), nil
	case *types.Enum:
		return "enum " + strings.Join(t.Names, " "), nil
	case *types.List:
		return "list", []types.Type{t.Elem}
	case *types.FixedList:
		return "list " + strconv.FormatUint(uint64(t.Len), 10), []types.Type{t.Elem}
	case *types.Option:
		return "option", []types.Type{t.Elem}
	case *types.Result:
		return "result", []types.Type{OptionalType(t.OK), OptionalType(t.Err)}
	case *types.Map:
		return "map", []types.Type{t.Key, t.Value}
	case *types.Own:
		return "own", []types.Type{t.Of}
	case *types.Borrow:
		return "borrow", []types.Type{t.Of}
	case *types.Stream:
		return "stream", []types.Type{OptionalType(t.Elem)}
	case *types.Future:
		return "future", []types.Type{OptionalType(t.Elem)}
	default:
		return "", nil
	}
}

// OptionalType converts t, and returns nil for nil. A plain conversion of a nil ValType would not
// be nil.
func OptionalType(t types.ValType) types.Type {
	if t == nil {
		return nil
	}
	return t
}

// Val returns t as a type of values, or nil.
func Val(t types.Type) types.ValType {
	v, _ := t.(types.ValType)
	return v
}

// Rebuild returns a new type with the shape of t and other element types.
func Rebuild(t types.Type, parts []types.Type) types.ValType {
	switch t := t.(type) {
	case *types.Record:
		fields := make([]types.Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = types.Field{Name: f.Name, Type: Val(parts[i])}
		}
		return &types.Record{Fields: fields}
	case *types.Variant:
		cases := make([]types.Case, len(t.Cases))
		for i, c := range t.Cases {
			cases[i] = types.Case{Name: c.Name, Type: Val(parts[i])}
		}
		return &types.Variant{Cases: cases}
	case *types.Tuple:
		elems := make([]types.ValType, len(parts))
		for i, p := range parts {
			elems[i] = Val(p)
		}
		return &types.Tuple{Elems: elems}
	case *types.Flags:
		return &types.Flags{Names: t.Names}
	case *types.Enum:
		return &types.Enum{Names: t.Names}
	case *types.List:
		return &types.List{Elem: Val(parts[0])}
	case *types.FixedList:
		return &types.FixedList{Elem: Val(parts[0]), Len: t.Len}
	case *types.Option:
		return &types.Option{Elem: Val(parts[0])}
	case *types.Result:
		return &types.Result{OK: Val(parts[0]), Err: Val(parts[1])}
	case *types.Map:
		return &types.Map{Key: Val(parts[0]), Value: Val(parts[1])}
	case *types.Own:
		return &types.Own{Of: parts[0]}
	case *types.Borrow:
		return &types.Borrow{Of: parts[0]}
	case *types.Stream:
		return &types.Stream{Elem: Val(parts[0])}
	case *types.Future:
		return &types.Future{Elem: Val(parts[0])}
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

// Members returns the number of fields, cases or flags of a type.
func Members(t types.Type) int {
	switch t := t.(type) {
	case *types.Record:
		return len(t.Fields)
	case *types.Variant:
		return len(t.Cases)
	case *types.Flags:
		return len(t.Names)
	case *types.Enum:
		return len(t.Names)
	}
	return 0
}

// Member returns the label of field, case or flag i.
func Member(t types.Type, i int) string {
	switch t := t.(type) {
	case *types.Record:
		return t.Fields[i].Name
	case *types.Variant:
		return t.Cases[i].Name
	case *types.Flags:
		return t.Names[i]
	case *types.Enum:
		return t.Names[i]
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

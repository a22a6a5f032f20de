package wast

import (
	"fmt"
	"math"
	"slices"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// primKinds maps primitive types to kinds of script values.
var primKinds = map[types.Prim]wat.ValueKind{
	types.Bool: wat.KindBool, types.S8: wat.KindS8, types.U8: wat.KindU8, types.S16: wat.KindS16, types.U16: wat.KindU16,
	types.S32: wat.KindS32, types.U32: wat.KindU32, types.S64: wat.KindS64, types.U64: wat.KindU64, types.F32: wat.KindF32,
	types.F64: wat.KindF64, types.Char: wat.KindChar, types.String: wat.KindString,
}

func wrong(v wat.Value, t types.ValType) error {
	return fmt.Errorf("%v is not a value of type %s", v.Kind, types.TypeString(t))
}

// convert converts a script value to a value of the given type.
func convert(v wat.Value, named types.ValType) (value.Value, error) {
	switch t := types.UnnameVal(named).(type) {
	case types.Prim:
		return convertPrim(v, t)
	case *types.List:
		return convertElems(v, wat.KindList, slices.Repeat([]types.ValType{t.Elem}, len(v.Elems)), value.List)
	case *types.FixedList:
		return convertElems(v, wat.KindList, slices.Repeat([]types.ValType{t.Elem}, int(min(t.Len, uint32(len(v.Elems))))), value.List)
	case *types.Tuple:
		return convertElems(v, wat.KindTuple, t.Elems, value.Tuple)
	case *types.Record:
		ts := make([]types.ValType, len(t.Fields))
		for i, f := range t.Fields {
			ts[i] = f.Type
			if i < len(v.Names) && v.Names[i] != f.Name {
				return value.Value{}, fmt.Errorf("field %d is `%s`, want `%s`", i, v.Names[i], f.Name)
			}
		}
		return convertElems(v, wat.KindRecord, ts, value.Record)
	case *types.Map:
		return convertMap(v, t)
	case *types.Enum:
		if i := slices.Index(t.Names, v.Text); v.Kind == wat.KindEnum && i >= 0 {
			return value.Enum(i), nil
		}
	case *types.Flags:
		return convertFlags(v, t)
	case *types.Variant:
		i := slices.IndexFunc(t.Cases, func(c types.Case) bool { return c.Name == v.Text })
		if v.Kind == wat.KindVariant && i >= 0 {
			p, err := convertPayload(v, t.Cases[i].Type)
			return value.Variant(i, p), err
		}
	case *types.Option:
		switch v.Kind {
		case wat.KindNone:
			return value.None(), nil
		case wat.KindSome:
			p, err := convertPayload(v, t.Elem)
			return value.Some(p), err
		}
	case *types.Result:
		switch v.Kind {
		case wat.KindOK:
			p, err := convertPayload(v, t.OK)
			return value.OK(p), err
		case wat.KindErr:
			p, err := convertPayload(v, t.Err)
			return value.Err(p), err
		}
	default:
		return value.Value{}, &skipError{fmt.Sprintf("values of type %s cannot be written in a script", types.TypeString(named))}
	}
	return value.Value{}, wrong(v, named)
}

func convertPrim(v wat.Value, t types.Prim) (value.Value, error) {
	if v.Kind != primKinds[t] {
		return value.Value{}, wrong(v, t)
	}
	switch t {
	case types.Bool:
		return value.Bool(v.Bits != 0), nil
	case types.S8:
		return value.S8(int8(v.Bits)), nil
	case types.U8:
		return value.U8(uint8(v.Bits)), nil
	case types.S16:
		return value.S16(int16(v.Bits)), nil
	case types.U16:
		return value.U16(uint16(v.Bits)), nil
	case types.S32:
		return value.S32(int32(v.Bits)), nil
	case types.U32:
		return value.U32(uint32(v.Bits)), nil
	case types.S64:
		return value.S64(int64(v.Bits)), nil
	case types.U64:
		return value.U64(v.Bits), nil
	case types.F32:
		return value.F32(math.Float32frombits(uint32(v.Bits))), nil
	case types.F64:
		return value.F64(math.Float64frombits(v.Bits)), nil
	case types.Char:
		return value.Char(rune(v.Bits)), nil
	default:
		return value.String(v.Text), nil
	}
}

func convertElems(v wat.Value, kind wat.ValueKind, ts []types.ValType, build func([]value.Value) value.Value) (value.Value, error) {
	if v.Kind != kind || len(v.Elems) != len(ts) {
		return value.Value{}, fmt.Errorf("%v with %s does not fit the type, which has %d", v.Kind, diag.Count(len(v.Elems), "element"), len(ts))
	}
	out := make([]value.Value, len(ts))
	for i, e := range v.Elems {
		var err error
		if out[i], err = convert(e, ts[i]); err != nil {
			return value.Value{}, err
		}
	}
	return build(out), nil
}

func convertMap(v wat.Value, t *types.Map) (value.Value, error) {
	entry := &types.Tuple{Elems: []types.ValType{t.Key, t.Value}}
	list, err := convert(v, &types.List{Elem: entry})
	if err != nil {
		return value.Value{}, err
	}
	entries := make([]value.Entry, 0, list.Len())
	for e := range list.Elems() {
		entries = append(entries, value.Entry{Key: e.Index(0), Value: e.Index(1)})
	}
	return value.Map(entries), nil
}

func convertFlags(v wat.Value, t *types.Flags) (value.Value, error) {
	if v.Kind != wat.KindFlags {
		return value.Value{}, wrong(v, t)
	}
	var bits uint32
	for _, n := range v.Names {
		i := slices.Index(t.Names, n)
		if i < 0 {
			return value.Value{}, fmt.Errorf("there is no flag `%s`", n)
		}
		bits |= 1 << i
	}
	return value.Flags(bits), nil
}

func convertPayload(v wat.Value, t types.ValType) (value.Value, error) {
	switch {
	case t == nil && len(v.Elems) == 0:
		return value.Value{}, nil
	case t == nil || len(v.Elems) != 1:
		return value.Value{}, fmt.Errorf("%v: the case has another payload", v.Kind)
	}
	return convert(v.Elems[0], t)
}

// match compares a result with a pattern.
func match(want wat.Value, got value.Value, t types.ValType) error {
	switch {
	case want.NaN != 0 && want.Kind == wat.KindF32 && got.Kind() == value.KindF32:
		return matchNaN(want, uint64(math.Float32bits(got.F32())))
	case want.NaN != 0 && want.Kind == wat.KindF64 && got.Kind() == value.KindF64:
		return matchNaN(want, math.Float64bits(got.F64()))
	case want.NaN != 0:
		return fmt.Errorf("it is not of type %v", want.Kind)
	}
	w, err := convert(want, t)
	if err != nil {
		return err
	}
	if !value.Equal(w, got) {
		return fmt.Errorf("want %s", value.Append(nil, w, t))
	}
	return nil
}

// matchNaN compares the bits of a float with a NaN pattern of the same kind. In a canonical NaN,
// only the top bit of the fraction is set; in an arithmetic NaN, at least the top bit is set.
func matchNaN(want wat.Value, bits uint64) error {
	inf, quiet := uint64(0x7f800000), uint64(0x400000)
	if want.Kind == wat.KindF64 {
		inf, quiet = 0x7ff<<52, 1<<51
	}
	mask := inf | (quiet<<1 - 1) // all bits but the sign
	if want.NaN == wat.ArithmeticNaN {
		mask = inf | quiet
	}
	if bits&mask != inf|quiet {
		return fmt.Errorf("it is %#x, want a NaN", bits)
	}
	return nil
}

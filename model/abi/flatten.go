package abi

import "github.com/mortise-wasm/mortise/model/types"

// NoLimit makes [FlattenType] and [FlattenTypes] return all core types. A type as short as
// `list<u8, 268435455>` flattens to as many core types as it has elements, so callers should give a
// limit unless they know that the type is small.
const NoLimit = int(^uint(0)>>1) - 1

// FlattenType returns the core types to which t flattens (CanonicalABI.md, "Flattening"), or the
// first limit+1 of them if there are more than limit.
func FlattenType(t types.ValType, p PtrType, limit int) []types.CoreVal {
	return FlattenTypes([]types.ValType{t}, p, limit)
}

// FlattenTypes is [FlattenType] for several types in sequence.
func FlattenTypes(ts []types.ValType, p PtrType, limit int) []types.CoreVal {
	f := flattener{ptr: p.Core(), limit: limit}
	flat := make([]types.CoreVal, 0, 4)
	for _, t := range ts {
		flat = f.append(flat, t)
	}
	return flat
}

// Join returns the core type that can hold values of both a and b in the flattening of a variant
// (`join`).
func Join(a, b types.CoreVal) types.CoreVal {
	switch {
	case a == b:
		return a
	case a == types.I32 && b == types.F32Core, a == types.F32Core && b == types.I32:
		return types.I32
	default:
		return types.I64
	}
}

// flattener flattens types until the list exceeds the limit.
type flattener struct {
	ptr   types.CoreVal
	limit int
	// The following fields hold the flattenings of variants. These can be short although the variants
	// use the same types many times over. Records need not be remembered: each field extends the list
	// and so brings it closer to the limit. The first few flattenings are in an array, because most
	// types have no more than that.
	first    [maxFirst]flatVariant
	numFirst int
	variants map[types.ValType][]types.CoreVal
}

type flatVariant struct {
	of   types.ValType
	flat []types.CoreVal
}

// maxFirst is the length up to which searching a list is as fast as a map lookup.
const maxFirst = 8

func (f *flattener) known(t types.ValType) ([]types.CoreVal, bool) {
	for i := range f.first[:f.numFirst] {
		if f.first[i].of == t {
			return f.first[i].flat, true
		}
	}
	flat, ok := f.variants[t]
	return flat, ok
}

func (f *flattener) remember(t types.ValType, flat []types.CoreVal) {
	if f.numFirst < maxFirst {
		f.first[f.numFirst] = flatVariant{t, flat}
		f.numFirst++
		return
	}
	if f.variants == nil {
		f.variants = make(map[types.ValType][]types.CoreVal)
	}
	f.variants[t] = flat
}

// append appends the flattening of t. It stops once flat exceeds the limit.
func (f *flattener) append(flat []types.CoreVal, t types.ValType) []types.CoreVal {
	if len(flat) > f.limit {
		return flat
	}
	t = types.UnnameVal(t)
	switch t := t.(type) {
	case *types.Record, *types.Tuple:
		for part := range types.Parts(t) {
			flat = f.append(flat, part.(types.ValType))
		}
		return flat
	case types.Prim:
		return f.appendPrim(flat, t)
	case *types.List, *types.Map:
		return f.push(flat, f.ptr, f.ptr)
	case *types.Flags, *types.Enum, *types.Own, *types.Borrow, *types.Stream, *types.Future:
		return append(flat, types.I32)
	case *types.FixedList:
		return f.appendFixedList(flat, t)
	case *types.Variant, *types.Option, *types.Result:
		return f.push(flat, f.variant(t)...)
	default:
		panic(unreachable(t))
	}
}

// push appends core types up to a length of limit+1.
func (f *flattener) push(flat []types.CoreVal, more ...types.CoreVal) []types.CoreVal {
	if room := f.limit + 1 - len(flat); len(more) > room {
		more = more[:room]
	}
	return append(flat, more...)
}

func (f *flattener) appendPrim(flat []types.CoreVal, t types.Prim) []types.CoreVal {
	switch t {
	case types.Bool, types.S8, types.U8, types.S16, types.U16, types.S32, types.U32, types.Char, types.ErrorContext:
		return append(flat, types.I32)
	case types.S64, types.U64:
		return append(flat, types.I64)
	case types.F32:
		return append(flat, types.F32Core)
	case types.F64:
		return append(flat, types.F64Core)
	case types.String:
		return f.push(flat, f.ptr, f.ptr)
	default:
		panic(unreachable(t))
	}
}

func (f *flattener) appendFixedList(flat []types.CoreVal, t *types.FixedList) []types.CoreVal {
	start := len(flat)
	flat = f.append(flat, t.Elem)
	elem := flat[start:]
	for i := uint32(1); i < t.Len && len(flat) <= f.limit; i++ {
		flat = f.push(flat, elem...)
	}
	return flat
}

// variant returns the flattening of a variant, option or result, up to the limit.
func (f *flattener) variant(t types.ValType) []types.CoreVal {
	if flat, ok := f.known(t); ok {
		return flat
	}
	flat := append(make([]types.CoreVal, 0, 4), types.I32)
	var buf [maxFirst]types.CoreVal
	one := buf[:0]
	for payload := range types.Parts(t) {
		// The first core type is a placeholder for the discriminant.
		one = f.append(append(one[:0], types.I32), payload.(types.ValType))
		for i, v := range one[1:] {
			if i+1 < len(flat) {
				flat[i+1] = Join(flat[i+1], v)
			} else {
				flat = append(flat, v)
			}
		}
	}
	f.remember(t, flat)
	return flat
}

package adapter

import (
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

// fieldsOf returns the fields of a record or tuple.
func fieldsOf(t types.ValType) ([]types.ValType, bool) {
	switch t := types.UnnameVal(t).(type) {
	case *types.Record:
		list := make([]types.ValType, len(t.Fields))
		for i, f := range t.Fields {
			list[i] = f.Type
		}
		return list, true
	case *types.Tuple:
		return t.Elems, true
	default:
		return nil, false
	}
}

// casesOf returns the payloads of a variant, enum, option or result. The payload of a case without
// one is nil.
func casesOf(t types.ValType) ([]types.ValType, bool) {
	switch t := types.UnnameVal(t).(type) {
	case *types.Variant:
		list := make([]types.ValType, len(t.Cases))
		for i, x := range t.Cases {
			list[i] = x.Type
		}
		return list, true
	case *types.Enum:
		return make([]types.ValType, len(t.Names)), true
	case *types.Option:
		return []types.ValType{nil, t.Elem}, true
	case *types.Result:
		return []types.ValType{t.OK, t.Err}, true
	default:
		return nil, false
	}
}

func hasPayload(cases []types.ValType) bool {
	for _, t := range cases {
		if t != nil {
			return true
		}
	}
	return false
}

// elemOf returns the type of the elements of a list of any length or a map.
func (g *generator) elemOf(t types.ValType) (types.ValType, bool) {
	switch t := t.(type) {
	case *types.List:
		return types.UnnameVal(t.Elem), true
	case *types.Map:
		if g.entries[t] == nil {
			g.entries[t] = &types.Tuple{Elems: []types.ValType{t.Key, t.Value}}
		}
		return g.entries[t], true
	default:
		return nil, false
	}
}

// id returns the number of a type.
func (g *generator) id(t types.ValType) int {
	n, ok := g.ids[t]
	if !ok {
		n = len(g.ids)
		g.ids[t] = n
	}
	return n
}

// maxInline is the number of leaves up to which the fields of a record or the elements of a list of
// fixed length are copied in line.
const maxInline = 32

// shape is what the generator remembers of a type.
type shape struct {
	// plain reports that any bytes are a value and that there is no padding. Padding matters because
	// it may hold bytes that the source did not mean to pass.
	plain bool
	// leaves is the number of values that are copied separately, or maxInline+1 if there are more.
	leaves int
}

func (g *generator) plain(t types.ValType) bool { return g.shape(t).plain }

func (g *generator) shape(t types.ValType) shape {
	t = types.UnnameVal(t)
	s, ok := g.shapes[t]
	if !ok {
		s = g.newShape(t)
		g.shapes[t] = s
	}
	return s
}

func (g *generator) newShape(t types.ValType) shape {
	switch t := t.(type) {
	case types.Prim:
		switch t {
		case types.Bool, types.Char, types.String:
			return shape{false, 1}
		}
		return shape{true, 1}
	case *types.FixedList:
		e := g.shape(t.Elem)
		return shape{e.plain, int(min(uint64(e.leaves)*uint64(t.Len), maxInline+1))}
	}
	fields, ok := fieldsOf(t)
	if !ok {
		return shape{false, 1}
	}
	s, size := shape{plain: true}, uint32(0)
	for _, f := range fields {
		fs := g.shape(f)
		s.plain = s.plain && fs.plain
		s.leaves = min(s.leaves+fs.leaves, maxInline+1)
		size += g.size(f)
	}
	s.plain = s.plain && size == g.size(t)
	return s
}

// item is a part of a value in memory that is copied as one: n plain bytes if t is nil, otherwise a
// value of type t.
type item struct {
	offset, n uint32
	t         types.ValType
}

// flatten appends the items of a value of type t at an offset.
func (g *generator) flatten(t types.ValType, offset uint32, list []item) []item {
	t = types.UnnameVal(t)
	s := g.shape(t)
	if s.plain {
		n := g.size(t)
		if k := len(list) - 1; k >= 0 && list[k].t == nil && list[k].offset+list[k].n == offset {
			list[k].n += n
			return list
		}
		return append(list, item{offset: offset, n: n})
	}
	_, record := fieldsOf(t)
	_, fixed := t.(*types.FixedList)
	if (record || fixed) && s.leaves <= maxInline {
		return g.inside(t, offset, list)
	}
	return append(list, item{offset: offset, t: t})
}

// inside is like flatten, but never returns a record as one item.
func (g *generator) inside(t types.ValType, offset uint32, list []item) []item {
	if t, ok := types.UnnameVal(t).(*types.FixedList); ok && g.shape(t).leaves <= maxInline {
		for i := range t.Len {
			list = g.flatten(t.Elem, offset+i*g.size(t.Elem), list)
		}
		return list
	}
	fields, ok := fieldsOf(t)
	if !ok {
		return g.flatten(t, offset, list)
	}
	offsets, _, _ := g.layout.Record(fields)
	for i, f := range fields {
		list = g.flatten(f, offset+uint32(offsets[i]), list)
	}
	return list
}

// maxCost limits the code for the parameters and the result of one function when they are passed as
// core values: the cases of nested variants multiply.
const maxCost = 1000

// maxSize limits [Size] for one function.
const maxSize = 5000

// baseSize is the part of [Size] that does not depend on the type.
const baseSize = 10

// Size estimates what the code costs that an adapter needs for a function: the number of types,
// fields and cases in its type, each of which takes some hundred bytes at most. Cases with payloads
// count more, because the engine takes a long time to compile a function with many branches.
func Size(t *types.Func) int {
	list := abi.ParamTypes(t)
	if t.Result != nil {
		list = append(list[:len(list):len(list)], t.Result)
	}
	return sizeOf(list)
}

func sizeOf(list []types.ValType) int {
	n := baseSize
	for _, t := range list {
		abi.Contains(t, func(t types.ValType) bool {
			fields, _ := fieldsOf(t)
			cases, _ := casesOf(t)
			payloads := 0
			for _, x := range cases {
				if x != nil {
					payloads++
				}
			}
			n += 1 + len(fields) + len(cases) + payloads*payloads/32
			return false
		})
	}
	return n
}

// Serves reports whether an adapter can carry calls of a function. It cannot pass handles, streams
// and futures.
func Serves(t *types.Func) bool {
	list := abi.ParamTypes(t)
	if t.Result != nil {
		list = append(list[:len(list):len(list)], t.Result)
	}
	if sizeOf(list) > maxSize {
		return false
	}
	refused := func(t types.ValType) bool {
		switch t := t.(type) {
		case *types.Own, *types.Borrow, *types.Stream, *types.Future:
			return true
		case types.Prim:
			return t == types.ErrorContext
		}
		return false
	}
	for _, t := range list {
		if abi.Contains(t, refused) {
			return false
		}
	}
	// A result that is passed as a core value has a single one, so variants in it have no payloads.
	if abi.ParamsInMemory(t, abi.Options{}, abi.Lower) {
		return true
	}
	cost := 0
	for _, x := range abi.ParamTypes(t) {
		cost += flatCost(x, maxCost-cost)
	}
	return cost <= maxCost
}

// flatCost estimates the code that passes a value as core values, up to limit and one more.
func flatCost(t types.ValType, limit int) int {
	if limit <= 0 {
		return 1
	}
	parts, _ := fieldsOf(t)
	if cases, ok := casesOf(t); ok {
		parts = cases
	}
	cost := 1
	for _, x := range parts {
		if x != nil && cost <= limit {
			cost += flatCost(x, limit-cost)
		}
	}
	if f, ok := types.UnnameVal(t).(*types.FixedList); ok {
		cost += min(int(min(f.Len, abi.MaxFlatParams+1))*flatCost(f.Elem, limit), limit)
	}
	return cost
}

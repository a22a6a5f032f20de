// Package valuetest makes random component types and random values of them. It is for tests of code
// that reads, writes, lifts, lowers or prints values.
package valuetest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// Options limits the output of a [Gen]. By default, a Gen makes small types of every kind that has
// a text form in WAVE.
type Options struct {
	// Depth is the largest depth of nested types. The default is 3.
	Depth int
	// Width is the largest number of fields, cases and list elements. The default is 5. A few lists of
	// numbers are longer.
	Width int
	// Handles includes own, borrow, stream, future and error-context types. Their values hold a
	// uint32.
	Handles bool
	// NoMaps and NoFixedLists exclude gated types.
	NoMaps, NoFixedLists bool
}

// Gen makes types and values. The same seed and the same sequence of calls give the same results. A
// Gen is not safe for concurrent use.
type Gen struct {
	opts Options
	rand *rand.Rand
	res  *types.Resource
	next int // for names
}

// New returns a Gen that starts from seed.
func New(seed uint64, opts Options) *Gen {
	if opts.Depth == 0 {
		opts.Depth = 3
	}
	if opts.Width == 0 {
		opts.Width = 5
	}
	return &Gen{opts: opts, rand: rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)), res: &types.Resource{Name: "res"}}
}

// Type returns a type, which may be a [*types.Named].
func (g *Gen) Type() types.ValType { return g.typ(g.opts.Depth) }

// Func returns a function type with at most n parameters and an optional result.
func (g *Gen) Func(n int) *types.Func {
	f := &types.Func{}
	for i := range g.rand.IntN(n + 1) {
		f.Params = append(f.Params, types.Param{Name: fmt.Sprintf("p%d", i), Type: g.Type()})
	}
	f.Result = g.optional(g.opts.Depth)
	return f
}

// Args returns values for the parameters of f.
func (g *Gen) Args(f *types.Func) []value.Value {
	args := make([]value.Value, len(f.Params))
	for i, p := range f.Params {
		args[i] = g.Value(p.Type)
	}
	return args
}

func (g *Gen) typ(depth int) types.ValType {
	if depth <= 1 || g.rand.IntN(4) == 0 {
		return g.prim()
	}
	t := g.composite(depth - 1)
	if g.rand.IntN(8) == 0 {
		return &types.Named{Name: g.name(), Of: t}
	}
	return t
}

func (g *Gen) prim() types.ValType {
	if g.opts.Handles && g.rand.IntN(6) == 0 {
		return g.handle()
	}
	return types.Bool + types.Prim(g.rand.IntN(int(types.String)))
}

func (g *Gen) handle() types.ValType {
	switch g.rand.IntN(5) {
	case 0:
		return &types.Own{Of: g.res}
	case 1:
		return &types.Borrow{Of: g.res}
	case 2:
		return &types.Stream{Elem: types.U8}
	case 3:
		return &types.Future{}
	default:
		return types.ErrorContext
	}
}

func (g *Gen) composite(depth int) types.ValType {
	switch g.rand.IntN(10) {
	case 0:
		r := &types.Record{}
		for range g.width() {
			r.Fields = append(r.Fields, types.Field{Name: g.name(), Type: g.typ(depth)})
		}
		return r
	case 1:
		v := &types.Variant{}
		for range g.width() {
			v.Cases = append(v.Cases, types.Case{Name: g.name(), Type: g.optional(depth)})
		}
		return v
	case 2:
		t := &types.Tuple{}
		for range g.width() {
			t.Elems = append(t.Elems, g.typ(depth))
		}
		return t
	case 3:
		return &types.Flags{Names: g.names(1 + g.rand.IntN(32))}
	case 4:
		return &types.Enum{Names: g.names(g.width())}
	case 5:
		return &types.Option{Elem: g.typ(depth)}
	case 6:
		return &types.Result{OK: g.optional(depth), Err: g.optional(depth)}
	case 7:
		if !g.opts.NoMaps {
			keys := []types.ValType{types.Bool, types.S8, types.U16, types.U32, types.S64, types.Char, types.String}
			return &types.Map{Key: keys[g.rand.IntN(len(keys))], Value: g.typ(depth)}
		}
	case 8:
		if !g.opts.NoFixedLists {
			return &types.FixedList{Elem: g.typ(depth), Len: uint32(g.width())}
		}
	}
	return &types.List{Elem: g.typ(depth)}
}

func (g *Gen) optional(depth int) types.ValType {
	if g.rand.IntN(3) == 0 {
		return nil
	}
	return g.typ(depth)
}

func (g *Gen) width() int { return 1 + g.rand.IntN(g.opts.Width) }

// name returns a unique label. Many labels are words with a special meaning in WAVE, or forms that
// parsers often get wrong.
func (g *Gen) name() string {
	g.next++
	words := []string{"true", "false", "some", "none", "ok", "err", "inf", "nan", "a", "HTTP", "x-Y-z", "list", "n-2d"}
	word := words[g.rand.IntN(len(words))]
	if g.next <= 2*len(words) && g.rand.IntN(3) > 0 {
		return fmt.Sprintf("%s-%d", word, g.next)
	}
	return fmt.Sprintf("f%d-%s", g.next, word)
}

// names returns n names. One of them can be a bare keyword.
func (g *Gen) names(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = g.name()
	}
	names[0] = []string{"true", "some", "nan", "ok", "plain"}[g.rand.IntN(5)]
	return names
}

// Value returns a value of type t.
func (g *Gen) Value(t types.ValType) value.Value {
	switch t := types.UnnameVal(t).(type) {
	case types.Prim:
		return g.primValue(t)
	case *types.List:
		return g.list(t.Elem, g.length())
	case *types.FixedList:
		return g.list(t.Elem, int(t.Len))
	case *types.Record:
		fields := make([]value.Value, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = g.Value(f.Type)
		}
		return value.Record(fields)
	case *types.Tuple:
		elems := make([]value.Value, len(t.Elems))
		for i, e := range t.Elems {
			elems[i] = g.Value(e)
		}
		return value.Tuple(elems)
	case *types.Variant:
		c := g.rand.IntN(len(t.Cases))
		return value.Variant(c, g.payload(t.Cases[c].Type))
	case *types.Enum:
		return value.Enum(g.rand.IntN(len(t.Names)))
	case *types.Flags:
		return value.Flags(g.rand.Uint32() & uint32(1<<len(t.Names)-1))
	case *types.Option:
		if g.rand.IntN(2) == 0 {
			return value.None()
		}
		return value.Some(g.Value(t.Elem))
	case *types.Result:
		if g.rand.IntN(2) == 0 {
			return value.OK(g.payload(t.OK))
		}
		return value.Err(g.payload(t.Err))
	case *types.Map:
		return g.mapValue(t)
	case *types.Own:
		return value.Own(g.rand.Uint32())
	case *types.Borrow:
		return value.Borrow(g.rand.Uint32())
	case *types.Stream:
		return value.Stream(g.rand.Uint32())
	case *types.Future:
		return value.Future(g.rand.Uint32())
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

func (g *Gen) payload(t types.ValType) value.Value {
	if t == nil {
		return value.Value{}
	}
	return g.Value(t)
}

func (g *Gen) length() int {
	if g.rand.IntN(4) == 0 {
		return 0
	}
	return g.width()
}

// list returns a list, packed or not.
func (g *Gen) list(elem types.ValType, n int) value.Value {
	elems := make([]value.Value, n)
	for i := range elems {
		elems[i] = g.Value(elem)
	}
	if g.rand.IntN(2) == 0 {
		return pack(types.UnnameVal(elem), elems)
	}
	return value.List(elems)
}

// pack returns a packed list if the element type has a packed form, and an ordinary list otherwise.
func pack(elem types.ValType, elems []value.Value) value.Value {
	switch elem := elem.(type) {
	case types.Prim:
		switch elem {
		case types.Bool:
			return value.Packed(each(elems, value.Value.Bool))
		case types.U8:
			return value.Bytes(each(elems, value.Value.U8))
		case types.S32:
			return value.Packed(each(elems, value.Value.S32))
		case types.F64:
			return value.Packed(each(elems, value.Value.F64))
		case types.Char:
			return value.PackedChars(each(elems, value.Value.Char))
		}
	case *types.Enum:
		if len(elem.Names) <= 256 {
			return value.PackedEnums(each(elems, func(v value.Value) uint8 { return uint8(v.Case()) }))
		}
		return value.PackedEnums(each(elems, func(v value.Value) uint16 { return uint16(v.Case()) }))
	case *types.Flags:
		return value.PackedFlags(each(elems, value.Value.Flags))
	}
	return value.List(elems)
}

func each[T any](elems []value.Value, get func(value.Value) T) []T {
	out := make([]T, len(elems))
	for i, e := range elems {
		out[i] = get(e)
	}
	return out
}

// mapValue returns a map without duplicate keys.
func (g *Gen) mapValue(t *types.Map) value.Value {
	entries := []value.Entry{}
next:
	for range g.length() {
		key := g.Value(t.Key)
		for _, e := range entries {
			if value.Equal(e.Key, key) {
				continue next
			}
		}
		entries = append(entries, value.Entry{Key: key, Value: g.Value(t.Value)})
	}
	return value.Map(entries)
}

func (g *Gen) primValue(t types.Prim) value.Value {
	n := g.integer()
	switch t {
	case types.Bool:
		return value.Bool(n&1 != 0)
	case types.S8:
		return value.S8(int8(n))
	case types.U8:
		return value.U8(uint8(n))
	case types.S16:
		return value.S16(int16(n))
	case types.U16:
		return value.U16(uint16(n))
	case types.S32:
		return value.S32(int32(n))
	case types.U32:
		return value.U32(uint32(n))
	case types.S64:
		return value.S64(int64(n))
	case types.U64:
		return value.U64(n)
	case types.F32:
		return value.F32(g.float32())
	case types.F64:
		return value.F64(g.float())
	case types.Char:
		return value.Char(g.char())
	case types.String:
		s := make([]rune, g.length())
		for i := range s {
			s[i] = g.char()
		}
		return value.String(string(s))
	case types.ErrorContext:
		return value.ErrorContext(g.rand.Uint32())
	default:
		panic(fmt.Sprintf("unreachable: %v", t))
	}
}

// integer returns random bits, often at the limits of some width.
func (g *Gen) integer() uint64 {
	switch g.rand.IntN(4) {
	case 0:
		return g.rand.Uint64()
	case 1:
		return uint64(1)<<g.rand.IntN(64) - uint64(g.rand.IntN(2))
	case 2:
		return -(uint64(1) << g.rand.IntN(64))
	default:
		return uint64(g.rand.IntN(10))
	}
}

func (g *Gen) float() float64 {
	special := []float64{0, math.Copysign(0, -1), 1, -1.5, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64}
	if i := g.rand.IntN(2 * len(special)); i < len(special) {
		return special[i]
	}
	return math.Float64frombits(g.rand.Uint64())
}

func (g *Gen) float32() float32 {
	if g.rand.IntN(2) == 0 {
		return float32(g.float())
	}
	return math.Float32frombits(g.rand.Uint32())
}

// char returns a Unicode scalar value. It can be plain, special in WAVE, combining, invisible,
// unassigned, or arbitrary.
func (g *Gen) char() rune {
	special := []rune("aZ09 '\"\\\t\n\r\x00\x7f\u0085\u0301\u00ad\u200b\u2028\ufeff\ufffd☃🌊\uffff\U0010ffff{}()[],:/%")
	if g.rand.IntN(3) > 0 {
		return special[g.rand.IntN(len(special))]
	}
	for {
		if r := rune(g.rand.IntN(0x110000)); r < 0xd800 || r > 0xdfff {
			return r
		}
	}
}

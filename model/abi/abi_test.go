package abi

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/types"
)

// TestDefinitions compares with testdata/definitions.txt. The head of that file names the source of
// its rows.
func TestDefinitions(t *testing.T) {
	data, err := os.ReadFile("testdata/definitions.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for i, line := range strings.Split(string(data), "\n") {
		kind, rest, _ := strings.Cut(line, " ")
		cols := strings.Split(rest, " | ")
		var got string
		switch kind {
		case "", "#":
			continue
		case "type":
			ty := parseType(t, cols[0])
			got = fmt.Sprintf("type %s | %d %d %d %d | %s | %s", cols[0],
				ElemSize(ty, Ptr32), Alignment(ty, Ptr32), ElemSize(ty, Ptr64), Alignment(ty, Ptr64),
				vals(FlattenType(ty, Ptr32, NoLimit)), vals(FlattenType(ty, Ptr64, NoLimit)))
			for _, limit := range []int{0, 1, 4, 16} {
				full := FlattenType(ty, Ptr32, NoLimit)
				if got, want := vals(FlattenType(ty, Ptr32, limit)), vals(full[:min(len(full), limit+1)]); got != want {
					t.Errorf("line %d: with limit %d: got %s, want %s", i+1, limit, got, want)
				}
			}
		case "func":
			ft := parseFunc(t, cols[0])
			got = "func " + cols[0] + " | " + sigs(ft, Ptr32) + " | " + sigs(ft, Ptr64)
		default:
			t.Fatalf("line %d: unknown kind %q", i+1, kind)
		}
		if got != line {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, got, line)
		}
		rows++
	}
	if rows != 500 {
		t.Errorf("the table has %d rows, want 500", rows)
	}
}

func sigs(ft *types.Func, p PtrType) string {
	var out []string
	for _, x := range []struct {
		opts Options
		c    Context
	}{
		{Options{}, Lift}, {Options{}, Lower},
		{Options{Async: true, Callback: true}, Lift}, {Options{Async: true}, Lift}, {Options{Async: true}, Lower},
	} {
		x.opts.PtrType = p
		cf := FlattenFunc(ft, x.opts, x.c)
		out = append(out, vals(cf.Params)+":"+vals(cf.Results))
	}
	return strings.Join(out, " ")
}

// vals writes core types in the notation of the table.
func vals(vs []types.CoreVal) string {
	letters := map[types.CoreVal]string{types.I32: "i", types.I64: "l", types.F32Core: "f", types.F64Core: "d"}
	out := ""
	for i := 0; i < len(vs); {
		j := i
		for j < len(vs) && vs[j] == vs[i] {
			j++
		}
		if j-i > 1 {
			out += strconv.Itoa(j - i)
		}
		out += letters[vs[i]]
		i = j
	}
	if out == "" {
		return "-"
	}
	return out
}

func parseFunc(t *testing.T, expr string) *types.Func {
	params, result, ok := strings.Cut(expr, " -> ")
	if !ok {
		t.Fatalf("bad function %q", expr)
	}
	ft := &types.Func{Result: parseType(t, result)}
	if params != "" {
		for _, p := range parseType(t, "tuple<"+params+">").(*types.Tuple).Elems {
			ft.Params = append(ft.Params, types.Param{Type: p})
		}
	}
	return ft
}

func parseType(t *testing.T, expr string) types.ValType {
	p := exprParser{t: t, s: expr}
	ty := p.parse()
	if p.s != "" {
		t.Fatalf("%q: trailing %q", expr, p.s)
	}
	return ty
}

type exprParser struct {
	t *testing.T
	s string
}

func (p *exprParser) parse() types.ValType {
	i := strings.IndexAny(p.s+">", "<,>")
	word := p.s[:i]
	p.s = p.s[i:]
	if word == "_" {
		return nil
	}
	for prim := types.Bool; prim <= types.ErrorContext; prim++ {
		if prim.String() == word {
			return prim
		}
	}
	res := &types.Resource{Name: "r"}
	switch word {
	case "own":
		return &types.Own{Of: res}
	case "borrow":
		return &types.Borrow{Of: res}
	case "enum":
		return &types.Enum{Names: make([]string, p.number())}
	case "flags":
		return &types.Flags{Names: make([]string, p.number())}
	}
	var args []types.ValType
	n := 0
	for p.eat('<'); ; p.eat(',') {
		if p.s != "" && p.s[0] >= '0' && p.s[0] <= '9' {
			n = p.digits()
		} else {
			args = append(args, p.parse())
		}
		if p.s == "" || p.s[0] != ',' {
			break
		}
	}
	p.eat('>')
	return p.composite(word, args, n)
}

func (p *exprParser) composite(word string, args []types.ValType, n int) types.ValType {
	switch {
	case word == "list" && n > 0:
		return &types.FixedList{Elem: args[0], Len: uint32(n)}
	case word == "list":
		return &types.List{Elem: args[0]}
	case word == "tuple":
		return &types.Tuple{Elems: args}
	case word == "option":
		return &types.Option{Elem: args[0]}
	case word == "result":
		return &types.Result{OK: args[0], Err: args[1]}
	case word == "map":
		return &types.Map{Key: args[0], Value: args[1]}
	case word == "stream":
		return &types.Stream{Elem: args[0]}
	case word == "future":
		return &types.Future{Elem: args[0]}
	case word == "record":
		r := &types.Record{}
		for _, a := range args {
			r.Fields = append(r.Fields, types.Field{Type: a})
		}
		return r
	case word == "variant":
		v := &types.Variant{}
		for _, a := range args {
			v.Cases = append(v.Cases, types.Case{Type: a})
		}
		return v
	}
	p.t.Fatalf("unknown type %q", word)
	return nil
}

func (p *exprParser) eat(c byte) {
	if p.s == "" || p.s[0] != c {
		p.t.Fatalf("expected %q at %q", c, p.s)
	}
	p.s = p.s[1:]
}

func (p *exprParser) digits() int {
	i := 0
	for i < len(p.s) && p.s[i] >= '0' && p.s[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(p.s[:i])
	if err != nil {
		p.t.Fatal(err)
	}
	p.s = p.s[i:]
	return n
}

func (p *exprParser) number() int {
	p.eat('<')
	n := p.digits()
	p.eat('>')
	return n
}

// TestSharedParts uses types whose size is exponential in their depth: each level mentions the one
// below twice.
func TestSharedParts(t *testing.T) {
	const depth = 80
	var record, variant, mixed types.ValType = types.U8, types.F32, types.U8
	for range depth {
		record = &types.Tuple{Elems: []types.ValType{record, record}}
		variant = &types.Result{OK: variant, Err: variant}
		mixed = &types.Option{Elem: &types.Tuple{Elems: []types.ValType{mixed, mixed}}}
	}
	if got := ElemSize(record, Ptr32); got != math.MaxUint64 {
		t.Errorf("size of the record: got %d", got)
	}
	if got := len(FlattenType(record, Ptr32, MaxFlatParams)); got != MaxFlatParams+1 {
		t.Errorf("the record flattens to %d", got)
	}
	if got := len(FlattenType(mixed, Ptr32, MaxFlatParams)); got != MaxFlatParams+1 {
		t.Errorf("the mixed type flattens to %d", got)
	}
	if got := FlattenType(variant, Ptr32, 100); len(got) != depth+1 || got[depth] != types.F32Core {
		t.Errorf("the variant flattens to %v", got)
	}
	if got := ElemSize(variant, Ptr32); got != 4*depth+4 {
		t.Errorf("size of the variant: got %d", got)
	}
	if ContainsBorrow(record) || ContainsPointer(mixed) || ContainsAsyncValue(variant) {
		t.Error("found a type that does not exist")
	}
	_ = ElemSize(mixed, Ptr64)
}

func TestHugeFixedLists(t *testing.T) {
	l := &types.FixedList{Elem: types.U64, Len: math.MaxUint32}
	if got, want := ElemSize(l, Ptr32), uint64(8*math.MaxUint32); got != want {
		t.Errorf("got %d, want %d", got, want)
	}
	ll := &types.FixedList{Elem: l, Len: math.MaxUint32}
	if got := ElemSize(ll, Ptr32); got != math.MaxUint64 {
		t.Errorf("got %d", got)
	}
	if got := ElemSize(&types.Option{Elem: ll}, Ptr32); got != math.MaxUint64 {
		t.Errorf("option: got %d", got)
	}
	if got := len(FlattenType(ll, Ptr32, 16)); got != 17 {
		t.Errorf("flattens to %d", got)
	}
	// These are the bounds of test/validation/max-value-size.wast.
	if ElemSize(&types.FixedList{Elem: types.U8, Len: 1<<28 - 1}, Ptr64) > MaxElemSize ||
		ElemSize(&types.FixedList{Elem: types.String, Len: 16777216}, Ptr64) <= MaxElemSize {
		t.Error("MaxElemSize is off")
	}
}

func TestLayout(t *testing.T) {
	l := NewLayout(Ptr32)
	offsets, size, align := l.Record([]types.ValType{types.U8, types.U64, types.U16, types.String})
	if got, want := fmt.Sprint(offsets, size, align), "[0 8 16 20] 32 8"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := l.PayloadOffset([]types.ValType{nil, types.U64}); got != 8 {
		t.Errorf("payload offset: got %d", got)
	}
	if got := l.PayloadOffset([]types.ValType{nil, types.U8}); got != 1 {
		t.Errorf("payload offset: got %d", got)
	}
}

func TestContains(t *testing.T) {
	res := &types.Resource{}
	for _, tt := range []struct {
		name               string
		t                  types.ValType
		borrow, async, ptr bool
	}{
		{"u32", types.U32, false, false, false},
		{"string", types.String, false, false, true},
		{"own", &types.Own{Of: res}, false, false, false},
		{"list of borrow", &types.List{Elem: &types.Borrow{Of: res}}, true, false, true},
		{"fixed list", &types.FixedList{Elem: types.U8, Len: 3}, false, false, false},
		{"stream of string", &types.Stream{Elem: types.String}, false, true, false},
		{"stream", &types.Stream{}, false, true, false},
		{"future of borrow", &types.Future{Elem: &types.Borrow{Of: res}}, true, true, false},
		{"map", &types.Map{Key: types.U8, Value: types.U8}, false, false, true},
		{"result", &types.Result{Err: &types.Named{Name: "s", Of: types.String}}, false, false, true},
		{"variant", &types.Variant{Cases: []types.Case{{Name: "a"}, {Name: "b", Type: &types.Future{}}}}, false, true, false},
		{"error-context", types.ErrorContext, false, false, false},
	} {
		if b, a, p := ContainsBorrow(tt.t), ContainsAsyncValue(tt.t), ContainsPointer(tt.t); b != tt.borrow || a != tt.async || p != tt.ptr {
			t.Errorf("%s: got %v, %v, %v", tt.name, b, a, p)
		}
	}
}

func TestNeeds(t *testing.T) {
	many := strings.Repeat("u8,", 16) + "u8"
	for _, tt := range []struct {
		fn   string
		opts Options
		c    Context
		want Needs
	}{
		{"u32 -> u32", Options{}, Lift, Needs{}},
		{"u32 -> u32", Options{}, Lower, Needs{}},
		{"u32 -> u32", Options{Async: true}, Lower, Needs{Memory: true}},
		{"u32 -> _", Options{Async: true}, Lower, Needs{}},
		{"string -> _", Options{}, Lift, Needs{Memory: true, Realloc: true}},
		{"string -> _", Options{}, Lower, Needs{Memory: true}},
		{" -> string", Options{}, Lift, Needs{Memory: true}},
		{" -> string", Options{}, Lower, Needs{Memory: true, Realloc: true}},
		{" -> tuple<u8,u8>", Options{}, Lift, Needs{Memory: true}},
		{" -> tuple<u8,u8>", Options{}, Lower, Needs{Memory: true}},
		{" -> tuple<u8,u8>", Options{Async: true, Callback: true}, Lift, Needs{}},
		{" -> tuple<" + many + ">", Options{Async: true, Callback: true}, Lift, Needs{Memory: true}},
		{many + " -> _", Options{}, Lift, Needs{Memory: true, Realloc: true}},
		{many + " -> _", Options{}, Lower, Needs{Memory: true}},
		{"u8,u8,u8,u8,u8 -> _", Options{Async: true}, Lower, Needs{Memory: true}},
	} {
		if got := NeedsOf(parseFunc(t, tt.fn), tt.opts, tt.c); got != tt.want {
			t.Errorf("%s %s %+v: got %+v, want %+v", tt.c, tt.fn, tt.opts, got, tt.want)
		}
	}
}

func TestAuxiliaryFunctions(t *testing.T) {
	for _, tt := range []struct {
		got  *types.CoreFunc
		want string
	}{
		{FlattenTaskReturn(nil, Ptr32), "[] -> []"},
		{FlattenTaskReturn(types.String, Ptr64), "[i64 i64] -> []"},
		{FlattenTaskReturn(&types.FixedList{Elem: types.U8, Len: 17}, Ptr32), "[i32] -> []"},
		{FlattenPostReturn(parseFunc(t, "u8 -> string"), Options{}), "[i32] -> []"},
		{FlattenRealloc(Ptr64), "[i64 i64 i64 i64] -> [i64]"},
		{FlattenCallback(), "[i32 i32 i32] -> [i32]"},
	} {
		if got := tt.got.String(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// TestDespecialize checks that a specialized type and its despecialized form have the same layout.
func TestDespecialize(t *testing.T) {
	for _, expr := range []string{
		"tuple<u8,u64>", "enum<300>", "option<string>", "result<u8,_>", "result<_,_>", "map<string,u64>", "u8", "list<u8>",
	} {
		ty := parseType(t, expr)
		d := Despecialize(&types.Named{Name: "n", Of: ty})
		if ElemSize(ty, Ptr64) != ElemSize(d, Ptr64) || Alignment(ty, Ptr64) != Alignment(d, Ptr64) ||
			vals(FlattenType(ty, Ptr64, NoLimit)) != vals(FlattenType(d, Ptr64, NoLimit)) {
			t.Errorf("%s differs from its despecialized form", expr)
		}
		switch d.(type) {
		case *types.Tuple, *types.Enum, *types.Option, *types.Result, *types.Map, *types.Named:
			t.Errorf("%s: got %T", expr, d)
		}
	}
}

func BenchmarkFlattenFunc(b *testing.B) {
	ft := &types.Func{
		Params: []types.Param{{Type: types.String}, {Type: &types.Option{Elem: &types.Tuple{Elems: []types.ValType{types.U32, types.F64}}}}},
		Result: types.String,
	}
	b.ReportAllocs()
	for b.Loop() {
		FlattenFunc(ft, Options{}, Lower)
	}
}

func TestStringEncodings(t *testing.T) {
	var got []string
	for e := range Latin1UTF16 + 2 {
		got = append(got, e.String())
	}
	if got, want := strings.Join(got, " "), "StringEncoding(0) utf8 utf16 latin1+utf16 StringEncoding(4)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

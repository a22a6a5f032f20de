package types_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
)

const rounds = 400

// Equal is reflexive and symmetric, looks through names, and distinguishes different types.
func TestEqual(t *testing.T) {
	g := valuetest.New(1, valuetest.Options{Depth: 4, Handles: true})
	var before types.ValType = types.U8
	for range rounds {
		a := g.Type()
		named := &types.Named{Name: "n", Of: &types.Named{Name: "m", Of: a}}
		for _, b := range []types.Type{a, named, types.Unname(a)} {
			if !types.Equal(a, b) || !types.Equal(b, a) {
				t.Fatalf("%s is not equal to itself", types.TypeString(a))
			}
		}
		if types.Equal(a, before) != types.Equal(before, a) {
			t.Fatalf("not symmetric: %s and %s", types.TypeString(a), types.TypeString(before))
		}
		if types.Equal(a, &types.List{Elem: a}) {
			t.Fatalf("%s is a list of itself", types.TypeString(a))
		}
		before = a
	}
	if !types.Equal(nil, nil) || types.Equal(nil, types.U8) || types.Equal(types.U8, nil) {
		t.Error("nil must be equal only to nil")
	}
}

// Subtype is reflexive and transitive. It accepts types that are subtypes by construction, and
// rejects the reverse.
func TestSubtype(t *testing.T) {
	for seed := range uint64(rounds) {
		g := newGen(seed)
		x := g.instance(3)
		a := concrete(x)
		if m := types.Subtype(a, a); m != nil {
			t.Fatalf("seed %d: not reflexive: %v\n%s", seed, m, types.TypeString(a))
		}
		// A concrete instance fits the type it was made from, whose resources are variables.
		if m := types.Subtype(a, x); m != nil {
			t.Fatalf("seed %d: an instance does not fit its type: %v\n%s", seed, m, types.TypeString(x))
		}
		wide := g.wider(x)
		wider := concrete(g.wider(wide))
		if m := types.Subtype(wider, wide); m != nil {
			t.Fatalf("seed %d: wider: %v\n%s\n%s", seed, m, types.TypeString(wider), types.TypeString(wide))
		}
		if m := types.Subtype(wider, x); m != nil {
			t.Fatalf("seed %d: not transitive: %v", seed, m)
		}
		if types.Subtype(a, wide) == nil {
			t.Fatalf("seed %d: an instance without an export fits", seed)
		}
		c := g.component(3, nil)
		d := g.narrower(c)
		e := g.narrower(d)
		for _, p := range [][2]*types.Component{{c, c}, {d, c}, {e, d}, {e, c}} {
			if m := types.Subtype(p[0], p[1]); m != nil {
				t.Fatalf("seed %d: component: %v\n%s\n%s", seed, m, types.TypeString(p[0]), types.TypeString(p[1]))
			}
		}
		if types.Subtype(c, d) == nil {
			t.Fatalf("seed %d: a component without an export fits", seed)
		}
	}
}

// Subtyping of imports has the opposite direction.
func TestContravariance(t *testing.T) {
	f := types.Item{Name: "f", Type: &types.Func{}}
	h := types.Item{Name: "h", Type: &types.Func{}}
	with := func(items ...types.Item) *types.Component {
		return &types.Component{Imports: types.NewItems([]types.Item{{Name: "i", Type: &types.Instance{Exports: types.NewItems(items)}}})}
	}
	if m := types.Subtype(with(f), with(f, h)); m != nil {
		t.Errorf("wants less than it gets: %v", m)
	}
	want := "type mismatch for import `i`: missing expected export `h`"
	if m := types.Subtype(with(f, h), with(f)); m == nil || m.Error() != want {
		t.Errorf("wants more than it gets: %v", m)
	}
}

// Subst preserves Subtype and makes no unnecessary replacement.
func TestSubst(t *testing.T) {
	for seed := range uint64(rounds) {
		g := newGen(seed)
		x := g.instance(3)
		wide := g.wider(x)
		var s types.Subst
		for i, r := range x.Resources {
			s.Bind(r, &types.Resource{Name: fmt.Sprint("other", i)})
		}
		a := &types.Instance{Exports: s.Items(wide.Exports)}
		b := &types.Instance{Exports: s.Items(x.Exports)}
		if m := types.Subtype(a, b); m != nil {
			t.Fatalf("seed %d: Subst does not preserve Subtype: %v", seed, m)
		}
		if len(x.Resources) > 0 && types.Subtype(a, &types.Instance{Exports: x.Exports}) == nil {
			t.Fatalf("seed %d: replaced resources are still the same", seed)
		}
		var none types.Subst
		none.Bind(&types.Resource{}, &types.Resource{})
		if got := none.Type(x); got != types.Type(x) {
			t.Fatalf("seed %d: replacing nothing made a new type", seed)
		}
		for i, it := range none.Items(x.Exports).All() {
			if it.Type != x.Exports.At(i).Type {
				t.Fatalf("seed %d: replacing nothing made a new export", seed)
			}
		}
	}
	var s *types.Subst
	if s.Type(types.U8) != types.Type(types.U8) || !s.Empty() {
		t.Error("nil replaces something")
	}
}

// Types without resources stay shared. A shared type with resources is replaced once.
func TestSubstShares(t *testing.T) {
	r, to := &types.Resource{Name: "r"}, &types.Resource{Name: "to"}
	rec := &types.Record{Fields: []types.Field{{Name: "a", Type: types.U8}}}
	own := &types.Own{Of: r}
	var s types.Subst
	s.Bind(r, to)
	got := s.Type(&types.Tuple{Elems: []types.ValType{rec, own, own}}).(*types.Tuple)
	if got.Elems[0] != types.ValType(rec) {
		t.Error("a part without resources was copied")
	}
	if got.Elems[1] != got.Elems[2] {
		t.Error("a shared part is no longer shared")
	}
	if got.Elems[1].(*types.Own).Resource() != to {
		t.Error("the resource was not replaced")
	}
	named := &types.Named{Name: "a", Of: rec}
	s.Rename(named, &types.Named{Name: "b", Of: rec})
	if got := types.TypeString(s.Type(&types.List{Elem: named})); got != "list<b>" {
		t.Errorf("renamed: %s", got)
	}
}

// Match binds variables in the order in which items declare them, also inside instances, and adopts
// the supplied names.
func TestMatch(t *testing.T) {
	v1, v2 := &types.Resource{Name: "v1"}, &types.Resource{Name: "v2"}
	r1, r2 := &types.Resource{Name: "r1"}, &types.Resource{Name: "r2"}
	rec := &types.Record{Fields: []types.Field{{Name: "a", Type: types.U8}}}
	theirs := &types.Named{Name: "theirs", Of: rec}
	mine := &types.Named{Name: "mine", Of: rec}
	want := types.NewItems([]types.Item{
		{Name: "i", Type: &types.Instance{Exports: types.NewItems([]types.Item{
			{Name: "r", Type: &types.Bound{Type: v1}}, {Name: "t", Type: &types.Bound{Type: theirs}}})}},
		{Name: "q", Type: &types.Bound{Type: v2}},
		{Name: "f", Type: &types.Func{Params: []types.Param{{Name: "a", Type: &types.Own{Of: v1}}, {Name: "b", Type: &types.Borrow{Of: v2}}}}},
	})
	supply := func(first, second *types.Resource) types.Lookup {
		return types.NewItems([]types.Item{
			{Name: "f", Type: &types.Func{Params: []types.Param{{Name: "a", Type: &types.Own{Of: r1}}, {Name: "b", Type: &types.Borrow{Of: r2}}}}},
			{Name: "q", Type: &types.Bound{Type: &types.Named{Name: "alias", Of: second}}},
			{Name: "i", Type: &types.Instance{Exports: types.NewItems([]types.Item{
				{Name: "t", Type: &types.Bound{Type: mine}}, {Name: "r", Type: &types.Bound{Type: first}}})}},
		}).Get
	}
	s, m := types.Match(supply(r1, r2), want, []*types.Resource{v1, v2}, "import")
	if m != nil {
		t.Fatal(m)
	}
	if to, _ := s.Bound(v1); to != types.Type(r1) {
		t.Errorf("v1 is %v", to)
	}
	if to, _ := s.Bound(v2); types.Unname(to) != types.Type(r2) {
		t.Errorf("v2 is %v", to)
	}
	if got := types.TypeString(s.Type(&types.List{Elem: theirs})); got != "list<mine>" {
		t.Errorf("list<theirs> became %s", got)
	}
	_, m = types.Match(supply(r2, r1), want, []*types.Resource{v1, v2}, "import")
	if m == nil || !m.Identity() || m.Error() != "type mismatch for import `f`: type mismatch in function parameter `a`: resource types are not the same (`r1` vs. `r2`)" {
		t.Errorf("swapped resources: %v", m)
	}
	_, m = types.Match(func(string) types.Extern { return nil }, want, nil, "import")
	if m == nil || m.Error() != "missing import named `i`" {
		t.Errorf("nothing supplied: %v", m)
	}
}

func TestFresh(t *testing.T) {
	g := newGen(3)
	x := g.instance(3)
	for len(x.Resources) == 0 {
		x = g.instance(3)
	}
	a, ra := types.Fresh(x, "home")
	b, rb := types.Fresh(x, "home")
	if len(a.Resources) != 0 || len(ra) != len(x.Resources) || ra[0] == rb[0] || ra[0].Home != "home" || ra[0].Name != x.Resources[0].Name {
		t.Errorf("fresh resources %v and %v", ra, rb)
	}
	if types.Subtype(a, b) == nil {
		t.Error("two fresh instances share their resources")
	}
	plain := &types.Instance{}
	if got, rs := types.Fresh(plain, ""); got != plain || rs != nil {
		t.Error("an instance type without resources was copied")
	}
}

func TestHasFreeResource(t *testing.T) {
	r := &types.Resource{Name: "r"}
	own := &types.Own{Of: r}
	bound := &types.Instance{Exports: types.NewItems([]types.Item{{Name: "r", Type: &types.Bound{Type: r}},
		{Name: "f", Type: &types.Func{Result: own}}}), Resources: []*types.Resource{r}}
	for _, c := range []struct {
		t    types.Type
		want bool
	}{
		{types.U8, false}, {r, true}, {own, true}, {&types.List{Elem: &types.Borrow{Of: r}}, true},
		{&types.Result{Err: own}, true}, {&types.Map{Key: types.U8, Value: own}, true}, {&types.Named{Name: "n", Of: r}, true},
		{&types.Func{Params: []types.Param{{Name: "p", Type: own}}}, true}, {&types.Stream{}, false}, {&types.Future{Elem: own}, true},
		{bound, false}, {&types.Instance{Exports: bound.Exports}, true},
		{&types.Component{Imports: bound.Exports, ImportedResources: bound.Resources}, false},
		{&types.Component{Exports: bound.Exports, ExportedResources: bound.Resources}, false},
		{&types.Component{Exports: types.NewItems([]types.Item{{Name: "i", Type: bound}})}, false},
		{&types.Component{Exports: bound.Exports}, true},
	} {
		if got := types.HasFreeResource(c.t); got != c.want {
			t.Errorf("%s: %v", types.TypeString(c.t), got)
		}
	}
}

// Diff returns the first difference, with the path to it.
func TestDiff(t *testing.T) {
	r1, r2 := &types.Resource{Name: "r", Home: "a:b/c"}, &types.Resource{}
	rec := func(name string, v types.ValType) *types.Record {
		return &types.Record{Fields: []types.Field{{Name: name, Type: v}}}
	}
	variant := func(name string, v types.ValType) *types.Variant {
		return &types.Variant{Cases: []types.Case{{Name: name, Type: v}}}
	}
	f := func(param string, v, result types.ValType) *types.Func {
		ft := &types.Func{Result: result}
		if v != nil {
			ft.Params = []types.Param{{Name: param, Type: v}}
		}
		return ft
	}
	for _, c := range []struct {
		found, expected types.Type
		want            string
	}{
		{types.String, types.U8, "expected primitive `u8` found primitive `string`"},
		{rec("a", types.U8), types.U8, "expected u8, found record"},
		{types.U8, rec("a", types.U8), "expected record, found u8"},
		{&types.Func{}, types.U8, "expected defined type, found func type"},
		{rec("a", types.U8), rec("b", types.U8), "expected field name `b`, found `a`"},
		{rec("a", types.U8), &types.Record{}, "expected 0 fields, found 1"},
		{rec("a", types.U8), rec("a", types.S8), "type mismatch in record field `a`: expected primitive `s8` found primitive `u8`"},
		{variant("a", nil), variant("b", nil), "expected case named `b`, found `a`"},
		{variant("a", nil), &types.Variant{}, "expected 0 cases, found 1"},
		{variant("a", nil), variant("a", types.U8), "expected case `a` to have a type, found none"},
		{variant("a", types.U8), variant("a", nil), "expected case `a` to have no type"},
		{variant("a", types.U8), variant("a", types.S8), "type mismatch in variant case `a`: expected primitive `s8` found primitive `u8`"},
		{&types.List{Elem: types.U8}, &types.List{Elem: types.S8}, "expected primitive `s8` found primitive `u8`"},
		{&types.FixedList{Elem: types.U8, Len: 2}, &types.FixedList{Elem: types.U8, Len: 3}, "expected fixed-length 3, found size 2"},
		{&types.Tuple{}, &types.Tuple{Elems: []types.ValType{types.U8}}, "expected 1 types, found 0"},
		{&types.Tuple{Elems: []types.ValType{types.S8}}, &types.Tuple{Elems: []types.ValType{types.U8}},
			"type mismatch in tuple field 0: expected primitive `u8` found primitive `s8`"},
		{&types.Flags{Names: []string{"a"}}, &types.Flags{Names: []string{"b"}}, "mismatch in flags elements"},
		{&types.Enum{Names: []string{"a"}}, &types.Enum{Names: []string{"b"}}, "mismatch in enum elements"},
		{&types.Option{Elem: types.U8}, &types.Option{Elem: types.S8}, "expected primitive `s8` found primitive `u8`"},
		{&types.Result{}, &types.Result{OK: types.U8}, "expected ok type, but found none"},
		{&types.Result{Err: types.U8}, &types.Result{}, "expected err type to not be present"},
		{&types.Result{Err: types.U8}, &types.Result{Err: types.S8}, "type mismatch in err variant: expected primitive `s8` found primitive `u8`"},
		{&types.Map{Key: types.U8, Value: types.U8}, &types.Map{Key: types.U16, Value: types.U8},
			"type mismatch in map key: expected primitive `u16` found primitive `u8`"},
		{&types.Map{Key: types.U8, Value: types.U8}, &types.Map{Key: types.U8, Value: types.U16},
			"type mismatch in map value: expected primitive `u16` found primitive `u8`"},
		{&types.Stream{}, &types.Stream{Elem: types.U8}, "expected stream type, but found none"},
		{&types.Future{Elem: types.U8}, &types.Future{}, "expected future type to not be present"},
		{&types.Own{Of: r1}, &types.Own{Of: r2}, "resource types are not the same (`a:b/c.r` vs. an unnamed resource)"},
		{&types.Own{Of: r1}, &types.Borrow{Of: r1}, "expected borrow, found own"},
		{f("x", types.U8, nil), f("y", types.U8, nil), "expected parameter named `y`, found `x`"},
		{f("x", types.U8, nil), f("", nil, nil), "expected 0 parameters, found 1"},
		{f("x", types.U8, nil), f("x", types.S8, nil), "type mismatch in function parameter `x`: expected primitive `s8` found primitive `u8`"},
		{f("", nil, types.U8), f("", nil, types.S8), "type mismatch with result type: expected primitive `s8` found primitive `u8`"},
		{f("", nil, types.U8), f("", nil, nil), "expected a result, found none: the function returns `u8` where nothing is expected"},
		{f("", nil, nil), f("", nil, types.U8), "expected a result of type `u8`, found none"},
		{&types.Func{Async: true}, &types.Func{}, "expected sync function, found async function"},
	} {
		m := types.Diff(c.found, c.expected)
		if m == nil || m.Error() != c.want {
			t.Errorf("%s against %s:\n got %v\nwant %s", types.TypeString(c.found), types.TypeString(c.expected), m, c.want)
			continue
		}
		if m.Identity() != strings.HasPrefix(m.Text, "resource types") {
			t.Errorf("%s: identity is %v", m, m.Identity())
		}
	}
	m := types.Diff(rec("a", types.U8), rec("a", types.S8))
	if m.Found != "u8" || m.Expected != "s8" {
		t.Errorf("found %s, expected %s", m.Found, m.Expected)
	}
	deep := func(v types.ValType) types.Type {
		return f("p", rec("a", &types.Tuple{Elems: []types.ValType{variant("b", &types.Result{OK: types.U8, Err: v})}}), nil)
	}
	want := []string{"parameter `p`", "field `a`", "element 0", "case `b`", "err"}
	if got := types.Diff(deep(types.U8), deep(types.U16)).Where(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := types.Diff(f("", nil, types.U8), f("", nil, types.U16)).Where(); !slices.Equal(got, []string{"result"}) {
		t.Errorf("got %q", got)
	}
}

func TestSubtypeTexts(t *testing.T) {
	item := func(x types.Extern) *types.Instance {
		return &types.Instance{Exports: types.NewItems([]types.Item{{Name: "x", Type: x}})}
	}
	r := &types.Resource{Name: "r"}
	open := &types.Instance{Exports: item(&types.Bound{Type: r}).Exports, Resources: []*types.Resource{r}}
	module := func(n uint64) *types.Module {
		return &types.Module{Exports: []types.CoreExport{{Name: "m", Type: &types.CoreMemory{Limits: types.Limits{Min: n}}}}}
	}
	f := &types.CoreFunc{Params: []types.CoreVal{types.I32, types.I64}, Results: []types.CoreVal{types.FuncRef}}
	for _, c := range []struct {
		sub, super types.Extern
		want       string
	}{
		{&types.Func{}, &types.Instance{}, "expected instance, found func"},
		{&types.Instance{}, item(&types.Func{}), "missing expected export `x`"},
		{item(item(&types.Func{})), item(item(&types.Func{Result: types.U8})),
			"type mismatch in instance export `x`: type mismatch in instance export `x`: expected a result of type `u8`, found none"},
		{item(&types.Bound{Type: types.U8}), open, "type mismatch in instance export `x`: expected resource, found defined type"},
		{&types.Value{Type: types.U8}, &types.Value{Type: types.S8}, "expected primitive `s8` found primitive `u8`"},
		{&types.Bound{Type: &types.List{Elem: types.U8}}, &types.Bound{Type: types.U8}, "expected primitive, found list"},
		{module(1), module(2), "type mismatch in export `m`: mismatch in memory limits"},
		{&types.Module{Imports: []types.CoreImport{{Module: "a", Name: "b", Type: f}}}, &types.Module{}, "missing expected import `a::b`"},
		{&types.Module{Exports: []types.CoreExport{{Name: "f", Type: &types.CoreFunc{}}}}, &types.Module{Exports: []types.CoreExport{{Name: "f", Type: f}}},
			"type mismatch in export `f`: expected: (func (param i32 i64) (result funcref))\nfound:    (func)"},
	} {
		if m := types.Subtype(c.sub, c.super); m == nil || m.Error() != c.want {
			t.Errorf("got %v\nwant %s", m, c.want)
		}
		if m := types.Subtype(c.super, c.super); m != nil {
			t.Errorf("not reflexive: %v", m)
		}
	}
}

func TestTypeString(t *testing.T) {
	r := &types.Resource{Name: "r"}
	f := &types.Func{Params: []types.Param{{Name: "a", Type: types.U8}, {Name: "b", Type: &types.Borrow{Of: r}}}, Result: types.String}
	for want, x := range map[string]types.Type{
		"u8": types.U8, "error-context": types.ErrorContext, "_": nil,
		"record { a: u8, b: string }":         &types.Record{Fields: []types.Field{{Name: "a", Type: types.U8}, {Name: "b", Type: types.String}}},
		"variant { a, b(char) }":              &types.Variant{Cases: []types.Case{{Name: "a"}, {Name: "b", Type: types.Char}}},
		"list<u8>":                            &types.List{Elem: types.U8},
		"list<u8, 4>":                         &types.FixedList{Elem: types.U8, Len: 4},
		"tuple<u8, s8>":                       &types.Tuple{Elems: []types.ValType{types.U8, types.S8}},
		"flags { a, b }":                      &types.Flags{Names: []string{"a", "b"}},
		"enum { a, b }":                       &types.Enum{Names: []string{"a", "b"}},
		"option<bool>":                        &types.Option{Elem: types.Bool},
		"result":                              &types.Result{},
		"result<u8>":                          &types.Result{OK: types.U8},
		"result<_, u8>":                       &types.Result{Err: types.U8},
		"result<u8, f64>":                     &types.Result{OK: types.U8, Err: types.F64},
		"map<string, u8>":                     &types.Map{Key: types.String, Value: types.U8},
		"r":                                   &types.Own{Of: r},
		"borrow<r>":                           &types.Borrow{Of: r},
		"stream":                              &types.Stream{},
		"stream<u8>":                          &types.Stream{Elem: types.U8},
		"future<f32>":                         &types.Future{Elem: types.F32},
		"point":                               &types.Named{Name: "point", Of: types.U8},
		"resource":                            &types.Resource{},
		"func(a: u8, b: borrow<r>) -> string": f,
		"async func()":                        &types.Func{Async: true},
		"interface { r: resource; f: func(); t: type u8; }": &types.Instance{Exports: types.NewItems([]types.Item{
			{Name: "r", Type: &types.Bound{Type: r}}, {Name: "f", Type: &types.Func{}},
			{Name: "t", Type: &types.Bound{Type: &types.Named{Name: "t", Of: types.U8}}}})},
		"world { import m: core module; import v: value u8; export c: world { }; }": &types.Component{
			Imports: types.NewItems([]types.Item{{Name: "m", Type: &types.Module{}}, {Name: "v", Type: &types.Value{Type: types.U8}}}),
			Exports: types.NewItems([]types.Item{{Name: "c", Type: &types.Component{}}})},
	} {
		if got := types.TypeString(x); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if got := types.Definition(&types.Named{Name: "a", Of: &types.Named{Name: "b", Of: types.U8}}); got != "u8" {
		t.Errorf("definition: %s", got)
	}
	if got := types.ExternString(&types.Bound{Type: r}); got != "resource" {
		t.Errorf("extern: %s", got)
	}
}

// Types are graphs: sixty levels of sharing have sixty nodes, not 2^60.
func TestSharedParts(t *testing.T) {
	r := &types.Resource{Name: "r"}
	deep := func() types.ValType {
		var v types.ValType = &types.Own{Of: r}
		for range 60 {
			v = &types.Tuple{Elems: []types.ValType{v, v}}
		}
		return v
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		a, b := deep(), deep()
		if !types.Equal(a, b) {
			t.Error("not equal")
		}
		var s types.Subst
		s.Bind(r, &types.Resource{Name: "s"})
		if c := s.Type(a); types.Equal(c, a) || !types.HasFreeResource(c) {
			t.Error("not replaced")
		}
		if len(types.TypeString(a)) > 5000 {
			t.Error("printed in full")
		}
		fa, fb := &types.Func{Result: a}, &types.Func{Result: b}
		if m := types.Subtype(fa, fb); m != nil {
			t.Error(m)
		}
		// The same types below variables. Variables prevent a comparison by pointer.
		x := &types.Instance{Exports: types.NewItems([]types.Item{{Name: "r", Type: &types.Bound{Type: r}}, {Name: "f", Type: fa}}),
			Resources: []*types.Resource{r}}
		y, _ := types.Fresh(x, "")
		if m := types.Subtype(y, x); m != nil {
			t.Error(m)
		}
		if types.HasFreeResource(x) {
			t.Error("a bound resource is free")
		}
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("takes too long")
	}
}

func TestItems(t *testing.T) {
	for _, n := range []int{0, 3, 40} {
		var list []types.Item
		for i := range n {
			list = append(list, types.Item{Name: fmt.Sprint("n", i), Type: &types.Func{}})
		}
		it := types.NewItems(list)
		if it.Len() != n || len(it.Names()) != n {
			t.Errorf("%d items: length %d", n, it.Len())
		}
		for i, x := range it.All() {
			if it.Index(x.Name) != i || it.Get(x.Name) != x.Type || it.At(i).Name != x.Name {
				t.Errorf("%d items: %s is not at %d", n, x.Name, i)
			}
		}
		if it.Index("other") != -1 || it.Get("other") != nil {
			t.Errorf("%d items: found one that does not exist", n)
		}
	}
}

func TestCoreStrings(t *testing.T) {
	for want, x := range map[string]types.CoreExtern{
		"func [i32 v128] -> [f64]":       &types.CoreFunc{Params: []types.CoreVal{types.I32, types.V128}, Results: []types.CoreVal{types.F64Core}},
		"table 1 2 funcref":              &types.CoreTable{Limits: types.Limits{Min: 1, Max: 2, HasMax: true}, Elem: types.FuncRef},
		"memory i64 1 2 shared":          &types.CoreMemory{Limits: types.Limits{Min: 1, Max: 2, HasMax: true, Is64: true, Shared: true}},
		"global (mut externref)":         &types.CoreGlobal{Type: types.ExternRef, Mutable: true},
		"global (ref null (shared any))": &types.CoreGlobal{Type: types.CoreVal{Kind: types.RefKind, Nullable: true, Shared: true, Heap: types.HeapAny}},
		"memory 10 4294967296":           &types.CoreMemory{Limits: types.Limits{Min: 10, Max: 1 << 32, HasMax: true}},
		"memory i64 100 999 shared":      &types.CoreMemory{Limits: types.Limits{Min: 100, Max: 999, HasMax: true, Is64: true, Shared: true}},
		"tag [i32] -> []":                &types.CoreTag{Func: &types.CoreFunc{Params: []types.CoreVal{types.I32}}},
	} {
		if got := types.CoreString(x); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestCoreSubtype(t *testing.T) {
	limits := func(min, max uint64) types.Limits { return types.Limits{Min: min, Max: max, HasMax: max > 0} }
	mem := func(l types.Limits) *types.CoreMemory { return &types.CoreMemory{Limits: l, PageSizeLog2: 16} }
	glob := func(t types.CoreVal) *types.CoreGlobal { return &types.CoreGlobal{Type: t} }
	nullable := func(h types.Heap) types.CoreVal { return types.CoreVal{Kind: types.RefKind, Nullable: true, Heap: h} }
	ref := func(d *types.CoreDef) types.CoreVal { return types.CoreVal{Kind: types.RefKind, Def: d} }
	define := func(supers ...*types.CoreDef) *types.CoreDef {
		d := &types.CoreDef{Supers: supers, Func: &types.CoreFunc{}}
		d.Func.Def = d
		return d
	}
	// plain defines a function type by itself, as each validation does.
	plain := func(params ...types.CoreVal) *types.CoreDef {
		d := &types.CoreDef{Final: true, Func: &types.CoreFunc{Params: params}}
		d.Func.Def, d.Group = d, &types.CoreRec{Types: []*types.CoreDef{d}}
		return d
	}
	pair, open, shared := plain(), plain(), plain()
	pair.Group = &types.CoreRec{Types: []*types.CoreDef{pair, open}}
	open.Final, shared.Shared = false, true
	base, other := define(), define()
	sub := define(base)
	for _, c := range []struct {
		a, b types.CoreExtern
		want string
	}{
		{mem(limits(2, 4)), mem(limits(1, 5)), ""},
		{mem(limits(2, 4)), mem(limits(2, 4)), ""},
		{mem(limits(2, 5)), mem(limits(2, 4)), "mismatch in memory limits"},
		{mem(limits(2, 4)), mem(limits(3, 4)), "mismatch in memory limits"},
		{mem(limits(2, 4)), mem(limits(2, 0)), ""},
		{mem(limits(2, 0)), mem(limits(2, 4)), "mismatch in memory limits"},
		{mem(limits(1, 4)), mem(limits(2, 4)), "mismatch in memory limits"},
		{mem(types.Limits{Shared: true}), mem(types.Limits{}), "mismatch in the shared flag for memories"},
		{mem(types.Limits{Is64: true}), mem(types.Limits{}), "mismatch in index type used for memories"},
		{&types.CoreMemory{PageSizeLog2: 0}, mem(types.Limits{}), "mismatch in page size for memories"},
		{&types.CoreTable{Elem: types.FuncRef}, &types.CoreTable{Elem: types.ExternRef}, "expected table element type externref, found funcref"},
		{&types.CoreTable{Elem: types.FuncRef}, &types.CoreTable{Elem: types.FuncRef, Limits: limits(1, 0)}, "mismatch in table limits"},
		{&types.CoreGlobal{Type: types.I32}, &types.CoreGlobal{Type: types.I32, Mutable: true}, "global types differ in mutability"},
		{&types.CoreGlobal{Type: types.I32}, &types.CoreGlobal{Type: types.I64}, "expected global type i64, found i32"},
		{mem(types.Limits{}), &types.CoreFunc{}, "expected func, found memory"},
		{&types.CoreTag{Func: &types.CoreFunc{}}, &types.CoreTag{Func: &types.CoreFunc{}}, ""},
		{&types.CoreGlobal{Type: types.I32, Shared: true}, &types.CoreGlobal{Type: types.I32}, "mismatch in the shared flag for globals"},
		{glob(nullable(types.HeapNoFunc)), glob(types.FuncRef), ""},
		{glob(types.FuncRef), glob(nullable(types.HeapNoFunc)), "expected global type nullfuncref, found funcref"},
		{&types.CoreGlobal{Type: nullable(types.HeapI31), Mutable: true}, &types.CoreGlobal{Type: nullable(types.HeapAny), Mutable: true},
			"expected global type anyref, found i31ref"},
		{&types.CoreTable{Elem: nullable(types.HeapI31)}, &types.CoreTable{Elem: nullable(types.HeapAny)},
			"expected table element type anyref, found i31ref"},
		{sub.Func, base.Func, ""},
		{base.Func, sub.Func, "expected: (func)\nfound:    (func)"},
		{base.Func, &types.CoreFunc{}, ""},
		{&types.CoreFunc{}, sub.Func, ""},
		{plain(types.I32).Func, plain(types.I32).Func, ""},
		{plain(types.I32).Func, plain(types.I64).Func, "expected: (func (param i64))\nfound:    (func (param i32))"},
		{plain().Func, pair.Func, "expected: (func)\nfound:    (func)"},
		{open.Func, plain().Func, "expected: (func)\nfound:    (func)"},
		{plain().Func, shared.Func, "expected: (func)\nfound:    (func)"},
		{plain(ref(base)).Func, plain(ref(other)).Func, "expected: (func (param (ref (type))))\nfound:    (func (param (ref (type))))"},
		{other.Func, base.Func, "expected: (func)\nfound:    (func)"},
		{&types.CoreTag{Func: sub.Func}, &types.CoreTag{Func: base.Func}, "expected: (func)\nfound:    (func)"},
		{&types.CoreTag{Func: base.Func}, &types.CoreTag{Func: base.Func}, ""},
		{glob(ref(sub)), glob(ref(base)), ""},
		{glob(ref(base)), glob(ref(sub)), "expected global type (ref (type)), found (ref (type))"},
		{glob(ref(sub)), glob(types.FuncRef), ""},
		{glob(nullable(types.HeapNoFunc)), glob(ref(sub)), "expected global type (ref (type)), found nullfuncref"},
	} {
		got := ""
		if m := types.CoreSubtype(c.a, c.b); m != nil {
			got = m.Error()
		}
		if got != c.want {
			t.Errorf("%s for %s: got %q, want %q", types.CoreString(c.a), types.CoreString(c.b), got, c.want)
		}
	}
}

func TestCoreValSub(t *testing.T) {
	ref := func(h types.Heap) types.CoreVal { return types.CoreVal{Kind: types.RefKind, Heap: h} }
	null := func(v types.CoreVal) types.CoreVal { v.Nullable = true; return v }
	shared := func(v types.CoreVal) types.CoreVal { v.Shared = true; return v }
	fn := &types.CoreDef{Func: &types.CoreFunc{}}
	array := &types.CoreDef{Array: &types.CoreField{Type: types.I32}, Shared: true}
	def := func(d *types.CoreDef) types.CoreVal { return types.CoreVal{Kind: types.RefKind, Def: d} }
	for _, c := range []struct {
		a, b types.CoreVal
		want bool
	}{
		{types.I32, types.I32, true},
		{types.I32, types.I64, false},
		{types.I32, types.FuncRef, false},
		{types.FuncRef, types.I32, false},
		{ref(types.HeapFunc), types.FuncRef, true},
		{types.FuncRef, ref(types.HeapFunc), false},
		{ref(types.HeapNone), ref(types.HeapStruct), true},
		{ref(types.HeapStruct), ref(types.HeapEq), true},
		{ref(types.HeapAny), ref(types.HeapEq), false},
		{ref(types.HeapNoExn), ref(types.HeapExn), true},
		{ref(types.HeapNoCont), ref(types.HeapCont), true},
		{ref(types.HeapNoExtern), ref(types.HeapAny), false},
		{shared(ref(types.HeapAny)), ref(types.HeapAny), false},
		{def(fn), types.FuncRef, true},
		{def(fn), ref(types.HeapAny), false},
		{ref(types.HeapNoFunc), def(fn), true},
		{ref(types.HeapNone), def(fn), false},
		{def(array), ref(types.HeapArray), false},
		{def(array), shared(ref(types.HeapEq)), true},
		{shared(ref(types.HeapNone)), def(array), true},
		{null(def(fn)), def(fn), false},
		{def(fn), null(def(fn)), true},
	} {
		if got := c.a.Sub(c.b); got != c.want {
			t.Errorf("%s of %s: %v", c.a, c.b, got)
		}
	}
}

// TypeString prints up to a limit and cuts a longer type.
func TestTypeStringLength(t *testing.T) {
	const limit = 4096
	for n, want := range map[int]int{limit: limit, limit + 1: limit + len("…")} {
		elems := []types.ValType{}
		for range (n - len("tuple<>")) / 4 {
			elems = append(elems, types.U8)
		}
		tuple := &types.Tuple{Elems: elems}
		text := types.TypeString(tuple)
		pad := n - len(text)
		elems[0] = &types.Named{Name: strings.Repeat("n", 2+pad), Of: types.U8}
		got := types.TypeString(tuple)
		if len(got) != want || (n == limit) != strings.HasSuffix(got, ">") {
			t.Errorf("a type of %d characters is printed with %d: …%s", n, len(got), got[len(got)-8:])
		}
	}
}

// A number that is not a primitive type or a heap type prints as a number.
func TestUnknownNumbers(t *testing.T) {
	last := types.Prim(0)
	for p := types.Prim(1); !strings.HasPrefix(p.String(), "Prim("); p++ {
		last = p
	}
	if last != types.ErrorContext {
		t.Errorf("the last primitive is %s", last)
	}
	for got, want := range map[string]string{
		types.Prim(0).String(): "Prim(0)", types.Heap(0).String(): "Heap(0)", (types.HeapNoCont + 1).String(): "Heap(15)", types.HeapNoCont.String(): "nocont",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Types print as WIT, also with fmt.
func TestTypesPrintThemselves(t *testing.T) {
	r := &types.Resource{Name: "r"}
	f := &types.Func{Params: []types.Param{{Name: "a", Type: types.U32}}, Result: types.String}
	for _, tt := range []struct {
		t    any
		want string
	}{
		{&types.Record{Fields: []types.Field{{Name: "x", Type: types.U8}}}, "record { x: u8 }"},
		{&types.Variant{Cases: []types.Case{{Name: "a"}, {Name: "b", Type: types.U8}}}, "variant { a, b(u8) }"},
		{&types.List{Elem: types.U8}, "list<u8>"},
		{&types.FixedList{Elem: types.U8, Len: 2}, "list<u8, 2>"},
		{&types.Tuple{Elems: []types.ValType{types.U8, types.String}}, "tuple<u8, string>"},
		{&types.Flags{Names: []string{"a", "b"}}, "flags { a, b }"},
		{&types.Enum{Names: []string{"a", "b"}}, "enum { a, b }"},
		{&types.Option{Elem: types.U8}, "option<u8>"},
		{&types.Result{}, "result"},
		{&types.Map{Key: types.U8, Value: types.U16}, "map<u8, u16>"},
		{&types.Own{Of: r}, "r"},
		{&types.Borrow{Of: r}, "borrow<r>"},
		{&types.Stream{Elem: types.U8}, "stream<u8>"},
		{&types.Future{Elem: types.U8}, "future<u8>"},
		{&types.Named{Name: "n", Of: types.U8}, "n"},
		{r, "r"},
		{f, "func(a: u32) -> string"},
		{&types.Instance{}, "interface { }"},
		{&types.Component{}, "world { }"},
		{&types.Module{}, "core module"},
		{&types.Value{Type: types.U8}, "value u8"},
		{&types.Bound{Type: r}, "resource"},
	} {
		if got := fmt.Sprint(tt.t); got != tt.want {
			t.Errorf("%T prints as %q, want %q", tt.t, got, tt.want)
		}
	}
}

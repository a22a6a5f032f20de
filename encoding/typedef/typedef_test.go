package typedef_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/typedef"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
)

// roundTrip imports items into a new component and returns their types after validation.
func roundTrip(t *testing.T, items []types.Item) types.Items {
	t.Helper()
	b := &encoding.Builder{}
	e := typedef.New(b)
	for _, x := range items {
		et, err := e.Extern(x.Type)
		if err != nil {
			t.Fatalf("%s: %v", x.Name, err)
		}
		i := b.Import(encoding.NameOf(x), et)
		switch xt := x.Type.(type) {
		case *types.Bound:
			e.Define(xt.Type, i.Type())
		case *types.Instance:
			for _, y := range xt.Exports.All() {
				if bound, ok := y.Type.(*types.Bound); ok {
					e.Define(bound.Type, b.AliasType(i.Instance(), y.Name))
				}
			}
		}
	}
	return validated(t, b).Type.Imports
}

func validated(t *testing.T, b *encoding.Builder) *validate.Info {
	t.Helper()
	f := diag.NewBinary("types.wasm", b.Component().Append(nil))
	c, err := encoding.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	info, err := validate.Component(f, c, validate.Options{Features: feature.All()})
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// Random types survive encoding and validation.
func TestRandom(t *testing.T) {
	for seed := range uint64(300) {
		g := valuetest.New(seed, valuetest.Options{})
		b := &encoding.Builder{}
		e := typedef.New(b)
		want := make(map[encoding.TypeIdx]types.Type)
		for range 3 {
			ft := g.Func(3)
			i, err := e.Type(ft)
			if err != nil {
				t.Fatal(err)
			}
			want[i] = ft
		}
		info := validated(t, b)
		for i, x := range want {
			if m := types.Diff(info.Types[i], x); m != nil {
				t.Errorf("seed %d: %v\nwant %s\ngot  %s", seed, m, types.TypeString(x), types.TypeString(info.Types[i]))
			}
		}
	}
}

// The imports of real components survive encoding, including names and resources that one interface
// takes from another.
func TestComponents(t *testing.T) {
	var paths []string
	for _, pattern := range []string{"runner/testdata/*.wasm", "compose/testdata/*.wat", "internal/cli/compose/testdata/examples/*.wasm"} {
		list, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil || len(list) == 0 {
			t.Fatalf("%s: no files: %v", pattern, err)
		}
		paths = append(paths, list...)
	}
	n := 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(path) == ".wat" {
			u, err := wat.Parse(diag.NewFile(path, data))
			if err != nil {
				t.Fatal(err)
			}
			data = u.Append(nil)
		}
		if !encoding.IsComponent(data) {
			continue
		}
		f := diag.NewBinary(path, data)
		c, err := encoding.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		info, err := validate.Component(f, c, validate.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var items []types.Item
		for _, x := range info.Type.Imports.All() {
			items = append(items, x)
		}
		n += len(items)
		got := roundTrip(t, items)
		supplied := func(name string) types.Extern { return got.Get(name) }
		if _, m := types.Match(supplied, info.Type.Imports, info.Type.ImportedResources, "import"); m != nil {
			t.Errorf("%s: %v", path, m)
		}
	}
	if n == 0 {
		t.Fatal("no imports found to try")
	}
}

// Def asks for the parts of a type in their order, and stops at the first error.
func TestDefAsksForParts(t *testing.T) {
	var walk func(x types.Type)
	walk = func(x types.Type) {
		x = types.Unname(x)
		if _, ok := x.(*types.Resource); ok {
			if d, err := typedef.Def(x, nil); d != nil || err == nil {
				t.Errorf("a resource is defined: %v", d)
			}
			return
		}
		want := slices.Collect(types.Parts(x))
		var got []types.Type
		note := func(x types.Type) (encoding.ValType, error) {
			got = append(got, x)
			return encoding.Ref(0), nil
		}
		if d, err := typedef.Def(x, note); d == nil || err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: asks for %v, want %v; %v", types.TypeString(x), got, want, err)
		}
		calls := 0
		fail := func(types.Type) (encoding.ValType, error) {
			calls++
			return encoding.ValType{}, errors.New("no")
		}
		if d, err := typedef.Def(x, fail); len(want) > 0 && (d != nil || err == nil || calls != 1) {
			t.Errorf("%s: goes on after an error", types.TypeString(x))
		}
		for _, part := range want {
			walk(part)
		}
	}
	for seed := range uint64(100) {
		walk(valuetest.New(seed, valuetest.Options{}).Func(3))
	}
}

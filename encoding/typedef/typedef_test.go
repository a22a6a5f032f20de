package typedef_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/typedef"
	"github.com/mortise-wasm/mortise/encoding/validate"
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
	paths, err := filepath.Glob("../../*/testdata/*.wasm")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../../internal/cli/compose/testdata/examples/*.wasm")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range append(paths, more...) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
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

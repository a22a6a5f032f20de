package value_test

import (
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
)

// roundTrip makes a random type and value from seed. It checks that the value fits the type, and
// that its text reads back as the same value.
func roundTrip(t *testing.T, seed uint64) {
	t.Helper()
	g := valuetest.New(seed, valuetest.Options{Depth: 4})
	ty := g.Type()
	v := g.Value(ty)
	if err := value.Check(v, ty); err != nil {
		t.Fatalf("seed %d: %v is not a %s: %v", seed, v, types.TypeString(ty), err)
	}
	text := value.Append(nil, v, ty)
	w, err := value.Parse(string(text), ty)
	if err != nil {
		t.Fatalf("seed %d: %s\n%s: %v", seed, types.TypeString(ty), text, err)
	}
	if !value.Equal(v, w) {
		t.Fatalf("seed %d: %s\n%s\nreads back as %s", seed, types.TypeString(ty), text, value.Append(nil, w, ty))
	}
	if err := value.Check(w, ty); err != nil {
		t.Fatalf("seed %d: the parsed value does not fit: %v", seed, err)
	}
}

func TestRoundTrip(t *testing.T) {
	for seed := range uint64(3000) {
		roundTrip(t, seed)
	}
}

// TestGenHandles checks that the generated values of types with handles fit and can be printed.
func TestGenHandles(t *testing.T) {
	for seed := range uint64(500) {
		g := valuetest.New(seed, valuetest.Options{Handles: true, NoMaps: true, NoFixedLists: true})
		f := g.Func(4)
		for i, v := range g.Args(f) {
			if err := value.Check(v, f.Params[i].Type); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			value.Append(nil, v, f.Params[i].Type)
		}
	}
}

func FuzzRoundTrip(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(roundTrip)
}

// FuzzParse reads arbitrary text as a value of a random type and as a call. It checks that parsing
// does not panic, and that every accepted value fits its type.
func FuzzParse(f *testing.F) {
	for seed := range uint64(40) {
		g := valuetest.New(seed, valuetest.Options{})
		ty := g.Type()
		f.Add(seed, string(value.Append(nil, g.Value(ty), ty)))
	}
	f.Add(uint64(0), "ns:pkg/iface.f@1.2.3(1, \"\"\"\n  a\\u{1f30a}\n  \"\"\", {a: 'x', %b: none}, {c}, -inf, 0.5e-3) // end")
	f.Add(uint64(0), strings.Repeat("some(", 120))
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		g := valuetest.New(seed, valuetest.Options{})
		ty := g.Type()
		if v, err := value.Parse(text, ty); err == nil {
			if err := value.Check(v, ty); err != nil {
				t.Errorf("%q is accepted as %s: %v", text, types.TypeString(ty), err)
			}
		} else if err.Error() == "" {
			t.Error("empty message")
		}
		if c, err := value.ParseCall(text); err == nil {
			_, _ = c.Args(g.Func(3).Params)
			if c.NameSpan().Text() != c.Name() {
				t.Errorf("%q: name %q at %q", text, c.Name(), c.NameSpan().Text())
			}
		}
	})
}

var benchType = &types.List{Elem: &types.Record{Fields: []types.Field{
	{Name: "name", Type: types.String},
	{Name: "age", Type: types.U32},
	{Name: "tags", Type: &types.List{Elem: types.String}},
	{Name: "pos", Type: &types.Option{Elem: &types.Tuple{Elems: []types.ValType{types.F64, types.F64}}}},
}}}

func benchText() string {
	one := `{name: "Ada \"L\" Lovelace", age: 36, tags: ["a", "b", "c"], pos: some((51.5, -0.12))}`
	return "[" + strings.Repeat(one+", ", 99) + one + "]"
}

func BenchmarkParse(b *testing.B) {
	text := benchText()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := value.Parse(text, benchType); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	text := benchText()
	v, err := value.Parse(text, benchType)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	buf := make([]byte, 0, 2*len(text))
	for b.Loop() {
		buf = value.Append(buf[:0], v, benchType)
	}
}

func BenchmarkParseBytes(b *testing.B) {
	text := "[" + strings.Repeat("200, ", 999) + "200]"
	t := &types.List{Elem: types.U8}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := value.Parse(text, t); err != nil {
			b.Fatal(err)
		}
	}
}

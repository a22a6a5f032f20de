package wit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/wit"
)

// union joins the last world of each package.
func union(t *testing.T, o wit.UnionOptions, texts ...string) (*wit.World, error) {
	t.Helper()
	u := wit.NewUnion()
	for _, text := range texts {
		m := parse(t, text, wit.Options{})
		if err := u.Add(m, m.Main.Worlds[len(m.Main.Worlds)-1]); err != nil {
			return nil, err
		}
	}
	_, w, err := u.Finish(o)
	return w, err
}

func names(items []*wit.WorldItem) (list []string) {
	for _, i := range items {
		list = append(list, i.ExternName())
	}
	return list
}

func TestUnion(t *testing.T) {
	const types = "package a:b@1.0.0; interface i { resource r; f: func() -> r; } interface j { use i.{r}; g: func(a: borrow<r>); } "
	for _, c := range []struct {
		name             string
		o                wit.UnionOptions
		texts            []string
		imports, exports string
	}{
		{"nothing", wit.UnionOptions{}, nil, "", ""},
		{"one", wit.UnionOptions{}, []string{types + "world w { import j; export i; }"}, "a:b/i@1.0.0 a:b/j@1.0.0", "a:b/i@1.0.0"},
		{"items of both", wit.UnionOptions{}, []string{types + "world w { import i; export k: func(); }", "package c:d; world v { import x: interface { h: func(); } export l: func(); }"},
			"a:b/i@1.0.0 x", "k l"},
		{"shared", wit.UnionOptions{}, []string{types + "world w { import i; }", types + "world v { import j; }"}, "a:b/i@1.0.0 a:b/j@1.0.0", ""},
		{"versions", wit.UnionOptions{MergeVersions: true}, []string{types + "world w { import j; }", strings.Replace(types, "1.0.0", "1.3.0", 1) + "world v { import i; }"},
			"a:b/i@1.3.0 a:b/j@1.0.0", ""},
		{"versions apart", wit.UnionOptions{}, []string{types + "world w { import j; }", strings.Replace(types, "1.0.0", "1.3.0", 1) + "world v { import i; }"},
			"a:b/i@1.0.0 a:b/j@1.0.0 a:b/i@1.3.0", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := union(t, c.o, c.texts...)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(names(w.Imports), " "); got != c.imports {
				t.Errorf("imports: got %s, want %s", got, c.imports)
			}
			if got := strings.Join(names(w.Exports), " "); got != c.exports {
				t.Errorf("exports: got %s, want %s", got, c.exports)
			}
		})
	}
}

// TestUnionNominal checks that with nominal interfaces no two items share one, and that each uses
// types of its own side.
func TestUnionNominal(t *testing.T) {
	w, err := union(t, wit.UnionOptions{Nominal: true}, `package a:b;
interface i { resource r; }
interface j { use i.{r}; g: func(a: borrow<r>); }
world w { import i; import j; import other: j; export i; export j; export labelled: j; }`)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[*wit.Interface]bool{}
	for _, i := range slices.Concat(w.Imports, w.Exports) {
		if seen[i.Interface] {
			t.Errorf("%s shares its interface", i.ExternName())
		}
		seen[i.Interface] = true
	}
	exported := w.Export("a:b/i").Interface
	if exported.CloneOf != w.Import("a:b/i").Interface {
		t.Error("the exported interface is not a copy of the imported one")
	}
	u := w.Component()
	if len(u.ImportedResources) == 0 || len(u.ExportedResources) == 0 {
		t.Error("the resources are not distinct")
	}
}

func TestUnionMistakes(t *testing.T) {
	for _, c := range []struct{ a, b, msg string }{
		{"package a:b; world w { import f: func(); }", "package c:d; world w { import f: func(a: u8); }", "different number of function parameters"},
		{"package a:b; world w { import f: func(); }", "package c:d; world w { import f: interface {} }", "different kinds of items"},
		{"package a:b; world w { import x: interface { f: func(); } }", "package c:d; world w { import x: interface { f: async func(); } }", "mismatch in function `f`"},
		{"package a:b; interface i { f: func(); } world w { import i; }", "package a:b; interface i { f: func() -> u8; } world v { import i; }", "different number of function results"},
		{"package a:b; interface i { type t = u8; } interface j { use i.{t}; } world w { export j; }",
			"package a:b; interface i { type t = u8; } interface j { use i.{t}; } world v { export i; }", "depends on `a:b/i` previously as an import"},
	} {
		if _, err := union(t, wit.UnionOptions{MergeVersions: true}, c.a, c.b); err == nil || !strings.Contains(err.Error(), c.msg) {
			t.Errorf("%s\n%s\nwant %q, got %v", c.a, c.b, c.msg, err)
		}
	}
}

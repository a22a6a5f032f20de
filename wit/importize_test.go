package wit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/wit"
)

const turnPackage = `package a:b;

interface base { resource r; }
interface mid { use base.{r}; f: func(x: r); }
interface top { use mid.{r}; g: func(x: r); }
interface other { h: func(); }

world one { export other; }
world chain { export top; }
world loose { export f: func(); export i: interface { g: func(); } }
world typed { use base.{r}; export f: func(x: borrow<r>); }
world full { import other; import f: func(); type t = u32; export base; }
world clash { type foo = u32; export foo: func() -> foo; }
world labels { export main: other; export spare: other; }
world deps { import top; import other; import f: func(); }
`

// TestImportize and TestExportize check that worlds change in the same way as with wasm-tools
// 1.257.
func TestImportize(t *testing.T) {
	for _, c := range []struct{ world, label, want string }{
		{"one", "", "world one-importized {\n  import other;\n}\n"},
		{"one", "host", "world host {\n  import other;\n}\n"},
		{"one", "one", "world one {\n  import other;\n}\n"},
		{"chain", "", "world chain-importized {\n  import base;\n  import mid;\n  import top;\n}\n"},
		{"loose", "", "world loose-importized {\n  import i: interface {\n    g: func();\n  }\n  import f: func();\n}\n"},
		{"typed", "", "world typed-importized {\n  import base;\n  use base.{r};\n  import f: func(x: borrow<r>);\n}\n"},
		{"full", "", "world full-importized {\n  import base;\n\n  type t = u32;\n}\n"},
		{"labels", "", "world labels-importized {\n  import main: other;\n  import spare: other;\n}\n"},
		{"clash", "", "error: world export `foo` conflicts with import of same name"},
		{"one", "top", "error: package `a:b` has an item `top` already"},
		{"one", "No_Label", "error: `No_Label` is not the name of a world"},
	} {
		t.Run(c.world+" "+c.label, func(t *testing.T) {
			checkTurn(t, c.world, c.want, func(m *wit.Model, w *wit.World) (*wit.Model, error) { return wit.Importize(m, w, c.label) })
		})
	}
}

func TestExportize(t *testing.T) {
	for _, c := range []struct{ world, label, only, want string }{
		{"deps", "", "", "world deps-exportized {\n  export f: func();\n  export base;\n  export mid;\n  export top;\n  export other;\n}\n"},
		{"deps", "", "f", "world deps-exportized {\n  import base;\n  import mid;\n  import top;\n  import other;\n\n  export f: func();\n}\n"},
		{"deps", "", "a:b/top", "world deps-exportized {\n  import base;\n  import mid;\n  import other;\n  import f: func();\n\n  export top;\n}\n"},
		{"deps", "", "a:b/base", "world deps-exportized {\n  import base;\n  import mid;\n  import top;\n  import other;\n  import f: func();\n\n  export base;\n}\n"},
		{"typed", "", "", "world typed-exportized {\n  import base;\n  use base.{r};\n\n  export base;\n}\n"},
	} {
		t.Run(c.world+" "+c.only, func(t *testing.T) {
			checkTurn(t, c.world, c.want, func(m *wit.Model, w *wit.World) (*wit.Model, error) {
				var only func(*wit.WorldItem) bool
				if c.only != "" {
					only = func(i *wit.WorldItem) bool { return i.ExternName() == c.only }
				}
				return wit.Exportize(m, w, c.label, only)
			})
		})
	}
}

func checkTurn(t *testing.T, world, want string, f func(*wit.Model, *wit.World) (*wit.Model, error)) {
	t.Helper()
	m := parse(t, turnPackage, wit.Options{})
	before := string(wit.Append(nil, m, m.Main, wit.PrintOptions{}))
	w, err := m.World(world)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	if turned, err := f(m, w); err != nil {
		got = "error: " + err.Error()
	} else {
		text := string(wit.Append(nil, turned, turned.Main, wit.PrintOptions{}))
		got = text[strings.LastIndex(text, "world "):]
		if _, list := wit.Load(files(text), ".", wit.Options{}); list.HasErrors() {
			t.Errorf("the printed text is not valid WIT: %v", list)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if d := cmp.Diff(before, string(wit.Append(nil, m, m.Main, wit.PrintOptions{}))); d != "" {
		t.Errorf("the model was changed\n%s", d)
	}
}

// TestImportizeBesideClash checks that a world which no text could describe, as a binary may hold,
// does not hinder another world of the model.
func TestImportizeBesideClash(t *testing.T) {
	m := parse(t, `package a:b;
interface a { type t = u8; }
interface b { use a.{t}; }
interface c { use b.{t}; }
world clash { export c; }
world w { export f: func(); }
`, wit.Options{})
	w := m.Main.World("clash")
	w.Exports = append(w.Exports, &wit.WorldItem{Interface: m.Main.Interface("a")})
	x, err := wit.Importize(m, m.Main.World("w"), "")
	if err != nil {
		t.Fatal(err)
	}
	if x.Main.World("w-importized").Import("f") == nil {
		t.Error("f is not imported")
	}
	if _, err := wit.Merge(m, m); err == nil {
		t.Error("merged without an error")
	}
}

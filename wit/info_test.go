package wit_test

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit"
)

// infoLines prints what each name refers to: one line for each, in source order.
func infoLines(info *wit.Info) string {
	var places []wit.Place
	for p := range info.Defs {
		places = append(places, p)
	}
	for p := range info.Uses {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b wit.Place) int {
		return strings.Compare(fmt.Sprintf("%s:%06d", a.File.Name, a.Start), fmt.Sprintf("%s:%06d", b.File.Name, b.Start))
	})
	var b strings.Builder
	for _, p := range places {
		verb, o := "is", info.Defs[p]
		if o == nil {
			verb, o = "uses", info.Uses[p]
		}
		fmt.Fprintf(&b, "%s %s %d", diag.Span{File: p.File, Start: p.Start}, verb, o.Kind)
		for ; o != nil; o = o.Parent {
			fmt.Fprintf(&b, " %s", o.Name)
			if o.Target != nil {
				fmt.Fprintf(&b, " (%s)", o.Target.Name)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestInfo(t *testing.T) {
	fsys := fstest.MapFS{
		"a.wit": {Data: []byte(`package a:b;
use c:d/e as f;
use c:d/e;
interface i {
  use f.{t as u};
  use e.{t};
  record r { x: u, y: t }
  resource s { m: func(p: own<s>); }
}
world w {
  import i;
  import g: func() -> bool;
  import h: i;
  export k: interface { use i.{r}; f: func() -> r; }
}
world v { include w with { g as g2 } }
world x { include v with { g2 as g3 } include c:d/q; }
`)},
		"deps/c.wit": {Data: []byte("package c:d;\ninterface e { type t = u8; }\nworld q {}\n")},
	}
	var info wit.Info
	if _, list := wit.Load(fsys, ".", wit.Options{Info: &info}); list.HasErrors() {
		t.Fatal(list)
	}
	want := `a.wit:1:9 is 1 a:b
a.wit:2:5 uses 1 c:d
a.wit:2:9 uses 2 e c:d
a.wit:2:14 is 9 f (e) a:b
a.wit:3:5 uses 1 c:d
a.wit:3:9 uses 2 e c:d
a.wit:4:11 is 2 i a:b
a.wit:5:7 uses 9 f (e) a:b
a.wit:5:10 uses 4 t e c:d
a.wit:5:15 is 9 u (t) i a:b
a.wit:6:7 uses 2 e c:d
a.wit:6:10 uses 4 t e c:d
a.wit:7:10 is 4 r i a:b
a.wit:7:14 is 7 x r i a:b
a.wit:7:17 uses 9 u (t) i a:b
a.wit:7:20 is 7 y r i a:b
a.wit:7:23 uses 4 t e c:d
a.wit:8:12 is 4 s i a:b
a.wit:8:16 is 5 m s i a:b
a.wit:8:24 is 6 p m s i a:b
a.wit:8:31 uses 4 s i a:b
a.wit:10:7 is 3 w a:b
a.wit:11:10 uses 2 i a:b
a.wit:12:10 is 5 g w a:b
a.wit:13:10 is 8 h w a:b
a.wit:13:13 uses 2 i a:b
a.wit:14:10 is 2 k w a:b
a.wit:14:29 uses 2 i a:b
a.wit:14:32 uses 4 r i a:b
a.wit:14:36 is 5 f k w a:b
a.wit:14:49 uses 4 r i a:b
a.wit:16:7 is 3 v a:b
a.wit:16:19 uses 3 w a:b
a.wit:16:28 uses 5 g w a:b
a.wit:16:33 is 9 g2 (g) v a:b
a.wit:17:7 is 3 x a:b
a.wit:17:19 uses 3 v a:b
a.wit:17:28 uses 9 g2 (g) v a:b
a.wit:17:34 is 9 g3 (g2) x a:b
a.wit:17:47 uses 1 c:d
a.wit:17:51 uses 3 q c:d
deps/c.wit:1:9 is 1 c:d
deps/c.wit:2:11 is 2 e c:d
deps/c.wit:2:20 is 4 t e c:d
deps/c.wit:3:7 is 3 q c:d
`
	if d := cmp.Diff(want, infoLines(&info)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestInfoNestedPackage checks that a package nested in a file is defined at its name there.
func TestInfoNestedPackage(t *testing.T) {
	var info wit.Info
	text := "package a:b;\npackage n:m { interface e { type t = u8; } }\ninterface i { use n:m/e.{t}; }\n"
	if _, list := wit.Load(files(text), ".", wit.Options{Info: &info}); list.HasErrors() {
		t.Fatal(list)
	}
	want := `a.wit:1:9 is 1 a:b
a.wit:2:9 is 1 n:m
a.wit:2:25 is 2 e n:m
a.wit:2:34 is 4 t e n:m
a.wit:3:11 is 2 i a:b
a.wit:3:19 uses 1 n:m
a.wit:3:23 uses 2 e n:m
a.wit:3:26 uses 4 t e n:m
`
	if d := cmp.Diff(want, infoLines(&info)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestInfoGated checks that uses of an item that a feature disables refer to the item.
func TestInfoGated(t *testing.T) {
	fsys := fstest.MapFS{"a.wit": {Data: []byte(`package a:b;
interface i {
  @unstable(feature = off)
  type r = u8;
}
interface j {
  use i.{r};
  f: func(a: r);
}
`)}}
	var info wit.Info
	if _, list := wit.Load(fsys, ".", wit.Options{Info: &info}); !list.HasErrors() {
		t.Error("no error")
	}
	want := `a.wit:1:9 is 1 a:b
a.wit:2:11 is 2 i a:b
a.wit:4:8 is 4 r i a:b
a.wit:6:11 is 2 j a:b
a.wit:7:7 uses 2 i a:b
a.wit:7:10 uses 4 r i a:b
a.wit:8:3 is 5 f j a:b
a.wit:8:11 is 6 a f j a:b
a.wit:8:14 uses 4 r i a:b
`
	if d := cmp.Diff(want, infoLines(&info)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	for _, o := range info.Uses {
		if !o.Span.IsValid() {
			t.Errorf("%s has no place", o.Name)
		}
	}
}

// TestInfoEncoded checks that the items of an encoded package have objects without a place.
func TestInfoEncoded(t *testing.T) {
	dep, list := wit.Parse(diag.NewFile("c.wit", []byte("package c:d;\ninterface e { type t = u8; }\n")), wit.Options{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	for _, i := range dep.Types {
		i.Span = diag.Span{}
	}
	fsys := fstest.MapFS{
		"a.wit":       {Data: []byte("package a:b;\ninterface i { use c:d/e.{t}; type u = t; type bad = nowhere; }\n")},
		"deps/c.wasm": {Data: []byte("\x00asm")},
	}
	var info wit.Info
	_, list = wit.Load(fsys, ".", wit.Options{Info: &info, Decode: func(*diag.File) (*wit.Model, error) { return dep, nil }})
	if !list.HasErrors() {
		t.Error("no error")
	}
	want := `a.wit:1:9 is 1 a:b
a.wit:2:11 is 2 i a:b
a.wit:2:19 uses 1 c:d
a.wit:2:23 uses 2 e c:d
a.wit:2:26 uses 4 t e c:d
a.wit:2:35 is 4 u i a:b
a.wit:2:39 uses 4 t e c:d
a.wit:2:47 is 4 bad i a:b
`
	if d := cmp.Diff(want, infoLines(&info)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestInfoCorpus checks that each use in real packages refers to an object that Defs has.
func TestInfoCorpus(t *testing.T) {
	for _, dir := range []string{"wasi/http-0.2", "wasi/http-0.3"} {
		fsys := os.DirFS(corpus(t, dir))
		if _, err := fs.Stat(fsys, "deps"); err != nil {
			t.Fatal(err)
		}
		var info wit.Info
		if _, list := wit.Load(fsys, ".", wit.Options{Info: &info, AllFeatures: true}); list.HasErrors() {
			t.Fatal(list)
		}
		if len(info.Uses) < 100 {
			t.Errorf("%s: only %d uses", dir, len(info.Uses))
		}
		for p, o := range info.Uses {
			if d := info.Defs[wit.Place{File: o.Span.File, Start: o.Span.Start}]; d != o {
				t.Errorf("%s: not defined where it says: %+v", diag.Span{File: p.File, Start: p.Start}, o)
			}
		}
	}
}

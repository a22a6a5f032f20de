package wit_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

var fuzzOptions = wit.Options{Features: []string{"active"}, Gates: feature.All()}

// printAll prints the main package with all other packages nested in it.
func printAll(m *wit.Model) string {
	var nested []*wit.Package
	for _, p := range m.Packages {
		if p != m.Main {
			nested = append(nested, p)
		}
	}
	slices.SortFunc(nested, func(a, b *wit.Package) int { return a.Name.Compare(b.Name) })
	return wit.Print(m, m.Main, wit.PrintOptions{Nested: nested})
}

// checkModel checks properties that hold for every model.
func checkModel(t *testing.T, m *wit.Model, opts wit.Options) {
	t.Helper()
	text := printAll(m)
	again, list := wit.Parse(diag.NewFile("printed.wit", []byte(text)), opts)
	if list.HasErrors() {
		t.Fatalf("the printed text does not parse: %v\n%s", list, text)
	}
	if d := cmp.Diff(text, printAll(again)); d != "" {
		t.Errorf("printing is not a fixpoint (-first +second)\n%s", d)
	}
	same, err := wit.Merge(m, again)
	if err != nil {
		t.Errorf("does not merge with itself: %v\n%s", err, text)
	} else if d := cmp.Diff(text, printAll(same)); d != "" {
		t.Errorf("merging with itself changed it\n%s", d)
	}
	if d := wit.Diff(m.Main, again.Main); len(d.Changes) != 0 {
		t.Errorf("differs from itself: %v\n%s", d.Changes, text)
	}
	for _, w := range m.Worlds {
		c := w.Component()
		if mm := types.Subtype(c, w.Component()); mm != nil {
			t.Errorf("world %s is not a subtype of itself: %v\n%s", w.Name, mm, text)
		}
	}
	wit.AppendJSON(nil, m, wit.JSONOptions{})
}

func FuzzLoad(f *testing.F) {
	f.Add("package a:b;\ninterface i { resource r { constructor(); m: func(x: borrow<r>) -> list<r>; } type t = r; }\ninterface j { use i.{r, t as u}; f: func() -> tuple<r, u>; }\nworld w { import i; export j; use i.{r}; x: func(); }")
	f.Add("package a:b@1.0.0;\npackage c:d { interface i { type t = u8; } world v { import i; export f: func(); } }\nworld w { include c:d/v with { f as g } use c:d/i.{t}; record q { a: t } import l: c:d/i; export k: interface { use c:d/i.{t}; g: func() -> t; } }")
	f.Add("package a:b@1.0.0;\ninterface i { @since(version = 1.0.0) type t = u8; @unstable(feature = active) f: func(a: t); @unstable(feature = off) g: func(); }")
	f.Add("package a:b; world w { resource r { s: static func() -> result<r, string>; } export f: func(a: borrow<r>); }\nworld x { include w with { r as q } }")
	f.Fuzz(func(t *testing.T, text string) {
		m, list := wit.Parse(diag.NewFile("a.wit", []byte(text)), fuzzOptions)
		if (m == nil) != list.HasErrors() {
			t.Fatalf("model %v with %v", m != nil, list)
		}
		if m != nil && m.Main != nil {
			checkModel(t, m, fuzzOptions)
		}
	})
}

// TestCorpusRoundTrip prints each package of the public test data and reads it back.
func TestCorpusRoundTrip(t *testing.T) {
	root := corpus(t, "")
	n := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(path, root))
		if strings.Contains(rel, "/deps") || strings.Contains(rel, "parse-fail") || strings.Contains(rel, "/wac/") || strings.Contains(rel, "/wave/") {
			return nil
		}
		if !d.IsDir() && !strings.HasSuffix(path, ".wit") {
			return nil
		}
		if d.IsDir() {
			if found, _ := filepath.Glob(filepath.Join(path, "*.wit")); len(found) == 0 {
				return nil
			}
		}
		m, list := wit.Load(os.DirFS(filepath.Dir(path)), filepath.Base(path), fuzzOptions)
		if list.HasErrors() {
			return nil // many files are only a fraction of a package
		}
		n++
		t.Run(rel, func(t *testing.T) { checkModel(t, m, fuzzOptions) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d packages", n)
}

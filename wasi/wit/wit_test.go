package wit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	wasiwit "github.com/mortise-wasm/mortise/wasi/wit"
	"github.com/mortise-wasm/mortise/wit"
)

// load reads a folder of FS and every package in it.
func load(t *testing.T, version string) *wit.Model {
	t.Helper()
	m, list := wit.Load(wasiwit.FS, version, wit.Options{AllFeatures: true})
	if len(list) > 0 {
		t.Fatal(list)
	}
	return m
}

// TestSignatures compares the signatures with those of the public WASI packages.
func TestSignatures(t *testing.T) {
	corpus := os.Getenv("CORPUS")
	if corpus == "" {
		corpus = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(filepath.Join(corpus, "wasi")); err != nil {
		t.Skipf("SKIPPED, NOTHING IS CHECKED: no public test data at %s (set CORPUS)", corpus)
	}
	for version, want := range map[string]int{"0.2.12": 7, "0.3.0": 6} {
		ours := load(t, version)
		files, err := filepath.Glob(filepath.Join(corpus, "wasi", version, "*", "*.wit"))
		if err != nil {
			t.Fatal(err)
		}
		fsys := fstest.MapFS{"main.wit": {Data: []byte("package all:packages;\n")}}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			fsys["deps/"+filepath.Base(filepath.Dir(f))+"/"+filepath.Base(f)] = &fstest.MapFile{Data: data}
		}
		theirs, list := wit.Load(fsys, ".", wit.Options{AllFeatures: true})
		if list.HasErrors() {
			t.Fatal(list)
		}
		compared := 0
		for _, p := range ours.Dependencies() {
			q := theirs.Package(p.Name)
			if q == nil {
				continue
			}
			compared++
			for _, c := range wit.Diff(q, p).Changes {
				if !strings.Contains(c.Text, "documentation") {
					t.Errorf("%s: %s", p.Name, c)
				}
			}
		}
		// The public test data contains all packages.
		if compared != want {
			t.Errorf("%s: %d packages compared, want %d", version, compared, want)
		}
	}
}

func TestNoProse(t *testing.T) {
	for _, version := range []string{"0.2.12", "0.3.0"} {
		for _, p := range load(t, version).Dependencies() {
			if p.Docs.Given || !p.Name.Version.IsZero() && p.Name.Version.String() != version {
				t.Errorf("%s has documentation or another version", p.Name)
			}
			for _, i := range p.Interfaces {
				if i.Docs.Given {
					t.Errorf("%s/%s has documentation", p.Name, i.Name)
				}
			}
		}
	}
}

package compose_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit"
)

// FuzzTargets compares any two worlds. The report and the list must agree, and a world must fit
// itself.
func FuzzTargets(f *testing.F) {
	files, err := filepath.Glob("testdata/targets/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		parts := txtar.Parse(data).Files
		f.Add(string(parts[0].Data), string(parts[1].Data))
	}
	for _, c := range targetCases {
		f.Add("package a:b;\n"+c.component, "package a:b;\n"+c.world)
	}
	first := func(text string) *wit.World {
		m, list := wit.Parse(diag.NewFile("w.wit", []byte(text)), wit.Options{AllFeatures: true})
		if list.HasErrors() || len(m.Worlds) == 0 {
			return nil
		}
		return m.Worlds[0]
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		one, two := first(a), first(b)
		if one == nil || two == nil {
			return
		}
		if r, list := compose.Targets(first(a).Component(), one); !r.Fits() || list.HasErrors() {
			t.Fatalf("a world does not fit itself: %v", list)
		}
		if r, list := compose.Targets(one.Component(), two); r.Fits() == list.HasErrors() {
			t.Fatalf("the report says %v: %v", r.Fits(), list)
		}
	})
}

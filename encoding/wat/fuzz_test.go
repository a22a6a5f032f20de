package wat

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
)

// addSeeds adds the texts of testdata and, if it exists, of the corpus.
func addSeeds(f *testing.F, add func([]byte)) {
	f.Helper()
	files, err := filepath.Glob("testdata/*/*.wat")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		add(data)
	}
	dir := os.Getenv("CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	files, err = filepath.Glob(filepath.Join(dir, "component-model", "*", "*.wast"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil && len(data) < 20_000 {
			add(data)
		}
	}
}

// No text makes the parser or the printer panic. Text that is printed without an error can be
// parsed again.
func FuzzParse(f *testing.F) {
	addSeeds(f, func(b []byte) { f.Add(b) })
	f.Fuzz(func(t *testing.T, data []byte) {
		u, err := Parse(diag.NewFile("fuzz.wat", data))
		if err != nil {
			return
		}
		bin := u.Append(nil)
		if _, err := AssembleWithLines(diag.NewFile("fuzz.wat", data)); err != nil {
			t.Errorf("with lines: %v", err)
		}
		f := u.File("fuzz.wasm")
		for i := 0; i <= len(bin); i += 1 + len(bin)/100 {
			if s := f.Span(i, i).Shown(); s.File == f || s.Start > s.End || s.End > len(data) {
				t.Errorf("%#x is at %v", i, s)
			}
		}
		out, err := PrintBinary(nil, diag.NewBinary("fuzz.wasm", bin), PrintOptions{})
		if err != nil {
			return
		}
		if _, err := Parse(diag.NewFile("printed.wat", out)); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

// No text makes the script parser panic, and no source in a script makes the parser panic.
func FuzzScript(f *testing.F) {
	addSeeds(f, func(b []byte) { f.Add(b) })
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseScript(diag.NewFile("fuzz.wast", data))
		if err != nil {
			return
		}
		for _, src := range sourcesOf(s.Directives) {
			if src != nil {
				_, _ = src.Unit()
			}
		}
	})
}

// No binary makes the printer panic, with any options.
func FuzzPrint(f *testing.F) {
	addSeeds(f, func(b []byte) {
		if u, err := Parse(diag.NewFile("seed.wat", b)); err == nil {
			f.Add(u.Append(nil), byte(0))
		}
	})
	f.Fuzz(func(_ *testing.T, data []byte, options byte) {
		o := PrintOptions{Skeleton: options&1 != 0, Offsets: options&2 != 0, NameUnnamed: options&4 != 0}
		_, _ = PrintBinary(nil, diag.NewBinary("fuzz.wasm", data), o)
	})
}

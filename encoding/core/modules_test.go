package core

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/feature"
)

// realModules returns core modules made by compilers: those of the npm packages in $MORTISE_JCO,
// and a program built with the Go toolchain.
func realModules(t testing.TB) map[string][]byte {
	t.Helper()
	list := map[string][]byte{}
	if dir := os.Getenv("MORTISE_JCO"); dir != "" {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".wasm") {
				return nil
			}
			data, err := os.ReadFile(path)
			if err == nil && bytes.HasPrefix(data, preamble) {
				rel, _ := filepath.Rel(dir, path)
				list[rel] = data
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	} else {
		t.Log("SKIPPED: modules of npm packages, because MORTISE_JCO does not name a directory with them")
	}
	if testing.Short() {
		return list
	}
	out := filepath.Join(t.TempDir(), "go.wasm")
	cmd := exec.Command("go", "build", "-o", out, "testdata/hello.go")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=-mod=mod")
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Logf("SKIPPED: the Go program: %v\n%s", err, msg)
		return list
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	list["go.wasm"] = data
	return list
}

// Modules made by compilers are valid, and both ways of writing them give the same bytes, except
// for integers padded by linkers.
func TestRealModules(t *testing.T) {
	for name, data := range realModules(t) {
		m, err := Decode(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := Validate(m, feature.Default(), ValidateOptions{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(m.Append(nil), data) {
			t.Errorf("%s: differs after Append", name)
		}
		checkEdit(t, name, m)
	}
}

// checkEdit checks that Edit preserves a module: after writing, reading and editing it again, its
// bytes are the same.
func checkEdit(t *testing.T, name string, m *Module) {
	t.Helper()
	b, err := m.Edit()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	once := b.Append(nil)
	again, err := Decode(once)
	if err != nil {
		t.Errorf("%s: after Edit: %v", name, err)
		return
	}
	b, err = again.Edit()
	if err != nil {
		t.Errorf("%s: Edit after Edit: %v", name, err)
		return
	}
	if !bytes.Equal(b.Append(nil), once) {
		t.Errorf("%s: the canonical form is not stable", name)
	}
	var in Instr
	for body, err := range again.Bodies() {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, r, err := body.Read()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var code []byte
		start := r.Pos()
		for r.Next(&in) {
			code = in.Append(code)
		}
		if err := r.Err(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		// Linkers pad the integers that they fill in, so only bodies of equal length are compared.
		if want := again.data[start:body.End]; len(want) == len(code) && !bytes.Equal(code, want) {
			t.Errorf("%s: body at %#x differs after reading and writing", name, body.Start)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	for name, data := range realModules(b) {
		if len(data) < 1<<20 {
			continue
		}
		b.Run(filepath.Base(name), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				m, err := Decode(data)
				if err == nil {
					err = Validate(m, feature.Default(), ValidateOptions{})
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for name, data := range realModules(b) {
		if len(data) < 1<<20 {
			continue
		}
		b.Run(filepath.Base(name), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decode(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The number of sections of a module is limited, because each costs more memory than its bytes.
func TestSectionsAreLimited(t *testing.T) {
	file := func(n int) []byte { return append(module(""), strings.Repeat("\x00\x01\x00", n)...) }
	const most = MaxEmptySections + int(numSections)
	if _, err := Decode(file(most)); err != nil {
		t.Errorf("%d sections: %v", most, err)
	}
	want := fmt.Sprintf("custom section count exceeds limit of %d (at offset %#x)", MaxEmptySections, len(file(most)))
	if _, err := Decode(file(most + 1)); err == nil || err.Error() != want {
		t.Errorf("%d sections: got %v, want %s", most+1, err, want)
	}
}

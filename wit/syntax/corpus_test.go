package syntax_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// corpusFiles returns the WIT files of the public test data. It skips the test if the data is
// missing.
func corpusFiles(tb testing.TB) map[string][]byte {
	tb.Helper()
	dir := os.Getenv("CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".wit") {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(dir)+"/")] = data
		return err
	})
	if err != nil || len(files) == 0 {
		tb.Skipf("SKIPPED, NOTHING IS CHECKED: no corpus of public test data at %s (set CORPUS)", dir)
	}
	return files
}

// TestFormatCorpus formats every file. The result must parse, keep every comment and token, and not
// change when it is formatted again.
func TestFormatCorpus(t *testing.T) {
	n := 0
	for name, data := range corpusFiles(t) {
		if strings.HasPrefix(name, "wave/") {
			continue // uses an old form of WIT, without semicolons
		}
		src := diag.NewFile(name, data)
		if _, list := syntax.Parse(src, syntax.Options{}); list.HasErrors() {
			if !strings.Contains(name, "parse-fail") && !strings.HasPrefix(name, "wac/") {
				t.Errorf("%s: %v", name, list)
			}
			continue
		}
		n++
		checkFormat(t, src, syntax.Options{})
	}
	t.Logf("%d files formatted", n)
}

func checkFormat(t *testing.T, src *diag.File, opts syntax.Options) {
	t.Helper()
	out, list := syntax.Format(src, opts)
	if list.HasErrors() {
		t.Errorf("%s: %v", src.Name, list)
		return
	}
	again, list := syntax.Format(diag.NewFile(src.Name, out), opts)
	if list.HasErrors() {
		t.Errorf("%s: the formatted text does not parse: %v\n%s", src.Name, list, out)
		return
	}
	if d := cmp.Diff(string(out), string(again)); d != "" {
		t.Errorf("%s: formatting is not idempotent (-once +twice):\n%s", src.Name, d)
	}
	if want, got := essence(src.Data), essence(out); !bytes.Equal(want, got) {
		t.Errorf("%s: text was lost\n%s", src.Name, out)
	}
}

// essence removes what formatting may change: white space and commas.
func essence(data []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n,\ufeff", r) {
			return -1
		}
		return r
	}, data)
}

func BenchmarkParse(b *testing.B) {
	var all []*diag.File
	size := 0
	for name, data := range corpusFiles(b) {
		if strings.HasPrefix(name, "wasi/http-0.2/") {
			all = append(all, diag.NewFile(name, data))
			size += len(data)
		}
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range all {
			syntax.Parse(f, syntax.Options{})
		}
	}
}

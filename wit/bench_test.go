package wit_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/wit"
)

// corpus returns a folder of the public test data. It skips the test if the data is missing.
func corpus(tb testing.TB, dir string) string {
	tb.Helper()
	root := os.Getenv("CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "corpus")
	}
	root = filepath.Join(root, filepath.FromSlash(dir))
	if _, err := os.Stat(root); err != nil {
		tb.Skipf("SKIPPED, NOTHING IS CHECKED: no public test data at %s (set CORPUS)", root)
	}
	return root
}

// BenchmarkLoad reads and resolves wasi:http and its dependencies.
func BenchmarkLoad(b *testing.B) {
	fsys := os.DirFS(corpus(b, "wasi/http-0.2"))
	size := 0
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".wit") {
			info, err := d.Info()
			if err != nil {
				return err
			}
			size += int(info.Size())
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		if _, list := wit.Load(fsys, ".", wit.Options{AllFeatures: true}); list.HasErrors() {
			b.Fatal(list)
		}
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/float64(size), "allocated-B/B")
}

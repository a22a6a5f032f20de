package preview1_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/diag"
)

const program = `package main

import (
	"fmt"
	"os"
	"sort"
)

func main() {
	for _, dir := range os.Args[1:] {
		list, err := os.ReadDir(dir)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		sort.Slice(list, func(i, j int) bool { return list[i].Name() > list[j].Name() })
		for _, e := range list {
			fmt.Println(e.Name())
		}
	}
}
`

// BenchmarkNewGo makes a component of a compiled Go program of about 3 MB.
func BenchmarkNewGo(b *testing.B) {
	data := compile(b, program)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		c, err := componentize.New(diag.NewBinary("main.wasm", data), componentize.Options{DefaultAdapter: preview1.Adapter})
		if err != nil {
			b.Fatal(err)
		}
		c.Append(nil)
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/float64(len(data)), "allocated/module")
}

// compile compiles a Go program for WASI preview 1.
func compile(tb testing.TB, source string) []byte {
	tb.Helper()
	dir := tb.TempDir()
	path := filepath.Join(dir, "main.go")
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		tb.Fatal(err)
	}
	out := filepath.Join(dir, "main.wasm")
	cmd := exec.Command("go", "build", "-o", out, path)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if msg, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("go build: %v\n%s", err, msg)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

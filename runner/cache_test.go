package runner

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A full disk does not prevent compilation. In this test nothing can be written to the engine's
// folder.
func TestCompileWithoutRoomForCode(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join("testdata", "calls.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	for _, full := range []bool{true, false, true} {
		eng, err := NewEngine(ctx, Options{CacheDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		if full {
			if err := os.Symlink("nowhere", eng.kept.Dir()); err != nil {
				t.Skip(err)
			}
		}
		p, err := eng.Compile(ctx, "calls.wasm", data)
		if err != nil {
			t.Fatalf("full %v: %v", full, err)
		}
		if err := p.Close(ctx); err != nil {
			t.Error(err)
		}
		if err := eng.Close(ctx); err != nil {
			t.Error(err)
		}
		if left, err := filepath.Glob(filepath.Join(dir, "mortise-tmp-*")); err != nil || len(left) > 0 {
			t.Errorf("full %v: left: %q, %v", full, left, err)
		}
	}
	// Only compiled code is kept.
	if kept, err := filepath.Glob(filepath.Join(dir, "*", "*")); err != nil || (len(kept) > 0) != Compiles {
		t.Errorf("kept: %q, %v; want any: %v", kept, err, Compiles)
	}
}

// A large module is not compiled by as many workers as there are processors, but a context always
// stops compiling, which takes two.
func TestLargeModulesHaveFewWorkers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(16))
	if small, large := defaultWorkers(1<<20), defaultWorkers(20<<20); small != 16 || large != 4 {
		t.Errorf("%d workers for a small module and %d for a large one", small, large)
	}
	runtime.GOMAXPROCS(1)
	if small, large := defaultWorkers(1<<20), defaultWorkers(20<<20); small != 2 || large != 2 {
		t.Errorf("with one processor: %d workers for a small module and %d for a large one", small, large)
	}
}

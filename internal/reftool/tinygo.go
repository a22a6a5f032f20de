package reftool

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TinyGo builds a package of the project for WASI preview 1 with TinyGo and returns the path of the
// core module. The argument pkg is a path relative to the root of the project.
func TinyGo(t testing.TB, pkg string) string {
	t.Helper()
	root := Root(t)
	dir := os.Getenv("MORTISE_TINYGO")
	if dir == "" {
		dir = filepath.Join(root, ".tools", "tinygo")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "tinygo")
	if _, err := os.Stat(bin); err != nil {
		t.Skip("SKIPPED: TinyGo is not installed; run .ci/tools tinygo")
	}
	out := filepath.Join(t.TempDir(), filepath.Base(pkg)+".wasm")
	// TinyGo's Go module comes without libraries, so Debian's are used.
	target := filepath.Join(root, "internal", "reftool", "testdata", "tinygo.json")
	cmd := exec.CommandContext(t.Context(), bin, "build", "-target="+target, "-o", out, "./"+pkg)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "TINYGOROOT="+filepath.Join(dir, "root"), "WASMOPT="+filepath.Join(dir, "node_modules", ".bin", "wasm-opt"))
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("tinygo build: %v\n%s", err, msg)
	}
	return out
}

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/mortise-wasm/mortise/internal/reftool"
)

// BenchmarkWitJSON measures `wit json` of wasi:http, from the start of the process to its end.
func BenchmarkWitJSON(b *testing.B) {
	corpus := os.Getenv("CORPUS")
	if corpus == "" {
		corpus = filepath.Join(reftool.Root(b), "..", "shared", "corpus")
	}
	pkg := filepath.Join(corpus, "wasi", "http-0.2")
	if _, err := os.Stat(pkg); err != nil {
		b.Skipf("SKIPPED: no public test data at %s (set CORPUS)", corpus)
	}
	bin := filepath.Join(b.TempDir(), "wit")
	if msg, err := exec.Command("go", "build", "-o", bin, "../../cmd/wit").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, msg)
	}
	for b.Loop() {
		if err := exec.Command(bin, "json", pkg).Run(); err != nil {
			b.Fatal(err)
		}
	}
}

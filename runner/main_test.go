package runner_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/internal/fixtures"
)

func TestMain(m *testing.M) { os.Exit(fixtures.Check(m).Run()) }

// Each fixture is its text, assembled.
func TestFixturesAreTheirText(t *testing.T) {
	binaries, err := filepath.Glob("testdata/*.wasm")
	if err != nil || len(binaries) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range binaries {
		binary, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(strings.TrimSuffix(path, ".wasm") + ".wat")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(assemble(t, string(text)), binary) {
			t.Errorf("%s is not its text assembled", path)
		}
	}
}

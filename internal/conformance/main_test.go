package conformance

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mortise-wasm/mortise/internal/fixtures"
)

// The lists of expected failures are read only if the suites and the tools to compare with are
// there.
func TestMain(m *testing.M) {
	_, missing := os.Stat(filepath.Join(root, "..", "shared", "corpus"))
	if missing != nil || os.Getenv("MORTISE_JCO") == "" {
		os.Exit(m.Run())
	}
	os.Exit(fixtures.CheckDir(m, "../../testdata").Run())
}

package e2e_test

import (
	"os"
	"testing"

	"github.com/mortise-wasm/mortise/internal/fixtures"
)

func TestMain(m *testing.M) {
	os.Exit(fixtures.Check(m, "command.c", "sleeper", "programs/c", "programs/files", "programs/hello", "programs/stress").Run())
}

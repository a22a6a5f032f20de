package doc_test

import (
	"os"
	"testing"

	"github.com/mortise-wasm/mortise/internal/fixtures"
)

func TestMain(m *testing.M) { os.Exit(fixtures.Check(m).Run()) }

package wit_test

import (
	"testing"

	"github.com/mortise-wasm/mortise/internal/cli/clitest"
	"github.com/mortise-wasm/mortise/internal/cli/wit"
)

func TestMain(m *testing.M) {
	clitest.Main(m, map[string]clitest.Command{"wit": wit.Main})
}

func TestScripts(t *testing.T)  { clitest.Scripts(t) }
func TestExamples(t *testing.T) { clitest.Examples(t, wit.NewRoot) }
func TestHelp(t *testing.T)     { clitest.Help(t, wit.NewRoot) }

package compose_test

import (
	"testing"

	"github.com/mortise-wasm/mortise/internal/cli/clitest"
	"github.com/mortise-wasm/mortise/internal/cli/compose"
	"github.com/mortise-wasm/mortise/internal/cli/inspect"
)

func TestMain(m *testing.M) {
	clitest.Main(m, map[string]clitest.Command{"compose": compose.Main, "inspect": inspect.Main})
}

func TestScripts(t *testing.T)  { clitest.Scripts(t) }
func TestExamples(t *testing.T) { clitest.Examples(t, compose.NewRoot) }
func TestCodes(t *testing.T)    { clitest.Codes(t, compose.Main, compose.Codes) }
func TestHelp(t *testing.T)     { clitest.Help(t, compose.NewRoot) }

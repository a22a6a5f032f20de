package inspect_test

import (
	"testing"

	"github.com/mortise-wasm/mortise/internal/cli/clitest"
	"github.com/mortise-wasm/mortise/internal/cli/inspect"
)

func TestMain(m *testing.M) {
	clitest.Main(m, map[string]clitest.Command{"inspect": inspect.Main})
}

func TestScripts(t *testing.T)  { clitest.Scripts(t) }
func TestExamples(t *testing.T) { clitest.Examples(t, inspect.NewRoot) }
func TestCodes(t *testing.T)    { clitest.Codes(t, inspect.Main, inspect.Codes) }
func TestHelp(t *testing.T)     { clitest.Help(t, inspect.NewRoot) }

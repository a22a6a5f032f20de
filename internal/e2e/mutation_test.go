package e2e_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/compose"
	"github.com/mortise-wasm/mortise/internal/cli/inspect"
	"github.com/mortise-wasm/mortise/internal/reftool"
)

// However a binary is damaged, the commands report the damage and do not crash.
func TestBrokenBinaries(t *testing.T) {
	flips := 60
	if os.Getenv("MORTISE_LONG") != "" {
		flips = 5000
	}
	root := reftool.Root(t)
	words := filepath.Join(root, "examples", "greeter", "words.wasm")
	rng := rand.New(rand.NewPCG(1, 2))
	for _, path := range []string{words, filepath.Join(root, "internal", "cli", "compose", "testdata", "examples", "tool.wasm")} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(data); n += 1 + len(data)/flips {
			broken(t, data[:n], true)
		}
		for range flips {
			bad := slices.Clone(data)
			for range 1 + rng.IntN(3) {
				bad[rng.IntN(len(bad))] ^= 1 << rng.IntN(8)
			}
			broken(t, bad, false)
		}
		broken(t, append(slices.Clone(data), bytes.Repeat([]byte{0xff}, 64)...), true)
	}
	broken(t, bytes.Repeat([]byte{0}, 1<<16), true)
	broken(t, []byte("not WebAssembly at all"), true)
}

// broken runs the commands on data. If refused is set, they must refuse data that cannot be
// decoded; data with a changed bit may be valid, or trap.
func broken(t *testing.T, data []byte, refused bool) {
	t.Helper()
	if _, err := encoding.Decode(diag.NewBinary("broken.wasm", data)); err == nil {
		refused = false // cut off between two sections
	}
	for _, c := range []struct {
		name string
		run  func(std *cli.IO) int
	}{
		{"run", func(std *cli.IO) int {
			return compose.Main(t.Context(), []string{"run", "--interpret", "--timeout", "2s", "--unknown-imports", "trap", "-"}, std)
		}},
		{"inspect", func(std *cli.IO) int { return inspect.Main(t.Context(), []string{"-"}, std) }},
	} {
		var out, errOut bytes.Buffer
		code := c.run(&cli.IO{In: bytes.NewReader(data), Out: &out, Err: &errOut})
		switch {
		case code == cli.ExitInternal || strings.Contains(errOut.String(), "goroutine "):
			t.Fatalf("%s fell over on %q:\n%s", c.name, data, errOut.String())
		case refused && code != cli.ExitInput:
			t.Errorf("%s of %d bytes that are no component: exit %d, want %d\n%s", c.name, len(data), code, cli.ExitInput, errOut.String())
		case code == cli.ExitInput && refused && !strings.Contains(errOut.String(), "error"):
			t.Errorf("%s refused %d bytes without a word", c.name, len(data))
		}
	}
}

package e2e_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/internal/reftool"
)

// With virtual clocks, a Go program sleeps for hours in no time, and does the same in each run.
func TestVirtualClock(t *testing.T) {
	app, cache := reftool.GoWASI(t, "internal/e2e/testdata/sleeper"), filepath.Join(t.TempDir(), "cache")
	const hours = "hour 0 0s\nhour 1 1h0m0s\nhour 2 2h0m0s\nhour 3 3h0m0s\nhour 4 4h0m0s\n"
	first := ""
	for range 2 {
		code, out, errOut := run(t, "", "run", "--cache-dir", cache, "--timeout", "1m", "--seed", "7", app)
		if code != 0 || !strings.HasPrefix(out, hours) || !strings.HasSuffix(out, "tick\ntick\n") {
			t.Fatalf("exit %d, output %q\n%s", code, out, errOut)
		}
		if first != "" && out != first {
			t.Errorf("the second run gives %q, the first %q", out, first)
		}
		first = out
	}
}

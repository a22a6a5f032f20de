package preview1_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/internal/reftool"
)

// TestWasmtime calls every function of preview 1 on wasmtime. All results equal those of
// [TestCalls].
func TestWasmtime(t *testing.T) {
	w := reftool.NewWasmtime(t)
	// Version 44 of wasmtime has exit-with-code only if that is requested.
	c := component(t, read(t, reftool.GoWASI(t, "componentize/preview1/testdata/calls")),
		componentize.Options{DefaultAdapter: preview1.Options{NoExitCode: true}.Adapter})
	app := filepath.Join(t.TempDir(), "calls.wasm")
	if err := os.WriteFile(app, c.Append(nil), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := w.Run(app, t.TempDir(), "standard input", []string{"A=1", "B=ü=2"}, []string{"calls", "one", "two words"})
	if code != 0 {
		t.Fatalf("exit %d: %.2000s", code, errOut)
	}
	golden.File(t, "testdata/calls.txt", out)
	for arg, want := range map[string]int{"0": 0, "1": 1, "42": 1} {
		if code, _, _ := w.Run(app, t.TempDir(), "", nil, []string{"calls", "exit", arg}); code != want {
			t.Errorf("exit %s: wasmtime exits with %d, want %d", arg, code, want)
		}
	}
}

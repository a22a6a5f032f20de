package preview1_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/compose"
	"github.com/mortise-wasm/mortise/internal/reftool"
)

// TestWasmtime calls every function of preview 1 on our runner and on wasmtime: all results are the same.
func TestWasmtime(t *testing.T) {
	w := reftool.NewWasmtime(t)
	dir := t.TempDir()
	module := filepath.Join(dir, "calls.wasm")
	build := exec.Command("go", "build", "-o", module, ".")
	build.Dir = filepath.Join("testdata", "calls")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if msg, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, msg)
	}
	data, err := os.ReadFile(module)
	if err != nil {
		t.Fatal(err)
	}
	// Version 44 of wasmtime has exit-with-code only if it is asked for.
	c, err := componentize.New(diag.NewBinary(module, data), componentize.Options{DefaultAdapter: preview1.Options{NoExitCode: true}.Adapter})
	if err != nil {
		t.Fatal(err)
	}
	component := filepath.Join(dir, "calls.component.wasm")
	if err := os.WriteFile(component, c.Append(nil), 0o600); err != nil {
		t.Fatal(err)
	}
	const stdin = "standard input"
	code, want, errOut := w.Run(component, t.TempDir(), stdin, []string{"A=1", "B=ü=2"}, []string{"calls.component.wasm", "one", "two words"})
	if code != 0 {
		t.Fatalf("wasmtime: exit %d: %.2000s", code, errOut)
	}
	var out, diags bytes.Buffer
	code = compose.Main(t.Context(), []string{"run", "--dir", t.TempDir() + "::/", "--env", "A=1", "--env", "B=ü=2", component, "one", "two words"},
		&cli.IO{In: strings.NewReader(stdin), Out: &out, Err: &diags})
	if code != 0 {
		t.Fatalf("exit %d: %.2000s", code, diags.String())
	}
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(out.String(), "\n")); d != "" {
		t.Errorf("(-wasmtime +mortise)\n%s", d)
	}
	for arg, exits := range map[string]int{"0": 0, "1": 1, "42": 1} {
		if code, _, _ := w.Run(component, t.TempDir(), "", nil, []string{"calls", "exit", arg}); code != exits {
			t.Errorf("exit %s: wasmtime exits with %d, want %d", arg, code, exits)
		}
	}
}

package crosscheck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/internal/reftool"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// count returns the number of pairs: 2,000 with MORTISE_LONG=1, otherwise a few.
func count() uint64 {
	if os.Getenv("MORTISE_LONG") != "" {
		return 2000
	}
	return 100
}

// What arrives in the memories of both components is the same here as in wasmtime, to the byte, and
// the same pairs trap.
func TestLikeWasmtime(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for seed := range count() {
		f := filepath.Join(dir, fmt.Sprint(seed))
		if err := os.WriteFile(f, newPair(t, seed).component, 0o666); err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	theirs := reftool.CallWasmtime(t, "run", files)
	trapped := 0
	for seed := range count() {
		ours, err := run(t, files[seed], runner.Options{})
		if err != nil {
			trapped++
		}
		their := theirs[seed]
		switch {
		case (err != nil) != strings.HasPrefix(their, "trap"):
			t.Errorf("pair %d: here: %v; wasmtime: %s", seed, err, their)
		case err == nil && their != digest(ours):
			t.Errorf("pair %d: the memories differ", seed)
		}
	}
	if n := int(count()); trapped < n/20 || trapped > n/2 {
		t.Errorf("%d of %d pairs trapped", trapped, n)
	}
}

// quiet is an observer that ignores what it is told. Calls between observed components pass values
// of Go.
type quiet struct{}

func (quiet) Begin(context.Context, *runner.Call)  {}
func (quiet) End(*runner.Call, value.Value, error) {}

// Calls that pass values of Go arrive like those that copy from memory to memory, and trap like
// them. Only the memory that strings take while their encoding changes depends on the way.
func TestWaysOfPassing(t *testing.T) {
	same := 0
	for seed := range count() / 2 {
		p := newPair(t, seed)
		f := filepath.Join(t.TempDir(), "pair.wasm")
		if err := os.WriteFile(f, p.component, 0o666); err != nil {
			t.Fatal(err)
		}
		fast, ferr := run(t, f, runner.Options{})
		slow, serr := run(t, f, runner.Options{Observer: quiet{}})
		interpreted, ierr := run(t, f, runner.Options{Interpreter: true})
		switch {
		case fmt.Sprint(ferr) != fmt.Sprint(serr) || fmt.Sprint(ferr) != fmt.Sprint(ierr):
			t.Errorf("pair %d: compiled: %v; observed: %v; interpreted: %v", seed, ferr, serr, ierr)
		case !bytes.Equal(fast, interpreted):
			t.Errorf("pair %d: the interpreter leaves another memory", seed)
		case p.caller.encoding == abi.UTF8 && p.callee.encoding == abi.UTF8:
			same++
			if !bytes.Equal(fast, slow) {
				t.Errorf("pair %d: values of Go leave another memory", seed)
			}
		}
	}
	if same == 0 {
		t.Error("no pair without conversion of strings")
	}
}

func digest(b []byte) string {
	h := fnv.New64a()
	h.Write(b)
	return "ok " + strconv.FormatUint(h.Sum64(), 16)
}

// run returns both memories.
func run(t *testing.T, file string, o runner.Options) ([]byte, error) {
	t.Helper()
	ctx := context.Background()
	e, err := runner.NewEngine(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(ctx)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Compile(ctx, file, data)
	if err != nil {
		t.Fatal(err)
	}
	inst, err := runner.NewLinker().Instantiate(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	defer inst.Close(ctx)
	v, err := inst.Func("run").Call(ctx)
	if err != nil {
		var trap *runner.Trap
		if !errors.As(err, &trap) {
			t.Fatal(err)
		}
		return nil, err
	}
	b, _ := value.PackedOf[byte](v)
	return b, nil
}

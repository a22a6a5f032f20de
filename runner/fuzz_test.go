package runner_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// FuzzRun requires that no input causes a panic or endless work. The input is compiled and
// instantiated, and functions without parameters are called.
func FuzzRun(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.wasm")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	ctx := context.Background()
	eng, err := runner.NewEngine(ctx, runner.Options{Interpreter: true, Limits: runner.Limits{MaxMemory: 4 << 20}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { eng.Close(ctx) })
	l := runner.NewLinker()
	l.TrapUnknown()
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := eng.Compile(ctx, "f", data)
		if err != nil {
			return
		}
		defer p.Close(ctx)
		ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		i, err := l.Instantiate(ctx, p)
		if err != nil {
			return
		}
		defer i.Close(ctx)
		for _, name := range i.Type().Exports.Names() {
			if fn := i.Func(name); fn != nil && len(fn.Type().Params) == 0 {
				v, err := fn.Call(ctx)
				if err == nil && fn.Type().Result != nil {
					if err := value.Check(v, fn.Type().Result); err != nil {
						t.Errorf("%s returned something else than its type: %v", name, err)
					}
				}
			}
		}
	})
}

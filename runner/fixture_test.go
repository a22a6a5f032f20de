package runner_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// engine returns an engine that is closed when the test is over.
func engine(t testing.TB, o runner.Options) *runner.Engine {
	t.Helper()
	ctx := context.Background()
	eng, err := runner.NewEngine(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := eng.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return eng
}

// program compiles a component from testdata.
func program(t testing.TB, o runner.Options, name string) *runner.Program {
	t.Helper()
	return compileFile(t, engine(t, o), name)
}

func compileFile(t testing.TB, eng *runner.Engine, name string) *runner.Program {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return compile(t, eng, data)
}

// text compiles a component in the text format.
func text(t testing.TB, o runner.Options, source string) *runner.Program {
	t.Helper()
	return compile(t, engine(t, o), assemble(t, source))
}

func compile(t testing.TB, eng *runner.Engine, data []byte) *runner.Program {
	t.Helper()
	p, err := eng.Compile(context.Background(), "test.wasm", data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// assemble returns the bytes of a component or core module in the text format.
func assemble(t testing.TB, source string) []byte {
	t.Helper()
	u, err := wat.Parse(diag.NewFile("test.wat", []byte(source)))
	if err != nil {
		t.Fatal(err)
	}
	return u.Append(nil)
}

// fixture instantiates a component from testdata and closes it when the test is over.
func fixture(t testing.TB, name string, l *runner.Linker) *runner.Instance {
	t.Helper()
	return instantiate(t, program(t, runner.Options{}, name), l)
}

func instantiate(t testing.TB, p *runner.Program, l *runner.Linker) *runner.Instance {
	t.Helper()
	if l == nil {
		l = runner.NewLinker()
	}
	i, err := l.Instantiate(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return i
}

// fn returns the exported function at a path of names separated by spaces.
func fn(t testing.TB, i *runner.Instance, path string) *runner.Func {
	t.Helper()
	f := i.Func(strings.Fields(path)...)
	if f == nil {
		t.Fatalf("no function %q", path)
	}
	return f
}

// call calls an exported function, which must not fail.
func call(t testing.TB, i *runner.Instance, path string, args ...value.Value) value.Value {
	t.Helper()
	v, err := fn(t, i, path).Call(context.Background(), args...)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// trap calls an exported function, which must trap with a message that contains want.
func trap(t testing.TB, i *runner.Instance, path, want string, args ...value.Value) *runner.Trap {
	t.Helper()
	v, err := fn(t, i, path).Call(context.Background(), args...)
	var tr *runner.Trap
	if !errors.As(err, &tr) {
		t.Fatalf("%s: got %v and error %v, want a trap", path, v, err)
	}
	if !strings.Contains(tr.Message, want) {
		t.Fatalf("%s: got trap %q, want %q", path, tr.Message, want)
	}
	return tr
}

// wave returns the WAVE text of a value.
func wave(v value.Value, t types.ValType) string {
	if t == nil {
		return ""
	}
	return string(value.Append(nil, v, t))
}

// invoke makes a call written in WAVE and returns the result in WAVE.
func invoke(t testing.TB, i *runner.Instance, text string) string {
	t.Helper()
	c, err := value.ParseCall(text)
	if err != nil {
		t.Fatal(err)
	}
	f := fn(t, i, c.Name())
	args, err := c.Args(f.Type().Params)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	v, err := f.Call(context.Background(), args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return wave(v, f.Type().Result)
}

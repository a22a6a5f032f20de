package wasi_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wasi"
)

// command returns a component that exports an interface whose function run has the given body.
func command(iface, result, body string) string {
	return `(component
		(import "wasi:cli/exit@0.2.0" (instance $exit
			(export "exit" (func (param "status" (result))))
			(export "exit-with-code" (func (param "status-code" u8)))))
		(core func $exit (canon lower (func $exit "exit")))
		(core func $code (canon lower (func $exit "exit-with-code")))
		(core module $m
			(import "" "exit" (func $exit (param i32)))
			(import "" "code" (func $code (param i32)))
			(func (export "run") (result i32) ` + body + `))
		(core instance $m (instantiate $m (with "" (instance (export "exit" (func $exit)) (export "code" (func $code))))))
		(func $run (result ` + result + `) (canon lift (core func $m "run")))
		(instance $run (export "run" (func $run)))
		(export "` + iface + `" (instance $run)))`
}

func instantiate(t *testing.T, source string) *runner.Instance {
	t.Helper()
	ctx := context.Background()
	u, err := wat.Parse(diag.NewFile("test.wat", []byte(source)))
	if err != nil {
		t.Fatal(err)
	}
	eng, err := runner.NewEngine(ctx, runner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { eng.Close(ctx) })
	p, err := eng.Compile(ctx, "test.wasm", u.Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	l := runner.NewLinker()
	host, err := wasi.Config{}.AddTo(l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { host.Close() })
	inst, err := l.Instantiate(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inst.Close(ctx) })
	return inst
}

// However a command ends, the outcome is its exit code, not an error.
func TestRun(t *testing.T) {
	const run = "wasi:cli/run@0.2.12"
	for _, r := range []struct {
		name, component string
		code            int
		err             string
		is              error
	}{
		{"ok", command(run, "(result)", "i32.const 0"), 0, "", nil},
		{"error", command(run, "(result)", "i32.const 1"), 1, "", nil},
		{"version 0.2.0", command("wasi:cli/run@0.2.0", "(result)", "i32.const 0"), 0, "", nil},
		{"exit ok", command(run, "(result)", "(call $exit (i32.const 0)) unreachable"), 0, "", nil},
		{"exit error", command(run, "(result)", "(call $exit (i32.const 1)) unreachable"), 1, "", nil},
		{"exit 0", command(run, "(result)", "(call $code (i32.const 0)) unreachable"), 0, "", nil},
		{"exit 42", command(run, "(result)", "(call $code (i32.const 42)) unreachable"), 42, "", nil},
		{"trap", command(run, "(result)", "unreachable"), 1, "call of `run`: wasm `unreachable` instruction executed", nil},
		{"no command", command("wasi:cli/walk@0.2.0", "(result)", "i32.const 0"), 1,
			"the component is not a command: it does not export `wasi:cli/run@0.2`: the function does not exist", runner.ErrNoFunc},
		{"other version", command("wasi:cli/run@0.3.0", "(result)", "i32.const 0"), 1,
			"the component is not a command: it does not export `wasi:cli/run@0.2`: the function does not exist", runner.ErrNoFunc},
		{"other type", command(run, "u32", "i32.const 0"), 1,
			"the component is not a command: its `run` is func() -> u32, not func() -> result: the function does not exist", runner.ErrNoFunc},
	} {
		t.Run(r.name, func(t *testing.T) {
			code, err := wasi.Run(context.Background(), instantiate(t, r.component))
			text := ""
			if err != nil {
				text = fmt.Sprint(err)
			}
			if code != r.code || text != r.err || r.is != nil && !errors.Is(err, r.is) {
				t.Errorf("got %d, %q, want %d, %q", code, text, r.code, r.err)
			}
		})
	}
}

func TestRunAfterExit(t *testing.T) {
	inst := instantiate(t, command("wasi:cli/run@0.2.0", "(result)", "(call $code (i32.const 0)) unreachable"))
	for _, want := range []error{nil, runner.ErrTrapped} {
		if _, err := wasi.Run(context.Background(), inst); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

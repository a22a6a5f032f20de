package wast_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/wast"
	"github.com/mortise-wasm/mortise/model/feature"
)

const library = `(component definition $lib
  (core module $m
    (memory (export "memory") 1)
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "nan") (result f32) (f32.const nan:0x200000))
    (func (export "pair") (param i32) (result i32)
      (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (i32.const 7)) (i32.const 8))
    (func (export "fail") unreachable))
  (core instance $i (instantiate $m))
  (func (export "add") (param "a" u8) (param "b" u8) (result u8) (canon lift (core func $i "add")))
  (func (export "nan") (result f32) (canon lift (core func $i "nan")))
  (func (export "pair") (param "a" u32) (result (tuple u32 u32))
    (canon lift (core func $i "pair") (memory (core memory $i "memory"))))
  (func (export "fail") (canon lift (core func $i "fail"))))
`

// run returns the outcomes of a script as lines.
func run(t *testing.T, script string, o wast.Options) string {
	t.Helper()
	var b strings.Builder
	err := wast.Run(t.Context(), diag.NewFile("test.wast", []byte(script)), o, func(r wast.Result) {
		fmt.Fprintf(&b, "%s %v", r.Kind, r.Outcome)
		if r.Message != "" {
			fmt.Fprintf(&b, ": %s", r.Message)
		}
		b.WriteByte('\n')
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRun(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"returns", library + `(component instance $x $lib)
(assert_return (invoke "add" (u8.const 250) (u8.const 10)) (u8.const 4))
(assert_return (invoke $x "add" (u8.const 1) (u8.const 1)) (u8.const 3))
(assert_return (invoke "nan") (f32.const nan:canonical))
(assert_return (invoke "pair" (u32.const 1)) (tuple.const (u32.const 1) (u32.const 7)))
(assert_return (invoke "nothing"))
(assert_return (invoke "add" (u32.const 1) (u8.const 1)) (u8.const 2))`,
			`component pass
component pass
assert_return pass
assert_return fail: the result is 2: want 3
assert_return pass
assert_return pass
assert_return fail: there is no exported function ` + "`nothing`" + `
assert_return fail: argument 0: u32.const is not a value of type u8
`},
		{"traps", library + `(component instance $x $lib)
(assert_trap (invoke "add" (u8.const 1) (u8.const 1)) "unreachable")
(assert_trap (invoke "fail") "wasm trap: wasm ` + "`unreachable`" + ` instruction executed")
(assert_trap (invoke "fail") "cannot enter component instance")
(component instance $y $lib)
(assert_return (invoke "fail"))`,
			`component pass
component pass
assert_trap fail: it does not trap, want an error: unreachable
assert_trap pass
assert_trap pass
component pass
assert_return fail: call of ` + "`fail`" + `: wasm ` + "`unreachable`" + ` instruction executed
`},
		{"wrong", `(assert_invalid (component (export "f" (func 0))) "function index out of bounds")
(assert_invalid (component (export "f" (func 0))) "something else")
(assert_invalid (component) "anything")
(assert_malformed (component quote "(component") "expected")
(assert_malformed (component binary "\00asm\0d\00\01\00\ff") "malformed section id")
(assert_unlinkable (component (import "f" (func))) "f")
(component (import "f" (func)))`,
			`assert_invalid pass
assert_invalid fail: the error is: unknown function 0: function index out of bounds (at 2:28); want: something else
assert_invalid fail: it is valid, want an error: anything
assert_malformed pass
assert_malformed pass
assert_unlinkable pass
component fail: 1 import is not satisfied:
  f
    f: func()
`},
		{"engine", `(component (core module $m (memory 1) (memory 1)) (core instance (instantiate $m)))
(assert_return (invoke "f"))
(module (func (export "f")))
(assert_return (invoke "f"))`,
			`component skip: core module 0 needs ` + "`multi-memory`" + `, which the engine does not have
assert_return skip: core module 0 needs ` + "`multi-memory`" + `, which the engine does not have
module pass
assert_return pass
`},
		{"core", `(module $a
  (global (export "g") i64 (i64.const 7))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "nan") (result f32) (f32.div (f32.const 0) (f32.const 0)))
  (func $loop (export "loop") (call $loop)))
(register "a" $a)
(module $b (import "a" "add" (func $add (param i32 i32) (result i32)))
  (func (export "inc") (param i32) (result i32) (call $add (local.get 0) (i32.const 1))))
(assert_return (invoke "inc" (i32.const -1)) (i32.const 0))
(assert_return (invoke "inc" (i32.const 1)) (i32.const 3))
(assert_return (invoke $a "nan") (f32.const nan:canonical))
(assert_return (get $a "g") (i64.const 7))
(assert_return (get $a "g") (i32.const 7))
(assert_return (invoke "inc" (i64.const 1)) (i32.const 2))
(assert_exhaustion (invoke $a "loop") "call stack exhausted")
(assert_trap (module (start $f) (func $f unreachable)) "unreachable")
(assert_unlinkable (module (import "b" "inc" (func))) "unknown import")
(assert_unlinkable (module (import "a" "add" (func))) "incompatible import type")
(module (func (export "quiet") (result f32) (f32.const nan:0x400001)) (func (export "signalling") (result f64) (f64.const nan:0x1)))
(assert_return (invoke "quiet") (f32.const nan:canonical))
(assert_return (invoke "quiet") (f32.const nan:arithmetic))
(assert_return (invoke "signalling") (f64.const nan:arithmetic))
(register "b" $c)`,
			`module pass
register pass
module pass
assert_return pass
assert_return fail: result 0: it is 0x2, want 0x3
assert_return pass
assert_return pass
assert_return fail: result 0: it is of type i64, want i32.const
assert_return fail: argument 0: i64.const is not a value of type i32
assert_exhaustion pass
assert_trap pass
assert_unlinkable pass
assert_unlinkable pass
module pass
assert_return fail: result 0: it is 0x7fc00001, want a NaN
assert_return pass
assert_return fail: result 0: it is 0x7ff0000000000001, want a NaN
register fail: there is no instance ` + "`c`" + `
`},
		{"not a script", `(component`, "script fail: expected `)`, found the end of the text\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, run(t, c.script, wast.Options{})); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

// A script can choose features, and options can override them.
func TestFeatures(t *testing.T) {
	const errctx = `(component (type error-context))`
	const pass, fail = "component pass\n", "component fail: `error-context` requires the component model error-context feature "
	for _, c := range []struct {
		script string
		set    feature.Set
		want   string
	}{
		{errctx, 0, pass},
		{";;! component_model_error_context = false\n" + errctx, 0, fail + "(at 2:12)\n"},
		{";; RUN: wast --assert default %\n" + errctx, 0, fail + "(at 2:12)\n"},
		{";; RUN: wast --assert default % -f cm-error-context\n" + errctx, 0, pass},
		{errctx, feature.Default(), fail + "(at 1:12)\n"},
		{";; RUN: wast % -f\n" + errctx, 0, fail + "(at 2:12)\n"},
		{";; RUN: wast %\n(component (import \"f\" (func)))", 0, pass},
	} {
		if got := run(t, c.script, wast.Options{Features: c.set}); got != c.want {
			t.Errorf("%s\ngot  %swant %s", c.script, got, c.want)
		}
	}
}

// An error passes if its words mean the same as the asserted words or have more detail. Any other
// error does not.
func TestWords(t *testing.T) {
	for _, c := range []struct{ source, words, want string }{
		{`"(func i32.frob)"`, "unknown operator i32.frob", "pass"},
		{`"(func (i32.const 0x))"`, "unknown operator", "pass"},
		{`"(func (i32.const))"`, "unexpected token", "pass"},
		{`"(func (i32.const))"`, "constant out of range", "fail"},
		{`"(func (i32.const 99999999999))"`, "i64 constant out of range", "pass"},
		{`"(@a \00)"`, "illegal character", "pass"},
		{`"(func))"`, "unexpected token", "pass"},
		{`"(func $f) (func $f)"`, "unexpected token", "fail"},
	} {
		got := run(t, "(assert_malformed (module quote "+c.source+") \""+c.words+"\")", wast.Options{})
		if !strings.HasPrefix(got, "assert_malformed "+c.want) {
			t.Errorf("%s as %s: %s", c.source, c.words, got)
		}
	}
	if got := run(t, `(assert_invalid (module (type (func (result i32))) (tag (type 0))) "non-empty tag result type")`, wast.Options{}); got != "assert_invalid pass\n" {
		t.Errorf("a tag with results: %s", got)
	}
}

package runner_test

import (
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// asyncCallee is a component with an async function from string to string. Its core function runs
// body, which has the string at $p and $n, and returns a callback code.
func asyncCallee(body string) string {
	return `(component $callee
		(core module $mem
			(memory (export "m") 1)
			(global $top (mut i32) (i32.const 1024))
			(func (export "realloc") (param i32 i32 i32 i32) (result i32)
				(global.get $top) (global.set $top (i32.add (global.get $top) (local.get 3)))))
		(core instance $mem (instantiate $mem))
		(alias core export $mem "m" (core memory $m))
		(core func $return (canon task.return (result string) (memory (core memory $m))))
		(core func $return-u8 (canon task.return (result u8)))
		(core func $return-16 (canon task.return (result string) string-encoding=utf16 (memory (core memory $m))))
		(core func $cancel (canon task.cancel))
		(core func $inc (canon backpressure.inc))
		(core func $new (canon waitable-set.new))
		(core module $main
			(import "" "return" (func $return (param i32 i32)))
			(import "" "return-u8" (func $return-u8 (param i32)))
			(import "" "return-16" (func $return-16 (param i32 i32)))
			(import "" "cancel" (func $cancel))
			(import "" "inc" (func $inc))
			(import "" "new" (func $new (result i32)))
			(func (export "f") (param $p i32) (param $n i32) (result i32) ` + body + `)
			(func (export "sync") (param i32 i32) (result i32) (call $return (local.get 0) (local.get 1)) (i32.const 0))
			(func (export "callback") (param i32 i32 i32) (result i32) unreachable))
		(core instance $main (instantiate $main (with "" (instance (export "return" (func $return)) (export "return-u8" (func $return-u8))
			(export "return-16" (func $return-16)) (export "cancel" (func $cancel)) (export "inc" (func $inc)) (export "new" (func $new))))))
		(func (export "f") async (param "s" string) (result string) (canon lift (core func $main "f") async
			(callback (core func $main "callback")) (memory (core memory $m)) (realloc (core func $mem "realloc"))))
		(func (export "sync") (param "s" string) (result string) (canon lift (core func $main "sync")
			(memory (core memory $m)) (realloc (core func $mem "realloc")))))`
}

// An async function runs as long as it need not wait, and returns with task.return.
func TestAsyncFunction(t *testing.T) {
	for _, r := range []struct{ name, body, f, want, trap string }{
		{name: "once", body: `(call $return (local.get $p) (i32.const 2)) (i32.const 0)`, want: `"he"`},
		{name: "never", body: `(i32.const 0)`, trap: "async-lifted export failed to produce a result"},
		{name: "twice", body: `(call $return (local.get $p) (i32.const 1)) (call $return (local.get $p) (i32.const 1)) (i32.const 0)`,
			trap: "`task.return` or `task.cancel` called more than once for current task"},
		{name: "of another type", body: `(call $return-u8 (i32.const 1)) (i32.const 0)`,
			trap: "invalid `task.return` signature and/or options for current task"},
		{name: "in another encoding", body: `(call $return-16 (local.get $p) (i32.const 1)) (i32.const 0)`,
			trap: "invalid `task.return` signature and/or options for current task"},
		{name: "beyond memory", body: `(call $return (i32.const 65535) (i32.const 2)) (i32.const 0)`,
			trap: "string content out-of-bounds: string pointer/length out of bounds of memory"},
		{name: "of a sync function", f: "sync", body: `unreachable`,
			trap: "invalid `task.return` signature and/or options for current task"},
		{name: "cancel", body: `(call $cancel) (i32.const 0)`, trap: "`task.cancel` called by task which has not been cancelled"},
		{name: "code", body: `(i32.const 3)`, trap: "unsupported callback code"},
		{name: "wait for nothing", body: `(i32.const 0x72)`, trap: "unknown handle index 7"},
		{name: "wait", body: `(i32.or (i32.shl (call $new) (i32.const 4)) (i32.const 2))`,
			trap: "`callback` has to wait, which needs asynchronous calls: they cannot be run yet"},
		{name: "yield", body: `(i32.const 1)`, trap: "function `f` lets others run, which needs asynchronous calls: they cannot be run yet"},
	} {
		i := instantiate(t, text(t, runner.Options{}, `(component `+asyncCallee(r.body)+`
			(instance $i (instantiate $callee)) (export "f" (func $i "f")) (export "sync" (func $i "sync")))`), nil)
		f := "f"
		if r.f != "" {
			f = r.f
		}
		if r.trap != "" {
			if tr := trap(t, i, f, r.trap, value.String("hello")); tr.Message != r.trap {
				t.Errorf("%s: %s", r.name, tr.Message)
			}
			continue
		}
		for range 3 {
			if got := call(t, i, f, value.String("hello")); wave(got, fn(t, i, f).Type().Result) != r.want {
				t.Errorf("%s: got %v, want %s", r.name, got, r.want)
			}
		}
	}
}

// An instance with backpressure lets no async function in, but others.
func TestBackpressureKeepsAsyncCallsOut(t *testing.T) {
	i := instantiate(t, text(t, runner.Options{}, `(component
		(core func $inc (canon backpressure.inc))
		(core func $dec (canon backpressure.dec))
		(core module $m (func (export "f")))
		(core instance $m (instantiate $m))
		(func (export "inc") (canon lift (core func $inc)))
		(func (export "dec") (canon lift (core func $dec)))
		(func (export "sync") (canon lift (core func $m "f")))
		(func (export "async") async (canon lift (core func $m "f"))))`), nil)
	for _, f := range []string{"async", "inc", "sync", "inc", "dec", "dec", "async", "async", "inc", "sync"} {
		call(t, i, f)
	}
	trap(t, i, "async", "function `async` has to wait until it is let in, which needs asynchronous calls: they cannot be run yet")
}

// Core code that lowers a function with async passes four words at most and finds the result in
// memory, whatever its type. The call has returned when the core function does.
func TestAsyncLower(t *testing.T) {
	i := instantiate(t, text(t, runner.Options{}, `(component
		(component $callee
			(core module $m (func (export "f") (param i32 i32 i32 i32 i32) (result i32)
				(i32.sub (local.get 0) (local.get 4))))
			(core instance $m (instantiate $m))
			(func (export "f") async (param "a" u32) (param "b" u32) (param "c" u32) (param "d" u32) (param "e" u32) (result u32)
				(canon lift (core func $m "f"))))
		(instance $callee (instantiate $callee))
		(core module $mem (memory (export "m") 1))
		(core instance $mem (instantiate $mem))
		(core func $f (canon lower (func $callee "f") async (memory (core memory $mem "m"))))
		(core module $m
			(import "" "m" (memory 1))
			(import "" "f" (func $f (param i32 i32) (result i32)))
			(func (export "run") (param $a i32) (param $e i32) (result i32)
				(i32.store (i32.const 16) (local.get $a)) (i32.store (i32.const 32) (local.get $e))
				(i32.add (i32.mul (call $f (i32.const 16) (i32.const 64)) (i32.const 1000)) (i32.load (i32.const 64)))))
		(core instance $m (instantiate $m (with "" (instance (export "m" (memory $mem "m")) (export "f" (func $f))))))
		(func (export "run") async (param "a" u32) (param "e" u32) (result u32) (canon lift (core func $m "run"))))`), nil)
	for range 3 {
		if got := call(t, i, "run", value.U32(9), value.U32(4)); got.Bits() != 2005 {
			t.Errorf("got %d, want state 2 and result 5", got.Bits())
		}
	}
}

// A function that is not async must not wait, so it cannot call one that might.
func TestSyncTaskCallsAsyncFunction(t *testing.T) {
	for _, r := range []struct{ typ, want string }{
		{"", "cannot block a synchronous task before returning"},
		{"async", "wasm `unreachable` instruction executed"},
	} {
		i := instantiate(t, text(t, runner.Options{}, `(component
			(component $callee
				(core module $m (func (export "f") unreachable))
				(core instance $m (instantiate $m))
				(func (export "f") async (canon lift (core func $m "f"))))
			(instance $callee (instantiate $callee))
			(core func $f (canon lower (func $callee "f")))
			(core module $m (import "" "f" (func $f)) (func (export "run") call $f))
			(core instance $m (instantiate $m (with "" (instance (export "f" (func $f))))))
			(func (export "run") `+r.typ+` (canon lift (core func $m "run"))))`), nil)
		if tr := trap(t, i, "run", r.want); tr.Message != r.want {
			t.Errorf("%q: %s", r.typ, tr.Message)
		}
	}
}

package runner_test

import (
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// The storage of context.get and context.set belongs to a task: each call begins with zeros, and so
// does each call of realloc. post-return runs in the task of its call, and a call that the task
// makes does not disturb it.
func TestContextBelongsToTask(t *testing.T) {
	i := instantiate(t, text(t, runner.Options{}, `(component
		(component $inner
			(core func $get (canon context.get i32 0))
			(core func $set (canon context.set i32 0))
			(core module $m
				(import "" "get" (func $get (result i32)))
				(import "" "set" (func $set (param i32)))
				(memory (export "m") 1)
				(global $log (mut i32) (i32.const 0))
				(func $note (param i32) ;; appends a digit
					(global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))))
				(func (export "log") (result i32) (global.get $log))
				(func (export "f") (result i32)
					(call $note (call $get)) (call $set (i32.const 3))
					(i32.store (i32.const 8) (i32.const 16)) (i32.store (i32.const 12) (i32.const 2))
					i32.const 8)
				(func (export "post") (param i32) (call $note (call $get))))
			(core instance $m (instantiate $m (with "" (instance (export "get" (func $get)) (export "set" (func $set))))))
			(func (export "f") (result string) (canon lift (core func $m "f") (memory (core memory $m "m"))
				(post-return (core func $m "post"))))
			(func (export "log") (result u32) (canon lift (core func $m "log"))))
		(instance $inner (instantiate $inner))
		(core func $get (canon context.get i32 1))
		(core func $set (canon context.set i32 1))
		(core module $mem
			(import "" "get" (func $get (result i32)))
			(import "" "set" (func $set (param i32)))
			(memory (export "m") 1)
			(global (export "log") (mut i32) (i32.const 0))
			(func $note (param i32)
				(global.set 0 (i32.add (i32.mul (global.get 0) (i32.const 10)) (local.get 0))))
			(func (export "realloc") (param i32 i32 i32 i32) (result i32)
				(call $note (i32.add (call $get) (i32.const 1))) (call $set (i32.const 8)) i32.const 64))
		(core instance $mem (instantiate $mem (with "" (instance (export "get" (func $get)) (export "set" (func $set))))))
		(core func $f (canon lower (func $inner "f") (memory (core memory $mem "m")) (realloc (core func $mem "realloc"))))
		(core module $m
			(import "" "get" (func $get (result i32)))
			(import "" "set" (func $set (param i32)))
			(import "" "f" (func $f (param i32)))
			(import "" "log" (global $log (mut i32)))
			(func (export "run") (result i32)
				(call $set (i32.add (call $get) (i32.const 5)))
				(call $f (i32.const 0)) (call $f (i32.const 0))
				(i32.add (i32.mul (global.get $log) (i32.const 10)) (call $get))))
		(core instance $m (instantiate $m (with "" (instance (export "get" (func $get)) (export "set" (func $set))
			(export "f" (func $f)) (export "log" (global $mem "log"))))))
		(func (export "run") (result u32) (canon lift (core func $m "run")))
		(export "log" (func $inner "log")))`), nil)
	// Two calls of realloc noted 0+1. The task itself still has 5.
	for n, want := range []uint64{115, 11115} {
		if got := call(t, i, "run"); got.Bits() != want {
			t.Errorf("call %d: %d, want %d", n, got.Bits(), want)
		}
	}
	// f found 0 and left 3, four times.
	if got := call(t, i, "log"); got.Bits() != 3030303 {
		t.Errorf("log = %d, want 3030303", got.Bits())
	}
}

// A destructor is a task of its own, and so is the start function of a core module.
func TestContextOfDestructorAndStart(t *testing.T) {
	i := instantiate(t, text(t, runner.Options{}, `(component
		(core func $get (canon context.get i32 0))
		(core func $set (canon context.set i32 0))
		(core module $d
			(import "" "get" (func $get (result i32)))
			(import "" "set" (func $set (param i32)))
			(global (export "log") (mut i32) (i32.const 0))
			(func $dtor (export "dtor") (param i32)
				(global.set 0 (i32.add (i32.mul (global.get 0) (i32.const 10)) (i32.add (call $get) (local.get 0))))
				(call $set (i32.const 7)))
			(func $start (call $dtor (i32.const 1)))
			(start $start))
		(core instance $d (instantiate $d (with "" (instance (export "get" (func $get)) (export "set" (func $set))))))
		(type $r (resource (rep i32) (dtor (core func $d "dtor"))))
		(core func $new (canon resource.new $r))
		(core func $drop (canon resource.drop $r))
		(core module $m
			(import "" "get" (func $get (result i32)))
			(import "" "set" (func $set (param i32)))
			(import "" "new" (func $new (param i32) (result i32)))
			(import "" "drop" (func $drop (param i32)))
			(import "" "log" (global $log (mut i32)))
			(func (export "run") (param i32) (result i32)
				(call $set (i32.const 4))
				(call $drop (call $new (local.get 0)))
				(i32.add (i32.mul (global.get $log) (i32.const 10)) (call $get))))
		(core instance $m (instantiate $m (with "" (instance (export "get" (func $get)) (export "set" (func $set))
			(export "new" (func $new)) (export "drop" (func $drop)) (export "log" (global $d "log"))))))
		(func (export "run") (param "rep" u32) (result u32) (canon lift (core func $m "run"))))`), nil)
	for n, want := range []uint64{124, 1234} {
		if got := call(t, i, "run", value.U32(uint32(n+2))); got.Bits() != want {
			t.Errorf("call %d: %d, want %d", n, got.Bits(), want)
		}
	}
}

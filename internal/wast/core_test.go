package wast_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/internal/wast"
)

// The scripts test the rules for core modules. A line that must not pass ends with the outcome
// after `;; =`.
func TestCoreScripts(t *testing.T) {
	for _, c := range []struct{ name, script string }{
		{"spectest", `
(module (import "spectest" "print_i32_f32" (func $p (param i32 f32)))
  (import "spectest" "global_i32" (global $g i32)) (import "spectest" "memory" (memory 1 3)) (import "spectest" "table" (table 9 funcref))
  (func (export "g") (result i32) (call $p (i32.const 1) (f32.const 2)) (global.get $g)) (func (export "s") (result i32) (table.size 0)))
(assert_return (invoke "g") (i32.const 666))
(assert_return (invoke "s") (i32.const 10))
(assert_unlinkable (module (import "spectest" "unknown" (func))) "unknown import")
(assert_unlinkable (module (import "spectest" "print" (func (param i32)))) "incompatible import type")
(assert_unlinkable (module (import "spectest" "table64" (table i64 11 funcref))) "incompatible import type") ;; = skip: ¬table64¬ of ¬spectest¬ may have grown, but does not run
(assert_unlinkable (module (import "spectest" "table64" (table 10 funcref))) "incompatible import type")
(assert_unlinkable (module (import "spectest" "table64" (table i64 10 20 funcref))) "incompatible import type") ;; = fail: it links, want an error: incompatible import type`},

		{"vectors", `
(module (func (export "v") (param v128) (result v128) (local.get 0)) (func (export "w") (param i32 v128 i64) (result i32 v128 i64)
  (local.get 0) (local.get 1) (local.get 2)))
(assert_return (invoke "v" (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 -1)) (v128.const i64x2 0x0807060504030201 0xff0f0e0d0c0b0a09))
(assert_return (invoke "v" (v128.const i64x2 1 2)) (v128.const i32x4 1 0 3 0)) ;; = fail: result 0: lane 2: it is 0x2, want 0x3
(assert_return (invoke "w" (i32.const 7) (v128.const i16x8 1 2 3 4 5 6 7 8) (i64.const 9))
  (i32.const 7) (v128.const i32x4 0x20001 0x40003 0x60005 0x80007) (i64.const 9))
(assert_return (invoke "v" (v128.const i32x4 0x7fc00000 0xffc00001 0 0)) (v128.const f32x4 nan:canonical nan:arithmetic 0 0))
(assert_return (invoke "v" (v128.const i32x4 0 0 0x7fc00001 0)) (v128.const f32x4 0 0 nan:canonical 0)) ;; = fail: result 0: lane 2: it is 0x7fc00001, want a NaN
(assert_return (invoke "v" (v128.const i64x2 0 0x7ff0000000000001)) (v128.const f64x2 0 nan:arithmetic)) ;; = fail: result 0: lane 1: it is 0x7ff0000000000001, want a NaN
(assert_return (invoke "v" (v128.const i64x2 1 2)) (either (v128.const i64x2 2 2) (v128.const i64x2 1 2)))
(assert_return (invoke "v" (v128.const i64x2 1 2)) (either (v128.const i64x2 2 2) (v128.const i64x2 1 1))) ;; = fail: result 0: lane 1: it is 0x2, want 0x1
(assert_return (invoke "v" (i64.const 1)) (v128.const i64x2 1 2)) ;; = fail: argument 0: i64.const is not a value of type v128
(assert_return (invoke "v" (v128.const i64x2 1 2)) (i64.const 1)) ;; = fail: result 0: it is of type v128, want i64.const`},

		{"references", `
(module (table 3 externref) (func $f) (elem declare func $f)
  (func (export "e") (param externref) (result externref) (local.get 0)) (func (export "f") (param funcref) (result funcref) (local.get 0))
  (func (export "self") (result funcref) (ref.func $f))
  (func (export "set") (param externref) (table.set (i32.const 1) (local.get 0))) (func (export "get") (param i32) (result externref) (table.get (local.get 0)))
  (global (export "g") externref (ref.null extern)))
(assert_return (invoke "e" (ref.extern 0)) (ref.extern 0))
(assert_return (invoke "e" (ref.extern 0)) (ref.extern))
(assert_return (invoke "e" (ref.extern 0)) (ref.null extern)) ;; = fail: result 0: it is not null
(assert_return (invoke "e" (ref.extern 1)) (ref.extern 2)) ;; = fail: result 0: it is 0x2, want 0x3
(assert_return (invoke "e" (ref.null extern)) (ref.null extern))
(assert_return (invoke "e" (ref.null extern)) (ref.null))
(assert_return (invoke "e" (ref.null extern)) (ref.null func)) ;; = fail: result 0: it is a null of type externref, want func
(assert_return (invoke "e" (ref.null extern)) (ref.extern)) ;; = fail: result 0: it is null, want ref.extern
(assert_return (invoke "e" (ref.null func)) (ref.null extern)) ;; = fail: argument 0: ref.null is not a value of type externref
(assert_return (invoke "f" (ref.extern 1)) (ref.func)) ;; = fail: argument 0: ref.extern is not a value of type funcref
(assert_return (invoke "f" (ref.null func)) (ref.null func))
(assert_return (invoke "self") (ref.func))
(assert_return (invoke "self") (ref.extern)) ;; = fail: result 0: it is of type funcref, want ref.extern
(assert_return (invoke "set" (ref.extern 5)))
(assert_return (invoke "get" (i32.const 1)) (ref.extern 5))
(assert_return (invoke "get" (i32.const 2)) (ref.null extern))
(assert_return (get "g") (ref.null extern))`},

		// Code that could have changed an instance was not run: the state of the instance is unknown, and
		// so is that of all instances that share something with it.
		{"tainted", `
(module $a (memory (export "m") 1) (func (export "load") (result i32) (i32.load (i32.const 0))))
(register "a" $a)
(module $b (import "a" "m" (memory 1)) (func (export "load") (result i32) (i32.load (i32.const 0))))
(module $other (func (export "f") (result i32) (i32.const 1)))
(module (import "a" "m" (memory 1)) (memory 1)) ;; = skip: the module needs ¬multi-memory¬
(assert_return (invoke $a "load") (i32.const 0))
(module $c (import "a" "m" (memory 1)) (memory 1) (data (i32.const 0) "\01")) ;; = skip: the module needs ¬multi-memory¬
(register "c" $c) ;; = skip: the module needs ¬multi-memory¬
(assert_return (invoke $a "load") (i32.const 1)) ;; = skip: the module needs ¬multi-memory¬
(assert_return (invoke $b "load") (i32.const 1)) ;; = skip: the module needs ¬multi-memory¬
(module (import "a" "m" (memory 1)) (func (export "f"))) ;; = skip: the module needs ¬multi-memory¬
(assert_return (invoke $other "f") (i32.const 1))`},
		{"tainted by a call", `
(module $a (memory (export "m") 1) (func (export "load") (result i32) (i32.load (i32.const 0))))
(register "a" $a)
(module $b (import "a" "m" (memory 1)) (memory 1) (func (export "store") (i32.store (i32.const 0) (i32.const 1)))) ;; = skip: the module needs ¬multi-memory¬
(assert_return (invoke $a "load") (i32.const 0))
(invoke $b "store") ;; = skip: the module needs ¬multi-memory¬
(assert_return (invoke $a "load") (i32.const 1)) ;; = skip: the module needs ¬multi-memory¬`},

		{"proposals", `
(module (type $f (func (result i32))) (func $one (type $f) (i32.const 1)) (elem declare func $one) (tag $t)
  (func (export "call") (result i32) (call_ref $f (ref.func $one)))
  (func (export "null") (result i32) (call_ref $f (ref.null $f)))
  (func (export "is") (ref.as_non_null (ref.null $f)) drop)
  (func (export "throw") (throw $t)))
(assert_return (invoke "call") (i32.const 1))
(assert_trap (invoke "null") "null function reference")
(assert_trap (invoke "is") "null reference")
(assert_exception (invoke "throw"))
(module (memory 1 1 shared) (func (export "add") (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 7))))
(assert_return (invoke "add") (i32.const 0))
(assert_return (invoke "add") (i32.const 7))`},

		{"failed", `
(module $a (import "x" "y" (func))) ;; = fail: unknown import: nothing is registered as ¬x¬
(register "a" $a) ;; = skip: it could not be instantiated: unknown import: nothing is registered as ¬x¬
(module (import "a" "f" (func))) ;; = skip: it could not be instantiated: unknown import: nothing is registered as ¬x¬
(assert_unlinkable (module (import "a" "f" (func))) "unknown import") ;; = skip: it could not be instantiated: unknown import: nothing is registered as ¬x¬`},

		// Types are compared by structure across modules, with the current sizes of tables and memories.
		{"links", `
(module $a
  (memory (export "m") 1 5) (table (export "t") 1 funcref)
  (func (export "grow") (drop (memory.grow (i32.const 1))) (drop (table.grow (ref.null func) (i32.const 2)))))
(register "a" $a)
(assert_unlinkable (module (import "a" "m" (memory 2))) "incompatible import type")
(assert_unlinkable (module (import "a" "t" (table 2 funcref))) "incompatible import type")
(invoke "grow")
(module (import "a" "m" (memory 2 5)) (import "a" "t" (table 3 funcref)))
(assert_unlinkable (module (import "a" "m" (memory 3))) "incompatible import type")
(assert_unlinkable (module (import "a" "t" (table 4 funcref))) "incompatible import type")
(assert_unlinkable (module (import "a" "t" (table 1 5 funcref))) "incompatible import type")
(module $b (type $f (func)) (type $g (func (param (ref $f)))) (func (export "g") (type $g)) (global (export "r") (ref null $f) (ref.null $f)))
(register "b" $b)
(assert_unlinkable (module (type (struct)) (type $f (func)) (import "b" "g" (func (param (ref $f))))) "incompatible import type") ;; = fail: it links, want an error: incompatible import type
(assert_unlinkable (module (type $f (func (param i32))) (import "b" "g" (func (param (ref $f))))) "incompatible import type")
(assert_unlinkable (module (import "b" "r" (global funcref))) "incompatible import type") ;; = fail: it links, want an error: incompatible import type
(assert_unlinkable (module (import "b" "r" (global (mut funcref)))) "incompatible import type")
(module $c (memory (export "m") i64 1 5)) ;; = skip: the module needs ¬memory64¬
(register "c" $c) ;; = skip: the module needs ¬memory64¬
(assert_unlinkable (module (import "c" "m" (memory i64 2))) "incompatible import type") ;; = skip: the module needs ¬memory64¬
(assert_unlinkable (module (import "c" "m" (memory i64 6))) "incompatible import type")
(assert_unlinkable (module (import "c" "m" (memory i64 0 4))) "incompatible import type")`},

		// Segments are copied in order, and the first that does not fit traps.
		{"segments", `
(assert_trap (module (table 1 funcref) (func $f) (elem (i32.const 1) $f)) "out of bounds table access")
(assert_trap (module (table 1 funcref) (elem (i32.const 2) func)) "out of bounds table access")
(assert_trap (module (table 9 funcref) (global $g i32 (i32.add (i32.const 4) (i32.const 5))) (func $f) (elem (global.get $g) $f)) "out of bounds table access")
(assert_trap (module (table 9 funcref) (global $g i32 (i32.mul (i32.const 3) (i32.const 3))) (func $f) (elem (global.get $g) $f)) "out of bounds table access")
(module (table 9 funcref) (global $g i32 (i32.sub (i32.const 14) (i32.const 6))) (func $f) (elem (i32.const 9) func) (elem (global.get $g) $f))
(module $a (table (export "t") 2 funcref) (func (export "f") (param i32) (call_indirect (local.get 0))) (global (export "g") i32 (i32.const 2)))
(register "a" $a)
(assert_trap (module (import "a" "t" (table 2 funcref)) (func $f) (elem (i32.const 2) $f)) "out of bounds table access")
(assert_trap (module (import "a" "t" (table 2 funcref)) (import "a" "g" (global i32)) (func $f) (elem (global.get 0) $f)) "out of bounds table access")
(module (import "a" "t" (table 2 funcref)) (func $f) (elem (i32.const 1) $f))
(assert_return (invoke $a "f" (i32.const 1)))
(assert_trap (module (import "a" "t" (table 2 funcref)) (func $f) (elem (i32.const 0) $f) (start $f) (func $f2 unreachable) (elem (i32.const 9) $f)) "out of bounds table access") ;; = skip: the engine passes over element segments that do not fit
(assert_return (invoke $a "f" (i32.const 0))) ;; = skip: the engine passes over element segments that do not fit
(module $b (table (export "t") 2 funcref) (func (export "f") (param i32) (call_indirect (local.get 0))))
(register "b" $b)
(assert_trap (module (import "b" "t" (table 2 funcref)) (func $f unreachable) (elem (i32.const 0) $g) (func $g) (start $f)) "unreachable")
(assert_return (invoke $b "f" (i32.const 0)))
(assert_trap (module (import "b" "t" (table 2 funcref)) (memory 0) (func $f) (elem (i32.const 1) $f) (data (i32.const 0) "x")) "out of bounds memory access") ;; = skip: the engine copies data before elements
(assert_return (invoke $b "f" (i32.const 1))) ;; = skip: the engine copies data before elements`},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := strings.ReplaceAll(c.script, "¬", "`")
			var want strings.Builder
			depth := 0
			for line := range strings.Lines(script) {
				text, comment, _ := strings.Cut(strings.TrimSpace(line), " ;; = ")
				if depth == 0 && text != "" {
					kind := text[1:strings.IndexAny(text, " )")]
					if comment == "" {
						comment = "pass"
					} else if strings.HasPrefix(comment, "skip: the module needs") {
						comment += ", which the engine does not have"
					}
					want.WriteString(kind + " " + comment + "\n")
				}
				depth += strings.Count(text, "(") - strings.Count(text, ")")
			}
			got := run(t, script, wast.Options{})
			if diff := cmp.Diff(want.String(), got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

// The engine ignores element segments that do not fit their table. In a component they trap, as
// they do in a module.
func TestComponentSegments(t *testing.T) {
	const provider = `(core module $p (table (export "t") 2 funcref) (global (export "g") i32 (i32.const 2))
  (func $grow (drop (table.grow (ref.null func) (i32.const 1)))) (start $grow)) (core instance $p (instantiate $p))`
	component := func(fields string) string {
		return "(component " + provider + " (core module $m " + fields + `) (core instance $i (instantiate $m (with "p" (instance $p))))
  (func (export "f") (canon lift (core func $i "f"))))`
	}
	const table, global, call = `(import "p" "t" (table $t 2 funcref))`, `(import "p" "g" (global $g i32))`, `(func $f (export "f"))`
	for _, c := range []struct {
		fields string
		traps  bool
	}{
		{"(table 1 funcref)" + call + "(elem (i32.const 0) $f)", false},
		{"(table 1 funcref)" + call + "(elem (i32.const 1) func)", false},
		{"(table 1 funcref)" + call + "(elem (i32.const 1) $f)", true},
		{"(table 1 funcref)" + call + "(elem (i32.const 2) func)", true},
		{"(table 1 funcref)" + call + "(elem (i32.const -1) $f $f)", true},
		{table + call + "(elem (i32.const 1) $f)", false},
		// The table has grown.
		{table + call + "(elem (i32.const 2) $f)", false},
		{table + call + "(elem (i32.const 3) $f)", true},
		{table + global + call + "(elem (global.get $g) $f)", false},
		{table + global + call + "(elem (global.get $g) $f $f)", true},
		{table + global + call + "(table $own 4 funcref) (elem (table $own) (global.get $g) func $f $f)", false},
		{table + global + call + "(table $own 3 funcref) (elem (table $own) (global.get $g) func $f $f)", true},
		{table + global + call + "(global $h i32 (i32.add (global.get $g) (i32.const 1))) (elem (global.get $h) $f)", true},
		{table + call + "(elem (i32.const 3) $f) (memory 0) (data (i32.const 1) \"x\")", true},
	} {
		got := run(t, component(c.fields)+`(assert_return (invoke "f"))`, wast.Options{})
		want := "component pass\nassert_return pass\n"
		if c.traps {
			got = run(t, "(assert_trap "+component(c.fields)+` "out of bounds table access")`, wast.Options{})
			want = "assert_trap pass\n"
		}
		if got != want {
			t.Errorf("%s:\n%s", c.fields, got)
		}
	}
}

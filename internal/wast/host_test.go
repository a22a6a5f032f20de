package wast_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/internal/wast"
)

// TestHost calls the functions that scripts of components import from the host.
func TestHost(t *testing.T) {
	const script = `
(component
  (import "host-return-two" (func $two (result u32)))
  (import "host" (instance $h (export "return-three" (func (result u32)))
    (export "nested" (instance (export "return-four" (func (result u32)))))))
  (alias export $h "nested" (instance $n))
  (core func $two2 (canon lower (func $two)))
  (core func $three (canon lower (func $h "return-three")))
  (core func $four (canon lower (func $n "return-four")))
  (core module $m (import "" "2" (func (result i32))) (import "" "3" (func (result i32))) (import "" "4" (func (result i32)))
    (func (export "sum") (result i32) (i32.add (i32.add (i32.mul (call 0) (i32.const 100)) (i32.mul (call 1) (i32.const 10))) (call 2))))
  (core instance $i (instantiate $m (with "" (instance (export "2" (func $two2)) (export "3" (func $three)) (export "4" (func $four))))))
  (func (export "sum") (result u32) (canon lift (core func $i "sum"))))
(assert_return (invoke "sum") (u32.const 234))

(component $r
  (import "host" (instance $h
    (export "resource1" (type $r (sub resource)))
    (export "resource1-again" (type $again (sub resource)))
    (export "[constructor]resource1" (func (param "r" u32) (result (own $r))))
    (export "[static]resource1.assert" (func (param "r" (own $r)) (param "rep" u32)))
    (export "[static]resource1.last-drop" (func (result u32)))
    (export "[static]resource1.drops" (func (result u32)))
    (export "[method]resource1.simple" (func (param "self" (borrow $r)) (param "rep" u32)))
    (export "[method]resource1.take-own" (func (param "self" (borrow $r)) (param "b" (own $again))))))
  (alias export $h "resource1" (type $r))
  (alias export $h "resource1-again" (type $again))
  (core func $new (canon lower (func $h "[constructor]resource1")))
  (core func $assert (canon lower (func $h "[static]resource1.assert")))
  (core func $last (canon lower (func $h "[static]resource1.last-drop")))
  (core func $drops (canon lower (func $h "[static]resource1.drops")))
  (core func $simple (canon lower (func $h "[method]resource1.simple")))
  (core func $take (canon lower (func $h "[method]resource1.take-own")))
  (core func $drop (canon resource.drop $again))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "assert" (func $assert (param i32 i32)))
    (import "" "simple" (func $simple (param i32 i32)))
    (import "" "take" (func $take (param i32 i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "drop") (param i32) (call $drop (call $new (local.get 0))))
    (func (export "assert") (param i32 i32) (call $assert (call $new (local.get 0)) (local.get 1)))
    (func (export "simple") (param i32 i32) (call $simple (call $new (local.get 0)) (local.get 1)))
    (func (export "take") (call $take (call $new (i32.const 1)) (call $new (i32.const 2)))))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new)) (export "assert" (func $assert))
    (export "simple" (func $simple)) (export "take" (func $take)) (export "drop" (func $drop))))))
  (func (export "drop") (param "x" u32) (canon lift (core func $i "drop")))
  (func (export "assert") (param "x" u32) (param "rep" u32) (canon lift (core func $i "assert")))
  (func (export "simple") (param "x" u32) (param "rep" u32) (canon lift (core func $i "simple")))
  (func (export "take") (canon lift (core func $i "take")))
  (func (export "last") (result u32) (canon lift (core func $last)))
  (func (export "drops") (result u32) (canon lift (core func $drops))))
(assert_return (invoke "drops") (u32.const 0))
(assert_return (invoke "drop" (u32.const 7)))
(assert_return (invoke "drop" (u32.const 9)))
(assert_return (invoke "last") (u32.const 9))
(assert_return (invoke "drops") (u32.const 2))
(assert_return (invoke "assert" (u32.const 3) (u32.const 3)))
(assert_return (invoke "simple" (u32.const 3) (u32.const 3)))
(assert_return (invoke "take"))
(assert_return (invoke "drops") (u32.const 2))
(assert_trap (invoke "simple" (u32.const 3) (u32.const 4)) "the resource is 3, want 4")

(component (import "wasmtime" (instance (export "gc" (func)))))
(component
  (import "host" (instance
    (export "resource1" (type $r (sub resource)))
    (export "other" (type (eq $r)))
    (export "[method]resource1.simple" (func (param "self" (borrow $r)) (param "otherwise" u32))))))
(assert_unlinkable
  (component (import "host" (instance
    (export "resource2" (type $r (sub resource)))
    (export "resource1-again" (type (eq $r))))))
  "resource types")
(component $a
  (core module (export "m") (import "env" "f" (func)) (func (export "seven") (result i32) (i32.const 7))))
(component
  (import "a" (instance $a (export "m" (core module $m (import "env" "f" (func)) (export "seven" (func (result i32)))))))
  (alias export $a "m" (core module $m))
  (core module $env (func (export "f")))
  (core instance $env (instantiate $env))
  (core instance $i (instantiate $m (with "env" (instance $env))))
  (func (export "seven") (result u32) (canon lift (core func $i "seven"))))
(assert_return (invoke "seven") (u32.const 7))
(assert_unlinkable (component (import "a" (instance (export "m" (core module))))) "env")
(assert_unlinkable (component (import "a" (instance (export "n" (core module))))) "n")
(component
  (import "host" (instance $h (export "simple-module" (core module (export "g" (global i32)) (export "f" (func (result i32)))))))
  (alias export $h "simple-module" (core module $s))
  (core instance $i (instantiate $s))
  (core module $m (import "s" "g" (global $g i32)) (import "s" "f" (func $f (result i32)))
    (func (export "sum") (result i32) (i32.add (global.get $g) (call $f))))
  (core instance $j (instantiate $m (with "s" (instance $i))))
  (func (export "sum") (result u32) (canon lift (core func $j "sum"))))
(assert_return (invoke "sum") (u32.const 201))
(assert_unlinkable (component (import "host" (instance (export "simple-module" (core module (export "f" (func (param i32)))))))) "f")
(assert_unlinkable (component (import "host-return-two" (func (param "x" u32) (result u32)))) "expected 0 parameters")
(assert_unlinkable (component (import "host" (instance (export "return-five" (func (result u32)))))) "return-five")
(assert_unlinkable (component (import "host" (func))) "expected func")
(assert_unlinkable (component (import "host" (instance (export "return-hi" (func (result u32)))))) "u32")
(assert_unlinkable (component (import "other" (func))) "other")

(component
  (import "host" (instance $h (export "return-two-slowly" (func async (result s32)))))
  (core func $f (canon lower (func $h "return-two-slowly")))
  (func (export "f") async (result s32) (canon lift (core func $f))))
(assert_return (invoke "f") (s32.const 2))`
	const want = `component pass
assert_return pass
component pass
assert_return pass
assert_return pass
assert_return pass
assert_return pass
assert_return pass
assert_return pass
assert_return pass
assert_return pass
assert_return pass
assert_trap pass
component pass
component pass
assert_unlinkable pass
component pass
component pass
assert_return pass
assert_unlinkable pass
assert_unlinkable pass
component pass
assert_return pass
assert_unlinkable pass
assert_unlinkable pass
assert_unlinkable pass
assert_unlinkable pass
assert_unlinkable pass
assert_unlinkable pass
component pass
assert_return skip: call of ` + "`f`: host function `host.return-two-slowly`" + `: functions of the host that take time are not run: not supported
`
	if diff := cmp.Diff(want, run(t, script, wast.Options{})); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

// Traps may be asserted in the words of other runtimes, but not in words for other traps.
func TestWordsOfTraps(t *testing.T) {
	const component = `
(component definition $c
  (core module $m (memory (export "m") 1) (tag $t)
    (func (export "text") (result i32) (i32.store (i32.const 4) (i32.const 1)) (i32.const 4))
    (func (export "choice") (result i32) (i32.const 2))
    (func (export "throw") (throw $t)))
  (core instance $i (instantiate $m))
  (type $e' (enum "a" "b")) (export $e "e" (type $e'))
  (func (export "text") (result string) (canon lift (core func $i "text") (memory (core memory $i "m")) string-encoding=utf16))
  (func (export "choice") (result $e) (canon lift (core func $i "choice")))
  (func (export "throw") (canon lift (core func $i "throw"))))
(component instance $c $c) (assert_trap (invoke "text") %q)
(component instance $c $c) (assert_trap (invoke "choice") %q)
(component instance $c $c) (assert_trap (invoke "throw") %q)`
	a, b, c := "string pointer not aligned to 2", "discriminant 2 out of range [0..2)", "uncaught exception propagated out of component"
	for _, words := range [][3]string{{a, b, c}, {b, c, a}, {c, a, b}} {
		want := "assert_trap pass"
		if words[0] != a {
			want = "assert_trap fail"
		}
		got := run(t, fmt.Sprintf(component, words[0], words[1], words[2]), wast.Options{})
		if strings.Count(got, want) != 3 {
			t.Errorf("%q: got\n%s", words, got)
		}
	}
}

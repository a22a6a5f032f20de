package wast_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/internal/wast"
)

// Cases and fields are found by name, from the first to the last.
func TestNamedValues(t *testing.T) {
	const script = `
(component
  (core module $m
    (memory (export "m") 1)
    (func (export "f") (param i32) (result i32) (local.get 0))
    (func (export "r") (param i32 i32) (result i32)
      (i32.store8 (i32.const 0) (local.get 0)) (i32.store8 (i32.const 1) (local.get 1)) (i32.const 0)))
  (core instance $i (instantiate $m))
  (type $e0 (enum "a" "b")) (export $e "e" (type $e0))
  (type $v0 (variant (case "a") (case "b"))) (export $v "v" (type $v0))
  (type $g0 (flags "a" "b")) (export $g "g" (type $g0))
  (type $r0 (record (field "a" u8) (field "b" u8))) (export $r "r" (type $r0))
  (func (export "enum") (param "x" $e) (result $e) (canon lift (core func $i "f")))
  (func (export "variant") (param "x" $v) (result $v) (canon lift (core func $i "f")))
  (func (export "flags") (param "x" $g) (result $g) (canon lift (core func $i "f")))
  (func (export "record") (param "x" $r) (result $r) (canon lift (core func $i "r") (memory (core memory $i "m")))))
(assert_return (invoke "enum" (enum.const "a")) (enum.const "a"))
(assert_return (invoke "enum" (enum.const "b")) (enum.const "b"))
(assert_return (invoke "enum" (enum.const "a")) (enum.const "b"))
(assert_return (invoke "enum" (enum.const "c")) (enum.const "a"))
(assert_return (invoke "variant" (variant.const "a")) (variant.const "a"))
(assert_return (invoke "variant" (variant.const "b")) (variant.const "b"))
(assert_return (invoke "variant" (variant.const "c")) (variant.const "a"))
(assert_return (invoke "flags" (flags.const "a")) (flags.const "a"))
(assert_return (invoke "flags" (flags.const "b")) (flags.const "a" "b"))
(assert_return (invoke "record" (record.const (field "a" u8.const 1) (field "b" u8.const 2))) (record.const (field "a" u8.const 1) (field "b" u8.const 2)))
(assert_return (invoke "record" (record.const (field "b" u8.const 1) (field "a" u8.const 2))) (record.const (field "a" u8.const 1) (field "b" u8.const 2)))
(assert_return (invoke "record" (record.const (field "a" u8.const 1))) (record.const (field "a" u8.const 1) (field "b" u8.const 2)))`
	const want = `component pass
assert_return pass
assert_return pass
assert_return fail: the result is a: want b
assert_return fail: argument 0: enum.const is not a value of type e
assert_return pass
assert_return pass
assert_return fail: argument 0: variant.const is not a value of type v
assert_return pass
assert_return fail: the result is {b}: want {a, b}
assert_return pass
assert_return fail: argument 0: field 0 is ` + "`b`, want `a`" + `
assert_return fail: argument 0: record.const with 1 element does not fit the type, which has 2
`
	if diff := cmp.Diff(want, run(t, script, wast.Options{})); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

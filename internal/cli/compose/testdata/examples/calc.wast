;; A script with a component, what it returns, and how it fails.
(component
  (core module $m
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "fail") unreachable))
  (core instance $i (instantiate $m))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
  (func (export "fail") (canon lift (core func $i "fail"))))
(assert_return (invoke "add" (u32.const 40) (u32.const 2)) (u32.const 42))
(assert_trap (invoke "fail") "unreachable")
(assert_invalid (component (export "f" (func 0))) "function index out of bounds")

;; A shared library that calls another one.
(module
  (@dylink.0 (needed "adder"))
  (import "env" "add" (func $add (param i32 i32) (result i32)))
  (func $double (param i32) (result i32)
    (call $add (local.get 0) (local.get 0)))
  (func (export "quadruple") (param i32) (result i32)
    (call $double (call $double (local.get 0)))))

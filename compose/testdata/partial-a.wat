;; Exports an interface, and imports a part of another that shares a type with what partial-b imports.
(component
  (import "t:x/api@1.0.0" (instance $api
    (type $r' (record (field "a" u32)))
    (export "rec" (type $rec (eq $r')))
    (export "f" (func (param "x" $rec)))))
  (alias export $api "f" (func $f))
  (core module $m (func (export "go") (result i32) i32.const 1))
  (core instance $i (instantiate $m))
  (func $go (result u32) (canon lift (core func $i "go")))
  (instance $o (export "go" (func $go)))
  (export "t:y/out" (instance $o)))

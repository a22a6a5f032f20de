;; Imports a resource at version 1.0 of its interface, and exports an interface that hands resources on.
(component
  (import "t:res/api@1.0.0" (instance $api
    (export "r" (type $r (sub resource)))
    (export "[static]r.make" (func (param "n" u32) (result (own $r))))))
  (alias export $api "r" (type $r))
  (core func $make (canon lower (func $api "[static]r.make")))
  (core module $main
    (import "host" "make" (func $make (param i32) (result i32)))
    (func (export "get") (result i32) (call $make (i32.const 42))))
  (core instance $m (instantiate $main (with "host" (instance (export "make" (func $make))))))
  (func $get (result (own $r)) (canon lift (core func $m "get")))
  (instance $out (export "r" (type $r)) (export "get" (func $get)))
  (export "t:maker/out" (instance $out)))

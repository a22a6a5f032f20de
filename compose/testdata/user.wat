;; Imports the same resource at version 1.1, and the interface that hands resources on.
(component
  (import "t:res/api@1.1.0" (instance $api
    (export "r" (type $r (sub resource)))
    (export "[method]r.value" (func (param "self" (borrow $r)) (result u32)))))
  (alias export $api "r" (type $r))
  (import "t:maker/out" (instance $out
    (alias outer 1 $r (type $r'))
    (export "r" (type $r (eq $r')))
    (export "get" (func (result (own $r))))))
  (core func $value (canon lower (func $api "[method]r.value")))
  (core func $get (canon lower (func $out "get")))
  (core func $drop (canon resource.drop $r))
  (core module $main
    (import "host" "value" (func $value (param i32) (result i32)))
    (import "host" "get" (func $get (result i32)))
    (import "host" "drop" (func $drop (param i32)))
    (func (export "run") (result i32) (local $h i32) (local $n i32)
      (local.set $h (call $get))
      (local.set $n (call $value (local.get $h)))
      (call $drop (local.get $h))
      (local.get $n)))
  (core instance $m (instantiate $main (with "host" (instance
    (export "value" (func $value))
    (export "get" (func $get))
    (export "drop" (func $drop))))))
  (func $run (result u32) (canon lift (core func $m "run")))
  (export "run" (func $run)))

;; Exports the interface that user.wat imports, with another type.
(component
  (core module $main (func (export "get") (result i32) (i32.const 1)))
  (core instance $m (instantiate $main))
  (type $r (resource (rep i32)))
  (export $r-out "r" (type $r))
  (func $get (result u32) (canon lift (core func $m "get")))
  (instance $out (export "r" (type $r-out)) (export "get" (func $get)))
  (export "t:maker/out" (instance $out)))

;; Imports the interface of maker.wat with a function that does not agree with it.
(component
  (import "t:res/api@1.0.5" (instance $api
    (export "r" (type $r (sub resource)))
    (export "[static]r.make" (func (param "n" string) (result (own $r))))))
  (core module $main (func (export "f")))
  (core instance $m (instantiate $main))
  (func $f (canon lift (core func $m "f")))
  (instance $out (export "f" (func $f)))
  (export "t:other/out" (instance $out)))

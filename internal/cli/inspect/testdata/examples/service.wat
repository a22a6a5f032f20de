;; A component made of components, whose names and producers are spread over its parts, and whose export determines its role.
(component $service
  (@producers (processed-by "demo-link" "2.0"))
  (component $handler
    (@producers (processed-by "demo-bind" "1.0"))
    (core module $body (func (export "run") (result i32) (i32.const 0))
      (@producers (language "Zig" "0.14")))
    (core instance $i (instantiate $body))
    (func $run (result (result)) (canon lift (core func $i "run")))
    (export "run" (func $run)))
  (instance $h (instantiate $handler))
  (instance $out (export "run" (func $h "run")))
  (export "wasi:cli/run@0.2.3" (instance $out)))

;; A core module whose start function calls the host and traps if the host says so.
(component
  (import "host" (func $host (result u32)))
  (core func $host (canon lower (func $host)))
  (core module $M
    (import "" "host" (func $host (result i32)))
    (global $n (mut i32) (i32.const 0))
    (func $start (global.set $n (call $host)) (if (i32.eqz (global.get $n)) (then (unreachable))))
    (start $start)
    (func (export "n") (result i32) (global.get $n)))
  (core instance $m (instantiate $M (with "" (instance (export "host" (func $host))))))
  (func (export "n") (result u32) (canon lift (core func $m "n")))
)

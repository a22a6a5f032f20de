;; Components three levels deep. The innermost instantiates a core module of the outermost through
;; outer aliases. The middle one is instantiated twice, so there are two counters. The host's function
;; is passed down to the innermost.
(component
  (import "host" (func $host (param "n" u32) (result u32)))
  (core module $Counter
    (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (global.get $n)))
  (component $Middle
    (import "host" (func $host (param "n" u32) (result u32)))
    (component $Inner
      (import "host" (func $host (param "n" u32) (result u32)))
      (core instance $counter (instantiate (module $Counter)))
      (core func $host (canon lower (func $host)))
      (core module $M
        (import "" "host" (func $host (param i32) (result i32)))
        (func $boom (unreachable))
        (func $inner-call (export "call") (param i32) (result i32)
          (if (i32.eq (local.get 0) (i32.const 99)) (then (call $boom)))
          (call $host (local.get 0))))
      (core instance $m (instantiate $M (with "" (instance (export "host" (func $host))))))
      (func (export "next") (result u32) (canon lift (core func $counter "next")))
      (func (export "call") (param "n" u32) (result u32) (canon lift (core func $m "call"))))
    (instance $inner (instantiate $Inner (with "host" (func $host))))
    (core func $call (canon lower (func $inner "call")))
    (core module $M
      (import "" "call" (func $call (param i32) (result i32)))
      (func $middle-call (export "call") (param i32) (result i32) (call $call (local.get 0))))
    (core instance $m (instantiate $M (with "" (instance (export "call" (func $call))))))
    (func (export "call") (param "n" u32) (result u32) (canon lift (core func $m "call")))
    (export "next" (func $inner "next")))
  (instance $one (instantiate $Middle (with "host" (func $host))))
  (instance $two (instantiate $Middle (with "host" (func $host))))
  (export "one" (instance $one))
  (export "two" (instance $two))
)

;; The core module of a component. Lowering greet needs the module's own memory, so componentization
;; uses a shim with a table.
(module
  (import "ns:g/log" "log" (func $log (param i32 i32)))
  (import "ns:g/log" "join" (func $join (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (global $top (mut i32) (i32.const 1024))
  (data (i32.const 0) "hello, ")
  (func (export "cabi_realloc") (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $top (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
  (func (export "greet") (param i32 i32) (result i32)
    (call $log (local.get 0) (local.get 1))
    (call $join (i32.const 0) (i32.const 7) (local.get 0) (local.get 1) (i32.const 16))
    (i32.const 16))
)

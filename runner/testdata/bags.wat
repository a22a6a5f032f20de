;; Core instances made of definitions of other instances: a memory of one module with functions of a
;; second and a global of a third, and a table that one module fills and another calls through.
(component
  (core module $Mem (memory (export "memory") 1) (global (export "base") i32 (i32.const 40)))
  (core module $Table
    (table (export "table") 2 funcref)
    (type $f (func (result i32)))
    (func (export "through") (param i32) (result i32) (call_indirect (type $f) (local.get 0))))
  (core module $Work
    (import "bag" "mem" (memory 1))
    (import "bag" "start" (global $base i32))
    (import "bag" "through" (func $through (param i32) (result i32)))
    (func (export "poke") (param i32) (i32.store (global.get $base) (local.get 0)))
    (func (export "peek") (result i32) (i32.load (i32.const 40)))
    (func (export "through") (param i32) (result i32) (call $through (local.get 0))))
  (core module $Fill
    (import "" "t" (table 2 funcref))
    (import "" "0" (func $peek (result i32)))
    (func $three (result i32) (i32.const 3))
    (elem (i32.const 0) func $peek $three))
  (core instance $mem (instantiate $Mem))
  (core instance $table (instantiate $Table))
  (core instance $bag
    (export "mem" (memory $mem "memory"))
    (export "start" (global $mem "base"))
    (export "through" (func $table "through")))
  (core instance $work (instantiate $Work (with "bag" (instance $bag))))
  (core instance (instantiate $Fill (with "" (instance (export "t" (table $table "table")) (export "0" (func $work "peek"))))))
  (func (export "poke") (param "n" u32) (canon lift (core func $work "poke")))
  (func (export "peek") (result u32) (canon lift (core func $work "peek")))
  (func (export "through") (param "n" u32) (result u32) (canon lift (core func $work "through")))
)

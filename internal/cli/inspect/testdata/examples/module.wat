;; A core module with some of everything that inspect shows.
(module $counter
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
  (import "env" "base" (global i32))
  (memory (export "memory") 2 16)
  (table 1 funcref)
  (global $n (mut i32) (i32.const 0))
  (data (i32.const 8) "counter\n")
  (elem (i32.const 0) func $main)
  (func $init)
  (func $main (export "_start"))
  (func (export "count") (param i32) (result i32) (local.get 0))
  (start $init)
  (@producers
    (language "Rust" "2021")
    (processed-by "rustc" "1.90.0")
    (sdk "demo" "0.1"))
  (@custom "target_features" (after data) "\02+\0bbulk-memory-\07atomics"))

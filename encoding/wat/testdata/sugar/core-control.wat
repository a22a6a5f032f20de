(module
  (type $ft (func (param i32) (result i32)))
  (tag $e (param i32))
  (table $tab 1 funcref)
  (func $folded (param $x i32) (result i32)
    (if (result i32) (i32.eqz (local.get $x))
      (then (i32.const 1))
      (else (if (result i32) (local.get $x) (then (i32.const 2)) (else (i32.const 3))))))
  (func $flat (param $x i32) (result i32)
    local.get $x
    if $i (result i32)
      i32.const 1
    else $i
      i32.const 2
    end $i)
  (func $loop (local $i i32)
    (block $done
      (loop $again
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $i) (i32.const 10)))
        (br_table $again $done 0 1 (local.get $i)))))
  (func $multi (result i32 i32)
    (block (result i32 i32) (i32.const 1) (i32.const 2))
    (block (param i32 i32) (result i32 i32) nop))
  (func $indirect (result i32)
    (call_indirect (type $ft) (i32.const 5) (i32.const 0))
    (call_indirect $tab (param i32) (result i32) (i32.const 0))
    (return_call_indirect (param i32) (result i32) (i32.const 0)))
  (func $try
    (block $h (result i32)
      (try_table $t (catch $e $h) (catch_all 1)
        (throw $e (i32.const 1)))
      (return))
    drop)
  (func $sel (result i32)
    (select (i32.const 1) (i32.const 2) (i32.const 3))
    drop
    (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3)))
  (func $refs (param $f (ref null $ft)) (result i32)
    (block $l
      (br_on_null $l (local.get $f))
      drop)
    (call_ref $ft (i32.const 0) (ref.as_non_null (local.get $f))))
  (func $hint (param i32)
    (@metadata.code.branch_hint "\01") (if (local.get 0) (then)))
)

(module
  (type $a (func (param i32 i64) (result f32)))
  (type (func (param $x i32) (param $y i32)))
  (rec
    (type $node (struct (field $next (ref null $node)) (field $val (mut i8)) (field i32 i64)))
    (type $list (array (mut (ref $node))))
  )
  (type $base (sub (struct (field i32))))
  (type $derived (sub final $base (struct (field i32) (field f64))))
  (func $same (param i32 i64) (result f32) unreachable)
  (func $new (param f64) (result f64 f64) unreachable)
  (func $both (type $a) (param i32 i64) (result f32) (local $l (ref null $node)) (local i32 i32 i64) f32.const 0)
  (func $named (param $p i32) (param $q i64) (result i32)
    (local $r i32)
    local.get $p
    local.tee $r
    (block $out (param i32) (result i32)
      (br_if $out (local.get $r)))
  )
  (func (param (ref $node)) (result i32)
    (struct.get_u $node $val (local.get 0)))
  (func (result (ref $list)) (array.new_default $list (i32.const 3)))
  (func (param anyref) (result i31ref)
    (block $l (result i31ref)
      (br_on_cast $l anyref i31ref (local.get 0))
      (ref.test (ref $node))
      drop
      (ref.cast (ref null i31) (ref.null any))))
)

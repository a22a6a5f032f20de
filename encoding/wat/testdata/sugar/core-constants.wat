(module
  (func
    i32.const -1 drop
    i32.const 0xffff_ffff drop
    i32.const +7 drop
    i64.const -0x8000000000000000 drop
    i64.const 1_000_000 drop
    f32.const 0x1.8p+1 drop
    f32.const -0 drop
    f32.const inf drop
    f32.const -nan drop
    f32.const nan:0x200000 drop
    f32.const 1e-45 drop
    f32.const 3.4028235e38 drop
    f64.const 0.1 drop
    f64.const 1_0.2_5e1_0 drop
    f64.const 0x0.0000000000001p-1022 drop
    f64.const nan:0xfffffffffffff drop
    v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 -1 drop
    v128.const f64x2 1 -0.5 drop
    v128.const i64x2 0x123456789abcdef0 -1 drop
    (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 31 (v128.const i32x4 0 0 0 0) (v128.const f32x4 0 1 nan inf))
    i8x16.extract_lane_s 3
    drop)
  (memory 1) (memory $m2 1)
  (func
    (drop (i32.load offset=4 align=1 (i32.const 0)))
    (drop (i64.load32_u $m2 offset=0x10 (i32.const 0)))
    (drop (v128.load8_lane 3 (i32.const 0) (v128.const i32x4 0 0 0 0)))
    (drop (v128.load16_lane 1 offset=2 align=1 5 (i32.const 0) (v128.const i32x4 0 0 0 0)))
    (v128.store32_lane $m2 1 (i32.const 0) (v128.const i32x4 0 0 0 0))
    (drop (memory.grow $m2 (memory.size)))))

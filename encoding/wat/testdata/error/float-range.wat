(module (func f32.const 1e39 drop))

(module (func i32.const 4294967296 drop))

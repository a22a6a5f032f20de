(module (export "ÿ" (func 0)))

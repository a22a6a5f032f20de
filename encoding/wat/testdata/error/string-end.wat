(module (export "abc (func 0)))

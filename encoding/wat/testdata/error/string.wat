(module (export "a\zb" (func 0)))

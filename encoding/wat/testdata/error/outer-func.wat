(component (import "f" (func $f)) (component (export "g" (func $f))))

;; the fields of a module without a module around them
(func (export "f") (result i32) i32.const 1)
(memory 1)

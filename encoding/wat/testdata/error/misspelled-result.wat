;; The word in front of a type is no instruction.
(module (func (export "f") (resutl i32)
  i32.const 1))

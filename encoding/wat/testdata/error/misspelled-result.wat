;; The word before a type is not an instruction.
(module (func (export "f") (resutl i32)
  i32.const 1))

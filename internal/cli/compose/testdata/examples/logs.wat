(module
  (import "demo:log/log@1.0.0" "note" (func $note (param i32)))
  (func (export "run") (call $note (i32.const 42))))

;; A component that can be decoded but is not valid: a nested module and the component itself export functions that do not exist.
(component
  (import "demo:log/sink@1.0.0" (instance
    (export "level" (type (sub resource)))
    (export "write" (func (param "line" string)))))
  (core module $broken (export "f" (func 9)))
  (core module $fine (func (export "f")))
  (export "run" (func 3)))

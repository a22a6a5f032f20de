;; Imports another part of the same interface, and what partial-a exports.
(component
  (import "t:x/api@1.0.0" (instance $api
    (type $r' (record (field "a" u32)))
    (export "rec" (type $rec (eq $r')))
    (export "g" (func (param "x" $rec)))))
  (import "t:y/out" (instance $y (export "go" (func (result u32)))))
  (export "go" (func $y "go")))

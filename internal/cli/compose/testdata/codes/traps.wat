(component
  (core module $code
    (func (export "fail") unreachable))
  (core instance $main (instantiate $code))
  (func (export "fail") (canon lift (core func $main "fail"))))

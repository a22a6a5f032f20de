(component
  (core module $code
    (func (export "get")))
  (core instance $main (instantiate $code))
  (func $get (canon lift (core func $main "get")))
  (instance $i (export "get" (func $get)))
  (export "demo:two/first" (instance $i))
  (export "demo:two/second" (instance $i)))

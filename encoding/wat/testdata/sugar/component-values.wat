(component
  (value $v (record (field "a" u8)) (binary "\07"))
  (import "n" (value $n string))
  (import "same" (value (eq $n)))
  (import "f" (func $f (param "x" string) (result string)))
  (start $f (value $n) (result (value $r)))
  (export "out" (value $r))
)

(component (core module $m) (core instance $i (instantiate $m)) (import "f" (func $f)) (core func (canon lower (func $f) (realloc (func $i "r")))))

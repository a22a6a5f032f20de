(module (memory 1) (func (import "a" "b")))

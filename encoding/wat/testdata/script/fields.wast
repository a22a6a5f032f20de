(func (export "f"))
(memory 1)

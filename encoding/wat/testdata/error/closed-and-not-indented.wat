(module
(func (export "f"))
(fnuc (export "g"))
)

(module (func (export "f") (param (ref null (shared any)))))
(invoke "f" (ref.null (shared any)))

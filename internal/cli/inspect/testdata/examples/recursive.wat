;; A component whose module cannot be taken out: it exports a function of a type that belongs to a recursion group.
(component
  (core module $tangled
    (rec
      (type $f (func (param (ref null $s))))
      (type $s (struct (field (ref null $f)))))
    (func (export "f") (type $f))))

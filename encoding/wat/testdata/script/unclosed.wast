(module (func) (assert_return (invoke "f"))

(module) (assert_return (invoke "f" (ref.func 1)))

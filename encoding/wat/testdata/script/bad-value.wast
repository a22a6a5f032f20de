(module) (assert_return (invoke "f") (i33.const 1))

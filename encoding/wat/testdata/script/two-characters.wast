(module) (assert_return (invoke "f" (char.const "ab")))

(module) (assert_trap (invoke "f"))

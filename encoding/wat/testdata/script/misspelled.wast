(assert_retrun (invoke "f"))

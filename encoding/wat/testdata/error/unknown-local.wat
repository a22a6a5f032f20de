(module (func (param $count i32) (local.get $cuont)))

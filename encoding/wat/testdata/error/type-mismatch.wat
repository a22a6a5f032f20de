(module (type $t (func (result i32))) (func (type $t) (param i32)))

(module (func (block $outer (br $outre))))

(component (import "f" (func (param "x" $kolour))) (type $colour u8))

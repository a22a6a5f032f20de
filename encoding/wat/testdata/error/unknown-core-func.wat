(component (core func (canon lower (func $f))))

(component (core func (canon task.retrun)))

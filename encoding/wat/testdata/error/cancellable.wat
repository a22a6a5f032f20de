(component (core func (canon thread.yield cancellable)))

(component (instnace))

(module) (module)

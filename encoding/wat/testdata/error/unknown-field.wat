(module (funk))

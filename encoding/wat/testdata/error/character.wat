(module (func #))

(module (func $run (call $rum)))

// Package runner runs components on wazero.
//
// An [Engine] compiles components into [Program]s. A [Linker] holds what the host offers: functions and resources, by the name of the interface they
// belong to. [Linker.Instantiate] makes an [Instance] of a program, whose exported functions are [Func]s, called with
// dynamic values of [github.com/mortise-wasm/mortise/model/value]:
//
//	eng, err := runner.NewEngine(ctx, runner.Options{})
//	...
//	defer eng.Close(ctx)
//	prog, err := eng.Compile(ctx, "app.wasm", data)
//	...
//	inst, err := runner.NewLinker().Instantiate(ctx, prog)
//	...
//	defer inst.Close(ctx)
//	sum, err := inst.Func("add").Call(ctx, value.U32(1), value.U32(2))
//
// An Instance is a store of its own: it shares no state with any other. One call at a time can be in an instance; engines and
// programs are safe for concurrent use, and so are linkers once nothing is added to them any more.
//
// A call that traps returns a [*Trap], which names the component, the export and the core frames; the instance cannot be
// entered afterwards. A guest that ends itself through the host returns an [*ExitError].
package runner

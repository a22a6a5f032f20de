// Package runner runs components on wazero.
//
// An [Engine] compiles components into [Program]s. A [Linker] holds what the host offers:
// functions, resources and core modules, grouped by interface. [Linker.Instantiate] makes an
// [Instance] of a program. The exported functions of an instance are [Func]s, which are called with
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
// An Instance is a store of its own: it shares no state with other instances. Only one call at a
// time can be in an instance; others wait. Everything is safe for concurrent use, except a Linker
// while it is filled.
//
// A call that traps returns a [*Trap], which names the component, the export and the core frames.
// The instance cannot be entered afterwards. If the guest ends itself through the host, the call
// returns an [*ExitError].
//
// [Options.Observer] is told of every call between host and components. The packages record and
// profile have observers that write recordings and profiles.
package runner

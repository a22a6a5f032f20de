// Package plan flattens a validated component into a list of steps.
//
// A component is a graph of nested components, instances and aliases that is fully known before it
// runs: only core modules and the host do anything at run time. [New] walks that graph once,
// inlines every instantiation of a nested component, and returns a [Program]. A program holds the
// component instances that will exist, the core instances to make in order and the source of each
// of their imports, the lifted functions, and the trampolines that core code calls for lowered
// functions and canonical built-ins. Instantiating a program walks these lists without looking up
// any names.
//
// Terms: a slot is a position in one of the program's lists and stands for one run-time object of
// each store. A resource slot is a resource type as it exists at run time. Validation has one
// resource type per definition, so a component instantiated twice maps the same [types.Resource] to
// two slots. The [Scope] of each component instance holds that mapping.
package plan

// Package plan flattens a validated component into a list of things to do.
//
// A component is a graph of nested components, instances and aliases that is known entirely before it runs: only core modules
// and the host do anything at run time. [New] walks that graph once, inlining every instantiation of a nested component, and
// leaves a [Program]: the component instances that will exist, the core instances to make in order and where each of their
// imports comes from, the lifted functions, and the trampolines that core code calls for lowered functions and canonical
// built-ins. Instantiating a program walks the list and looks no name up.
//
// Terms: a slot is a position in one of the program's lists, and stands for one run-time thing of each store. A resource slot is a resource
// type as it exists at run time; the resource types of validation are per definition, so that a component instantiated twice
// maps the same [types.Resource] to two slots. Each component instance keeps that mapping in its [Scope].
package plan

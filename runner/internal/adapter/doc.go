// Package adapter makes core modules that carry calls from one component instance to another.
//
// An [Edge] is a set of functions that one component instance, the caller, imports from another,
// the callee. The callee lifts each function and the caller lowers it. [Make] returns core modules
// for the edge. The last of them exports a core function for every function of the edge, which the
// caller's core code imports in place of a function of the host. It does what `canon lower` and
// `canon lift` do together (CanonicalABI.md): it checks and sets the flags of the component
// instances, copies the parameters from the caller's memory to the callee's, calls the callee's
// core function, copies the result back, and calls post-return.
//
// A core module of the engine has one memory, so it takes three modules to copy in both directions.
// Each [Part] imports at most one memory:
//
//	Entry          reads the caller's memory, calls CalleeMemory to write
//	CalleeMemory   writes and reads the callee's memory, calls CallerMemory to write
//	CallerMemory   writes the caller's memory
//
// The bytes pass through the arguments of calls. A record takes one such call for all its fields. A
// list of numbers of up to [maxDirect] bytes, or a string of up to [maxDirectText], takes one call
// for each 128 bytes; a longer one takes a single call of the host. The host also validates strings
// that are not ASCII, copies lists of bool, char, enum and flags values, and raises all traps.
//
// Floats keep the bits of their NaNs. Lifting and lowering alternate: the first parameter is
// lowered before the last one is lifted. The difference to the specification, which lifts all of
// them first, shows only in calls that trap.
package adapter

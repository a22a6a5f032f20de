// Package canon is the canonical ABI at run time: calls between component instances and the host,
// as CanonicalABI.md specifies them. Names are those of the specification's definitions.py.
//
// It has two halves. One moves values between linear memories and Go: a [Compiler] compiles the
// types of a function once into [Type] trees that hold sizes, offsets and resource slots, and
// lifting and lowering walk these trees without the type model. The functions load and store work
// on memory, liftFlat and lowerFlat on core values. A [Copier] passes the values of one call
// directly from one memory to another.
//
// The other half is the state of a [Store]: its component instances with their handle tables and
// flags, and the tasks and threads of calls in progress. [Lift] and [Lower] are the two ends of a
// call. Calls are synchronous so far: each of them ends before it returns.
//
// A failure is a [*Trap], which is raised as a panic because it usually has to cross WebAssembly
// frames, which a panic unwinds and an error does not. Go code that enters this package recovers
// traps with [Catch].
package canon

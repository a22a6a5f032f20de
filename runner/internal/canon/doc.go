// Package canon lifts values out of the linear memory of a component instance and lowers them into
// it, as CanonicalABI.md specifies. It keeps the state that this needs: the handle tables and the
// entry rules of component instances.
//
// A [Compiler] compiles the types of a function once into [Type] trees that hold sizes, offsets and
// resource slots. Lifting and lowering walk these trees and never consult the type model. Functions
// are named as in the specification's definitions.py: load and store work on memory, liftFlat and
// lowerFlat on core values.
//
// A failure is a [*Trap], which is raised as a panic because it usually has to cross WebAssembly
// frames, which a panic unwinds and an error does not. Go code that enters this package recovers
// traps with [Catch].
//
// The only parts of a task that this package knows are the two interfaces that handles need,
// [Lender] and [Borrower].
package canon

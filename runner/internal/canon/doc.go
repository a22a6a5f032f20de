// Package canon lifts values out of the linear memory of a component instance and lowers them into it, as CanonicalABI.md
// says, and keeps the state that doing so needs: the handle table and the entry rules of component instances.
//
// The types of a function are compiled once, with [Compiler], into [Type] trees that hold sizes, offsets and resource slots; lifting and
// lowering walk those and never look at the type model. Function names are those of the specification's
// definitions.py: Load and Store work on memory, LiftFlat and LowerFlat on core values.
//
// A failure is a [*Trap], which travels as a panic: it usually has to cross WebAssembly frames, which a panic unwinds and an error
// does not. Whoever enters this package from Go recovers it with [Catch].
//
// Tasks are known here only by the two interfaces that handles need, [Lender] and [Borrower].
package canon

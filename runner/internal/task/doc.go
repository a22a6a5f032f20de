// Package task makes the calls between component instances and the host: `canon lift` and `canon lower` of CanonicalABI.md.
//
// A [Func] is a component function at run time. It is called with a [Caller], which gives the arguments when the callee is
// ready for them and takes the result: the on_start and on_resolve of the specification. That is the shape that
// asynchronous calls need too; for a synchronous one both happen before Call returns.
package task

// Package task makes calls between component instances and the host: `canon lift` and `canon lower`
// of CanonicalABI.md.
//
// A [Func] is a component function at run time. It is called with a [Caller], which supplies the
// arguments when the callee is ready for them and receives the result. These are the on_start and
// on_resolve callbacks of the specification, and asynchronous calls need them too. In a synchronous
// call both happen before Call returns.
package task

package canon

import (
	"context"
	"errors"

	"github.com/mortise-wasm/mortise/model/value"
)

// Func is a component function at run time: a lifted core function or a function of the host.
type Func interface {
	// Call calls the function from an instance, or from the host if from is nil. It panics with a
	// [*Trap].
	Call(ctx context.Context, from *ComponentInstance, c Caller)
}

// Caller is the caller's side of a call: on_start and on_resolve of the specification, which the
// callee calls when it is ready for the arguments and when it has the result. A caller that is a
// component instance receives values as they are in the callee's memory or as values of Go; both
// count as the same callback.
type Caller interface {
	// start is on_start. It lowers the arguments into the words to pass to a core function of type
	// sig.
	start(to *Context, sig *Sig, out []uint64)
	// args is on_start too. It returns the arguments, in a slice that is valid until the call ends.
	args() []value.Value
	// resolve is on_resolve. It lifts the result from the words that a core function returned.
	resolve(from *Context, sig *Sig, in []uint64)
	// resolveValue is on_resolve too. It receives the result, or the zero value if there is none.
	resolveValue(v value.Value)
}

// HostCaller is the host as a caller.
type HostCaller struct {
	Args   []value.Value
	Result value.Value
}

func (c *HostCaller) start(to *Context, sig *Sig, out []uint64) { to.LowerParams(sig, c.Args, out) }
func (c *HostCaller) args() []value.Value                       { return c.Args }
func (c *HostCaller) resolve(from *Context, sig *Sig, in []uint64) {
	c.Result = from.LiftResult(sig, in)
}
func (c *HostCaller) resolveValue(v value.Value) { c.Result = v }

// Host is a function of the host.
type Host struct {
	// Name is used in messages.
	Name string
	// Func is the function. It must not keep the slice of the arguments.
	Func func(ctx context.Context, args []value.Value) (value.Value, error)
	// Check returns an error if a result does not fit the type that the component imports. It may be
	// nil.
	Check func(v value.Value) error
}

// Call calls the host function. An error of the function is a trap.
func (h *Host) Call(ctx context.Context, _ *ComponentInstance, c Caller) {
	v, err := h.Func(ctx, c.args())
	if err == nil && h.Check != nil {
		err = h.Check(v)
	}
	if err != nil {
		h.fail(ctx, err)
	}
	c.resolveValue(v)
}

// fail raises the function's error as a trap. If the error is that the call's context has ended,
// the message says so.
func (h *Host) fail(ctx context.Context, err error) {
	herr := &HostError{Name: h.Name, Err: err}
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) && !errors.Is(err, context.Cause(ctx)) {
		Throw(herr)
	}
	what := Cancelled
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		what = TimedOut
	}
	message := what + ", waiting in `" + h.Name + "`"
	if cause := context.Cause(ctx); cause != ctx.Err() {
		message += ": " + cause.Error()
	}
	herr.Err = errors.Join(ctx.Err(), err)
	panic(&Trap{Message: message, Waiting: h.Name, Cause: herr})
}

// HostError is the failure of a host function.
type HostError struct {
	Name string
	Err  error
}

// Error names the function and gives the reason.
func (e *HostError) Error() string { return "host function `" + e.Name + "`: " + e.Err.Error() }

// Unwrap returns the reason.
func (e *HostError) Unwrap() error { return e.Err }

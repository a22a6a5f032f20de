package canon

import (
	"errors"
	"fmt"
)

// Trap ends a call, and with it the use of the store. Cause is set when it was raised by an error of the host or of the engine.
type Trap struct {
	Message string
	Cause   error
	// Frames are the core frames, innermost first.
	Frames []Frame
	// Waiting is the function of the host that was called when the context of the call ended, or "".
	Waiting string
}

// How the messages of traps begin that are due to the end of a call's context.
const (
	TimedOut  = "timed out"
	Cancelled = "cancelled"
)

// Frame is a line of the core stack, with the component instance it belongs to.
type Frame struct {
	Instance string
	Func     string
	// Source is the position in the source text, if debug information tells.
	Source string
}

// ErrUnsupported is the cause of traps that are due to what this package cannot do yet, and not to the guest.
var ErrUnsupported = errors.New("not supported")

// Unsupported raises a trap for what cannot be done yet.
func Unsupported(format string, args ...any) {
	panic(&Trap{Message: fmt.Sprintf(format, args...), Cause: ErrUnsupported})
}

// Error returns the message.
func (t *Trap) Error() string { return t.Message }

// Unwrap returns the cause.
func (t *Trap) Unwrap() error { return t.Cause }

// Trapf raises a trap.
func Trapf(format string, args ...any) {
	panic(&Trap{Message: fmt.Sprintf(format, args...)})
}

// Throw raises err as a trap, or goes on with the trap that err is.
func Throw(err error) {
	var t *Trap
	if errors.As(err, &t) {
		panic(t)
	}
	panic(&Trap{Message: err.Error(), Cause: err})
}

// Catch turns a panicking trap into an error; other panics go on. Use it as `defer canon.Catch(&err)`.
func Catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Trap:
		*err = r
	default:
		panic(r)
	}
}

package canon

import (
	"context"
	"errors"
	"fmt"
)

// Trap ends a call and makes the store unusable. Cause is set if an error of the host or the engine
// raised the trap.
type Trap struct {
	Message string
	Cause   error
	// Frames are the core frames, innermost first.
	Frames []Frame
	// Waiting is the host function that was running when the context of the call ended, or "".
	Waiting string
}

// The messages of traps that the end of a call's context causes start with these words.
const (
	TimedOut  = "timed out"
	Cancelled = "cancelled"
)

// EndOf returns the trap for a context that has ended.
func EndOf(ctx context.Context) *Trap {
	err := ctx.Err()
	message := Cancelled
	if errors.Is(err, context.DeadlineExceeded) {
		message = TimedOut
	}
	if cause := context.Cause(ctx); !errors.Is(cause, err) {
		err = fmt.Errorf("%w: %w", err, cause)
	}
	return &Trap{Message: message, Cause: err}
}

// Frame is a line of the core stack, with the component instance it belongs to.
type Frame struct {
	Instance string
	Func     string
	// Source is the position in the source text, if the module has debug information.
	Source string
}

// ErrUnsupported is the cause of a trap for which a limitation of this package is responsible, not
// the guest.
var ErrUnsupported = errors.New("not supported")

// Unsupported raises a trap for an unsupported operation.
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

// Throw raises err as a trap. If err wraps a trap, Throw raises that trap.
func Throw(err error) {
	var t *Trap
	if errors.As(err, &t) {
		panic(t)
	}
	panic(&Trap{Message: err.Error(), Cause: err})
}

// Catch turns a panicking trap into an error. Other panics continue. Use it as `defer
// canon.Catch(&err)`.
func Catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Trap:
		*err = r
	default:
		panic(r)
	}
}

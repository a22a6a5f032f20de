package runner

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/internal/demangle"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
)

// Trap is the end of a call that went wrong. The instance cannot be entered afterwards.
type Trap struct {
	// Message says what happened, in the words of the specification's test suites where they have words.
	Message string
	// Export is the exported function that was called, or "" during instantiation.
	Export string
	// Frames are the core frames, innermost first.
	Frames []Frame
	// Cause is the error behind it, if there is one: that of a host function, which is a [*PanicError] if the function
	// panicked; [context.DeadlineExceeded] or [context.Canceled] if the context ended; [ErrClosed], [ErrTrapped] or
	// [ErrBusy] if nothing was called; [ErrUnsupported]. Use [errors.Is] and [errors.As].
	Cause error
	// Waiting is the function of the host in which the guest waited when the context ended, or "" if the guest itself was
	// running: "wasi:io/poll@0.2.12.poll".
	Waiting string
}

// Frame is one core frame of a trap.
type Frame struct {
	// Component is the component instance: "" for the outermost, else its path: "component 1 > component 0".
	Component string
	// Func is the core function with its module and its signature, as in "app._ZN3app4mainE(i32) i32". Names are those of the binary.
	Func string
	// Source is the place in the source, if debug information tells.
	Source string
}

// ErrUnsupported is the cause of a trap that is due to what the runner cannot do yet, and not to the guest.
var ErrUnsupported = canon.ErrUnsupported

// Error returns the message with the export.
func (t *Trap) Error() string {
	if t.Export == "" {
		return t.Message
	}
	return fmt.Sprintf("call of `%s`: %s", t.Export, t.Message)
}

// Unwrap returns the cause.
func (t *Trap) Unwrap() error { return t.Cause }

// Backtrace returns the core frames as lines, innermost first, or "". Names of Rust and C++ functions
// are written as in the source. The frames of modules that only pass calls on are left out.
func (t *Trap) Backtrace() string {
	var b strings.Builder
	n := 0
	for _, f := range t.Frames {
		if strings.HasPrefix(f.Func, shimModule) {
			continue
		}
		fmt.Fprintf(&b, "%d: ", n)
		if f.Component != "" {
			fmt.Fprintf(&b, "%s ! ", f.Component)
		}
		fmt.Fprintf(&b, "%s\n", readable(f.Func))
		if f.Source != "" {
			fmt.Fprintf(&b, "   at %s\n", f.Source)
		}
		n++
	}
	return b.String()
}

// shimModule is how the functions of a module begin that wit-component, and componentize, put between
// a module and what it imports.
const shimModule = "wit-component:shim."

// readable returns the function of a frame, which is MODULE.NAME(PARAMETERS) RESULT, for people: without
// a module that has no name, and with the demangled name instead of name and signature if there is one.
func readable(frame string) string {
	frame = strings.TrimPrefix(frame, ".")
	start := 0
	if !strings.HasPrefix(frame, "_") {
		// The name of the module may have dots, too.
		for _, prefix := range []string{"._Z", "._R"} {
			if i := strings.Index(frame, prefix); i >= 0 {
				start = i + 1
				break
			}
		}
	}
	end := strings.IndexByte(frame[start:], '(')
	if end < 0 {
		return frame
	}
	if name, ok := demangle.Name(frame[start : start+end]); ok {
		return frame[:start] + name
	}
	return frame
}

// ExitError ends a guest at its own request: a function of the host returns one, and the call of the guest returns it in turn.
type ExitError struct{ Code int }

// Error names the code.
func (e *ExitError) Error() string { return fmt.Sprintf("exit with code %d", e.Code) }

// publish turns what came out of a call into the package's errors.
func publish(err error, export string) error {
	var t *canon.Trap
	if !errors.As(err, &t) {
		return err
	}
	var exit *ExitError
	if errors.As(t.Cause, &exit) {
		return exit
	}
	out := &Trap{Message: t.Message, Export: export, Cause: t.Cause, Waiting: t.Waiting, Frames: make([]Frame, len(t.Frames))}
	for i, f := range t.Frames {
		out.Frames[i] = Frame{Component: f.Instance, Func: f.Func, Source: f.Source}
	}
	return out
}

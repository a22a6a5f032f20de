package runner

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/model/demangle"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
)

// Trap is the failure of a call. The instance cannot be entered afterwards.
type Trap struct {
	// Message says what happened. It uses the wording of the specification's test suites if they have
	// one.
	Message string
	// Export is the exported function that was called, or "" during instantiation.
	Export string
	// Frames are the core frames, innermost first.
	Frames []Frame
	// Cause is the underlying error, or nil. It wraps the error of a host function, which is a
	// [*PanicError] if the function panicked; [context.DeadlineExceeded] or [context.Canceled] if the
	// context ended; [ErrClosed], [ErrTrapped] or [ErrBusy] if nothing was called; or
	// [ErrUnsupported]. Use [errors.Is] and [errors.As].
	Cause error
	// Waiting is the host function in which the guest waited when the context ended, as in
	// "wasi:io/poll@0.2.12.poll". It is "" if the guest itself was running.
	Waiting string
}

// Frame is one core frame of a trap.
type Frame struct {
	// Component is the path of the component instance, as in "component 1 > component 0". It is "" for
	// the outermost.
	Component string
	// Func is the core function with its module and its signature, as in "app._ZN3app4mainE(i32) i32".
	// Names are those in the binary.
	Func string
	// Source is the position in the source, if the module has debug information.
	Source string
}

// Name returns the name of the function for people. Names of Rust and C++ functions are demangled.
func (f *Frame) Name() string { return readable(f.Func) }

// ErrUnsupported is the cause of a trap for which a limitation of the runner is responsible, not
// the guest.
var ErrUnsupported = canon.ErrUnsupported

// Error returns the message, preceded by the export if there is one.
func (t *Trap) Error() string {
	if t.Export == "" {
		return t.Message
	}
	return fmt.Sprintf("call of `%s`: %s", t.Export, t.Message)
}

// Unwrap returns the cause.
func (t *Trap) Unwrap() error { return t.Cause }

// Backtrace returns the core frames as lines, innermost first, or "". Names of Rust and C++
// functions are demangled. Frames of modules that only forward calls are left out.
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
		fmt.Fprintf(&b, "%s\n", f.Name())
		if f.Source != "" {
			fmt.Fprintf(&b, "   at %s\n", f.Source)
		}
		n++
	}
	return b.String()
}

// shimModule is the prefix of functions in the module that wit-component and componentize put
// between a module and its imports.
const shimModule = "wit-component:shim."

// readable returns the function of a frame, MODULE.NAME(PARAMETERS) RESULT, for people. It omits an
// empty module name. If NAME can be demangled, the demangled name replaces the name and the
// signature.
func readable(frame string) string {
	frame = strings.TrimPrefix(frame, ".")
	start := 0
	if !strings.HasPrefix(frame, "_") {
		// The name of the module may contain dots too.
		for _, prefix := range []string{"._Z", "._R"} {
			if i := strings.Index(frame, prefix); i >= 0 {
				start = i + 1
				break
			}
		}
	}
	end := strings.IndexByte(frame[start:], '(')
	if end < 0 {
		end = len(frame) - start
	}
	if name, ok := demangle.Name(frame[start : start+end]); ok {
		return frame[:start] + name
	}
	return frame
}

// ExitError ends a guest at its own request: a host function returns it, and so does the guest's
// call in turn.
type ExitError struct{ Code int }

// Error names the code.
func (e *ExitError) Error() string { return fmt.Sprintf("exit with code %d", e.Code) }

// publish turns an internal error of a call into one of the package's errors.
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

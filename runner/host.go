package runner

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// PanicError is the error of a host function that panicked. It is the cause of a [Trap].
type PanicError struct {
	// Value is the value that the function panicked with.
	Value any
	// Stack is the stack of the goroutine, formatted by [debug.Stack].
	Stack []byte
}

// Error returns "panic: " and the value.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// caught turns a panic into an error. Use it as `defer caught(&err)`.
func caught(err *error) {
	if r := recover(); r != nil {
		*err = &PanicError{Value: r, Stack: debug.Stack()}
	}
}

// newHost returns the run-time function for an import. If f is nil, calling the function fails.
func newHost(im *plan.Import, f HostFunc) *canon.Host {
	full := strings.Join(append(slices.Clone(im.Path), im.Name), ".")
	if f == nil {
		f = func(context.Context, []value.Value) (value.Value, error) {
			return value.Value{}, fmt.Errorf("it is not defined")
		}
	}
	t := im.Type
	return &canon.Host{
		Name: full,
		Func: func(ctx context.Context, args []value.Value) (v value.Value, err error) {
			defer caught(&err)
			return f(ctx, args)
		},
		Check: func(v value.Value) error {
			switch {
			case t.Result != nil:
				if err := value.Check(v, t.Result); err != nil {
					return fmt.Errorf("it returned a wrong value: %w", err)
				}
			case !v.IsZero():
				return fmt.Errorf("it returned a value, but has no result")
			}
			return nil
		},
	}
}

// newDrop returns the drop function of a host resource. drop may be nil.
func newDrop(resource string, drop func(ctx context.Context, v any) error) func(ctx context.Context, v any) error {
	if drop == nil {
		return nil
	}
	guarded := func(ctx context.Context, v any) (err error) {
		defer caught(&err)
		return drop(ctx, v)
	}
	return func(ctx context.Context, v any) error {
		if err := guarded(ctx, v); err != nil {
			return fmt.Errorf("dropping a `%s`: %w", resource, err)
		}
		return nil
	}
}

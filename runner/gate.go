package runner

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/mortise-wasm/mortise/runner/internal/canon"
)

// These errors say why nothing was called. Use [errors.Is] on the error of a call, an instantiation
// or a Close.
var (
	// ErrNoFunc is the error of calling a nil [Func]. [Instance.Func] returns nil for a name that is
	// not exported.
	ErrNoFunc = errors.New("the function does not exist")
	// ErrClosed says that the instance, program or engine is closed.
	ErrClosed = errors.New("closed")
	// ErrTrapped says that the instance cannot be entered because an earlier call trapped or the guest
	// exited.
	ErrTrapped = errors.New("trapped")
	// ErrBusy says that a call of the instance is in progress: on another goroutine, or on this one if
	// a function of the host calls the instance that called it.
	ErrBusy = errors.New("in use")
)

// gate lets one call at a time into a store and postpones closing until the call ends, because
// machine code that still runs may access every memory of the store. The zero value is open.
type gate struct{ state atomic.Uint32 }

const (
	gateBusy    uint32 = 1 << iota // a call, or the release, is in progress
	gateClosing                    // nothing may enter
	gateClosed                     // everything is released
)

// enter lets a call in, or returns [ErrClosed] or [ErrBusy].
func (g *gate) enter() error {
	if g.state.CompareAndSwap(0, gateBusy) {
		return nil
	}
	if g.state.Load()&(gateClosing|gateClosed) != 0 {
		return ErrClosed
	}
	return ErrBusy
}

// leave ends a call. It reports whether the store was closed during the call; if so, the caller
// must release the store.
func (g *gate) leave() (release bool) { return !g.state.CompareAndSwap(gateBusy, 0) }

// close shuts the gate. If release is true, the caller must release the store. Otherwise err is nil
// if the gate was closed before, or [ErrBusy] if a call is in progress.
func (g *gate) close() (release bool, err error) {
	if g.state.CompareAndSwap(0, gateBusy|gateClosing) {
		return true, nil
	}
	if g.state.Or(gateClosing)&gateClosed != 0 {
		return false, nil
	}
	return false, ErrBusy
}

func (g *gate) released()     { g.state.Store(gateClosed) }
func (g *gate) closing() bool { return g.state.Load()&gateClosing != 0 }

// enter lets a call into the store. Its error is a [*Trap] or wraps one.
func (s *store) enter(ctx context.Context, export string) error {
	const cannot = "cannot enter component instance: "
	switch err := s.gate.enter(); {
	case err == ErrClosed:
		return &Trap{Message: cannot + "it is closed", Export: export, Cause: err}
	case err != nil:
		return &Trap{Message: cannot + "it is in a call", Export: export, Cause: err}
	case s.canon.Dead:
		trap := &Trap{Message: cannot + s.ending, Export: export, Cause: ErrTrapped}
		if err := s.leave(ctx); err != nil {
			return errors.Join(trap, err)
		}
		return trap
	}
	return nil
}

// leave ends a call. It releases the store if it was closed during the call.
func (s *store) leave(ctx context.Context) error {
	if s.gate.leave() {
		return s.release(context.WithoutCancel(ctx))
	}
	return nil
}

// run calls f inside the store and returns its trap or exit as a public error.
func (s *store) run(ctx context.Context, export string, f func(ctx context.Context)) (err error) {
	if err := s.enter(ctx, export); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			err = publish(err, export)
			s.die(err)
		}
		if rerr := s.leave(ctx); rerr != nil {
			err = errors.Join(err, rerr)
		}
	}()
	defer canon.Catch(&err)
	f(s.within(ctx))
	done = true
	return nil
}

// die records why the store can no longer be used.
func (s *store) die(err error) {
	s.canon.Dead = true
	var trap *Trap
	var exit *ExitError
	switch {
	case s.ending != "":
	case errors.As(err, &exit):
		s.ending = fmt.Sprintf("the guest has exited with code %d", exit.Code)
	case errors.As(err, &trap):
		s.ending = "an earlier call trapped: " + trap.Message
	default:
		s.ending = "an earlier call did not return"
	}
}

// close releases the store. If a call is in progress, close returns an error, and the store is
// released when the call ends.
func (s *store) close(ctx context.Context) error {
	release, err := s.gate.close()
	if release {
		return s.release(ctx)
	}
	if err != nil {
		return fmt.Errorf("the instance is %w: it is released when the call ends", err)
	}
	return nil
}

// checkContext returns an error if ctx has ended.
func checkContext(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); !errors.Is(cause, err) {
		return fmt.Errorf("%w: %w", err, cause)
	}
	return err
}

package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"
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
	// ErrBusy says that the instance cannot be entered now, and that waiting would not help: a
	// function of the host calls the instance that called it. [Instance.Close] returns it if a call is
	// in progress.
	ErrBusy = errors.New("in use")
)

// gate lets one call at a time into a store and postpones closing until the call ends, because
// machine code that still runs may access every memory of the store. Others wait. The zero value is
// open.
type gate struct {
	state atomic.Uint32
	// wake has a value when one of those who wait may try again. The first of them makes it.
	wake chan struct{}
	mu   sync.Mutex // guards the making of wake
}

const (
	gateBusy    uint32 = 1 << iota // a call, or the release, is in progress
	gateClosing                    // nothing may enter
	gateClosed                     // everything is released
	gateWaiter                     // one of those who wait; the bits above count them
)

// enter lets a call in. It waits while another call is in progress, unless inside reports that the
// caller is part of that call. Its error is [ErrClosed], [ErrBusy] or that of ctx.
func (g *gate) enter(ctx context.Context, inside func(context.Context) bool) error {
	if g.state.CompareAndSwap(0, gateBusy) {
		return nil
	}
	for waiting := false; ; {
		old := g.state.Load()
		next := old | gateBusy
		if waiting {
			next -= gateWaiter
		}
		switch {
		case old&(gateClosing|gateClosed) != 0:
			g.giveUp(waiting)
			return ErrClosed
		case old&gateBusy == 0:
			if g.state.CompareAndSwap(old, next) {
				return nil
			}
		case waiting:
			select {
			case <-g.wake:
			case <-ctx.Done():
				g.giveUp(true)
				return checkContext(ctx)
			}
		case inside(ctx):
			return ErrBusy
		default:
			g.mu.Lock()
			if g.wake == nil {
				g.wake = make(chan struct{}, 1)
			}
			g.mu.Unlock()
			waiting = g.state.CompareAndSwap(old, old+gateWaiter)
		}
	}
}

// giveUp ends waiting. If the caller has taken the wake-up of another, that one still gets it.
func (g *gate) giveUp(waiting bool) {
	if waiting {
		g.wakeOne(g.state.Add(^(gateWaiter - 1)))
	}
}

// wakeOne wakes one of those who wait, if there are any in the given state.
func (g *gate) wakeOne(state uint32) {
	if state < gateWaiter {
		return
	}
	select {
	case g.wake <- struct{}{}:
	default: // one of them is about to wake
	}
}

// leave ends a call. It reports whether the store was closed during the call; if so, the caller
// must release the store.
func (g *gate) leave() (release bool) {
	if g.state.CompareAndSwap(gateBusy, 0) {
		return false
	}
	for {
		old := g.state.Load()
		if old&gateClosing != 0 {
			return true
		}
		if g.state.CompareAndSwap(old, old&^gateBusy) {
			g.wakeOne(old)
			return false
		}
	}
}

// close shuts the gate. If release is true, the caller must release the store. Otherwise err is nil
// if the gate was closed before, or [ErrBusy] if a call is in progress.
func (g *gate) close() (release bool, err error) {
	for {
		old := g.state.Load()
		switch {
		case old&gateClosed != 0:
			return false, nil
		case old&gateClosing != 0:
			return false, ErrBusy
		}
		if g.state.CompareAndSwap(old, old|gateBusy|gateClosing) {
			g.wakeOne(old)
			if old&gateBusy != 0 {
				return false, ErrBusy
			}
			return true, nil
		}
	}
}

func (g *gate) released()     { g.state.Or(gateClosed) }
func (g *gate) closing() bool { return g.state.Load()&gateClosing != 0 }

// enter lets a call into the store. Its error is a [*Trap] or wraps one.
func (s *store) enter(ctx context.Context, export string) error {
	const cannot = "cannot enter component instance: "
	switch err := s.gate.enter(ctx, s.inside); {
	case err == ErrClosed:
		return &Trap{Message: cannot + "it is closed", Export: export, Cause: err}
	case err == ErrBusy:
		return &Trap{Message: cannot + "it waits for the function that calls it", Export: export, Cause: err}
	case err != nil:
		return notCalled(export, err)
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

// notCalled returns the error of a call that ended before it began.
func notCalled(export string, err error) error {
	if export == "" {
		return err
	}
	return fmt.Errorf("call of `%s`: %w", export, err)
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

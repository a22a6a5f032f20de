package p2

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/mortise-wasm/mortise/model/value"
)

// event is something that a guest can wait for. Its dynamic type is comparable. Once ready, it
// stays ready until the guest reacts to it.
type event interface {
	// ready reports whether the event has happened. It does not block.
	ready() bool
	// notify registers wake, which then receives a value when the event may have happened. A send that
	// would block is skipped. The caller must call stop when it is done.
	notify(wake chan<- struct{}) (stop func())
}

// always is an event that has happened.
type always struct{}

func (always) ready() bool                          { return true }
func (always) notify(chan<- struct{}) (stop func()) { return func() {} }

// pollable is the resource `pollable`. If it was made from a resource, it is a child of that
// resource.
type pollable struct {
	on event
	of *parent
}

func newPollable(on event, of *parent) value.Value {
	of.children++
	return value.Own(&pollable{on, of})
}

func (p *pollable) drop(context.Context) error {
	if p.of != nil {
		p.of.children--
	}
	return nil
}

// polling is wasi:io/poll.
func polling() *iface {
	i := newInterface("wasi:io/poll")
	resource(i, "pollable", (*pollable).drop)
	method(i, "pollable.ready", func(p *pollable, _ context.Context, _ []value.Value) (value.Value, error) {
		return value.Bool(p.on.ready()), nil
	})
	method(i, "pollable.block", func(p *pollable, ctx context.Context, _ []value.Value) (value.Value, error) {
		return value.Value{}, wait(ctx, p.on)
	})
	i.fn("poll", poll, value.KindList)
	return i
}

// poll waits until at least one pollable is ready and returns the indices of all that are.
func poll(ctx context.Context, args []value.Value) (value.Value, error) {
	list := make([]event, 0, args[0].Len())
	for v := range args[0].Elems() {
		p, err := handle[*pollable](v)
		if err != nil {
			return value.Value{}, err
		}
		list = append(list, p.on)
	}
	if len(list) == 0 {
		return value.Value{}, errors.New("empty poll list")
	}
	if err := wait(ctx, list...); err != nil {
		return value.Value{}, err
	}
	var ready []uint32
	now := readOnce(list)
	for n, e := range list {
		t, isTimer := e.(*timer)
		if isTimer && t.due(now) || !isTimer && e.ready() {
			ready = append(ready, uint32(n))
		}
	}
	return value.Packed(ready), nil
}

// readOnce returns the time on the clock of the first timer among the events, or 0 if there is no
// timer.
func readOnce(events []event) uint64 {
	for _, e := range events {
		if t, ok := e.(*timer); ok {
			return t.h.monotonic()
		}
	}
	return 0
}

// wait returns when one of the events is ready, or with an error when ctx ends.
func wait(ctx context.Context, events ...event) error {
	var clocked timers
	others := events[:0:0]
	// A guest may list an event any number of times.
	seen := make(map[event]struct{})
	for _, e := range events {
		if _, again := seen[e]; again {
			continue
		}
		seen[e] = struct{}{}
		if t, ok := e.(*timer); ok {
			clocked = append(clocked, t)
		} else {
			others = append(others, e)
		}
	}
	if anyReady(others) || clocked.anyDue() {
		return nil
	}
	if len(others) == 0 {
		if clocked.wait(ctx, true) {
			return nil
		}
		return fmt.Errorf("waiting: %w", context.Cause(ctx))
	}

	wake := make(chan struct{}, 1)
	for _, e := range others {
		defer e.notify(wake)()
	}
	fired := make(chan struct{})
	if len(clocked) > 0 {
		timing, stop := context.WithCancel(ctx)
		var done sync.WaitGroup
		defer done.Wait()
		defer stop()
		done.Go(func() {
			if clocked.wait(timing, false) {
				close(fired)
			}
		})
	}
	// Events that became ready before notify are noticed here; later ones wake the loop.
	for !anyReady(others) {
		select {
		case <-wake:
		case <-fired:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("waiting: %w", context.Cause(ctx))
		}
	}
	return nil
}

func anyReady(events []event) bool {
	return slices.ContainsFunc(events, event.ready)
}

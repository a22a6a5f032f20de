package p2

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/mortise-wasm/mortise/model/value"
)

// event is something that a guest can wait for. Once it is ready it stays so until the guest does something about it.
type event interface {
	// ready reports whether it has happened. It does not block.
	ready() bool
	// notify has a value sent to wake, unless that would block, when it may have happened. Call stop in the end.
	notify(wake chan<- struct{}) (stop func())
}

// always is the event that has happened.
type always struct{}

func (always) ready() bool                          { return true }
func (always) notify(chan<- struct{}) (stop func()) { return func() {} }

// pollable is the resource `pollable`: a child of what it was made from, if that is a resource.
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

// poll waits until one of a list is ready, and returns the indices of all that are.
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

// readOnce returns the time that the first timer among the events shows, or 0 if there is none.
func readOnce(events []event) uint64 {
	for _, e := range events {
		if t, ok := e.(*timer); ok {
			return t.h.monotonic()
		}
	}
	return 0
}

// wait returns when one of the events is ready, or with an error when ctx is done.
func wait(ctx context.Context, events ...event) error {
	var clocked timers
	others := events[:0:0]
	for _, e := range events {
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
	// What became ready before notify is seen here, what does so later wakes.
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

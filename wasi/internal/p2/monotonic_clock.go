package p2

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"github.com/mortise-wasm/mortise/model/value"
)

// monotonicClock is wasi:clocks/monotonic-clock.
func (h *Host) monotonicClock() *iface {
	i := newInterface("wasi:clocks/monotonic-clock")
	i.fn("now", func(context.Context, []value.Value) (value.Value, error) {
		return value.U64(h.monotonic()), nil
	})
	i.fn("resolution", just(value.U64(1)))
	i.fn("subscribe-instant", func(_ context.Context, args []value.Value) (value.Value, error) {
		return h.timer(args[0].U64()), nil
	}, value.KindU64)
	i.fn("subscribe-duration", func(_ context.Context, args []value.Value) (value.Value, error) {
		at, d := h.monotonic(), args[0].U64()
		if d > math.MaxUint64-at {
			return h.timer(math.MaxUint64), nil
		}
		return h.timer(at + d), nil
	}, value.KindU64)
	return i
}

// monotonic returns the time of the monotonic clock in nanoseconds.
func (h *Host) monotonic() uint64 { return uint64(max(h.Clock.Now(), 0)) }

func (h *Host) timer(at uint64) value.Value { return value.Own(&pollable{on: &timer{h: h, at: at}}) }

// timer is the event that the monotonic clock reaches a time.
type timer struct {
	h  *Host
	at uint64
	// fired is set when a wait for the timer has ended, whatever the clock shows then.
	fired atomic.Bool
}

func (t *timer) ready() bool { return t.due(t.h.monotonic()) }

// due is like ready for a known time.
func (t *timer) due(now uint64) bool { return t.fired.Load() || now >= t.at }

// notify is not used because [wait] waits for timers itself.
func (t *timer) notify(chan<- struct{}) (stop func()) {
	panic("unreachable: timers are waited for together")
}

// timers is a group of timers that are waited for together. None of them has fired.
type timers []*timer

// anyDue reports whether one of the timers is ready. It reads the clock at most once.
func (ts timers) anyDue() bool {
	if len(ts) == 0 {
		return false
	}
	now := ts[0].h.monotonic()
	return slices.ContainsFunc(ts, func(t *timer) bool { return t.due(now) })
}

// wait waits for the first timer. It reports false if ctx ended first.
func (ts timers) wait(ctx context.Context, alone bool) bool {
	first := slices.MinFunc(ts, func(a, b *timer) int { return cmp.Compare(a.at, b.at) }).at
	ts[0].h.Clock.Wait(ctx, time.Duration(min(first, math.MaxInt64)), alone)
	if ctx.Err() != nil {
		return false
	}
	for _, t := range ts {
		if t.at <= first {
			t.fired.Store(true)
		}
	}
	return true
}

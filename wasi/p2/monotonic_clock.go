package p2

import (
	"context"
	"math"
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

// monotonic returns the nanoseconds of the monotonic clock.
func (h *Host) monotonic() uint64 { return uint64(max(h.Monotonic(), 0)) }

func (h *Host) timer(at uint64) value.Value { return value.Own(&pollable{on: &timer{h: h, at: at}}) }

// timer is the event that the monotonic clock shows a time. It is waited for in real time, whatever the clock is.
type timer struct {
	h     *Host
	at    uint64
	fired atomic.Bool
}

func (t *timer) ready() bool { return t.fired.Load() || t.h.monotonic() >= t.at }

func (t *timer) notify(wake chan<- struct{}) (stop func()) {
	var left time.Duration
	if now := t.h.monotonic(); t.at > now {
		left = time.Duration(min(t.at-now, math.MaxInt64))
	}
	f := time.AfterFunc(left, func() {
		t.fired.Store(true)
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	return func() { f.Stop() }
}

package wasi

import (
	"context"
	"math"
	"sync"
	"time"
)

// Clock is a monotonic clock that guests can also wait for. Its methods may be called concurrently.
// See [VirtualClock] for a clock that does not follow real time.
type Clock interface {
	// Now returns the time since some fixed moment. It never decreases.
	Now() time.Duration
	// Wait is called when a guest waits for the clock to reach t. It returns when the clock has
	// reached t or ctx ends. A clock that does not follow real time must advance itself to t;
	// otherwise the guest finds it unchanged and waits again and again.
	//
	// If alone is false, the guest also waits for something else, such as input, and ctx ends if that
	// comes first.
	Wait(ctx context.Context, t time.Duration, alone bool)
}

// systemClock follows real time.
type systemClock struct{ start time.Time }

func (c systemClock) Now() time.Duration { return time.Since(c.start) }

func (c systemClock) Wait(ctx context.Context, t time.Duration, _ bool) { sleep(ctx, t-c.Now()) }

// sleep waits for d of real time. It reports false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// VirtualClock is a [Clock] that shows the same times in each run and does not make guests wait. It
// starts at zero. Guests cannot distinguish it from real time. If a guest waits only for the clock,
// the clock advances at once. If a guest also waits for input, it receives the input if the input
// arrives before the same duration of real time has passed. The zero value is ready for use.
type VirtualClock struct {
	// Step is how far the clock advances each time it is read. If Step is zero, a guest that reads the
	// clock until it changes never stops.
	Step time.Duration

	mu  sync.Mutex
	now time.Duration
}

// Now advances the clock by Step and returns the new time.
func (c *VirtualClock) Now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += min(c.Step, math.MaxInt64-c.now)
	return c.now
}

// Wait advances the clock to t unless it has already passed t. If alone is false, it first waits in
// real time for the same duration or until ctx ends; if ctx ends first, the clock stays unchanged.
func (c *VirtualClock) Wait(ctx context.Context, t time.Duration, alone bool) {
	if !alone {
		c.mu.Lock()
		left := t - c.now
		c.mu.Unlock()
		if !sleep(ctx, left) {
			return
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = max(c.now, t)
}

package wasi

import (
	"context"
	"math"
	"sync"
	"time"
)

// Clock is a monotonic clock, and how guests wait for it. Its methods may be called concurrently. See [VirtualClock] for one that does not
// follow real time.
type Clock interface {
	// Now returns the time since some moment. It does not decrease.
	Now() time.Duration
	// Wait is called when a guest waits until the clock shows t. It returns when that is so, or when ctx ends. A clock that does not follow
	// real time moves itself to t: a guest that finds the clock where it was waits again, and again.
	//
	// If alone is false, the guest waits for something else too, such as input, and ctx ends when that comes first.
	Wait(ctx context.Context, t time.Duration, alone bool)
}

// systemClock is real time.
type systemClock struct{ start time.Time }

func (c systemClock) Now() time.Duration { return time.Since(c.start) }

func (c systemClock) Wait(ctx context.Context, t time.Duration, _ bool) { sleep(ctx, t-c.Now()) }

// sleep lets d of real time pass. It reports whether ctx has not ended before.
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

// VirtualClock is a [Clock] that guests cannot tell from real time, but that shows the same in each run and makes nobody wait. It begins at zero.
// A guest that waits for the clock alone finds it moved ahead at once. One that waits for input too is given the input if it comes before as much
// real time has passed. The zero value is ready for use.
type VirtualClock struct {
	// Step is how far the clock goes on each time that it is read. With a step of zero a guest that reads the clock until it has moved never ends.
	Step time.Duration

	mu  sync.Mutex
	now time.Duration
}

// Now moves the clock by a step and returns what it shows then.
func (c *VirtualClock) Now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += min(c.Step, math.MaxInt64-c.now)
	return c.now
}

// Wait moves the clock to t, unless it has passed t already.
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

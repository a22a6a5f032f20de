package wasi

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"
)

// peek returns the time that the clock shows without advancing it.
func (c *VirtualClock) peek() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func TestVirtualClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &VirtualClock{Step: time.Millisecond}
		if a, b := c.Now(), c.Now(); a != time.Millisecond || b != 2*time.Millisecond {
			t.Errorf("two readings: %v, %v", a, b)
		}
		c.Wait(t.Context(), time.Hour, true)
		if got := c.Now(); got != time.Hour+time.Millisecond {
			t.Errorf("after waiting for 1h: %v", got)
		}
		c.Wait(t.Context(), time.Minute, true)
		if got := c.peek(); got != time.Hour+time.Millisecond {
			t.Errorf("the clock went back to %v", got)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("%v of real time passed", took)
		}

		// When a guest also waits for input, real time passes first.
		c.Wait(t.Context(), time.Hour+time.Second+time.Millisecond, false)
		if took, got := time.Since(start), c.peek(); took != time.Second || got != time.Hour+time.Second+time.Millisecond {
			t.Errorf("waiting for 1s and input: %v passed, %v shown", took, got)
		}
		// The clock stays unchanged if the input comes first.
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c.Wait(ctx, 2*time.Hour, false)
		if took, got := time.Since(start), c.peek(); took != time.Minute+time.Second || got != time.Hour+time.Second+time.Millisecond {
			t.Errorf("with input after 1m: %v passed, %v shown", took, got)
		}

		c.Wait(t.Context(), math.MaxInt64, true)
		if a, b := c.Now(), c.Now(); a != math.MaxInt64 || b != math.MaxInt64 {
			t.Errorf("at the end of time: %v, %v", a, b)
		}
	})
}

func TestSystemClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := systemClock{start: time.Now()}
		for _, alone := range []bool{true, false} {
			from := c.Now()
			c.Wait(t.Context(), from+time.Second, alone)
			if got := c.Now(); got != from+time.Second {
				t.Errorf("1s after %v: %v", from, got)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		from := c.Now()
		c.Wait(ctx, from+time.Hour, true)
		if got := c.Now(); got != from+time.Second {
			t.Errorf("cancelled 1s after %v: %v", from, got)
		}
	})
}

package compose

import (
	"fmt"
	"sync"
	"time"
)

// progressAfter is how long work may take before progress is shown on the terminal.
const progressAfter = 500 * time.Millisecond

// progress shows on a terminal what is taking long and for how many seconds. The returned function
// stops it and clears the line.
func (o *runOptions) progress(what string) func() {
	if !o.std.ErrIsTTY {
		return func() {}
	}
	var mu sync.Mutex
	shown, done := false, false
	start := time.Now()
	var tick func()
	tick = func() {
		mu.Lock()
		defer mu.Unlock()
		if done {
			return
		}
		shown = true
		fmt.Fprintf(o.std.Err, "\r%s … %d s\x1b[K", what, int(time.Since(start).Seconds()))
		time.AfterFunc(time.Second, tick)
	}
	time.AfterFunc(progressAfter, tick)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if done = true; shown {
			fmt.Fprint(o.std.Err, "\r\x1b[K")
		}
	}
}

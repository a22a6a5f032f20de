package compose

import (
	"bytes"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// screen is a terminal that several goroutines write to.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// take returns the output since the last call.
func (s *screen) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.b.Reset()
	return s.b.String()
}

// On a terminal, slow work shows a line that counts the seconds, and clears it at the end.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		std, _, _ := testIO()
		s := new(screen)
		std.Err, std.ErrIsTTY = s, true
		o := &runOptions{std: std}
		expect := func(when, want string) {
			t.Helper()
			synctest.Wait()
			if got := s.take(); got != want {
				t.Errorf("%s: %q, want %q", when, got, want)
			}
		}

		stop := o.progress("compiling x")
		time.Sleep(progressAfter - 1)
		expect("before it is shown", "")
		time.Sleep(time.Nanosecond)
		expect("at first", "\rcompiling x … 0 s\x1b[K")
		time.Sleep(time.Second)
		expect("a second later", "\rcompiling x … 1 s\x1b[K")
		time.Sleep(2 * time.Second)
		expect("two more", "\rcompiling x … 2 s\x1b[K\rcompiling x … 3 s\x1b[K")
		stop()
		expect("at the end", "\r\x1b[K")
		time.Sleep(time.Minute)
		expect("later", "")

		stop = o.progress("quick work")
		time.Sleep(progressAfter - 1)
		stop()
		time.Sleep(time.Minute)
		expect("after quick work", "")

		std.ErrIsTTY = false
		stop = o.progress("compiling x")
		time.Sleep(time.Minute)
		stop()
		expect("without a terminal", "")
	})
}

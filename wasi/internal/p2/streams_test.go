package p2

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// withOutput returns a guest with a stream to w.
func withOutput(t *testing.T, w io.Writer) (*guest, value.Value) {
	h := newHost()
	h.Stdout, h.Stderr = sysfs.NewOutputs(w, nil)
	g := newGuest(t, h)
	return g, g.call("cli/stdout get-stdout")
}

// withInput returns a guest with a stream from r.
func withInput(t *testing.T, r io.Reader) (*guest, value.Value) {
	h := newHost()
	h.Stdin = sysfs.NewInput(r)
	g := newGuest(t, h)
	return g, g.call("cli/stdin get-stdin")
}

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	g, out := withOutput(t, &b)
	g.trap("`check-write` permitted 0", "io/streams [method]output-stream.write", borrow(out), value.Bytes([]byte("x")))
	want(t, "check-write", g.method("io/streams output-stream.check-write", out).Payload().U64(), maxPermit)
	g.method("io/streams output-stream.write", out, value.Bytes([]byte("one ")))
	g.method("io/streams output-stream.write", out, value.List([]value.Value{value.U8('t'), value.U8('w'), value.U8('o')}))
	g.trap("`check-write` permitted", "io/streams [method]output-stream.write", borrow(out), value.Bytes(make([]byte, maxPermit)))
	want(t, "flush", failure(g.method("io/streams output-stream.flush", out)), "ok")
	want(t, "blocking-flush", failure(g.method("io/streams output-stream.blocking-flush", out)), "ok")
	g.method("io/streams output-stream.check-write", out)
	g.method("io/streams output-stream.write-zeroes", out, value.U64(2))
	g.trap("`check-write` permitted", "io/streams [method]output-stream.write-zeroes", borrow(out), value.U64(1<<62))
	want(t, "written", b.String(), "one two\x00\x00")
	b.Reset()

	g.method("io/streams output-stream.blocking-write-and-flush", out, value.Bytes(make([]byte, 4096)))
	g.method("io/streams output-stream.blocking-write-zeroes-and-flush", out, value.U64(4096))
	g.trap("buffer too large for blocking-write-and-flush (expected at most 4096)",
		"io/streams [method]output-stream.blocking-write-and-flush", borrow(out), value.Bytes(make([]byte, 4097)))
	g.trap("buffer too large for blocking-write-zeroes-and-flush (expected at most 4096)",
		"io/streams [method]output-stream.blocking-write-zeroes-and-flush", borrow(out), value.U64(4097))
	want(t, "written", b.Len(), 2*4096)
}

// A permit can be used up to its last byte, in one write or several, with bytes or zeroes.
func TestWritePermit(t *testing.T) {
	var b bytes.Buffer
	g, out := withOutput(t, &b)
	write := func(n int) string {
		t.Helper()
		return failure(g.method("io/streams output-stream.write", out, value.Bytes(make([]byte, n))))
	}
	zeroes := func(n uint64) string {
		t.Helper()
		return failure(g.method("io/streams output-stream.write-zeroes", out, value.U64(n)))
	}
	for name, use := range map[string]func(){
		"bytes":    func() { want(t, "write", write(maxPermit), "ok") },
		"zeroes":   func() { want(t, "write-zeroes", zeroes(maxPermit), "ok") },
		"in parts": func() { want(t, "parts", write(1)+zeroes(maxPermit-2)+write(1), "okokok") },
	} {
		b.Reset()
		g.method("io/streams output-stream.check-write", out)
		use()
		want(t, name, b.Len(), maxPermit)
		want(t, "nothing", write(0)+zeroes(0), "okok")
		g.trap("`check-write` permitted 0", "io/streams [method]output-stream.write", borrow(out), value.Bytes([]byte("x")))
		g.trap("`check-write` permitted 0", "io/streams [method]output-stream.write-zeroes", borrow(out), value.U64(1))
	}
}

// A write after a failed write reports an error.
func TestWriteAfterFailure(t *testing.T) {
	for _, fn := range []string{"blocking-write-and-flush", "blocking-write-zeroes-and-flush"} {
		arg := value.Bytes([]byte("x"))
		if strings.Contains(fn, "zeroes") {
			arg = value.U64(1)
		}
		g, out := withOutput(t, failing{syscall.EIO})
		want(t, fn, failure(g.method("io/streams output-stream."+fn, out, arg)), "failed: "+syscall.EIO.Error())
		for range 2 {
			want(t, fn+" again", failure(g.method("io/streams output-stream."+fn, out, arg)), "closed")
		}
	}
}

// failing is a writer and a reader that fails.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
func (f failing) Read([]byte) (int, error)  { return 0, f.err }

func TestWriteFails(t *testing.T) {
	broken := &os.PathError{Op: "write", Path: "/home/me/secret", Err: syscall.EIO}
	g, out := withOutput(t, failing{broken})
	v := g.method("io/streams output-stream.blocking-write-and-flush", out, value.Bytes([]byte("x")))
	want(t, "the failure", failure(v), "failed: "+syscall.EIO.Error())
	e := v.Payload().Payload()
	want(t, "to-debug-string", g.method("io/error error.to-debug-string", e).Str(), syscall.EIO.Error())
	want(t, "filesystem-error-code", g.call("filesystem/types filesystem-error-code", borrow(e)).String(), "some(case 13)")
	unknown := value.Borrow(&ioError{err: errors.New("odd")})
	want(t, "no code", g.call("filesystem/types filesystem-error-code", unknown).String(), "none")
	want(t, "afterwards", failure(g.method("io/streams output-stream.check-write", out)), "closed")
	want(t, "afterwards", failure(g.method("io/streams output-stream.flush", out)), "closed")
	want(t, "subscribe", g.method("io/poll pollable.ready", g.method("io/streams output-stream.subscribe", out)).Bool(), true)

	g, out = withOutput(t, failing{syscall.EPIPE})
	want(t, "a reader who has gone", failure(g.method("io/streams output-stream.blocking-write-and-flush", out, value.Bytes([]byte("x")))), "closed")
}

func TestRead(t *testing.T) {
	g, in := withInput(t, strings.NewReader("hello, world"))
	read := func(fn string, n uint64) string {
		t.Helper()
		v := g.method("io/streams input-stream."+fn, in, value.U64(n))
		switch {
		case !v.IsOK():
			return failure(v)
		case v.Payload().Kind() == value.KindU64:
			return v.Payload().String()
		default:
			return string(v.Payload().Bytes())
		}
	}
	want(t, "read at once", read("read", 0), "")
	want(t, "blocking-read", read("blocking-read", 5), "hello")
	want(t, "skip", read("blocking-skip", 2), "2")
	want(t, "read what is there", read("read", 2), "wo")
	want(t, "read nothing", read("blocking-read", 0), "")
	want(t, "read all", read("blocking-read", 1<<63), "rld")
	want(t, "the end", read("blocking-read", 1), "closed")
	want(t, "the end again", read("skip", 1), "closed")
	want(t, "the end of nothing", read("read", 0), "closed")
	p := g.method("io/streams input-stream.subscribe", in)
	want(t, "ready at the end", g.method("io/poll pollable.ready", p).Bool(), true)

	g, in = withInput(t, nil)
	want(t, "no input", read("read", 1), "closed")

	g, in = withInput(t, failing{syscall.EISDIR})
	want(t, "the failure", read("blocking-read", 1), "failed: "+syscall.EISDIR.Error())
	want(t, "after the failure", read("blocking-read", 1), "closed")
}

// TestReadWaits tests input that comes later and input that nobody asks for.
func TestReadWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		asked := &countReads{r: r}
		g, in := withInput(t, asked)
		synctest.Wait()
		want(t, "reads before somebody asks", asked.count(), 0)
		want(t, "read", len(g.method("io/streams input-stream.read", in, value.U64(9)).Payload().Bytes()), 0)
		p := g.method("io/streams input-stream.subscribe", in)
		want(t, "ready", g.method("io/poll pollable.ready", p).Bool(), false)
		go func() {
			time.Sleep(time.Hour)
			w.Write([]byte("late"))
		}()
		g.method("io/poll pollable.block", p)
		want(t, "ready", g.method("io/poll pollable.ready", p).Bool(), true)
		want(t, "read", string(g.method("io/streams input-stream.read", in, value.U64(9)).Payload().Bytes()), "late")
		want(t, "reads", asked.count(), 1)

		// The wait ends with the call. Input that comes later goes to the next call.
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		g.ctx = ctx
		g.trap("deadline exceeded", "io/streams [method]input-stream.blocking-read", borrow(in), value.U64(1))
		g.ctx = t.Context()
		go w.Write([]byte("more"))
		want(t, "read", string(g.method("io/streams input-stream.blocking-read", in, value.U64(9)).Payload().Bytes()), "more")
		w.Close()
	})
}

// countReads counts reads.
type countReads struct {
	mu sync.Mutex
	r  io.Reader
	n  int
}

func (c *countReads) Read(p []byte) (int, error) {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	return c.r.Read(p)
}

func (c *countReads) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// TestWriteCancelled writes to a writer that blocks.
func TestWriteCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		g, out := withOutput(t, w)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		g.ctx = ctx
		g.trap("deadline exceeded", "io/streams [method]output-stream.blocking-write-and-flush", borrow(out), value.Bytes([]byte("x")))
		r.Close()
	})
}

func TestSplice(t *testing.T) {
	var b bytes.Buffer
	g, out := withOutput(t, &b)
	in := value.Own(&inputStream{from: stdinSource{sysfs.NewInput(strings.NewReader(strings.Repeat("s", maxRead+10)))}})
	splice := func(fn string, n uint64) string {
		t.Helper()
		v := g.method("io/streams output-stream."+fn, out, borrow(in), value.U64(n))
		if !v.IsOK() {
			return failure(v)
		}
		return v.Payload().String()
	}
	want(t, "nothing", splice("splice", 0), "0")
	want(t, "some", splice("blocking-splice", 3), "3")
	want(t, "one read", splice("splice", 1<<40), "65533")
	want(t, "the rest", splice("blocking-splice", 100), "10")
	want(t, "the end", splice("blocking-splice", 100), "closed")
	want(t, "written", b.Len(), maxRead+10)
	out.Handle().(*outputStream).closed = true
	want(t, "no output", splice("splice", 100), "closed")
	g.trap("wrong resource", "io/streams [method]output-stream.splice", borrow(out), borrow(out), value.U64(1))
}

func TestPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost()
		start := time.Now()
		h.Clock = clock(func() time.Duration { return time.Since(start) + 100 })
		g := newGuest(t, h)
		after := func(d time.Duration) value.Value {
			return borrow(g.call("clocks/monotonic-clock subscribe-duration", value.U64(uint64(d))))
		}
		at := func(n uint64) value.Value {
			return borrow(g.call("clocks/monotonic-clock subscribe-instant", value.U64(n)))
		}
		poll := func(list ...value.Value) string { return g.call("io/poll poll", value.List(list)).String() }

		g.trap("empty poll list", "io/poll poll", value.List(nil))
		now, past, never := after(0), at(1), after(-1)
		want(t, "ready at once", poll(now, past, never), "[0, 1]")
		want(t, "never", g.call("io/poll [method]pollable.ready", never).Bool(), false)
		soon, later := after(time.Second), after(time.Hour)
		want(t, "the first, with duplicates", poll(later, soon, never, soon), "[1, 3]")
		want(t, "time passed", time.Since(start), time.Second)
		g.call("io/poll [method]pollable.block", later)
		want(t, "time passed", time.Since(start), time.Hour)
		want(t, "all that are ready", poll(later, soon, never), "[0, 1]")

		ctx, cancel := context.WithCancelCause(t.Context())
		g.ctx = ctx
		go func() {
			time.Sleep(time.Minute)
			cancel(errors.New("enough"))
		}()
		g.trap("waiting: enough", "io/poll poll", value.List([]value.Value{never}))
	})
}

// TestFrozenClock waits in real time for a clock that stands still.
func TestFrozenClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuest(t, newHost())
		start := time.Now()
		p := borrow(g.call("clocks/monotonic-clock subscribe-duration", value.U64(uint64(time.Second))))
		want(t, "ready", g.call("io/poll [method]pollable.ready", p).Bool(), false)
		g.call("io/poll [method]pollable.block", p)
		want(t, "time passed", time.Since(start), time.Second)
		want(t, "ready", g.call("io/poll [method]pollable.ready", p).Bool(), true)
	})
}

// jumps is a clock that each Wait moves forward. It counts its calls.
type jumps struct {
	now    time.Duration
	reads  int
	alone  int
	others int
}

func (c *jumps) Now() time.Duration { c.reads++; return c.now }

func (c *jumps) Wait(ctx context.Context, t time.Duration, alone bool) {
	if alone {
		c.alone++
		c.now = t
		return
	}
	c.others++
	<-ctx.Done()
}

// A clock that does not follow real time is asked to wait for the first of several timers. It is
// told whether the guest waits for anything else.
func TestPollVirtualClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, c := newHost(), &jumps{}
		r, w := io.Pipe()
		h.Clock, h.Stdin = c, sysfs.NewInput(r)
		g := newGuest(t, h)
		start := time.Now()
		after := func(d time.Duration) value.Value {
			return borrow(g.call("clocks/monotonic-clock subscribe-duration", value.U64(uint64(d))))
		}
		poll := func(list ...value.Value) string { return g.call("io/poll poll", value.List(list)).String() }
		hour, day := after(time.Hour), after(24*time.Hour)
		c.reads = 0
		want(t, "the first", poll(day, hour), "[1]")
		want(t, "the clock", c.now, time.Hour)
		want(t, "readings", c.reads, 2)
		g.call("io/poll [method]pollable.block", day)
		want(t, "the clock", c.now, 24*time.Hour)
		want(t, "waits", [2]int{c.alone, c.others}, [2]int{2, 0})

		input := borrow(g.method("io/streams input-stream.subscribe", g.call("cli/stdin get-stdin")))
		week := after(7 * 24 * time.Hour)
		go func() {
			time.Sleep(time.Second)
			w.Write([]byte("x"))
		}()
		want(t, "input", poll(week, input), "[1]")
		want(t, "waits", [2]int{c.alone, c.others}, [2]int{2, 1})
		want(t, "the clock", c.now, 24*time.Hour)
		want(t, "real time", time.Since(start), time.Second)
		w.Close()
	})
}

// A timer that comes before the input ends a wait for both.
func TestPollTimerBeforeInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost()
		r, w := io.Pipe()
		h.Stdin = sysfs.NewInput(r)
		g := newGuest(t, h)
		timer := borrow(g.call("clocks/monotonic-clock subscribe-duration", value.U64(uint64(time.Second))))
		input := borrow(g.method("io/streams input-stream.subscribe", g.call("cli/stdin get-stdin")))
		want(t, "ready", g.call("io/poll poll", value.List([]value.Value{input, timer})).String(), "[1]")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		g.ctx = ctx
		g.trap("deadline exceeded", "io/poll poll", value.List([]value.Value{input}))
		w.Close()
	})
}

func TestChildren(t *testing.T) {
	g := newGuest(t, newHost())
	for _, c := range []struct{ get, stream string }{{"cli/stdin get-stdin", "input-stream"}, {"cli/stderr get-stderr", "output-stream"}} {
		s := g.call(c.get)
		p, q := g.method("io/streams "+c.stream+".subscribe", s), g.method("io/streams "+c.stream+".subscribe", s)
		for _, pollable := range []value.Value{p, q} {
			if err := g.drop("io/streams "+c.stream, s); err != errHasChildren {
				t.Errorf("%s with pollables is dropped: %v", c.stream, err)
			}
			if err := g.drop("io/poll pollable", pollable); err != nil {
				t.Error(err)
			}
		}
		if err := g.drop("io/streams "+c.stream, s); err != nil {
			t.Errorf("%s: %v", c.stream, err)
		}
	}
}

// TestShared makes many guests write and read at the same time.
func TestShared(t *testing.T) {
	var b bytes.Buffer
	h := newHost()
	h.Stdin = sysfs.NewInput(strings.NewReader(strings.Repeat("x", 1000)))
	h.Stdout, h.Stderr = sysfs.NewOutputs(&b, &b)
	var all sync.WaitGroup
	var mu sync.Mutex
	got := 0
	for n := range 8 {
		all.Go(func() {
			g := newGuest(t, h)
			out := g.call([]string{"cli/stdout get-stdout", "cli/stderr get-stderr"}[n%2])
			in := g.call("cli/stdin get-stdin")
			for range 100 {
				g.method("io/streams output-stream.blocking-write-and-flush", out, value.Bytes([]byte("ab")))
			}
			for {
				v := g.method("io/streams input-stream.blocking-read", in, value.U64(10))
				if !v.IsOK() {
					return
				}
				mu.Lock()
				got += v.Payload().Len()
				mu.Unlock()
			}
		})
	}
	all.Wait()
	want(t, "written", b.String(), strings.Repeat("ab", 800))
	want(t, "read", got, 1000)
}

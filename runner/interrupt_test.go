package runner_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// slow returns a component with n functions, each of which takes about 0.1 ms to compile.
func slow(t *testing.T, n int) []byte {
	t.Helper()
	body := strings.Repeat("(i32.mul (local.get 0) (i32.add (local.get 0) ", 20) + "(local.get 0)" + strings.Repeat("))", 20)
	text := "(component (core module $m " + strings.Repeat("(func (param i32) (result i32) "+body+")", n) + ") (core instance (instantiate $m)))"
	u, err := wat.Parse(diag.NewFile("slow.wat", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return u.Append(nil)
}

// When its context ends, Compile returns at once with the context's error, not an error of the
// component.
func TestCompileIsInterrupted(t *testing.T) {
	data := slow(t, 6_000)
	enough := errors.New("enough")
	for _, procs := range []int{1, 2} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		eng, err := runner.NewEngine(t.Context(), runner.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond, func() { cancel(enough) })
		p, err := eng.Compile(ctx, "slow.wasm", data)
		if p != nil || !errors.Is(err, enough) || err.Error() != "compiling was stopped: context canceled: enough" {
			t.Errorf("%d processors: %v, %v", procs, p, err)
		}
		// After the context has ended, nothing is attempted.
		if _, err := eng.Compile(ctx, "slow.wasm", nil); !errors.Is(err, enough) {
			t.Errorf("%d processors: %v", procs, err)
		}
		if err := eng.Close(t.Context()); err != nil {
			t.Errorf("%d processors: %v", procs, err)
		}
	}
}

// An error of the component is reported as such even if the context could have ended.
func TestCompileErrorWithContext(t *testing.T) {
	eng, err := runner.NewEngine(t.Context(), runner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var list diag.List
	if _, err := eng.Compile(ctx, "x.wasm", []byte("\x00asm\x0d\x00\x01")); !errors.As(err, &list) {
		t.Errorf("%v", err)
	}
	if err := eng.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// ending is a context that ends when end is called, however busy the machine is.
type ending struct {
	context.Context
	done chan struct{}
	err  atomic.Value
}

func (c *ending) end(err error) {
	c.err.Store(err)
	close(c.done)
}

func (c *ending) Done() <-chan struct{} { return c.done }

func (c *ending) Err() error {
	err, _ := c.err.Load().(error)
	return err
}

// The trap names a host function that waited until the context ended. It does not name one that
// failed for another reason.
func TestEndOfContextNamesWhereItWaited(t *testing.T) {
	p := program(t, runner.Options{}, "calls")
	for _, test := range []struct {
		name string
		end  error // the context's error
		// error of the host function; nil means the context's
		err     error
		message string
	}{
		{"deadline", context.DeadlineExceeded, nil, "timed out, waiting in `host`"},
		{"cancel", context.Canceled, nil, "cancelled, waiting in `host`"},
		{"other", context.DeadlineExceeded, errors.New("out of paper"), "host function `host`: out of paper"},
	} {
		end := &ending{Context: context.Background(), done: make(chan struct{})}
		i := instantiate(t, p, host(func(ctx context.Context, n uint32) (uint32, error) {
			end.end(test.end)
			<-ctx.Done()
			if test.err != nil {
				return 0, test.err
			}
			return 0, ctx.Err()
		}))
		_, err := fn(t, i, "run").Call(end, value.U32(1))
		var tr *runner.Trap
		if !errors.As(err, &tr) || tr.Message != test.message {
			t.Errorf("%s: %v", test.name, err)
		}
		if got, want := errors.Is(err, test.end), test.err == nil; got != want {
			t.Errorf("%s: %v is the end of the context: %t, want %t", test.name, err, got, want)
		}
	}
}

// The cause of a context that ended is part of the message.
func TestEndOfContextNamesItsCause(t *testing.T) {
	p := program(t, runner.Options{}, "calls")
	ctx, cancel := context.WithCancelCause(t.Context())
	i := instantiate(t, p, host(func(ctx context.Context, n uint32) (uint32, error) {
		cancel(errors.New("enough"))
		<-ctx.Done()
		return 0, context.Cause(ctx)
	}))
	_, err := fn(t, i, "run").Call(ctx, value.U32(1))
	var tr *runner.Trap
	if !errors.As(err, &tr) || tr.Message != "cancelled, waiting in `host`: enough" || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

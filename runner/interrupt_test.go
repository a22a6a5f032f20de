package runner_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// slow returns a component with n functions, which take some 0.1 ms each to compile.
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

// A context that ends stops compiling at once, and the error is that of the context, not one of the component.
func TestCompileIsInterrupted(t *testing.T) {
	data := slow(t, 20_000)
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
		if p != nil || !errors.Is(err, enough) || err.Error() != "compiling was stopped: enough" {
			t.Errorf("%d processors: %v, %v", procs, p, err)
		}
		// Afterwards nothing is attempted at all.
		if _, err := eng.Compile(ctx, "slow.wasm", nil); !errors.Is(err, enough) {
			t.Errorf("%d processors: %v", procs, err)
		}
		if err := eng.Close(t.Context()); err != nil {
			t.Errorf("%d processors: %v", procs, err)
		}
	}
}

// An error of the component is told as such, also if the context could have ended.
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

// A host function that waits until the context ends is where the call waited; one that fails for a reason of its own is not.
func TestEndOfContextNamesWhereItWaited(t *testing.T) {
	p := program(t, runner.Options{Timeouts: true}, "calls")
	for _, test := range []struct {
		name    string
		context func() (context.Context, context.CancelFunc)
		err     error // of the host function; nil is the context's
		message string
		is      error
	}{
		{"deadline", func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), time.Millisecond)
		}, nil, "timed out, waiting in `host`", context.DeadlineExceeded},
		{"cancel", func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(time.Millisecond, cancel)
			return ctx, cancel
		}, nil, "cancelled, waiting in `host`", context.Canceled},
		{"cause", func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(context.Background())
			time.AfterFunc(time.Millisecond, func() { cancel(errors.New("enough")) })
			return ctx, func() { cancel(nil) }
		}, nil, "cancelled, waiting in `host`: enough", context.Canceled},
		{"other", func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), time.Millisecond)
		}, errors.New("out of paper"), "host function `host`: out of paper", nil},
	} {
		ctx, cancel := test.context()
		i := instantiate(t, p, host(func(ctx context.Context, n uint32) (uint32, error) {
			<-ctx.Done()
			if test.err != nil {
				return 0, test.err
			}
			return 0, context.Cause(ctx)
		}))
		_, err := fn(t, i, "run").Call(ctx, value.U32(1))
		cancel()
		var tr *runner.Trap
		if !errors.As(err, &tr) || tr.Message != test.message || test.is != nil && !errors.Is(err, test.is) {
			t.Errorf("%s: %v", test.name, err)
		}
		if test.is == nil && errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v counts as a passed deadline", test.name, err)
		}
	}
}

package runner_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// Each reason for refusing a call has its own error.
func TestRefusedCalls(t *testing.T) {
	ctx := context.Background()
	p := program(t, runner.Options{}, "calls")
	addIn := func(ctx context.Context, i *runner.Instance) error {
		_, err := i.Func("add").Call(ctx, value.U32(1), value.U32(2))
		return err
	}
	add := func(i *runner.Instance) error { return addIn(ctx, i) }
	for _, r := range []struct {
		name string
		err  func() error
		is   error
		want string
	}{
		{"missing", func() error {
			_, err := instantiate(t, p, host(echo)).Func("ad").Call(ctx)
			return err
		}, runner.ErrNoFunc, "the function does not exist"},
		{"closed", func() error {
			i := instantiate(t, p, host(echo))
			if err := i.Close(ctx); err != nil {
				t.Error(err)
			}
			return add(i)
		}, runner.ErrClosed, "call of `add`: cannot enter component instance: it is closed"},
		{"trapped", func() error {
			i := instantiate(t, p, host(echo))
			trap(t, i, "div", "integer divide by zero", value.U32(1), value.U32(0))
			return add(i)
		}, runner.ErrTrapped, "call of `add`: cannot enter component instance: an earlier call trapped: integer divide by zero"},
		{"exited", func() error {
			i := instantiate(t, p, host(func(context.Context, uint32) (uint32, error) { return 0, &runner.ExitError{Code: 3} }))
			if _, err := i.Func("run").Call(ctx, value.U32(1)); err == nil {
				t.Error("no exit")
			}
			return add(i)
		}, runner.ErrTrapped, "call of `add`: cannot enter component instance: the guest has exited with code 3"},
		{"busy", func() error {
			var i *runner.Instance
			var err error
			i = instantiate(t, p, host(func(ctx context.Context, n uint32) (uint32, error) {
				derived, cancel := context.WithCancel(ctx)
				defer cancel()
				err = addIn(derived, i)
				return n, nil
			}))
			// The refusal does not disturb the call in progress.
			if got := call(t, i, "run", value.U32(1)); got.Bits() != 2 {
				t.Errorf("run = %d", got.Bits())
			}
			call(t, i, "add", value.U32(1), value.U32(2))
			return err
		}, runner.ErrBusy, "call of `add`: cannot enter component instance: it waits for the function that calls it"},
	} {
		err := r.err()
		if err == nil || err.Error() != r.want {
			t.Errorf("%s: got %v, want %s", r.name, err, r.want)
		}
		for _, is := range []error{runner.ErrNoFunc, runner.ErrClosed, runner.ErrTrapped, runner.ErrBusy} {
			if errors.Is(err, is) != (is == r.is) {
				t.Errorf("%s: errors.Is(%q) is %t", r.name, is, is != r.is)
			}
		}
	}
}

// A function whose first call comes after its instance was closed has no module to look up its
// memory in.
func TestFirstCallAfterClose(t *testing.T) {
	ctx := context.Background()
	i := fixture(t, "compound", nil)
	f := fn(t, i, "string")
	if err := i.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Call(ctx, value.String("x")); !errors.Is(err, runner.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestNilFuncType(t *testing.T) {
	var f *runner.Func
	if f.Type() != nil {
		t.Error("nil has a type")
	}
}

// A context that has ended is an error and leaves the instance unchanged.
func TestEndedContext(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	reason := errors.New("the user left")
	because, cancelCause := context.WithCancelCause(context.Background())
	cancelCause(reason)

	called := 0
	l := host(func(_ context.Context, n uint32) (uint32, error) {
		called++
		return n, nil
	})
	p := program(t, runner.Options{}, "calls")
	i := instantiate(t, p, l)
	for _, r := range []struct {
		ctx  context.Context
		is   error
		want string
	}{
		{ended, context.Canceled, "call of `run`: context canceled"},
		{because, context.Canceled, "call of `run`: context canceled: the user left"},
		{because, reason, "call of `run`: context canceled: the user left"},
	} {
		_, err := i.Func("run").Call(r.ctx, value.U32(1))
		if err == nil || err.Error() != r.want || !errors.Is(err, r.is) {
			t.Errorf("got %v, want %s", err, r.want)
		}
	}
	if called != 0 {
		t.Errorf("the guest was called %d times", called)
	}
	call(t, i, "run", value.U32(1))

	if _, err := l.Instantiate(ended, p); !errors.Is(err, context.Canceled) || err.Error() != "instantiating: context canceled" {
		t.Errorf("instantiating: %v", err)
	}
}

// If the context ends, instantiation stops before the next core module.
func TestContextEndsDuringInstantiation(t *testing.T) {
	p := text(t, runner.Options{}, `(component
		(import "host" (func $host))
		(core func $host (canon lower (func $host)))
		(core module $m (import "" "host" (func $host)) (start $host))
		(core instance $i (export "host" (func $host)))
		(core instance (instantiate $m (with "" (instance $i))))
		(core instance (instantiate $m (with "" (instance $i))))
		(core instance (instantiate $m (with "" (instance $i)))))`)
	ctx, cancel := context.WithCancel(context.Background())
	started := 0
	l := runner.NewLinker()
	l.Func("host", func(context.Context, []value.Value) (value.Value, error) {
		if started++; started == 2 {
			cancel()
		}
		return value.Value{}, nil
	})
	_, err := l.Instantiate(ctx, p)
	var tr *runner.Trap
	if !errors.As(err, &tr) || tr.Message != "cancelled" || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if started != 2 {
		t.Errorf("%d start functions ran, want 2", started)
	}
}

// anyContext is a context of a type that is not comparable.
type anyContext struct {
	context.Context
	_ []int
}

func TestContextThatCannotBeCompared(t *testing.T) {
	i := fixture(t, "calls", host(echo))
	ctx := anyContext{Context: context.Background()}
	for range 3 {
		if v, err := i.Func("run").Call(ctx, value.U32(1)); err != nil || v.Bits() != 2 {
			t.Errorf("got %v, %v", v, err)
		}
	}
}

// writer is a component whose function calls the host and then writes to its memory for a while.
const writer = `(component
	(import "started" (func $started))
	(core func $started (canon lower (func $started)))
	(core module $m
		(import "" "started" (func $started))
		(memory (export "m") 1)
		(func (export "write") (local $n i32)
			call $started
			(loop $again
				(i32.store (i32.const 512) (i32.const 0xbad))
				(local.set $n (i32.add (local.get $n) (i32.const 1)))
				(br_if $again (i32.lt_u (local.get $n) (i32.const 100000000)))))
		(func (export "peek") (result i32) (i32.load (i32.const 512))))
	(core instance $i (instantiate $m (with "" (instance (export "started" (func $started))))))
	(func (export "write") (canon lift (core func $i "write")))
	(func (export "peek") (result u32) (canon lift (core func $i "peek"))))`

// The memory of an instance that is closed while it runs is not reused by another instance.
func TestMemoryOfClosedInstanceThatRuns(t *testing.T) {
	ctx := context.Background()
	p := text(t, runner.Options{}, writer)
	started := make(chan struct{})
	l := runner.NewLinker()
	l.Func("started", func(context.Context, []value.Value) (value.Value, error) {
		close(started)
		return value.Value{}, nil
	})
	a := instantiate(t, p, l)
	done := make(chan error, 1)
	go func() {
		_, err := a.Func("write").Call(ctx)
		done <- err
	}()
	<-started
	if err := a.Close(ctx); err != nil && !errors.Is(err, runner.ErrBusy) {
		t.Errorf("close: %v", err)
	}
	b := instantiate(t, p, l)
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		if got := call(t, b, "peek"); got.Bits() != 0 {
			t.Fatalf("the memory of a new instance holds %#x", got.Bits())
		}
	}
	if err := a.Close(ctx); err != nil {
		t.Errorf("close after the call: %v", err)
	}
}

// Close during a call fails and refuses new calls. The instance is released when the call ends.
func TestCloseDuringCall(t *testing.T) {
	ctx := context.Background()
	for _, interpreter := range []bool{false, true} {
		var h items
		l := h.linker()
		var i *runner.Instance
		closed := 0
		take := func(context.Context, []value.Value) (value.Value, error) {
			for range 2 {
				err := i.Close(ctx)
				if !errors.Is(err, runner.ErrBusy) || err.Error() != "the instance is in use: it is released when the call ends" {
					t.Errorf("close: %v", err)
				}
			}
			if _, err := i.Func("use").Call(ctx, value.U32(1)); !errors.Is(err, runner.ErrClosed) {
				t.Errorf("call of the closed instance: %v", err)
			}
			if len(h.dropped) != 0 {
				t.Errorf("dropped %v during the call", h.dropped)
			}
			closed++
			return value.U32(0), nil
		}
		l.Instance("ns:h/items@0.2.12").Func("take", take)
		i = instantiate(t, program(t, runner.Options{Interpreter: interpreter}, "host"), l)
		call(t, i, "leak", value.U32(7))
		_, err := i.Func("give").Call(ctx, value.U32(6))
		var tr *runner.Trap
		if !errors.As(err, &tr) || tr.Message != "the instance was closed while it ran" || !errors.Is(err, runner.ErrClosed) {
			t.Errorf("the call: %v", err)
		}
		if closed != 1 || len(h.dropped) != 1 || h.dropped[0] != 7 {
			t.Errorf("closed %d times, dropped %v", closed, h.dropped)
		}
		if err := i.Close(ctx); err != nil {
			t.Errorf("close after the call: %v", err)
		}
	}
}

// Calls on several goroutines take turns, all of them, with any functions of one instance.
func TestCallsTakeTurns(t *testing.T) {
	ctx := context.Background()
	var inside atomic.Int32
	i := fixture(t, "calls", host(func(_ context.Context, n uint32) (uint32, error) {
		if inside.Add(1) != 1 {
			t.Error("two calls at a time")
		}
		runtime.Gosched()
		inside.Add(-1)
		return n, nil
	}))
	run, add := i.Func("run"), i.Func("add")
	var wg sync.WaitGroup
	for g := range uint32(8) {
		wg.Go(func() {
			for n := range uint32(100) {
				if v, err := run.Call(ctx, value.U32(n)); err != nil || v.Bits() != uint64(n+1) {
					t.Errorf("run(%d) = %v, %v", n, v, err)
				}
				if v, err := add.Call(ctx, value.U32(g), value.U32(n)); err != nil || v.Bits() != uint64(g+n) {
					t.Errorf("add(%d, %d) = %v, %v", g, n, v, err)
				}
			}
		})
	}
	wg.Wait()
}

// blocked is an instance in which a call waits in the host until release is closed.
type blocked struct {
	*runner.Instance
	release chan struct{}
	done    chan error // of the call
}

func newBlocked(t *testing.T, release func() error) *blocked {
	t.Helper()
	b := &blocked{release: make(chan struct{}), done: make(chan error, 1)}
	started := make(chan struct{})
	b.Instance = instantiate(t, program(t, runner.Options{}, "calls"), host(func(_ context.Context, n uint32) (uint32, error) {
		close(started)
		<-b.release
		return n, release()
	}))
	go func() {
		_, err := b.Func("run").Call(context.Background(), value.U32(1))
		b.done <- err
	}()
	<-started
	return b
}

// queue makes calls that wait for b, and returns their errors.
func (b *blocked) queue(n int) chan error {
	errs := make(chan error, n)
	for range n {
		go func() {
			_, err := b.Func("add").Call(context.Background(), value.U32(1), value.U32(2))
			errs <- err
		}()
	}
	runner.WaitForCalls(b.Instance, n)
	return errs
}

// A call that waits for its turn ends with its context, and the instance is none the worse.
func TestWaitingEndsWithContext(t *testing.T) {
	b := newBlocked(t, func() error { return nil })
	others := b.queue(3)
	ctx, cancel := context.WithCancelCause(context.Background())
	reason := errors.New("the user left")
	failed := make(chan error)
	go func() {
		_, err := b.Func("add").Call(ctx, value.U32(1), value.U32(2))
		failed <- err
	}()
	runner.WaitForCalls(b.Instance, 4)
	cancel(reason)
	if err := <-failed; !errors.Is(err, reason) || err.Error() != "call of `add`: context canceled: the user left" {
		t.Errorf("got %v", err)
	}
	close(b.release)
	for range 3 {
		if err := <-others; err != nil {
			t.Errorf("another call: %v", err)
		}
	}
	if err := <-b.done; err != nil {
		t.Error(err)
	}
	call(t, b.Instance, "add", value.U32(1), value.U32(2))
}

// A trap ends the instance for the calls that wait too.
func TestWaitingCallsAfterTrap(t *testing.T) {
	failure := errors.New("out of paper")
	b := newBlocked(t, func() error { return failure })
	others := b.queue(3)
	close(b.release)
	for range 3 {
		if err := <-others; !errors.Is(err, runner.ErrTrapped) {
			t.Errorf("got %v", err)
		}
	}
	if err := <-b.done; !errors.Is(err, failure) {
		t.Errorf("the call: %v", err)
	}
}

// Close ends the waiting of all calls, though the call in progress goes on.
func TestWaitingCallsAfterClose(t *testing.T) {
	b := newBlocked(t, func() error { return nil })
	others := b.queue(3)
	if err := b.Close(context.Background()); !errors.Is(err, runner.ErrBusy) {
		t.Errorf("close: %v", err)
	}
	for range 3 {
		if err := <-others; !errors.Is(err, runner.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	close(b.release)
	if err := <-b.done; !errors.Is(err, runner.ErrClosed) {
		t.Errorf("the call: %v", err)
	}
}

// A context that a function of the host kept can be used for calls when the call is over.
func TestKeptContext(t *testing.T) {
	var kept context.Context
	i := fixture(t, "calls", host(func(ctx context.Context, n uint32) (uint32, error) {
		kept = ctx
		return n, nil
	}))
	for range 3 {
		call(t, i, "run", value.U32(1))
		if _, err := i.Func("run").Call(kept, value.U32(1)); err != nil {
			t.Error(err)
		}
	}
}

// Calls on several goroutines enter one at a time, and any goroutine may call Close.
func TestCallsOnSeveralGoroutines(t *testing.T) {
	ctx := context.Background()
	p := program(t, runner.Options{}, "calls")
	for range 20 {
		i := instantiate(t, p, host(echo))
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				f := i.Func("run")
				for range 50 {
					_, err := f.Call(ctx, value.U32(1))
					if err != nil && !errors.Is(err, runner.ErrClosed) {
						t.Error(err)
					}
				}
				if err := i.Close(ctx); err != nil && !errors.Is(err, runner.ErrBusy) {
					t.Errorf("goroutine %d: close: %v", g, err)
				}
			})
		}
		wg.Wait()
	}
}

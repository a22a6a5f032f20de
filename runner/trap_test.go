package runner_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// host returns a linker with the function host.
func host(f func(ctx context.Context, n uint32) (uint32, error)) *runner.Linker {
	l := runner.NewLinker()
	l.Func("host", func(ctx context.Context, args []value.Value) (value.Value, error) {
		n, err := f(ctx, uint32(args[0].Bits()))
		if err != nil {
			return value.Value{}, err
		}
		return value.U32(n), nil
	})
	return l
}

func echo(_ context.Context, n uint32) (uint32, error) { return n, nil }

func TestTrapMessages(t *testing.T) {
	p := program(t, runner.Options{}, "calls")
	for _, r := range []struct {
		f, want string
		args    []value.Value
	}{
		{"deep", "wasm `unreachable` instruction executed", []value.Value{value.U32(0)}},
		{"div", "integer divide by zero", []value.Value{value.U32(1), value.U32(0)}},
		{"stack", "call stack exhausted", nil},
	} {
		i := instantiate(t, p, host(echo))
		tr := trap(t, i, r.f, r.want, r.args...)
		if tr.Message != r.want || tr.Error() != "call of `"+r.f+"`: "+r.want || tr.Export != r.f {
			t.Errorf("%s: %+v", r.f, tr)
		}
		// The instance is dead now.
		trap(t, i, "add", "cannot enter component instance", value.U32(1), value.U32(2))
	}
}

// A trap names the component instances it passed through, innermost first.
func TestBacktrace(t *testing.T) {
	i := fixture(t, "nested", host(echo))
	tr := trap(t, i, "two call", "unreachable", value.U32(99))
	want := `0: component 0 > component 0 ! M.boom()
1: component 0 > component 0 ! M.inner-call(i32) i32
2: component 0 ! M.middle-call(i32) i32
`
	if diff := cmp.Diff(want, tr.Backtrace()); diff != "" {
		t.Errorf("backtrace (-want +got):\n%s", diff)
	}
	if tr.Export != "call" {
		t.Errorf("export %q", tr.Export)
	}
}

// A backtrace omits the root component, empty module names and shims, and demangles names.
func TestBacktraceIsReadable(t *testing.T) {
	tr := runner.Trap{Frames: []runner.Frame{
		{Func: "wit-component:shim.indirect-a:b/c-d(i32)"},
		{Func: ".main.greet(i32) i32", Source: "main.go:3:1"},
		{Component: "component 1", Func: ".$7()"},
		{Func: "app.main.(*T).Method(i32,i64) (i32,i32)"},
		{Func: "app.wasm._ZN3app4Wish5greetEi(i32,i32)"},
		{Func: "._RNvCs1234_5hello4main(i32) i32"},
		{Component: "component 0 > component 1", Func: "a_Zb._ZN5hello4main17h0123456789abcdefE()"},
		{Func: "._Zunmangled(i32)"},
		{Func: "M._start()"},
		{Func: "M.<nothing>"},
		{Func: "."},
	}}
	want := `0: main.greet(i32) i32
   at main.go:3:1
1: component 1 ! $7()
2: app.main.(*T).Method(i32,i64) (i32,i32)
3: app.wasm.app::Wish::greet(int)
4: hello::main
5: component 0 > component 1 ! a_Zb.hello::main
6: _Zunmangled(i32)
7: M._start()
8: M.<nothing>
9: 
`
	if diff := cmp.Diff(want, tr.Backtrace()); diff != "" {
		t.Errorf("backtrace (-want +got):\n%s", diff)
	}
}

// Each nested instance of a component has its own state.
func TestNested(t *testing.T) {
	i := fixture(t, "nested", host(func(_ context.Context, n uint32) (uint32, error) { return n + 1, nil }))
	var got []string
	for _, c := range []string{"one next", "one next", "two next", "one next"} {
		got = append(got, wave(call(t, i, c), fn(t, i, c).Type().Result))
	}
	if s := strings.Join(got, " "); s != "1 2 1 3" {
		t.Errorf("counters: %s", s)
	}
	if v := call(t, i, "two call", value.U32(5)); v.Bits() != 6 {
		t.Errorf("call = %d", v.Bits())
	}
}

// An error of a host function ends the guest's call and is returned by the host's call, through any
// number of components.
func TestHostError(t *testing.T) {
	failure := errors.New("out of paper")
	fail := func(context.Context, uint32) (uint32, error) { return 0, failure }
	for _, r := range []struct{ file, path string }{{"calls", "run"}, {"nested", "one call"}} {
		i := fixture(t, r.file, host(fail))
		tr := trap(t, i, r.path, "host function `host`: out of paper", value.U32(1))
		if !errors.Is(tr, failure) {
			t.Errorf("%s: cause %v", r.file, tr.Cause)
		}
		trap(t, i, r.path, "cannot enter component instance", value.U32(1))
	}
}

// A guest's exit unwinds all components.
func TestExit(t *testing.T) {
	for _, r := range []struct{ file, path string }{{"calls", "run"}, {"nested", "one call"}} {
		i := fixture(t, r.file, host(func(_ context.Context, n uint32) (uint32, error) { return 0, &runner.ExitError{Code: int(n)} }))
		_, err := fn(t, i, r.path).Call(context.Background(), value.U32(3))
		var exit *runner.ExitError
		if !errors.As(err, &exit) || exit.Code != 3 {
			t.Errorf("%s: %v", r.file, err)
		}
	}
}

// The result of a host function is checked before the guest sees it.
func TestWrongHostResult(t *testing.T) {
	for _, r := range []struct {
		v    value.Value
		want string
	}{
		{value.String("x"), "host function `host`: it returned a wrong value: want u32, have string"},
		{value.Value{}, "host function `host`: it returned a wrong value"},
	} {
		l := runner.NewLinker()
		l.Func("host", func(context.Context, []value.Value) (value.Value, error) { return r.v, nil })
		trap(t, fixture(t, "calls", l), "run", r.want, value.U32(1))
	}
}

// A panic of a host function is a trap that names the function and holds the stack. The instance is
// dead afterwards.
func TestHostPanics(t *testing.T) {
	failure := errors.New("out of paper")
	var none map[string]int
	for _, r := range []struct {
		f    func()
		want string
		is   error
	}{
		{func() { panic("bug in the host") }, "host function `host`: panic: bug in the host", nil},
		{func() { panic(failure) }, "host function `host`: panic: out of paper", failure},
		{func() { none["x"]++ }, "host function `host`: panic: assignment to entry in nil map", nil},
	} {
		i := fixture(t, "calls", host(func(_ context.Context, n uint32) (uint32, error) {
			r.f()
			return n, nil
		}))
		_, err := i.Func("run").Call(context.Background(), value.U32(1))
		var tr *runner.Trap
		if !errors.As(err, &tr) || tr.Message != r.want || r.is != nil && !errors.Is(err, r.is) {
			t.Errorf("got %v, want %s", err, r.want)
		}
		var p *runner.PanicError
		if !errors.As(err, &p) || !strings.Contains(string(p.Stack), "TestHostPanics") {
			t.Errorf("%s: no stack of the panic: %+v", r.want, p)
		}
		trap(t, i, "add", "cannot enter component instance", value.U32(1), value.U32(2))
	}
}

// A panic of a drop function is a trap when the guest drops the resource, and an error when the
// instance is closed.
func TestDropPanics(t *testing.T) {
	ctx := context.Background()
	var h items
	l := h.linker()
	l.Instance("ns:h/items@0.2.12").Resource("item", func(context.Context, any) error { panic("stuck") })
	p := program(t, runner.Options{}, "host")
	want := "dropping a `ns:h/items@0.2.12.item`: panic: stuck"
	i := instantiate(t, p, l)
	if tr := trap(t, i, "use", want, value.U32(1)); tr.Message != want {
		t.Errorf("got %s", tr.Message)
	}
	i, err := l.Instantiate(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	call(t, i, "leak", value.U32(7))
	if err := i.Close(ctx); err == nil || err.Error() != want {
		t.Errorf("close: %v", err)
	}
}

// A host function cannot enter the instance that called it. The refusal is a trap.
func TestReentrance(t *testing.T) {
	var i *runner.Instance
	var inner error
	i = fixture(t, "calls", host(func(ctx context.Context, n uint32) (uint32, error) {
		_, inner = i.Func("add").Call(ctx, value.U32(1), value.U32(2))
		return n, inner
	}))
	tr := trap(t, i, "run", "cannot enter component instance", value.U32(1))
	var innerTrap *runner.Trap
	if !errors.As(inner, &innerTrap) || innerTrap.Export != "add" || !errors.Is(tr, inner) {
		t.Errorf("inner error %v, trap %v", inner, tr)
	}
}

// A host function cannot enter the instance that called it through another component either.
func TestReentranceOfParent(t *testing.T) {
	var i *runner.Instance
	i = fixture(t, "nested", host(func(ctx context.Context, n uint32) (uint32, error) {
		_, err := i.Func("two", "next").Call(ctx)
		return n, err
	}))
	trap(t, i, "one call", "cannot enter component instance", value.U32(1))
}

// A host function cannot call its instance through another instance and the host of that one.
func TestReentranceThroughAnotherInstance(t *testing.T) {
	p := program(t, runner.Options{}, "calls")
	var first *runner.Instance
	var inner error
	second := instantiate(t, p, host(func(ctx context.Context, n uint32) (uint32, error) {
		_, inner = first.Func("add").Call(ctx, value.U32(1), value.U32(2))
		return n, nil
	}))
	first = instantiate(t, p, host(func(ctx context.Context, n uint32) (uint32, error) {
		_, err := second.Func("run").Call(ctx, value.U32(n))
		return n, err
	}))
	call(t, first, "run", value.U32(1))
	if !errors.Is(inner, runner.ErrBusy) {
		t.Errorf("got %v", inner)
	}
}

// A host function can call other instances, even of the same program: first's host calls second,
// whose host calls third.
func TestNestedStores(t *testing.T) {
	p := program(t, runner.Options{}, "calls")
	third := instantiate(t, p, host(echo))
	next := func(i *runner.Instance) *runner.Linker {
		return host(func(ctx context.Context, n uint32) (uint32, error) {
			v, err := i.Func("run").Call(ctx, value.U32(n*10))
			if err != nil {
				return 0, err
			}
			return uint32(v.Bits()), nil
		})
	}
	second := instantiate(t, p, next(third))
	first := instantiate(t, p, next(second))
	for range 3 {
		if got := call(t, first, "run", value.U32(7)); got.Bits() != 703 {
			t.Errorf("run = %d", got.Bits())
		}
	}
	// A trap in another instance is an error of the host function for this one.
	if _, err := third.Func("deep").Call(context.Background(), value.U32(0)); err == nil {
		t.Fatal("no trap")
	}
	tr := trap(t, first, "run", "cannot enter component instance", value.U32(7))
	if tr.Export != "run" {
		t.Errorf("trap %+v", tr)
	}
}

func TestMayLeave(t *testing.T) {
	p := program(t, runner.Options{}, "leave")
	called := 0
	l := runner.NewLinker()
	l.Func("out", func(context.Context, []value.Value) (value.Value, error) {
		called++
		return value.Value{}, nil
	})
	trap(t, instantiate(t, p, l), "bad-realloc", "cannot leave component instance", value.String("x"))
	trap(t, instantiate(t, p, l), "bad-post", "cannot leave component instance")
	if called != 0 {
		t.Errorf("the host was called %d times", called)
	}
	i := instantiate(t, p, l)
	call(t, i, "take", value.String("x"))
	call(t, i, "call")
	if called != 1 {
		t.Errorf("the host was called %d times", called)
	}
}

// post-return receives the core result: the value itself, or its address.
func TestPostReturnArgument(t *testing.T) {
	i := fixture(t, "leave", func() *runner.Linker {
		l := runner.NewLinker()
		l.Func("out", func(context.Context, []value.Value) (value.Value, error) { return value.Value{}, nil })
		return l
	}())
	if got := invoke(t, i, "seven") + " " + invoke(t, i, "posted"); got != "7 107" {
		t.Errorf("after seven: %s", got)
	}
	if got := invoke(t, i, "string") + " " + invoke(t, i, "posted"); got != `"ok" 216` {
		t.Errorf("after string: %s", got)
	}
}

func TestTimeout(t *testing.T) {
	p := program(t, runner.Options{}, "calls")
	for _, r := range []struct {
		message string
		cause   error
		context func() (context.Context, context.CancelFunc)
	}{
		{"timed out", context.DeadlineExceeded, func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(context.Background(), 20*time.Millisecond)
		}},
		{"cancelled", context.Canceled, func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(20*time.Millisecond, cancel)
			return ctx, cancel
		}},
	} {
		ctx, cancel := r.context()
		i := instantiate(t, p, host(echo))
		_, err := fn(t, i, "spin").Call(ctx)
		cancel()
		var tr *runner.Trap
		if !errors.As(err, &tr) || tr.Message != r.message || !errors.Is(err, r.cause) {
			t.Errorf("got %v, want %s", err, r.message)
		}
	}
	// Other instances are unaffected.
	if got := call(t, instantiate(t, p, host(echo)), "run", value.U32(1)); got.Bits() != 2 {
		t.Errorf("run = %d", got.Bits())
	}
}

// deadline is a context whose deadline passes when a test says so.
type deadline struct {
	context.Context
	passed chan struct{}
}

func (d deadline) Done() <-chan struct{} { return d.passed }

func (d deadline) Err() error {
	select {
	case <-d.passed:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// If the context ends while a host function waits for it, the trap names the function.
func TestTimeoutInHost(t *testing.T) {
	reason := errors.New("the user left")
	timed := deadline{context.Background(), make(chan struct{})}
	cancelled, cancel := context.WithCancelCause(context.Background())
	for _, r := range []struct {
		message string
		ctx     context.Context
		end     func()
		err     func(ctx context.Context) error
		is      []error
	}{
		{"timed out, waiting in `host`", timed, func() { close(timed.passed) }, context.Context.Err, []error{context.DeadlineExceeded}},
		{"cancelled, waiting in `host`: the user left", cancelled, func() { cancel(reason) }, context.Cause, []error{context.Canceled, reason}},
	} {
		i := fixture(t, "calls", host(func(ctx context.Context, _ uint32) (uint32, error) {
			r.end()
			<-ctx.Done()
			return 0, r.err(ctx)
		}))
		_, err := i.Func("run").Call(r.ctx, value.U32(1))
		var tr *runner.Trap
		if !errors.As(err, &tr) || tr.Message != r.message || tr.Waiting != "host" {
			t.Errorf("got %v, want %s", err, r.message)
		}
		for _, is := range r.is {
			if !errors.Is(err, is) {
				t.Errorf("%s: the cause is not %v", r.message, is)
			}
		}
	}
	// An error of the function's own is not a timeout, even if the context has ended.
	failure := errors.New("out of paper")
	ctx, stop := context.WithCancel(context.Background())
	i := fixture(t, "calls", host(func(context.Context, uint32) (uint32, error) {
		stop()
		return 0, failure
	}))
	_, err := i.Func("run").Call(ctx, value.U32(1))
	var tr *runner.Trap
	if !errors.As(err, &tr) || tr.Message != "host function `host`: out of paper" || tr.Waiting != "" {
		t.Errorf("got %v", err)
	}
}

// Start functions run when the component is instantiated, and can trap there.
func TestStart(t *testing.T) {
	p := program(t, runner.Options{}, "start")
	start := func(n uint32) *runner.Linker {
		l := runner.NewLinker()
		l.Func("host", func(context.Context, []value.Value) (value.Value, error) { return value.U32(n), nil })
		return l
	}
	if got := call(t, instantiate(t, p, start(5)), "n"); got.Bits() != 5 {
		t.Errorf("n = %d", got.Bits())
	}
	_, err := start(0).Instantiate(context.Background(), p)
	var tr *runner.Trap
	if !errors.As(err, &tr) || tr.Message != "wasm `unreachable` instruction executed" || tr.Export != "" {
		t.Errorf("got %v", err)
	}
}

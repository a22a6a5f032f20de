package runner_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// Everything missing is reported at once.
func TestUnmet(t *testing.T) {
	p := program(t, runner.Options{}, "host")
	nothing := func(context.Context, []value.Value) (value.Value, error) { return value.Value{}, nil }
	partly := runner.NewLinker()
	partly.Instance("ns:h/items@0.2.7").Func("take", nothing)
	partly.Instance("ns:h/items@0.3.0").Func("take", nothing)
	partly.Instance("ns:h/more@0.3.0").Func("peek", nothing)
	partly.Instance("ns:h/more@0.10.0").Func("peek", nothing)
	same := runner.NewLinker()
	same.Instance("ns:h/items@0.2.0").Resource("item", nil)
	same.Instance("ns:h/items@0.2.0").Func("[constructor]item", nothing)
	same.Instance("ns:h/items@0.2.0").Func("[method]item.get", nothing)
	same.Instance("ns:h/more@0.2.3").Func("peek", nothing)
	for _, r := range []struct {
		l    *runner.Linker
		want string
	}{
		{runner.NewLinker(), `2 imports are not satisfied:
  ns:h/items@0.2.0
    item: resource
    [constructor]item: func(n: u32) -> item
    [method]item.get: func(self: borrow<item>) -> u32
    and 1 more
  ns:h/more@0.2.3
    peek: func(i: borrow<item>) -> u32`},
		{same, "1 import is not satisfied:\n  ns:h/items@0.2.0: it is offered, but without\n    take: func(i: item) -> u32"},
		{partly, `2 imports are not satisfied:
  ns:h/items@0.2.0: ` + "`ns:h/items@0.2.7`" + ` is offered, but without
    item: resource
    [constructor]item: func(n: u32) -> item
    [method]item.get: func(self: borrow<item>) -> u32
  ns:h/more@0.2.3: ` + "`ns:h/more@0.10.0`" + ` is offered, but is not compatible
    peek: func(i: borrow<item>) -> u32`},
	} {
		_, err := r.l.Link(p)
		if diff := cmp.Diff(r.want, fmt.Sprint(err)); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
	}
	_, err := partly.Link(p)
	var unmet *runner.UnmetError
	if !errors.As(err, &unmet) {
		t.Fatal(err)
	}
	if u := unmet.Imports[0]; !u.Known || u.Nearest != "ns:h/items@0.2.7" || len(u.Items) != 3 {
		t.Errorf("items: %+v", u)
	}
	if u := unmet.Imports[1]; u.Known || u.Nearest != "ns:h/more@0.10.0" {
		t.Errorf("more: %+v", u)
	}
}

func TestUnmetFunc(t *testing.T) {
	_, err := runner.NewLinker().Link(program(t, runner.Options{}, "calls"))
	want := "1 import is not satisfied:\n  host\n    host: func(n: u32) -> u32"
	if fmt.Sprint(err) != want {
		t.Errorf("got %v", err)
	}
}

// A nil function is an error that names it, whether a component imports it or not.
func TestNilHostFunctions(t *testing.T) {
	l := host(echo)
	l.TrapUnknown()
	l.Func("f", nil)
	l.Instance("ns:h/items@0.2.0").Func("get", nil)
	l.Instance("ns:h/items@0.2.0").Instance("inner").Func("get", nil)
	_, err := l.Instantiate(context.Background(), program(t, runner.Options{}, "calls"))
	want := "host function `f` is nil\nhost function `ns:h/items@0.2.0.get` is nil\nhost function `ns:h/items@0.2.0.inner.get` is nil"
	if fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// With TrapUnknown, a missing function is an error only when it is called.
func TestTrapUnknown(t *testing.T) {
	l := runner.NewLinker()
	l.TrapUnknown()
	i := fixture(t, "calls", l)
	if got := call(t, i, "add", value.U32(1), value.U32(2)); got.Bits() != 3 {
		t.Errorf("add = %d", got.Bits())
	}
	trap(t, i, "run", "host function `host`: it is not defined", value.U32(1))
}

func TestCompileErrors(t *testing.T) {
	ctx := context.Background()
	eng, err := runner.NewEngine(ctx, runner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close(ctx)
	for _, r := range []struct{ name, data, code string }{
		{"empty", "", "encoding/truncated"},
		{"export of a function that is not there", "\x00asm\x0d\x00\x01\x00\x0b\x07\x01\x00\x01f\x01\x00\x00", "validate/index"},
		{"import of a component", "\x00asm\x0d\x00\x01\x00\x07\x03\x01\x41\x00\x0a\x06\x01\x00\x01c\x04\x00", "run/plan"},
		{"64-bit memory", "\x00asm\x0d\x00\x01\x00\x01\x0d\x00asm\x01\x00\x00\x00\x05\x03\x01\x04\x01\x02\x04\x01\x00\x00\x00", "run/engine"},
	} {
		_, err := eng.Compile(ctx, r.name, []byte(r.data))
		var list diag.List
		if !errors.As(err, &list) || len(list) != 1 {
			t.Errorf("%s: %v", r.name, err)
			continue
		}
		if string(list[0].Code) != r.code {
			t.Errorf("%s: code %s, want %s: %v", r.name, list[0].Code, r.code, err)
		}
	}
}

// With an explicitly empty set nothing is accepted, not even components.
func TestNoFeatures(t *testing.T) {
	ctx := context.Background()
	eng, err := runner.NewEngine(ctx, runner.Options{Features: feature.None()})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close(ctx)
	_, err = eng.Compile(ctx, "empty", []byte("\x00asm\x0d\x00\x01\x00"))
	const want = "empty:0x0: a component requires the component-model feature"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Each code has an example that produces it.
func TestCodes(t *testing.T) {
	eng := engine(t, runner.Options{Limits: runner.Limits{MaxMemory: 1 << 20}})
	golden.Codes(t, runner.Codes, func(example string) error {
		_, err := eng.Compile(t.Context(), "test", []byte(example))
		if list := diag.FromError(err); len(list) == 1 && list[0].Code == runner.CodeNotComponent && example != "(component)" {
			_, err = eng.Compile(t.Context(), "test", assemble(t, example))
		}
		return err
	})
}

// The error for a core module or a text says what to do with it.
func TestCompileNoComponent(t *testing.T) {
	eng := engine(t, runner.Options{})
	for _, r := range []struct {
		data []byte
		want string
	}{
		{assemble(t, "(module)"),
			"x:0x0: this is a core module: make a component from it first, with `componentize.New` or `compose new`"},
		{[]byte("\n (component)"), "x:0x0: this is the text format: make a binary from it first, with `wat.Parse` or `inspect parse`"},
		{[]byte(";; x\n(component)"), "x:0x0: this is the text format: make a binary from it first, with `wat.Parse` or `inspect parse`"},
	} {
		if _, err := eng.Compile(t.Context(), "x", r.data); fmt.Sprint(err) != r.want {
			t.Errorf("got %v, want %s", err, r.want)
		}
	}
}

// Programs and linkers may be used by any number of goroutines, instances by one.
func TestConcurrentInstances(t *testing.T) {
	ctx := context.Background()
	p := program(t, runner.Options{}, "compound")
	n := program(t, runner.Options{}, "nested")
	l := host(echo)
	linked, err := l.Link(n)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() {
			for round := range 10 {
				i, err := runner.NewLinker().Instantiate(ctx, p)
				if err != nil {
					t.Error(err)
					return
				}
				want := fmt.Sprint("goroutine ", g, " round ", round)
				if v, err := i.Func("string").Call(ctx, value.String(want)); err != nil || v.Str() != want {
					t.Errorf("got %v, %v", v, err)
				}
				j, err := linked.Instantiate(ctx)
				if err != nil {
					t.Error(err)
					return
				}
				if v, err := j.Func("one", "call").Call(ctx, value.U32(uint32(g))); err != nil || v.Bits() != uint64(g) {
					t.Errorf("got %v, %v", v, err)
				}
				if err := errors.Join(i.Close(ctx), j.Close(ctx)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// Compiling and closing programs does not disturb others that share core code with them.
func TestSharedCode(t *testing.T) {
	ctx := context.Background()
	p := program(t, runner.Options{}, "calls")
	i := instantiate(t, p, host(echo))
	for range 3 {
		q := program(t, runner.Options{}, "calls")
		if got := call(t, instantiate(t, q, host(echo)), "run", value.U32(1)); got.Bits() != 2 {
			t.Errorf("run = %d", got.Bits())
		}
	}
	if err := i.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

// A fallback serves undefined functions and drops undefined resources; what is defined remains.
func TestFallback(t *testing.T) {
	var calls []string
	l := runner.NewLinker()
	l.Instance("ns:h/more@0.2.0").Func("peek", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.U32(uint32(args[0].Handle().(int))), nil
	})
	l.Fallback(runner.Fallback{
		Func: func(_ context.Context, name string, ft *types.Func, args []value.Value) (value.Value, error) {
			calls = append(calls, name)
			if len(args) == 1 && args[0].Kind() == value.KindU32 {
				return value.Own(int(args[0].Bits())), nil
			}
			return value.U32(uint32(args[0].Handle().(int))), value.Check(args[0], ft.Params[0].Type)
		},
		Drop: func(_ context.Context, v any) error {
			calls = append(calls, fmt.Sprint("drop ", v))
			return nil
		},
	})
	i := fixture(t, "host", l)
	if got := call(t, i, "use", value.U32(4)); got.Bits() != 8 {
		t.Errorf("use = %d", got.Bits())
	}
	want := []string{"ns:h/items@0.2.0.[constructor]item", "ns:h/items@0.2.0.[method]item.get", "drop 4"}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// A call of a host function with numbers costs no garbage, neither for the arguments nor for the
// result.
func TestHostCallsAllocateNothing(t *testing.T) {
	if !runner.Compiles {
		t.Skip("the interpreter has another stack and allocates for each call")
	}
	l := runner.NewLinker()
	var seen uint32
	l.Func("host", func(_ context.Context, args []value.Value) (value.Value, error) {
		seen += args[0].U32()
		return value.U32(args[0].U32() + 1), nil
	})
	run := fn(t, fixture(t, "calls", l), "run")
	ctx, n := context.Background(), value.U32(5)
	args := []value.Value{n}
	if got := testing.AllocsPerRun(100, func() {
		if v, err := run.Call(ctx, args...); err != nil || v.U32() != 7 {
			t.Fatalf("%v, %v", v, err)
		}
	}); got >= 1 {
		t.Errorf("a call allocates %v times", got)
	}
	if seen != 101*5 {
		t.Errorf("the arguments add up to %d", seen)
	}
}

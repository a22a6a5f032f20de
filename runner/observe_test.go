package runner_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// A scribe is an observer that writes a line for the begin and the end of each call.
type scribe struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *scribe) Begin(_ context.Context, c *runner.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	args := make([]string, len(c.Args))
	for i, a := range c.Args {
		args[i] = wave(a, c.Type.Params[i].Type)
	}
	side := func(path string) string {
		if path == "" {
			return "."
		}
		return strings.ReplaceAll(path, "component ", "")
	}
	fmt.Fprintf(&s.b, "%s%s %s>%s %s(%s)\n", strings.Repeat("  ", c.Depth()), c.Kind, side(c.From), side(c.To), c.Name(), strings.Join(args, ", "))
}

func (s *scribe) End(c *runner.Call, result value.Value, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var text string
	if err != nil {
		text = "! " + err.Error()
	} else {
		text = "= " + wave(result, c.Type.Result)
	}
	fmt.Fprintf(&s.b, "%s%s\n", strings.Repeat("  ", c.Depth()), strings.TrimSuffix(text, " "))
}

func (s *scribe) want(t *testing.T, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), s.b.String()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	s.b.Reset()
}

// itemHost is a host of the fixture host whose resource is a Go value that cannot be compared.
func itemHost() *runner.Linker {
	l := runner.NewLinker()
	items := l.Instance("ns:h/items@0.2.0")
	get := func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.U32(uint32(args[0].Handle().([]int)[0])), nil
	}
	items.Resource("item", func(_ context.Context, v any) error {
		if n := v.([]int)[0]; n > 100 {
			return fmt.Errorf("%d is too large to drop", n)
		}
		return nil
	})
	items.Func("[constructor]item", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.Own([]int{int(args[0].Bits())}), nil
	})
	items.Func("[method]item.get", get)
	items.Func("take", get)
	more := l.Instance("ns:h/more@0.2.3")
	more.SameResource("item", "item")
	more.Func("peek", get)
	return l
}

func TestObserveHost(t *testing.T) {
	var s scribe
	i, err := itemHost().Instantiate(t.Context(), program(t, runner.Options{Observer: &s}, "host"))
	if err != nil {
		t.Fatal(err)
	}
	s.want(t, "instantiate .>. ()\n=\n")
	if got := call(t, i, "use", value.U32(4)); got.Bits() != 8 {
		t.Errorf("use = %d", got.Bits())
	}
	s.want(t, `
export .>. use(4)
  import .>. ns:h/items@0.2.0.[constructor]item(4)
  = item#1
  import .>. ns:h/items@0.2.0.[method]item.get(item#1)
  = 4
  import .>. ns:h/more@0.2.3.peek(item#1)
  = 4
  drop .>. ns:h/items@0.2.0.[drop]item(item#1)
  =
= 8
`)
	call(t, i, "give", value.U32(5))
	s.want(t, `
export .>. give(5)
  import .>. ns:h/items@0.2.0.[constructor]item(5)
  = item#2
  import .>. ns:h/items@0.2.0.take(item#2)
  = 5
= 5
`)
	// The host gets its own value back.
	if got := call(t, i, "back", value.Own([]int{6})); got.Handle().([]int)[0] != 6 {
		t.Errorf("back = %v", got.Handle())
	}
	s.want(t, "export .>. back(item#3)\n= item#3\n")
	call(t, i, "leak", value.U32(7))
	s.b.Reset()
	if err := i.Close(t.Context()); err != nil {
		t.Error(err)
	}
	s.want(t, "close .>. ns:h/items@0.2.0.[drop]item(item#4)\n=\n")
}

// The calls that a trap or an exit ends have its error, from the inside out.
func TestObserveErrors(t *testing.T) {
	var s scribe
	i := instantiate(t, program(t, runner.Options{Observer: &s}, "host"), itemHost())
	s.b.Reset()
	trap(t, i, "use", "101 is too large to drop", value.U32(101))
	s.want(t, `
export .>. use(101)
  import .>. ns:h/items@0.2.0.[constructor]item(101)
  = item#1
  import .>. ns:h/items@0.2.0.[method]item.get(item#1)
  = 101
  import .>. ns:h/more@0.2.3.peek(item#1)
  = 101
  drop .>. ns:h/items@0.2.0.[drop]item(item#1)
  ! dropping a `+"`ns:h/items@0.2.0.item`"+`: 101 is too large to drop
! dropping a `+"`ns:h/items@0.2.0.item`"+`: 101 is too large to drop
`)
	j := instantiate(t, program(t, runner.Options{Observer: &s}, "nested"), host(func(context.Context, uint32) (uint32, error) {
		return 0, &runner.ExitError{Code: 3}
	}))
	s.b.Reset()
	_, err := fn(t, j, "one call").Call(t.Context(), value.U32(1))
	var exit *runner.ExitError
	if !errors.As(err, &exit) {
		t.Errorf("error %v", err)
	}
	s.want(t, `
export .>0 one.call(1)
  inner 0>0 > 0 call(1)
    import 0 > 0>. host(1)
    ! exit with code 3
  ! exit with code 3
! exit with code 3
`)
}

func TestObserveComponents(t *testing.T) {
	var s scribe
	i := instantiate(t, program(t, runner.Options{Observer: &s}, "resources"), nil)
	s.b.Reset()
	call(t, i, user+"use", value.U32(4))
	s.want(t, `
export .>1 ns:t/user.use(4)
  inner 1>0 ns:t/things.[constructor]thing(4)
  = thing#1
  inner 1>0 ns:t/things.[method]thing.get(thing#1)
  = 40
  destructor 1>0 [drop]thing(thing#1)
  =
= 40
`)
	a := call(t, i, things+"[constructor]thing", value.U32(7))
	call(t, i, user+"look", a)
	if err := i.DropResource(t.Context(), a); err != nil {
		t.Error(err)
	}
	s.want(t, `
export .>0 ns:t/things.[constructor]thing(7)
= thing#2
export .>1 ns:t/user.look(thing#2)
  inner 1>0 ns:t/things.[method]thing.get(thing#2)
  = 70
= 70
destructor .>0 [drop]thing(thing#2)
=
`)
}

// A component that exports what it imports passes calls on: they are calls of both.
func TestObserveReexport(t *testing.T) {
	var s scribe
	l := host(func(_ context.Context, n uint32) (uint32, error) { return n + 1, nil })
	i := instantiate(t, text(t, runner.Options{Observer: &s}, `(component
		(import "host" (func $host (param "n" u32) (result u32)))
		(export "again" (func $host)))`), l)
	s.b.Reset()
	if got := call(t, i, "again", value.U32(1)); got.Bits() != 2 {
		t.Errorf("again = %d", got.Bits())
	}
	s.want(t, `
export .>. again(1)
  import .>. host(1)
  = 2
= 2
`)
}

// An interface is named as it is exported, whatever version the caller asks for.
func TestObserveVersions(t *testing.T) {
	var s scribe
	i := instantiate(t, text(t, runner.Options{Observer: &s}, `(component
		(core module $M (func (export "f")))
		(core instance $m (instantiate $M))
		(func $f (canon lift (core func $m "f")))
		(instance $i (export "f" (func $f)))
		(export "ns:p/i@1.2.3" (instance $i)))`), nil)
	s.b.Reset()
	call(t, i, "ns:p/i@1.0.0 f")
	s.want(t, "export .>. ns:p/i@1.2.3.f()\n=\n")
}

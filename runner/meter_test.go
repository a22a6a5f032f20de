package runner_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// endless are components whose function `f` never ends or takes very long.
var endless = map[string]string{
	"a loop":              `(func (export "f") (loop $l (br $l)))`,
	"recursion":           `(func $f (export "f") (drop (call $fib (i32.const 60)))) ` + fib,
	"a tail call":         `(func $f (export "f") (return_call $f))`,
	"mutual tail calls":   `(table funcref (elem $f)) (func $f (export "f") (return_call $g)) (func $g (return_call_indirect (i32.const 0)))`,
	"long fills":          `(memory 8192) (func (export "f") ` + strings.Repeat("(memory.fill (i32.const 0) (i32.const 1) (i32.const 0x1fffffff))\n", 200) + ")",
	"long copies":         `(memory 8192) (func (export "f") ` + strings.Repeat("(memory.copy (i32.const 1) (i32.const 0) (i32.const 0x1fffffff))\n", 200) + ")",
	"a graph of calls":    dag(60),
	"a giant without end": `(func $f (export "f") (local i32) ` + strings.Repeat("(local.set 0 (i32.add (local.get 0) (i32.const 1)))", 5000) + `(return_call $f))`,
}

const fib = `(func $fib (param i32) (result i32)
	(if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
		(else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))`

func dag(n int) string {
	var b strings.Builder
	b.WriteString("(func $d0)")
	for i := range n {
		fmt.Fprintf(&b, "(func $d%d (call $d%d) (call $d%d))", i+1, i, i)
	}
	return b.String() + fmt.Sprintf(`(export "f" (func $d%d))`, n)
}

func component(core string) string {
	return `(component (core module $m ` + core + `) (core instance $i (instantiate $m))
		(func (export "f") (canon lift (core func $i "f"))))`
}

// A deadline ends all guest code soon, and other goroutines and the garbage collector run
// meanwhile, even if there is only one processor for all of them.
func TestDeadlineEndsEverything(t *testing.T) {
	skipIfSlow(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, o := range []runner.Options{{}, {Interpreter: true}} {
		eng := engine(t, o)
		for name, source := range endless {
			p := compile(t, eng, assemble(t, component(source)))
			// On a busy machine the process itself may have to wait, so the best of three runs counts.
			for n := range 3 {
				inst := instantiate(t, p, nil)
				gaps := watch()
				ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
				start := time.Now()
				_, err := fn(t, inst, "f").Call(ctx)
				took, gap := time.Since(start), gaps()
				cancel()
				var trap *runner.Trap
				if !errors.As(err, &trap) || trap.Message != "timed out" || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s: %v, want a timeout", name, err)
				}
				t.Logf("%s: %v, gap %v", name, took, gap)
				if took < 2*time.Second && gap < time.Second {
					break
				}
				if n == 2 {
					t.Errorf("%s: ended after %v; nothing else ran for %v", name, took, gap)
				}
			}
		}
	}
}

// watch runs a ticker in another goroutine, which also makes garbage. The function it returns stops
// that and returns the longest time between two ticks.
func watch() func() time.Duration {
	stop, longest := make(chan struct{}), make(chan time.Duration)
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		most, last := time.Duration(0), time.Now()
		for {
			select {
			case <-stop:
				longest <- max(most, time.Since(last))
				return
			case <-tick.C:
			}
			for range 100 {
				garbage = make([]byte, 100_000)
			}
			most = max(most, time.Since(last))
			last = time.Now()
		}
	}()
	return func() time.Duration {
		close(stop)
		return <-longest
	}
}

var garbage []byte

// Closing an instance ends a call that runs in it.
func TestCloseEndsARunningCall(t *testing.T) {
	inst := instantiate(t, text(t, runner.Options{}, `(component (import "host" (func $host))
		(core func $h (canon lower (func $host)))
		(core module $m (import "" "host" (func $host)) (func (export "f") (call $host) (loop $l (br $l))))
		(core instance $i (instantiate $m (with "" (instance (export "host" (func $h))))))
		(func (export "f") (canon lift (core func $i "f"))))`), func() *runner.Linker {
		l := runner.NewLinker()
		l.Func("host", func(context.Context, []value.Value) (value.Value, error) { return value.Value{}, nil })
		return l
	}())
	done := make(chan error)
	go func() {
		_, err := fn(t, inst, "f").Call(context.Background())
		done <- err
	}()
	for {
		if err := inst.Close(context.Background()); errors.Is(err, runner.ErrBusy) {
			break
		}
		select {
		case err := <-done: // it was closed before the call began
			if !errors.Is(err, runner.ErrClosed) {
				t.Error(err)
			}
			return
		default:
			runtime.Gosched()
		}
	}
	if err := <-done; !errors.Is(err, runner.ErrClosed) {
		t.Errorf("%v, want %v", err, runner.ErrClosed)
	}
}

// Traps have the same frames whether or not the code counts its work.
func TestBacktracesOfRewrittenCode(t *testing.T) {
	f, err := wat.AssembleWithLines(diag.NewFile("guest.wat", []byte(`(component
  (core module $m
    (memory 1)
    (func $leaf (param i32) (result i32)
      (i32.load
        (local.get 0)))
    (func (param $n i32)
      (loop $again
        (if (i32.eqz (local.get $n)) (then
          (drop (call $leaf (i32.const -1)))))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $again)))
    (func (export "f") (call 1 (i32.const 10)))
    (func (export "g")
      (nop)
      (memory.fill (i32.const 0) (i32.const 0) (i32.const -1)))
    (func $h (export "h") (call $h) (call $h)))
  (core instance $i (instantiate $m))
  (func (export "f") (canon lift (core func $i "f")))
  (func (export "g") (canon lift (core func $i "g")))
  (func (export "h") (canon lift (core func $i "h"))))`)))
	if err != nil {
		t.Fatal(err)
	}
	frames := func(o runner.Options, name string) string {
		inst := instantiate(t, compile(t, engine(t, o), f.Data), nil)
		_, err := fn(t, inst, name).Call(t.Context())
		var trap *runner.Trap
		if !errors.As(err, &trap) {
			t.Fatalf("%s: %v", name, err)
		}
		out := trap.Message + "\n"
		for _, fr := range trap.Frames {
			out += fmt.Sprintf("%s at %s\n", fr.Func, fr.Source)
		}
		return out
	}
	for _, name := range []string{"f", "g", "h"} {
		for _, interpreter := range []bool{false, true} {
			want := frames(runner.Options{Uninterruptible: true, Interpreter: interpreter}, name)
			got := frames(runner.Options{Interpreter: interpreter}, name)
			if got != want || name != "h" && !strings.Contains(want, "guest.wat:") {
				t.Errorf("%s: got\n%swant\n%s", name, got, want)
			}
		}
	}
}

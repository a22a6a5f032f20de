package runner_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// Instantiating, calling and closing leave nothing behind: neither goroutines nor memory. A fifth
// of the calls trap. There are 100,000 cycles with MORTISE_LONG=1.
func TestCyclesLeaveNothing(t *testing.T) {
	cycles := 1000
	if long() {
		cycles = 100_000
	}
	ctx := context.Background()
	eng := engine(t, runner.Options{})
	p := compile(t, eng, assemble(t, fmt.Sprintf(pair, heap+`(func (export "f") (param i32 i32) (result i32)
		(if (i32.eq (local.get 1) (i32.const 13)) (then unreachable)) (local.get 1))`, `(param "s" string) (result u32)`,
		`(import "" "f" (func $f (param i32 i32) (result i32)))
		(func (export "run") (param i32) (result i32) (call $f (i32.const 0) (local.get 0)))`, "$inner", "$outer")))
	linked, err := runner.NewLinker().Link(p)
	if err != nil {
		t.Fatal(err)
	}
	cycle := func(n int) {
		i, err := linked.Instantiate(ctx)
		if err != nil {
			t.Fatal(err)
		}
		size := uint32(n)
		if n%5 == 0 {
			size = 13
		}
		v, err := i.Func("run").Call(ctx, value.U32(size))
		var trap *runner.Trap
		switch {
		case size == 13 && errors.As(err, &trap):
		case err != nil || v.Bits() != uint64(size):
			t.Fatalf("cycle %d: %v, %v", n, v, err)
		}
		if err := i.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
	usage := func() (goroutines int, heap uint64) {
		for range 3 {
			runtime.GC()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), m.HeapAlloc
	}
	for n := range 200 {
		cycle(n % 100)
	}
	goroutines, heap := usage()
	for n := range cycles {
		cycle(n % 1000)
	}
	if g, h := usage(); g > goroutines || h > heap+heap/4+1<<20 {
		t.Errorf("after %d cycles: %d goroutines and %d bytes of heap; before: %d and %d", cycles, g, h, goroutines, heap)
	} else {
		t.Logf("after %d cycles: %d goroutines and %d bytes of heap; before: %d and %d", cycles, g, h, goroutines, heap)
	}
}

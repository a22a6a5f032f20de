package runner_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/internal/reftool"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// between are the exports of the fixture of that name, each of which calls another component.
var between = []string{"nop", "add", "strlen16", "strlen", "echo", "sum", "echo-list", "sum-people", "echo-people"}

// BenchmarkCallBetween times calls from one component to another, a thousand a round: in code that
// can be interrupted, and in code that cannot.
func BenchmarkCallBetween(b *testing.B) {
	ctx := context.Background()
	for _, way := range []struct {
		name string
		o    runner.Options
	}{{"interruptible", runner.Options{}}, {"uninterruptible", runner.Options{Uninterruptible: true}}} {
		p := program(b, way.o, "between")
		for _, name := range between {
			b.Run(name+"/"+way.name, func(b *testing.B) {
				f := fn(b, instantiate(b, p, nil), name)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := f.Call(ctx, value.U32(1000)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// The fixture whose calls are timed does what it says.
func TestBetween(t *testing.T) {
	want := map[string]uint64{"nop": 0, "add": 3, "strlen16": 16, "strlen": 1024, "echo": 1024, "sum": 499500, "echo-list": 1000,
		"sum-people": 100 * (16 + 30), "echo-people": 100}
	i := fixture(t, "between", nil)
	for _, name := range between {
		if got := call(t, i, name, value.U32(3)); got.Bits() != want[name] {
			t.Errorf("%s = %d, want %d", name, got.Bits(), want[name])
		}
	}
}

// TestBetweenLikeWasmtime writes the table of docs/performance.md, for which it takes half a
// minute: go test ./runner -run BetweenLikeWasmtime -v -timings
func TestBetweenLikeWasmtime(t *testing.T) {
	if !*timings {
		t.Skip("without -timings")
	}
	least := make(map[string][3]float64)
	note := func(name string, column int, ns float64) {
		row := least[name]
		if row[column] == 0 || ns < row[column] {
			row[column] = ns
		}
		least[name] = row
	}
	ctx := context.Background()
	fast, slow := program(t, runner.Options{Uninterruptible: true}, "between"), program(t, runner.Options{}, "between")
	// All are timed by turns, because the machine may be busy.
	for range 10 {
		for i, ns := range reftool.TimeWasmtime(t, "testdata/between.wasm", 200, between...) {
			note(between[i], 0, ns)
		}
		for column, p := range []*runner.Program{fast, slow} {
			i := instantiate(t, p, nil)
			for _, name := range between {
				f := fn(t, i, name)
				for start := time.Now(); time.Since(start) < 100*time.Millisecond; {
					before := time.Now()
					if _, err := f.Call(ctx, value.U32(200)); err != nil {
						t.Fatal(err)
					}
					note(name, 1+column, float64(time.Since(before))/200)
				}
			}
		}
	}
	var b strings.Builder
	for _, name := range between {
		row := least[name]
		fmt.Fprintf(&b, "| %s | %.1f | %.1f | %.1f | %.1f | %.1f |\n", name, row[0], row[2], row[1], row[2]/row[0], row[1]/row[0])
	}
	t.Logf("nanoseconds a call\n| call | wasmtime | default | uninterruptible | ratio, default | ratio, uninterruptible |\n|---|---|---|---|---|---|\n%s", &b)
}

var timings = flag.Bool("timings", false, "time the runner beside other engines")

package runner_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// link compiles a component for a benchmark.
func link(b *testing.B, o runner.Options, path string) *runner.Linked {
	b.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		b.Skipf("SKIPPED: %v", err)
	}
	ctx := context.Background()
	eng, err := runner.NewEngine(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := eng.Close(ctx); err != nil {
			b.Error(err)
		}
	})
	prog, err := eng.Compile(ctx, path, data)
	if err != nil {
		b.Fatal(err)
	}
	linked, err := runner.NewLinker().Link(prog)
	if err != nil {
		b.Fatal(err)
	}
	return linked
}

func instance(b *testing.B, l *runner.Linked) *runner.Instance {
	b.Helper()
	inst, err := l.Instantiate(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := inst.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return inst
}

// peer reads a component from outside the project that other runtimes are timed with.
func peer(name string) string {
	dir := os.Getenv("PEERS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "peers", "components")
	}
	return filepath.Join(dir, name+".wasm")
}

func BenchmarkInstantiate(b *testing.B) {
	for name, path := range map[string]string{"words": "../examples/greeter/words.wasm", "leaf": peer("leaf"), "composed": peer("composed")} {
		b.Run(name, func(b *testing.B) {
			l := link(b, runner.Options{}, path)
			ctx := context.Background()
			b.ReportAllocs()
			for b.Loop() {
				inst, err := l.Instantiate(ctx)
				if err != nil {
					b.Fatal(err)
				}
				if err := inst.Close(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCall times calls from Go into a component.
func BenchmarkCall(b *testing.B) {
	recs := make([]value.Value, 100)
	for i := range recs {
		recs[i] = value.Record([]value.Value{value.String("abcdefghijklmnop"), value.U32(uint32(i)), value.F64(1.5)})
	}
	kib := value.String(strings.Repeat("a", 1024))
	for _, c := range []struct {
		name string
		args []value.Value
	}{
		{"nop", nil},
		{"add", []value.Value{value.U32(1), value.U32(2)}},
		{"strlen", []value.Value{kib}},
		{"echo", []value.Value{kib}},
		{"sum", []value.Value{value.Packed(make([]uint32, 1000))}},
		{"echo-list", []value.Value{value.Packed(make([]uint32, 1000))}},
		{"sum-recs", []value.Value{value.List(recs)}},
		{"echo-recs", []value.Value{value.List(recs)}},
	} {
		b.Run(c.name, func(b *testing.B) {
			f := instance(b, link(b, runner.Options{}, peer("leaf"))).Func(c.name)
			ctx := context.Background()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Call(ctx, c.args...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkBetween times calls from one component to another, in code that can be interrupted and
// in code that cannot. Each round makes a thousand of them.
func BenchmarkBetween(b *testing.B) {
	for _, way := range []struct {
		name string
		o    runner.Options
	}{{"interruptible", runner.Options{}}, {"uninterruptible", runner.Options{Uninterruptible: true}}} {
		for _, name := range []string{"nop", "add", "strlen16", "strlen", "echo", "sum", "echo-list", "sum-recs", "echo-recs"} {
			b.Run(name+"/"+way.name, func(b *testing.B) {
				f := instance(b, link(b, way.o, peer("composed"))).Func("loop-" + name)
				ctx := context.Background()
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

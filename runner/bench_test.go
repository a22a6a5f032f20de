package runner_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// modes runs a benchmark with interruptible guest code, which is the default, and without.
func modes(b *testing.B, f func(b *testing.B, o runner.Options)) {
	b.Run("default", func(b *testing.B) { f(b, runner.Options{}) })
	b.Run("uninterruptible", func(b *testing.B) { f(b, runner.Options{Uninterruptible: true}) })
}

// newEngine returns an engine that is closed after the benchmark.
func newEngine(b *testing.B, o runner.Options) *runner.Engine {
	b.Helper()
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
	return eng
}

// read reads a file. If it does not exist, the benchmark is skipped.
func read(b *testing.B, path string) []byte {
	b.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		b.Skipf("SKIPPED: %v", err)
	}
	return data
}

// link compiles a component for a benchmark and links it with the functions that peers import.
func link(b *testing.B, o runner.Options, path string) *runner.Linked {
	b.Helper()
	data := read(b, path)
	prog, err := newEngine(b, o).Compile(context.Background(), path, data)
	if err != nil {
		b.Fatal(err)
	}
	linked, err := peerHost().Link(prog)
	if err != nil {
		b.Fatal(err)
	}
	return linked
}

// peerHost returns a linker with the functions that the component hostimp imports.
func peerHost() *runner.Linker {
	l := runner.NewLinker()
	h := l.Instance("bench:leaf/api")
	h.Func("nop", func(context.Context, []value.Value) (value.Value, error) { return value.Value{}, nil })
	h.Func("add", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.U32(args[0].U32() + args[1].U32()), nil
	})
	h.Func("strlen", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.U32(uint32(len(args[0].Str()))), nil
	})
	h.Func("sum", func(_ context.Context, args []value.Value) (value.Value, error) {
		var n uint32
		elems, _ := value.PackedOf[uint32](args[0])
		for _, x := range elems {
			n += x
		}
		return value.U32(n), nil
	})
	h.Func("sum-recs", func(_ context.Context, args []value.Value) (value.Value, error) {
		var n uint32
		for r := range args[0].Elems() {
			n += r.Index(1).U32() + uint32(len(r.Index(0).Str()))
		}
		return value.U32(n), nil
	})
	for _, name := range []string{"echo", "echo-list", "echo-recs"} {
		h.Func(name, func(_ context.Context, args []value.Value) (value.Value, error) { return args[0], nil })
	}
	return l
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
	for _, path := range []string{"../examples/greeter/words.wasm", peer("leaf"), peer("composed")} {
		b.Run(strings.TrimSuffix(filepath.Base(path), ".wasm"), func(b *testing.B) {
			modes(b, func(b *testing.B, o runner.Options) {
				l := link(b, o, path)
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
		})
	}
}

// BenchmarkInstantiateMany times 500 instances of one graph that exist at the same time.
func BenchmarkInstantiateMany(b *testing.B) {
	modes(b, func(b *testing.B, o runner.Options) {
		l := link(b, o, peer("composed"))
		ctx := context.Background()
		b.ReportAllocs()
		for b.Loop() {
			insts := make([]*runner.Instance, 500)
			for i := range insts {
				var err error
				if insts[i], err = l.Instantiate(ctx); err != nil {
					b.Fatal(err)
				}
			}
			for _, inst := range insts {
				if err := inst.Close(ctx); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
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
			modes(b, func(b *testing.B, o runner.Options) {
				f := instance(b, link(b, o, peer("leaf"))).Func(c.name)
				ctx := context.Background()
				b.ReportAllocs()
				for b.Loop() {
					if _, err := f.Call(ctx, c.args...); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkCallHost times calls from a component to functions of Go. Each round makes a thousand of
// them.
func BenchmarkCallHost(b *testing.B) {
	for _, name := range []string{"nop", "add", "strlen16", "strlen", "echo", "sum", "echo-list", "sum-recs", "echo-recs"} {
		b.Run(name, func(b *testing.B) {
			modes(b, func(b *testing.B, o runner.Options) {
				f := instance(b, link(b, o, peer("hostimp"))).Func("loop-" + name)
				ctx := context.Background()
				b.ReportAllocs()
				for b.Loop() {
					if _, err := f.Call(ctx, value.U32(1000)); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkCallCompiler times compiling a component, also if the code is cached, in comparison with
// the engine alone. The variable COMPILE names a component; without it, it is a small one.
func BenchmarkCallCompiler(b *testing.B) {
	path := os.Getenv("COMPILE")
	if path == "" {
		path = "../examples/greeter/words.wasm"
	}
	data := read(b, path)
	ctx := context.Background()
	modes(b, func(b *testing.B, o runner.Options) {
		b.ReportAllocs()
		for b.Loop() {
			if err := compileOnce(ctx, o, path, data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cached", func(b *testing.B) {
		o := runner.Options{CacheDir: b.TempDir()}
		if err := compileOnce(ctx, o, path, data); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if err := compileOnce(ctx, o, path, data); err != nil {
				b.Fatal(err)
			}
		}
	})
	c, err := encoding.Decode(diag.NewBinary(path, data))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("engine", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := engineOnce(ctx, c); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// compileOnce compiles a component with an engine of its own.
func compileOnce(ctx context.Context, o runner.Options, path string, data []byte) error {
	eng, err := runner.NewEngine(ctx, o)
	if err != nil {
		return err
	}
	_, err = eng.Compile(ctx, path, data)
	return errors.Join(err, eng.Close(ctx))
}

// engineOnce compiles the core modules of a component with the engine alone.
func engineOnce(ctx context.Context, c *encoding.Component) error {
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2|experimental.CoreFeaturesTailCall|experimental.CoreFeaturesExtendedConst))
	ctx = experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0))
	err := compileModules(ctx, rt, c)
	return errors.Join(err, rt.Close(ctx))
}

func compileModules(ctx context.Context, rt wazero.Runtime, c *encoding.Component) error {
	for _, d := range c.Defs {
		var err error
		switch d := d.(type) {
		case *encoding.CoreModule:
			_, err = rt.CompileModule(ctx, d.Bytes)
		case *encoding.NestedComponent:
			err = compileModules(ctx, rt, d.Component)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

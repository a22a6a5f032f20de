package runner_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// hostile are guests that try to make the host spend much. `f` takes no parameters.
var hostile = map[string]func() string{
	"lists that overlap": func() string {
		return `(component (core module $m (memory (export "memory") 4)
			(func (export "f") (result i32) (local $p i32)
				(loop $l (i32.store (local.get $p) (i32.const 0)) (i32.store offset=4 (local.get $p) (i32.const 262000))
					(br_if $l (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 8))) (i32.const 261000))))
				(i32.store (i32.const 0) (i32.const 8)) (i32.store (i32.const 4) (i32.const 32000)) (i32.const 0)))
			(core instance $i (instantiate $m))
			(func (export "f") (result (list (list u8))) (canon lift (core func $i "f") (memory (core memory $i "memory")))))`
	},
	"a list of 64 million bools": func() string {
		return `(component (core module $m (memory (export "memory") 1025)
			(func (export "f") (result i32) (i32.store (i32.const 0) (i32.const 8)) (i32.store (i32.const 4) (i32.const 0x4000000)) (i32.const 0)))
			(core instance $i (instantiate $m))
			(func (export "f") (result (list bool)) (canon lift (core func $i "f") (memory (core memory $i "memory")))))`
	},
	"memories that are used": func() string {
		return `(component (core module $m (memory 1024) (data (i32.const 0x3000000) "x") (func (export "f"))) ` +
			strings.Repeat("(core instance (instantiate $m))\n", 2000) + `(core instance $i (instantiate $m)) (func (export "f") (canon lift (core func $i "f"))))`
	},
	"core instances without end": func() string {
		var b strings.Builder
		b.WriteString(`(component (core module $m) (component $c0 ` + strings.Repeat("(core instance (instantiate $m))", 100) + ")")
		for i := range 5 {
			fmt.Fprintf(&b, "(component $c%d ", i+1)
			for range 20 {
				fmt.Fprintf(&b, "(instance (instantiate $c%d))", i)
			}
			b.WriteString(")")
		}
		return b.String() + "(instance (instantiate $c5)))"
	},
	"handles without end": func() string {
		return `(component (type $r (resource (rep i32))) (core func $new (canon resource.new $r))
			(core module $m (import "" "new" (func $new (param i32) (result i32))) (func (export "f") (loop $l (drop (call $new (i32.const 0))) (br $l))))
			(core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
			(func (export "f") (canon lift (core func $i "f"))))`
	},
	"a table that grows without end": func() string {
		return component(`(table 0 funcref) (func (export "f") (loop $l (drop (table.grow (ref.null func) (i32.const 100000))) (br $l)))`)
	},
	"a table that grows at once": func() string {
		return component(`(table 0 funcref) (func (export "f") (loop $l (drop (table.grow (ref.null func) (i32.const 0x7fffffff))) (br $l)))`)
	},
	"recursion without end": func() string { return component(`(func $f (export "f") (call $f) (call $f))`) },
	"a memory that grows without end": func() string {
		return component(`(memory 1) (func (export "f") (loop $l (drop (memory.grow (i32.const 16))) (br $l)))`)
	},
	"a start function without end": func() string {
		return `(component (core module $m (func $s (loop $l (br $l))) (start $s)) (core instance (instantiate $m)))`
	},
	"a realloc without end": func() string {
		return `(component (import "host" (func $h (result string)))
			(core module $libc (memory (export "memory") 1) (func $r (export "realloc") (param i32 i32 i32 i32) (result i32) (return_call $r (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))))
			(core instance $libc (instantiate $libc))
			(core func $h (canon lower (func $h) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
			(core module $m (import "" "h" (func $h (param i32))) (func (export "f") (call $h (i32.const 0))))
			(core instance $i (instantiate $m (with "" (instance (export "h" (func $h))))))
			(func (export "f") (canon lift (core func $i "f"))))`
	},
}

// Guests that try to make the host spend much fail in bounded time and memory, and other goroutines
// run meanwhile.
func TestHostileGuests(t *testing.T) {
	skipIfSlow(t)
	guests := make(map[string][]byte)
	for name, source := range hostile {
		guests[name] = assemble(t, source())
	}
	for name, source := range endless {
		guests[name] = assemble(t, component(source))
	}
	for name, data := range guests {
		t.Run(name, func(t *testing.T) { attack(t, data, "f") })
	}
}

// TestForeignAttacks does the same with the guests in the folder attacks next to the corpus.
func TestForeignAttacks(t *testing.T) {
	skipIfSlow(t)
	corpus := os.Getenv("CORPUS")
	if corpus == "" {
		corpus = filepath.Join("..", "..", "shared", "corpus")
	}
	files, _ := filepath.Glob(filepath.Join(corpus, "..", "attacks", "*.wa[ts]*"))
	if len(files) == 0 {
		t.Skip("SKIPPED: the folder attacks is missing beside the corpus: set CORPUS to the corpus")
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".wast") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(data, []byte("\x00asm")) {
			u, err := wat.Parse(diag.NewFile(file, data))
			if err != nil {
				continue // not of this kind
			}
			data = u.Append(nil)
		}
		t.Run(filepath.Base(file), func(t *testing.T) { attack(t, data, "f") })
	}
}

// skipIfSlow skips a test of how long something takes if the processor is likely to be emulated.
func skipIfSlow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("times mean nothing on an emulated processor")
	}
}

// attack runs a guest for a short time. The machine may be busy, so the best of three runs counts.
// How long it takes says nothing if the race detector is on.
func attack(t *testing.T, data []byte, name string) {
	for n := range 3 {
		took, gap, used, outcome := attackOnce(t, data, name)
		t.Logf("%v, gap %v, %d MB: %.150s", took, gap, used>>20, outcome)
		if raceDetector {
			took, gap = 0, 0
		}
		if took < 4*time.Second && gap < time.Second && used < 1<<30 {
			return
		}
		if n == 2 {
			t.Errorf("it took %v and %d MB, and nothing else ran for %v: %s", took, used>>20, gap, outcome)
		}
		runtime.GC()
	}
}

func attackOnce(t *testing.T, data []byte, name string) (took, gap time.Duration, used uint64, outcome string) {
	const deadline = 200 * time.Millisecond
	eng := engine(t, runner.Options{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start, gaps := time.Now(), watch()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	outcome = "compiled"
	p, err := eng.Compile(context.Background(), "guest.wasm", data)
	if err == nil {
		l := runner.NewLinker()
		l.TrapUnknown()
		l.Func("host", func(context.Context, []value.Value) (value.Value, error) { return value.String("x"), nil })
		var linked *runner.Linked
		if linked, err = l.Link(p); err == nil {
			var inst *runner.Instance
			if inst, err = linked.Instantiate(ctx); err == nil {
				if f := inst.Func(name); f != nil && len(f.Type().Params) == 0 {
					_, err = f.Call(ctx)
				}
				if cerr := inst.Close(context.Background()); cerr != nil {
					t.Error(cerr)
				}
			}
		}
	}
	took, gap = time.Since(start), gaps()
	runtime.ReadMemStats(&after)
	if err != nil {
		outcome = err.Error()
		var trap *runner.Trap
		var list diag.List
		var unmet *runner.UnmetError
		if !errors.As(err, &trap) && !errors.As(err, &list) && !errors.As(err, &unmet) && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%T: %v", err, err)
		}
	}
	return took, gap, after.Sys - before.Sys, outcome
}

// Components with damaged code and data neither crash the process nor pass their limits. They are
// decoded and changed behind the decoder: bytes in the bodies of functions and in data.
func TestMutatedComponents(t *testing.T) {
	n := 30
	if long() {
		n = 1000
	}
	var seeds []*encoding.Component
	for _, name := range []string{"calls", "strings", "compound", "scalars", "nested"} {
		data, err := os.ReadFile(filepath.Join("testdata", name+".wasm"))
		if err != nil {
			t.Fatal(err)
		}
		seeds = append(seeds, decodeComponent(t, data))
	}
	seeds = slices.DeleteFunc(seeds, func(c *encoding.Component) bool { return len(mutable(c)) == 0 })
	if len(seeds) < 5 {
		t.Fatal("the seeds have no code")
	}
	seeds = append(seeds, decodeComponent(t, assemble(t, component(`(memory 1) (table 10 funcref) (global $g (mut i32) (i32.const 0))
		(func $f (export "f") (local $i i32)
			(loop $l (i32.store (local.get $i) (i32.add (global.get $g) (i32.load8_u (local.get $i))))
				(memory.copy (i32.const 100) (local.get $i) (i32.const 200)) (call $g (local.get $i))
				(br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 1000)))))
		(func $g (param i32) (if (i32.lt_u (local.get 0) (i32.const 20)) (then (call $g (i32.add (local.get 0) (i32.const 1)))))
			(global.set $g (i32.mul (local.get 0) (i32.const 7))))`))))
	rnd := rand.New(rand.NewPCG(11, 12))
	ran := 0
	for i := 0; ran < n; i++ {
		if i == 100*n {
			t.Fatalf("only %d of %d mutated components are valid", ran, i)
		}
		data := mutate(rnd, seeds[i%len(seeds)])
		if runMutated(t, data) {
			ran++
		}
		if t.Failed() {
			t.Fatalf("component %d: %x", i, data)
		}
	}
}

func decodeComponent(t *testing.T, data []byte) *encoding.Component {
	t.Helper()
	c, err := encoding.Decode(diag.NewBinary("seed.wasm", data))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// mutate returns the component with some bytes changed in the code or data of its core modules.
func mutate(rnd *rand.Rand, c *encoding.Component) []byte {
	out, spans := c.Append(nil), mutable(c)
	for range 1 + rnd.IntN(3) {
		s := spans[rnd.IntN(len(spans))]
		at := s.Start + rnd.IntN(s.End-s.Start)
		if rnd.IntN(2) == 0 {
			out[at] ^= 1 << rnd.IntN(8)
		} else {
			out[at] = byte(rnd.Uint32())
		}
	}
	return out
}

// mutable returns where a component has the bodies of functions and data.
func mutable(c *encoding.Component) []core.Span {
	var spans []core.Span
	add := func(base, start, end int) {
		if end > start {
			spans = append(spans, core.Span{Start: base + start, End: base + end})
		}
	}
	for _, d := range c.Defs {
		m, ok := d.(*encoding.CoreModule)
		if !ok {
			continue
		}
		mod, err := core.Decode(m.Bytes)
		if err != nil {
			continue
		}
		for b := range mod.Bodies() {
			add(m.Start, b.Start, b.End)
		}
		for d := range mod.Datas() {
			add(m.Start, d.End-len(d.Bytes), d.End)
		}
	}
	return spans
}

// runMutated calls all functions of a component that take no parameters. It reports whether the
// component is valid.
func runMutated(t *testing.T, data []byte) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	eng := engine(t, runner.Options{Limits: runner.Limits{MaxMemory: 1 << 24, Fuel: 2_000_000, MaxLifted: 1 << 20, MaxHandles: 100}})
	p, err := eng.Compile(ctx, "mutated.wasm", data)
	if err != nil {
		return false
	}
	l := runner.NewLinker()
	l.TrapUnknown()
	linked, err := l.Link(p)
	if err != nil {
		return false
	}
	for _, x := range p.Type().Exports.All() {
		inst, err := linked.Instantiate(ctx)
		if err != nil {
			break
		}
		if f := inst.Func(x.Name); f != nil && len(f.Type().Params) == 0 {
			_, err = f.Call(ctx)
		}
		if errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("`%s` does not run out of fuel", x.Name)
		}
		if err := inst.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
	return true
}

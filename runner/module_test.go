package runner_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// module decodes a core module in the text format.
func module(t testing.TB, source string) *core.Module {
	t.Helper()
	m, err := core.Decode(assemble(t, source))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// counter is a core module with state. It also has an import and an export that no component needs
// to know.
const counter = `(module
  (import "env" "step" (func $step (result i32)))
  (global $n (mut i32) (i32.const 0))
  (memory (export "memory") 1)
  (func (export "next") (result i32)
    (global.set $n (i32.add (global.get $n) (call $step)))
    (global.get $n)))`

// counts is a component that instantiates an imported module twice, once in a nested component.
const counts = `(component
  (import "tools" (instance $tools
    (export "counter" (core module
      (import "env" "unused" (func))
      (import "env" "step" (func (result i32)))
      (export "next" (func (result i32)))))))
  (alias export $tools "counter" (core module $m))
  (core module $steps (func (export "one") (result i32) (i32.const 1)) (func (export "ten") (result i32) (i32.const 10))
    (func (export "nop")))
  (core instance $s (instantiate $steps))
  (core instance $a (instantiate $m (with "env" (instance (export "step" (func $s "one")) (export "unused" (func $s "nop"))))))
  (func (export "by-one") (result u32) (canon lift (core func $a "next")))
  (component $inner
    (import "m" (core module $m (import "env" "step" (func (result i32))) (import "env" "unused" (func)) (export "next" (func (result i32)))))
    (core module $steps (func (export "ten") (result i32) (i32.const 10)) (func (export "nop")))
    (core instance $s (instantiate $steps))
    (core instance $a (instantiate $m (with "env" (instance (export "step" (func $s "ten")) (export "unused" (func $s "nop"))))))
    (func (export "next") (result u32) (canon lift (core func $a "next"))))
  (instance $i (instantiate $inner (with "m" (core module $m))))
  (func (export "by-ten") (alias export $i "next"))
  (export "again" (core module $m))
  (export "tools-again" (instance $tools)))`

// Each instantiation of a module of the host has its own state and its own imports.
func TestSuppliedModule(t *testing.T) {
	for _, o := range []runner.Options{{}, {Interpreter: true}, {Uninterruptible: true}} {
		l := runner.NewLinker()
		m := module(t, counter)
		l.Instance("tools").Module("counter", m)
		p := text(t, o, counts)
		i := instantiate(t, p, l)
		for _, c := range []struct{ call, want string }{
			{"by-one()", "1"}, {"by-one()", "2"}, {"by-ten()", "10"}, {"by-ten()", "20"}, {"by-one()", "3"},
		} {
			if got := invoke(t, i, c.call); got != c.want {
				t.Errorf("%+v: %s is %s, want %s", o, c.call, got, c.want)
			}
		}
		if got := invoke(t, instantiate(t, p, l), "by-one()"); got != "1" {
			t.Errorf("%+v: another instance is at %s", o, got)
		}
		for _, path := range [][]string{{"again"}, {"tools-again", "counter"}} {
			if got := i.Module(path...); got != m {
				t.Errorf("%q is module %p, want %p", path, got, m)
			}
		}
		if got := i.Module("by-one"); got != nil {
			t.Errorf("a function is a module: %v", got)
		}
	}
}

// A module that one component exports can be given to another.
func TestExportedModule(t *testing.T) {
	maker := instantiate(t, text(t, runner.Options{}, `(component
	  (core module $m (func (export "f") (result i32) (i32.const 7)))
	  (export "m" (core module $m)))`), nil)
	l := runner.NewLinker()
	l.Module("m", maker.Module("m"))
	user := instantiate(t, text(t, runner.Options{}, `(component
	  (import "m" (core module $m (export "f" (func (result i32)))))
	  (core instance $i (instantiate $m))
	  (func (export "f") (result u32) (canon lift (core func $i "f"))))`), l)
	if got := invoke(t, user, "f()"); got != "7" {
		t.Errorf("got %s", got)
	}
}

func TestModuleTypes(t *testing.T) {
	const wanted = `(component
	  (import "a:b/c" (instance $i (export "m" (core module
	    (import "env" "f" (func (param i32)))
	    (import "env" "mem" (memory 1))
	    (export "g" (global i32))
	    (export "run" (func (result i32)))
	    (export "out" (memory 2 4)))))))`
	const prefix = "core module `a:b/c.m` does not fit: "
	fits := func(imports, exports string) string {
		if exports == "" {
			exports = `(global (export "g") i32 (i32.const 1)) (func (export "run") (result i32) (i32.const 1)) (memory (export "out") 3 4)`
		}
		return "(module " + imports + exports + ")"
	}
	p := text(t, runner.Options{Features: feature.All()}, wanted)
	for _, c := range []struct{ module, want string }{
		{fits("", ""), ""},
		{fits(`(import "env" "f" (func (param i32)))`, ""), ""},
		{fits(`(import "env" "f" (func (param i64)))`, ""),
			prefix + "its import `env::f` is `func [i64] -> []`, and the component supplies `func [i32] -> []`"},
		{fits(`(import "env" "f" (global i32))`, ""),
			prefix + "its import `env::f` is `global i32`, and the component supplies `func [i32] -> []`"},
		{fits(`(import "env" "mem" (memory 2))`, `(global (export "g") i32 (i32.const 1)) (func (export "run") (result i32) (i32.const 1))
		  (export "out" (memory 0))`),
			prefix + "its import `env::mem` is `memory 2`, and the component supplies `memory 1`"},
		{fits(`(import "env" "h" (func))`, ""), prefix + "its import `env::h` is not supplied: `func [] -> []`"},
		{fits("", `(global (export "g") (mut i32) (i32.const 1))`),
			prefix + "its export `g` is `global (mut i32)`, and the component expects `global i32`"},
		{fits("", `(global (export "g") i32 (i32.const 1))`), prefix + "it lacks the export `run`: `func [] -> [i32]`"},
		{fits("", `(global (export "g") i32 (i32.const 1)) (func (export "run") (result i32) (i32.const 1)) (memory (export "out") 2)`),
			prefix + "its export `out` is `memory 2`, and the component expects `memory 2 4`"},
		{fits("", `(global (export "g") i32 (i32.const 1)) (func (export "run") (result i32) (i32.const 1))
		  (memory (export "out") 2 4 (pagesize 1))`),
			prefix + "its export `out` is not the same `memory 2 4`: mismatch in page size for memories"},
		{`(module (func (result i32)))`, "core module `a:b/c.m` is invalid: "},
	} {
		l := runner.NewLinker()
		l.Instance("a:b/c").Module("m", module(t, c.module))
		_, err := l.Link(p)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.module, err)
		case c.want == "":
		case err == nil || !strings.HasPrefix(err.Error(), c.want):
			t.Errorf("%s: got %v, want %s", c.module, err, c.want)
		case strings.HasPrefix(c.want, prefix):
			var m *runner.ModuleError
			if !errors.As(err, &m) || err.Error() != c.want || m.Name != "a:b/c.m" {
				t.Errorf("%s: got %v, want %s", c.module, err, c.want)
			}
		}
	}
}

// Missing modules are reported with everything else that is missing, even if missing functions
// would become traps.
func TestUnmetModule(t *testing.T) {
	p := text(t, runner.Options{}, `(component
	  (import "m" (core module (export "f" (func))))
	  (import "a:b/c" (instance (export "n" (core module)) (export "f" (func)))))`)
	l := runner.NewLinker()
	l.Instance("a:b/c").Func("g", func(context.Context, []value.Value) (value.Value, error) { return value.Value{}, nil })
	_, err := l.Link(p)
	want := "2 imports are not satisfied:\n  a:b/c: it is offered, but without\n    f: func()\n    n: core module\n  m\n    m: core module"
	if fmt.Sprint(err) != want {
		t.Errorf("got %v", err)
	}
	l.TrapUnknown()
	_, err = l.Link(p)
	want = "2 imports are not satisfied:\n  a:b/c: it is offered, but without\n    n: core module\n  m\n    m: core module"
	if fmt.Sprint(err) != want {
		t.Errorf("got %v", err)
	}
	var unmet *runner.UnmetError
	if !errors.As(err, &unmet) || !unmet.Imports[0].Modules {
		t.Errorf("got %#v", err)
	}
	l.Module("m", nil)
	if _, err := l.Link(p); err == nil || err.Error() != "core module `m` is nil" {
		t.Errorf("nil: %v", err)
	}
}

// The code of a module of the host counts its work and its memory as the component's own code does.
func TestSuppliedModuleLimits(t *testing.T) {
	const user = `(component
	  (import "m" (core module $m (export "f" (func))))
	  (core instance $i (instantiate $m))
	  (func (export "f") (canon lift (core func $i "f"))))`
	l := runner.NewLinker()
	l.Module("m", module(t, `(module $loops (memory 2) (func $spin (export "f") (loop (br 0))))`))
	i := instantiate(t, text(t, runner.Options{}, user), l)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := i.Func("f").Call(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	var tr *runner.Trap
	if errors.As(err, &tr); tr == nil || len(tr.Frames) != 1 || tr.Frames[0].Func != "loops.spin()" {
		t.Errorf("frames: %+v", tr)
	}
	_, err = l.Instantiate(context.Background(), text(t, runner.Options{Limits: runner.Limits{MaxMemory: 1 << 16}}, user))
	want := "core module `m` has a memory of 2 pages (128 KiB), and the limit is 1 page (64 KiB)"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

// A module that the engine refuses is reported when an instance is made. That instance leaves
// nothing behind.
func TestSuppliedModuleRefused(t *testing.T) {
	p := text(t, runner.Options{Features: feature.All()}, `(component (import "a" (instance $a (export "m" (core module))))
	  (alias export $a "m" (core module $m)) (core instance (instantiate $m)))`)
	for _, c := range []struct{ module, want string }{
		{`(module (memory 1) (memory 1))`, "core module `a.m` needs `multi-memory`, which the engine does not have"},
		{`(module (table 1 funcref) (elem (i32.const 1) func 0) (func))`, "out of bounds table access"},
		{`(module (func unreachable) (start 0))`, "wasm `unreachable` instruction executed"},
	} {
		l := runner.NewLinker()
		l.Instance("a").Module("m", module(t, c.module))
		if _, err := l.Instantiate(context.Background(), p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if err := p.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// Instances of one program with the same and with other modules can be made at the same time.
func TestSuppliedModuleConcurrent(t *testing.T) {
	p := text(t, runner.Options{}, `(component
	  (import "m" (core module $m (export "f" (func (result i32)))))
	  (core instance $i (instantiate $m))
	  (func (export "f") (result u32) (canon lift (core func $i "f"))))`)
	var linkers []*runner.Linker
	for n := range 3 {
		l := runner.NewLinker()
		l.Module("m", module(t, fmt.Sprintf(`(module (func (export "f") (result i32) (i32.const %d)))`, n)))
		linkers = append(linkers, l)
	}
	var wg sync.WaitGroup
	for n := range 30 {
		wg.Go(func() {
			i, err := linkers[n%3].Instantiate(context.Background(), p)
			if err != nil {
				t.Error(err)
				return
			}
			v, err := i.Func("f").Call(context.Background())
			if err != nil || v.U32() != uint32(n%3) {
				t.Errorf("%d: got %v, %v", n, v, err)
			}
			if err := i.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// Components whose code comes from the host call each other as others do, and the frames of a trap
// name the right component.
func TestSuppliedModuleCalls(t *testing.T) {
	const source = `(component
	  (import "app" (core module $app
	    (import "env" "next" (func (param i32 i32) (result i32)))
	    (export "memory" (memory 1))
	    (export "realloc" (func (param i32 i32 i32 i32) (result i32)))
	    (export "measure" (func (param i32 i32) (result i32)))))
	  (core module $end (func $next (export "next") (param i32 i32) (result i32)
	    (if (i32.eqz (local.get 1)) (then unreachable))
	    (local.get 1)))
	  (component $inner
	    (import "app" (core module $app
	      (import "env" "next" (func (param i32 i32) (result i32)))
	      (export "memory" (memory 1))
	      (export "realloc" (func (param i32 i32 i32 i32) (result i32)))
	      (export "measure" (func (param i32 i32) (result i32)))))
	    (alias outer 1 $end (core module $end))
	    (core instance $e (instantiate $end))
	    (core instance $i (instantiate $app (with "env" (instance $e))))
	    (func (export "measure") (param "s" string) (result u32)
	      (canon lift (core func $i "measure") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
	  (instance $in (instantiate $inner (with "app" (core module $app))))
	  (component $outer
	    (import "app" (core module $app
	      (import "env" "next" (func (param i32 i32) (result i32)))
	      (export "memory" (memory 1))
	      (export "realloc" (func (param i32 i32 i32 i32) (result i32)))
	      (export "measure" (func (param i32 i32) (result i32)))))
	    (import "measure" (func $f (param "s" string) (result u32)))
	    (core module $libc (memory (export "memory") 1) (data (i32.const 0) "hello"))
	    (core instance $libc (instantiate $libc))
	    (core func $next (canon lower (func $f) (memory (core memory $libc "memory"))))
	    (core instance $i (instantiate $app (with "env" (instance (export "next" (func $next))))))
	    (func (export "measure") (param "s" string) (result u32)
	      (canon lift (core func $i "measure") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
	  (instance $out (instantiate $outer (with "app" (core module $app)) (with "measure" (func $in "measure"))))
	  (export "measure" (func $out "measure")))`
	m := module(t, `(module $app
	  (import "env" "next" (func $next (param i32 i32) (result i32)))
	  (memory (export "memory") 1)
	  (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
	  (func $measure (export "measure") (param i32 i32) (result i32)
	    (i32.add (i32.mul (i32.const 100) (local.get 1)) (call $next (i32.const 0) (local.get 1)))))`)
	for _, o := range []runner.Options{{}, {Interpreter: true}, {Observer: new(scribe)}} {
		l := runner.NewLinker()
		l.Module("app", m)
		i := instantiate(t, text(t, o, source), l)
		if got := call(t, i, "measure", value.String("abc")).U32(); got != 603 {
			t.Errorf("got %d, want 100 for each letter in each of two components, and 3", got)
		}
		tr := trap(t, i, "measure", "unreachable", value.String(""))
		var frames []string
		for _, f := range tr.Frames {
			frames = append(frames, f.Component+": "+f.Name())
		}
		want := "component 0: end.next(i32,i32) i32|component 0: app.measure(i32,i32) i32|component 1: app.measure(i32,i32) i32"
		if got := strings.Join(frames, "|"); got != want {
			t.Errorf("frames: got %s, want %s", got, want)
		}
	}
}

// A small component can instantiate a large module many times. The module is read and rewritten
// once for all of them, whoever holds it.
func TestLargeModuleManyTimes(t *testing.T) {
	const times, size = 200, 1 << 20
	var many strings.Builder
	many.WriteString(`(core module $f (func (export "f"))) (core instance $f (instantiate $f))`)
	for range times {
		many.WriteString(`(core instance (instantiate $m (with "env" (instance $f))))`)
	}
	large := `(import "env" "f" (func)) (func (call 0)) (data "` + strings.Repeat("x", size) + `")`
	o := runner.Options{Interpreter: true}
	allocated := func(f func()) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	check := func(what string, f func()) {
		if n := allocated(f); n > times/4*size {
			t.Errorf("%s allocates %d MB", what, n>>20)
		}
	}
	eng := engine(t, o)
	own := assemble(t, "(component (core module $m "+large+")"+many.String()+")")
	check("compiling", func() { compile(t, eng, own) })
	p := compile(t, eng, assemble(t, `(component (import "m" (core module $m (import "env" "f" (func))))`+many.String()+")"))
	l := runner.NewLinker()
	l.Module("m", module(t, "(module "+large+")"))
	check("instantiating", func() { instantiate(t, p, l) })
}

package runner_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// pair is a component of two: the outer calls the function f of the inner. It takes the inner's
// core module, the type of f and the outer's core module, and the names of the two modules.
const pair = `(component
	(component $inner
		(core module %[4]s %[1]s)
		(core instance $i (instantiate %[4]s))
		(func (export "f") %[2]s (canon lift (core func $i "f") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
	(component $outer
		(import "f" (func $f %[2]s))
		(core module $libc (memory (export "memory") 4))
		(core instance $l (instantiate $libc))
		(core func $f' (canon lower (func $f) (memory (core memory $l "memory"))))
		(core module %[5]s %[3]s)
		(core instance $i (instantiate %[5]s (with "" (instance (export "f" (func $f')) (export "memory" (memory $l "memory"))))))
		(func (export "run") (param "n" u32) (result u32) (canon lift (core func $i "run"))))
	(instance $a (instantiate $inner))
	(instance $b (instantiate $outer (with "f" (func $a "f"))))
	(export "run" (func $b "run")))`

// heap is a realloc that never frees.
const heap = `(memory (export "memory") 4)
	(global $top (mut i32) (i32.const 16))
	(func (export "realloc") (param i32 i32 i32 i32) (result i32)
		global.get $top (global.set $top (i32.add (global.get $top) (local.get 3))))`

func pairs(t *testing.T, o runner.Options, inner, typ, outer string) *runner.Instance {
	t.Helper()
	p := text(t, o, fmt.Sprintf(pair, inner, typ, outer, "$inner", "$outer"))
	if p.Carried() != 1 {
		t.Fatalf("adapters carry %d functions", p.Carried())
	}
	return instantiate(t, p, nil)
}

// A long backtrace is cut off before the frame that tells which component the callee belongs to.
func TestBacktraceCutOff(t *testing.T) {
	const inner = heap + `(func $f (export "f") (param i32) (result i32)
		(if (i32.eqz (local.get 0)) (then unreachable))
		(call $f (i32.sub (local.get 0) (i32.const 1))))`
	const outer = `(import "" "f" (func $f (param i32) (result i32)))
		(func (export "run") (param i32) (result i32) (call $f (local.get 0)))`
	for _, r := range []struct{ inner, outer, want string }{
		{"$inner", "$outer", "component 0 ! inner.f"},
		// Nothing tells two modules of one name apart.
		{"$same", "$same", "component 1 ! same.f"},
	} {
		source := fmt.Sprintf(pair, inner, `(param "n" u32) (result u32)`, outer, r.inner, r.outer)
		i := instantiate(t, text(t, runner.Options{}, source), nil)
		trace := trap(t, i, "run", "unreachable", value.U32(50)).Backtrace()
		if n := strings.Count(trace, r.want); n < 29 {
			t.Errorf("%d frames are `%s`:\n%s", n, r.want, trace)
		}
	}
}

// endingContext ends after it was asked a number of times.
type endingContext struct {
	context.Context
	left int
}

func (c *endingContext) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// Copying a long list of elements that must be looked at ends with the context.
func TestCopyingIsInterrupted(t *testing.T) {
	const outer = `(import "" "f" (func $f (param i32 i32) (result i32)))
		(func (export "run") (param i32) (result i32) (call $f (i32.const 0) (local.get 0)))`
	inner := heap + `(func (export "f") (param i32 i32) (result i32) (local.get 1))`
	o := runner.Options{}
	if n := call(t, pairs(t, o, inner, `(param "l" (list (option u8))) (result u32)`, outer), "run", value.U32(100_000)); n.Bits() != 100_000 {
		t.Errorf("the list has %d elements", n.Bits())
	}
	i := pairs(t, o, inner, `(param "l" (list (option u8))) (result u32)`, outer)
	_, err := fn(t, i, "run").Call(&endingContext{context.Background(), 12}, value.U32(100_000))
	var tr *runner.Trap
	if !errors.As(err, &tr) || !errors.Is(err, context.Canceled) || tr.Message != "cancelled" {
		t.Errorf("got %v", err)
	}
}

// Strings and lists of every length arrive, and nothing is written behind them. A byte that is not
// ASCII is noticed wherever it is.
func TestCopiesOfEveryLength(t *testing.T) {
	// The number of bytes is in the low half of the parameter. If the high half is not 0, it is one
	// more than the position of a byte to spoil.
	const outer = `(import "" "f" (func $f (param i32 i32) (result i32))) (import "" "memory" (memory 0))
		(func (export "run") (param $x i32) (result i32) (local $n i32) (local $i i32)
			(local.set $n (i32.and (local.get $x) (i32.const 0xffff)))
			(loop $next
				(i32.store8 offset=100 (local.get $i) (i32.and (i32.add (i32.mul (local.get $i) (i32.const 7)) (local.get $n)) (i32.const 0x7f)))
				(br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 6000))))
			(if (i32.shr_u (local.get $x) (i32.const 16)) (then
				(i32.store8 offset=99 (i32.shr_u (local.get $x) (i32.const 16)) (i32.const 0x80))))
			(call $f (i32.const 100) (local.get $n)))`
	// The result is a hash of the bytes and of the 20 after them.
	const inner = heap + `(func (export "f") (param $p i32) (param $n i32) (result i32) (local $hash i32)
		(local.set $n (i32.add (local.get $n) (i32.const 20)))
		(loop $next
			(local.set $hash (i32.add (i32.mul (local.get $hash) (i32.const 31)) (i32.load8_u (local.get $p))))
			(local.set $p (i32.add (local.get $p) (i32.const 1)))
			(br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
		(global.set $top (i32.add (global.get $top) (i32.const 20)))
		(local.get $hash))`
	hash := func(n uint32) (h uint32) {
		for i := range n {
			h = h*31 + (i*7+n)&0x7f
		}
		for range 20 {
			h *= 31
		}
		return h
	}
	var lengths []uint32
	for n := range uint32(300) {
		lengths = append(lengths, n)
	}
	lengths = append(lengths, 511, 512, 513, 1000, 4095, 4096, 4097, 5999)
	for _, typ := range []string{"string", "(list u8)"} {
		p := text(t, runner.Options{}, fmt.Sprintf(pair, inner, `(param "x" `+typ+`) (result u32)`, outer, "$inner", "$outer"))
		i := instantiate(t, p, nil)
		for _, n := range lengths {
			if got := call(t, i, "run", value.U32(n)); uint32(got.Bits()) != hash(n) {
				t.Fatalf("%s of %d bytes did not arrive", typ, n)
			}
		}
	}
	l, err := runner.NewLinker().Link(text(t, runner.Options{}, fmt.Sprintf(pair, inner, `(param "x" string) (result u32)`, outer, "$inner", "$outer")))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for _, n := range []uint32{1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65, 127, 128, 129, 160, 257} {
		for at := range n {
			i, err := l.Instantiate(ctx)
			if err != nil {
				t.Fatal(err)
			}
			_, err = i.Func("run").Call(ctx, value.U32(n|(at+1)<<16))
			if want := fmt.Sprintf("invalid utf-8 encoding at index %d", at); err == nil || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("a string of %d bytes that is bad at %d: %v", n, at, err)
			}
			if err := i.Close(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// What the host copies for adapters arrives, in pieces that end between characters.
func TestLongCopies(t *testing.T) {
	const inner = heap + `(func (export "f") (param $p i32) (param $n i32) (result i32) (local $sum i32)
		(block $end (loop $next
			(br_if $end (i32.eqz (local.get $n)))
			(local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load8_u (local.get $p))))
			(local.set $p (i32.add (local.get $p) (i32.const 1)))
			(local.set $n (i32.sub (local.get $n) (i32.const 1)))
			(br $next)))
		(local.get $sum))`
	// The memory is full of snowmen.
	const outer = `(import "" "f" (func $f (param i32 i32) (result i32))) (import "" "memory" (memory 0))
		(func (export "run") (param $n i32) (result i32) (local $i i32)
			(drop (memory.grow (i32.const 64)))
			(loop $next
				(i32.store (local.get $i) (i32.const 0x8398e2))
				(local.set $i (i32.add (local.get $i) (i32.const 3)))
				(br_if $next (i32.lt_u (local.get $i) (local.get $n))))
			(call $f (i32.const 0) (local.get $n)))`
	for _, typ := range []string{"string", "(list u8)", "(list bool)"} {
		source := fmt.Sprintf(pair, strings.Replace(inner, "(memory (export \"memory\") 4)", "(memory (export \"memory\") 80)", 1),
			`(param "x" `+typ+`) (result u32)`, outer, "$inner", "$outer")
		for _, n := range []uint32{5000, 1<<20 - 1, 1 << 20, 1<<20 + 1, 1<<20 + 2, 3 << 20, 3<<20 + 1} {
			var want string
			for _, adapters := range []bool{true, false} {
				eng := engine(t, runner.Options{})
				if !adapters {
					eng.WithoutAdapters()
				}
				v, err := fn(t, instantiate(t, compile(t, eng, assemble(t, source)), nil), "run").Call(context.Background(), value.U32(n))
				var got string
				if err != nil {
					got = err.Error()
				} else {
					got = fmt.Sprint(v.Bits())
				}
				if adapters {
					want = got
				} else if got != want {
					t.Errorf("%s of %d bytes: %s without adapters, %s with them", typ, n, got, want)
				}
				if strings.Contains(got, "utf-8") != (typ == "string" && n%3 != 0) {
					t.Errorf("%s of %d bytes: %s", typ, n, got)
				}
			}
		}
	}
}

// An exception does not leave its component: the caller cannot catch it.
func TestExceptionsStayInside(t *testing.T) {
	const inner = `(memory (export "memory") 1)
		(func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
		(tag $e) (func (export "f") (param i32) (result i32) (throw $e))`
	const outer = `(import "" "f" (func $f (param i32) (result i32)))
		(func (export "run") (param i32) (result i32)
			(block $caught (return (try_table (result i32) (catch_all $caught) (call $f (local.get 0)))))
			(i32.const 1))`
	o := runner.Options{Interpreter: true, Proposals: true, Features: feature.All()}
	p := text(t, o, fmt.Sprintf(pair, inner, `(param "n" u32) (result u32)`, outer, "$inner", "$outer"))
	trap(t, instantiate(t, p, nil), "run", "uncaught exception", value.U32(0))
}

// Programs of one engine share the functions that adapters call, whoever needs them first.
func TestAdaptersOfManyPrograms(t *testing.T) {
	eng := engine(t, runner.Options{})
	data := assemble(t, fmt.Sprintf(pair, heap+`(func (export "f") (param i32 i32) (result i32) (local.get 1))`, `(param "s" string) (result u32)`,
		`(import "" "f" (func $f (param i32 i32) (result i32)))
		(func (export "run") (param i32) (result i32) (call $f (i32.const 0) (local.get 0)))`, "$inner", "$outer"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			ctx := context.Background()
			p, err := eng.Compile(ctx, "pair", data)
			if err != nil {
				t.Error(err)
				return
			}
			i, err := runner.NewLinker().Instantiate(ctx, p)
			if err != nil {
				t.Error(err)
				return
			}
			for _, n := range []uint32{0, 1, 17, 600, 5000, 100_000} {
				if v, err := i.Func("run").Call(ctx, value.U32(n)); err != nil || v.Bits() != uint64(n) {
					t.Errorf("a string of %d bytes: %v, %v", n, v, err)
				}
			}
			if err := errors.Join(i.Close(ctx), p.Close(ctx)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// The code of adapters is limited. Calls that have none go through the host.
func TestAdaptersAreLimited(t *testing.T) {
	const funcs = 150
	typ := "(param \"x\" (tuple" + strings.Repeat(" u8", 1000) + ")) (result u32)"
	var inner, imports, lowers, args, with string
	for n := range funcs {
		inner += fmt.Sprintf(`(func (export "f%d") %s (canon lift (core func $i "f") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))`, n, typ)
		imports += fmt.Sprintf(`(import "f%d" (func $f%[1]d %s))`, n, typ)
		lowers += fmt.Sprintf(`(core func $f%d (canon lower (func $f%[1]d) (memory (core memory $l "memory"))))`, n)
		args += fmt.Sprintf(`(export "f%d" (func $f%[1]d))`, n)
		with += fmt.Sprintf(`(with "f%d" (func $a "f%[1]d"))`, n)
	}
	source := `(component
		(component $inner
			(core module $m ` + heap + `(func (export "f") (param i32) (result i32) (i32.load8_u offset=999 (local.get 0))))
			(core instance $i (instantiate $m)) ` + inner + `)
		(component $outer ` + imports + `
			(core module $libc (memory (export "memory") 4) (data (i32.const 999) "\07"))
			(core instance $l (instantiate $libc)) ` + lowers + `
			(core module $m %s)
			(core instance $i (instantiate $m (with "" (instance ` + args + `))))
			(func (export "first") (result u32) (canon lift (core func $i "first")))
			(func (export "last") (result u32) (canon lift (core func $i "last"))))
		(instance $a (instantiate $inner))
		(instance $b (instantiate $outer ` + with + `))
		(export "first" (func $b "first")) (export "last" (func $b "last")))`
	module := ""
	for n := range funcs {
		module += fmt.Sprintf(`(import "" "f%d" (func $f%[1]d (param i32) (result i32)))`, n)
	}
	module += fmt.Sprintf(`(func (export "first") (result i32) (call $f0 (i32.const 0))) (func (export "last") (result i32) (call $f%d (i32.const 0)))`, funcs-1)
	p := text(t, runner.Options{}, fmt.Sprintf(source, module))
	if n := p.Carried(); n == 0 || n == funcs {
		t.Errorf("adapters carry %d of %d functions", n, funcs)
	}
	i := instantiate(t, p, nil)
	for _, name := range []string{"first", "last"} {
		if v := call(t, i, name); v.Bits() != 7 {
			t.Errorf("%s = %d", name, v.Bits())
		}
	}
}

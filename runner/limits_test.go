package runner_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// A guest that exceeds a limit traps, and the trap names the limit and the option that raises it.
// The same guest runs if the limit is just large enough.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct {
		source        string
		limits        func(n uint64) runner.Limits
		enough, small uint64
		want          string
	}{
		"memories of several core instances": {
			`(component (core module $m (memory 3)) (core module $f (func (export "f")))
				(core instance (instantiate $m)) (core instance (instantiate $m)) (core instance $i (instantiate $f))
				(func (export "f") (canon lift (core func $i "f"))))`,
			func(n uint64) runner.Limits { return runner.Limits{MaxMemory: n} }, 6 << 16, 5 << 16,
			"the limit of 327680 bytes of memory is exceeded; Limits.MaxMemory raises it",
		},
		"a memory after another has grown": {
			`(component (core module $m (memory 1) (func $start (if (i32.eq (memory.grow (i32.const 2)) (i32.const -1)) (then unreachable))) (start $start))
				(core module $n (memory 2) (func (export "f")))
				(core instance (instantiate $m)) (core instance $i (instantiate $n)) (func (export "f") (canon lift (core func $i "f"))))`,
			func(n uint64) runner.Limits { return runner.Limits{MaxMemory: n} }, 5 << 16, 4 << 16,
			"the limit of 262144 bytes of memory is exceeded; Limits.MaxMemory raises it",
		},
		"tables from the start": {
			`(component (core module $m (table 10 funcref) (table 20 externref) (func (export "f"))) (core instance $i (instantiate $m))
				(func (export "f") (canon lift (core func $i "f"))))`,
			func(n uint64) runner.Limits { return runner.Limits{MaxTableElements: n} }, 30, 29,
			"the limit of 29 elements of tables is exceeded; Limits.MaxTableElements raises it",
		},
		"tables that grow": {
			component(`(table $t 10 funcref) (table $u 0 20 externref) (func (export "f")
				(if (i32.ne (table.grow $t (ref.null func) (i32.const 5)) (i32.const 10)) (then unreachable))
				(if (i32.ne (table.grow $u (ref.null extern) (i32.const 21)) (i32.const -1)) (then unreachable))
				(if (i32.ne (table.grow $u (ref.null extern) (i32.const -1)) (i32.const -1)) (then unreachable))
				(if (i32.ne (table.grow $u (ref.null extern) (i32.const 0)) (i32.const 0)) (then unreachable))
				(if (i32.ne (table.grow $u (ref.null extern) (i32.const 20)) (i32.const 0)) (then unreachable))
				(if (i32.ne (table.size $u) (i32.const 20)) (then unreachable)))`),
			func(n uint64) runner.Limits { return runner.Limits{MaxTableElements: n} }, 35, 34,
			"the limit of 34 elements of tables is exceeded; Limits.MaxTableElements raises it",
		},
		"handles of several component instances": {
			`(component (component $c
				(type $r (resource (rep i32))) (core func $new (canon resource.new $r))
				(core module $m (import "" "new" (func $new (param i32) (result i32)))
					(func (export "f") (local $n i32)
						(loop $l (drop (call $new (i32.const 1))) (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 10))))))
				(core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
				(func (export "f") (canon lift (core func $i "f"))))
			(instance $a (instantiate $c)) (instance $b (instantiate $c))
			(core func $fa (canon lower (func $a "f"))) (core func $fb (canon lower (func $b "f")))
			(core module $m (import "" "a" (func $a)) (import "" "b" (func $b)) (func (export "f") (call $a) (call $b)))
			(core instance $i (instantiate $m (with "" (instance (export "a" (func $fa)) (export "b" (func $fb))))))
			(func (export "f") (canon lift (core func $i "f"))))`,
			func(n uint64) runner.Limits { return runner.Limits{MaxHandles: n} }, 20, 19,
			"the limit of 19 handles is exceeded; Limits.MaxHandles raises it",
		},
		"lists that overlap": {
			// 1,000 lists that are the same 4,096 bytes.
			`(component (core module $m (memory (export "memory") 1)
					(func (export "f") (result i32) (local $n i32)
						(loop $l
							(i32.store offset=8 (i32.mul (local.get $n) (i32.const 8)) (i32.const 16384))
							(i32.store offset=12 (i32.mul (local.get $n) (i32.const 8)) (i32.const 4096))
							(br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000))))
						(i32.store (i32.const 0) (i32.const 8)) (i32.store (i32.const 4) (i32.const 1000))
						(i32.const 0)))
				(core instance $i (instantiate $m))
				(func (export "f") (result (list (list u8))) (canon lift (core func $i "f") (memory (core memory $i "memory")))))`,
			func(n uint64) runner.Limits { return runner.Limits{MaxLifted: n} }, 4_200_000, 4_000_000,
			"the limit of 4000000 bytes passed to the host in one call is exceeded; Limits.MaxLifted raises it",
		},
		"fuel": {
			component(`(func (export "f") (local $n i32)
				(loop $l (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100000)))))`),
			func(n uint64) runner.Limits { return runner.Limits{Fuel: n} }, 800_100, 700_000,
			"the limit of 700000 units of fuel is exceeded; Limits.Fuel raises it",
		},
	} {
		for _, interpreter := range []bool{false, true} {
			call := func(n uint64) error {
				eng := engine(t, runner.Options{Interpreter: interpreter, Limits: c.limits(n)})
				linked, err := runner.NewLinker().Link(compile(t, eng, assemble(t, c.source)))
				if err != nil {
					t.Fatal(err)
				}
				inst, err := linked.Instantiate(t.Context())
				if err != nil {
					return err
				}
				_, err = fn(t, inst, "f").Call(t.Context())
				return err
			}
			if err := call(c.enough); err != nil {
				t.Errorf("%s: with a limit of %d: %v", name, c.enough, err)
			}
			err := call(c.small)
			var trap *runner.Trap
			var limit *runner.LimitError
			if !errors.As(err, &trap) || trap.Message != c.want || !errors.As(err, &limit) || limit.Limit != c.small {
				t.Errorf("%s: with a limit of %d: %v, want %s", name, c.small, err, c.want)
			}
		}
	}
}

// A component with too many core instances is refused before any is made.
func TestLimitOfCoreInstances(t *testing.T) {
	data := assemble(t, `(component (core module $m) `+strings.Repeat("(core instance (instantiate $m))", 4)+`)`)
	_, err := engine(t, runner.Options{Limits: runner.Limits{MaxCoreInstances: 3}}).Compile(t.Context(), "x.wasm", data)
	var limit *runner.LimitError
	if !errors.As(err, &limit) || limit.Limit != 3 || limit.Option != "Limits.MaxCoreInstances" ||
		!strings.HasSuffix(err.Error(), "the component instantiates more than 3 core modules") {
		t.Errorf("%v", err)
	}
	compile(t, engine(t, runner.Options{Limits: runner.Limits{MaxCoreInstances: 4}}), data)
}

// A memory beyond the limit of all memories cannot be grown, and what other memories use counts.
func TestMemoriesShareTheirLimit(t *testing.T) {
	inst := instantiate(t, text(t, runner.Options{Limits: runner.Limits{MaxMemory: 10 << 16}}, `(component
		(core module $m (memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
		(core instance $a (instantiate $m)) (core instance $b (instantiate $m))
		(func (export "a") (param "n" u32) (result s32) (canon lift (core func $a "grow")))
		(func (export "b") (param "n" u32) (result s32) (canon lift (core func $b "grow"))))`), nil)
	for _, c := range []struct {
		name    string
		n, want int32
	}{{"a", 8, 1}, {"b", 1, -1}, {"a", 1, -1}, {"a", 0, 9}, {"b", 0, 1}} {
		if got := call(t, inst, c.name, value.U32(uint32(c.n))); int32(got.Bits()) != c.want {
			t.Errorf("growing %s by %d: %d, want %d", c.name, c.n, int32(got.Bits()), c.want)
		}
	}
}

// Each component of a chain uses much of its stack before it calls the next, through the host.
func TestStacksShareTheirLimit(t *testing.T) {
	if !runner.Compiles {
		t.Skip("the interpreter has another stack and allocates for each call")
	}
	source := func(depth int) string {
		var b strings.Builder
		b.WriteString(`(component (import "host" (func $host0))`)
		for i := range 5 {
			fmt.Fprintf(&b, `(core func $h%d (canon lower (func $host%d)))
				(core module $m%d (import "" "next" (func $next))
					(func $down (param i32) (result i32)
						(if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))
							(else (call $next) (i32.const 0))))
					(func (export "f") (drop (call $down (i32.const %d)))))
				(core instance $i%d (instantiate $m%d (with "" (instance (export "next" (func $h%d))))))
				(func $host%d (canon lift (core func $i%d "f")))
				`, i, i, i, depth, i, i, i, i+1, i)
		}
		b.WriteString(`(export "f" (func $host5)))`)
		return b.String()
	}
	run := func(depth int) error {
		l := runner.NewLinker()
		l.Func("host", func(context.Context, []value.Value) (value.Value, error) { return value.Value{}, nil })
		// An observed call goes through the host.
		inst := instantiate(t, text(t, runner.Options{Limits: runner.Limits{MaxStack: 4 << 20}}, source(depth)), l)
		_, err := fn(t, inst, "f").Call(t.Context())
		return err
	}
	if err := run(1000); err != nil {
		t.Error(err)
	}
	var limit *runner.LimitError
	if err := run(100_000); !errors.As(err, &limit) || limit.Option != "Limits.MaxStack" || !strings.Contains(err.Error(), "call stack exhausted") {
		t.Errorf("%v, want the limit of the stacks", err)
	}
}

// Fuel needs code that counts.
func TestFuelOfUninterruptibleCode(t *testing.T) {
	_, err := runner.NewEngine(t.Context(), runner.Options{Uninterruptible: true, Limits: runner.Limits{Fuel: 1}})
	if err == nil {
		t.Error("the engine was made")
	}
}

// The same calls use the same fuel.
func TestFuelIsDeterministic(t *testing.T) {
	p := component(fib + `(func (export "f") (drop (call $fib (i32.const 15))))`)
	enough := func(interpreter bool) uint64 {
		lo, hi := uint64(1), uint64(1_000_000)
		for lo < hi {
			mid := (lo + hi) / 2
			eng, err := runner.NewEngine(t.Context(), runner.Options{Interpreter: interpreter, Limits: runner.Limits{Fuel: mid}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = fn(t, instantiate(t, compile(t, eng, assemble(t, p)), nil), "f").Call(t.Context())
			if err == nil {
				hi = mid
			} else {
				lo = mid + 1
			}
			if err := eng.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		return lo
	}
	if a, b := enough(false), enough(true); a != b || a < 10_000 || a > 200_000 {
		t.Errorf("compiled code needs %d, interpreted %d", a, b)
	}
}

package meter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/api"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/runner/internal/meter"
)

// pauses calls the exported functions of a copy in order. It returns their outcomes, and the
// counter at each call of the import. A zero starts the counters of each function.
func (m *machine) pauses(t *testing.T, copied []byte, mod *core.Module) (counters []int32, outcomes []string) {
	t.Helper()
	n := int32(0)
	slow := m.slow
	defer func() { m.slow = slow }()
	m.slow = func(_ api.Module, counter int32) int32 {
		counters = append(counters, counter)
		n = (n*31 + 7) % 200
		return n
	}
	inst := m.start(t, copied)
	defer inst.Close(ctx)
	for _, e := range mod.Exports {
		if e.Kind == core.ExternFunc {
			f := inst.ExportedFunction(e.Name)
			args := make([]uint64, len(f.Definition().ParamTypes()))
			counters = append(counters, 0)
			outcomes = append(outcomes, outcome(f.Call(ctx, args...)))
		}
	}
	return counters, outcomes
}

// samePauses compares a copy with one whose counter is always in the global. Both must call the
// import at the same times with the same counters, unless a trap leaves a nest.
func (m *machine) samePauses(t *testing.T, mod *core.Module) {
	t.Helper()
	plain, err := meter.RewriteWithoutNests(mod, meter.Options{Module: "meter", Name: "slow"})
	if err != nil {
		t.Fatal(err)
	}
	want, outcomes := m.pauses(t, plain, mod)
	got, outcomes2 := m.pauses(t, rewrite(t, mod), mod)
	if !slices.Equal(outcomes, outcomes2) {
		t.Fatalf("outcomes %v, want %v", outcomes2, outcomes)
	}
	for i, o := range outcomes {
		if strings.HasPrefix(o, "[") {
			continue
		}
		// Up to the call that trapped.
		got, want = upTo(got, i), upTo(want, i)
		break
	}
	if !slices.Equal(got, want) {
		t.Errorf("counters %v, want %v", got, want)
	}
}

// upTo returns the counters of the first n calls.
func upTo(counters []int32, n int) []int32 {
	for i, c := range counters {
		if c == 0 {
			if n == 0 {
				return counters[:i]
			}
			n--
		}
	}
	return counters
}

// nests are functions with loops that keep the counter in a local variable. $at selects a place in
// them where TRAP traps.
var nests = []string{
	`(func (export "while") (param $at i32) (result i32) (local $i i32)
		(block $out (loop $l TRAP (br_if $out (i32.ge_u (local.get $i) (i32.const 50)))
			(local.set $i (i32.add (local.get $i) (i32.const 1))) TRAP (br $l))) TRAP (local.get $i))`,
	`(func (export "nested") (param $at i32) (result i32) (local $i i32) (local $j i32) (local $n i32)
		(loop $o TRAP (local.set $j (i32.const 0))
			(loop $l TRAP (local.set $n (i32.add (local.get $n) (local.get $j)))
				(br_if $l (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const 9))) TRAP)
			(loop $l TRAP (local.set $n (i32.mul (local.get $n) (i32.const 3)))
				(br_if $o (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20))))
			TRAP)
		TRAP (local.get $n))`,
	`(func (export "return from a nest") (param $at i32) (result i32) (local $i i32)
		(loop $o (loop $l TRAP (if (i32.gt_u (local.get $i) (i32.const 40)) (then (return (local.get $i))))
			(local.set $i (i32.add (local.get $i) (i32.const 3))) (br_if $l (i32.and (local.get $i) (i32.const 1))) TRAP (br $o)) TRAP)
		(i32.const 0))`,
	`(func (export "table of labels") (param $at i32) (result i32) (local $i i32) (local $n i32)
		(block $x (block $y (loop $o (block $z (loop $l TRAP
			(local.set $i (i32.add (local.get $i) (i32.const 1))) (local.set $n (i32.add (i32.mul (local.get $n) (i32.const 5)) (local.get $i)))
			(br_table $l $z $l $l $o $l $z $l $l $y $x (i32.rem_u (local.get $i) (i32.const 11)))) TRAP)
			TRAP (br $o)) TRAP) TRAP) (local.get $n))`,
	`(func (export "values") (param $at i32) (result i32) (local $i i32)
		(i32.const 1000)
		(i32.const 5) (i64.const 7) (loop $l (param i32 i64) (result i32) TRAP
			(i32.wrap_i64) (i32.add) (i64.const 3)
			(br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 30)))
			(i32.wrap_i64) (loop $m (param i32 i32) (result i32) (i32.sub) TRAP (i32.const 2)
				(br_if $m (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 60))) (drop)) )
		TRAP (i32.add))`,
	`(func (export "leave with a value") (param $at i32) (result i32) (local $i i32)
		(block $x (result i32) (loop $l (result i32) TRAP
			(drop (br_if $x (local.get $i) (i32.gt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 25))))
			(br_if 2 (i32.const 9) (i32.gt_u (local.get $i) (i32.const 100)))
			(drop) TRAP (br $l))))`,
	`(func (export "again and again") (param $at i32) (result i32) (local $i i32)
		(loop $calls (call $leaf)
			(block $x (loop $l (br_if $x (i32.const 1)) (br $l)))
			(loop $l TRAP)
			(br_if $calls (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 40))))
		TRAP (local.get $i))`,
	`(func (export "nothing after it") (param $at i32) (result i32) (local $i i32)
		(loop $l (result i32) TRAP (if (i32.gt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 40)) (then (return (i32.const 1)))) (br $l)))`,
	`(func (export "a long round") (param $at i32) (result i32) (local $i i32)
		(loop $l ` + strings.Repeat("(local.set $i (i32.add (local.get $i) (i32.const 1)))\n", 300) + ` TRAP (br_if $l (i32.lt_u (local.get $i) (i32.const 5000))) TRAP)
		(local.get $i))`,
	`(func (export "many variables") (param $at i32) (result i32)` + strings.Repeat("(local i64) (local f32 i32)", 100) + ` (local $i i32)
		(loop $l TRAP (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 40)))) (local.get $i))`,
	`(func (export "more loops than usual") (param $at i32) (result i32) (local $i i32)
		` + strings.Repeat("(loop $l (br_if $l (i32.and (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 7))))\n", 50) + `
		(block $x (loop $o ` + strings.Repeat("(loop $l (br_if $l (i32.and (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 7))))\n", 50) + ` TRAP
			(loop $l TRAP (br_if $x (i32.gt_u (local.get $i) (i32.const 900))) (local.set $i (i32.add (local.get $i) (i32.const 1)))
				(br_if $o (i32.and (local.get $i) (i32.const 7))) (br $l))))
		(loop $l TRAP (br_if $l (i32.and (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 7)))) (local.get $i))`,
	`(func (export "labels that become longer") (param $at i32) (result i32) (local $i i32)
		(block $x (loop $l ` + strings.Repeat("(block ", 126) + ` TRAP (br_if $x (i32.gt_u (local.get $i) (i32.const 40))) TRAP
			(local.set $i (i32.add (local.get $i) (i32.const 1)))
			(block $y (br_table $y $l $x $y (i32.eqz (i32.and (local.get $i) (i32.const 7))))) TRAP ` + strings.Repeat(")", 126) + ` (br $l)))
		(local.get $i))`,
	`(func (export "dead code") (param $at i32) (result i32) (local $i i32)
		(loop $l TRAP (if (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 40)) (then (br $l) (loop $m (br $m)) (br_if $l (i32.const 1)))))
		(return (local.get $i)) (loop $l (result i32) (unreachable) (br_if $l)))`,
}

// nestModule returns a module with the functions of nests, in the text format. The number of places
// to trap is n.
func nestModule() (source string, n int) {
	var b strings.Builder
	b.WriteString("(module (memory 1) (func $leaf)\n")
	for _, f := range nests {
		for i, part := range strings.Split(f, "TRAP") {
			if i > 0 {
				n++
				fmt.Fprintf(&b, "(if (i32.eq (local.get $at) (i32.const %d)) (then\nunreachable))\n", n)
			}
			b.WriteString(part)
		}
		b.WriteString("\n")
	}
	b.WriteString(")")
	return b.String(), n
}

// TestNestsBehaveLikeOtherLoops compares loops that count in a local variable with the original,
// and their calls of the import with those of loops that count in the global.
func TestNestsBehaveLikeOtherLoops(t *testing.T) {
	source, _ := nestModule()
	mod := module(t, source)
	engines(t, func(t *testing.T, m *machine) {
		m.same(t, mod)
		m.samePauses(t, mod)
		for seed := range uint64(fewer(200)) {
			m.samePauses(t, decode(t, random(seed)))
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	})
}

// TestNestsNeedNoSpareVariable rewrites functions with as many local variables as a function can
// have, or fewer by one or two.
func TestNestsNeedNoSpareVariable(t *testing.T) {
	for _, n := range []int{49_997, 49_998, 49_999} {
		mod := module(t, `(module (func (export "f") (param i32) `+strings.Repeat("(local i32)", n)+`(loop $l (br_if $l (local.get 0)))))`)
		rewrite(t, mod)
	}
}

// TestFewLoopsBecomeTwo rewrites a function with so many loops that compiling twice as many would
// take several times as long.
func TestFewLoopsBecomeTwo(t *testing.T) {
	const n = 1000
	for _, source := range []string{
		strings.Repeat("(loop $l (br_if $l (local.get 0)))", n),
		strings.Repeat("(loop $l (br_if $l (local.get 0)) ", n) + strings.Repeat(")", n),
	} {
		got := 0
		for b := range decode(t, rewrite(t, module(t, `(module (func (export "f") (param i32) `+source+`))`))).Bodies() {
			var in core.Instr
			for _, ir, _ := b.Read(); ir.Next(&in); {
				if in.Op == core.OpLoop {
					got++
				}
			}
		}
		if got < n+10 || got > n+n/10 {
			t.Errorf("%d loops become %d", n, got)
		}
	}
}

// TestOriginalOffsetsInNests traps at many places in nests.
func TestOriginalOffsetsInNests(t *testing.T) {
	source, n := nestModule()
	f, err := wat.AssembleWithLines(diag.NewFile("test.wat", []byte(source)))
	if err != nil {
		t.Fatal(err)
	}
	mod := decode(t, f.Data)
	m := newMachine(t, false)
	orig, copied := m.start(t, f.Data), m.start(t, rewrite(t, mod))
	seen := 0
	for at := 1; at <= n; at++ {
		for _, e := range mod.Exports {
			_, err := orig.ExportedFunction(e.Name).Call(ctx, uint64(at))
			if err == nil {
				continue
			}
			seen++
			want := fmt.Sprint(positions(err, false))
			_, err = copied.ExportedFunction(e.Name).Call(ctx, uint64(at))
			if got := fmt.Sprint(positions(err, true)); got != want {
				t.Errorf("%s: trap %d is at %s, want %s", e.Name, at, got, want)
			}
		}
	}
	if seen < 25 {
		t.Errorf("only %d of %d places trap", seen, n)
	}
}

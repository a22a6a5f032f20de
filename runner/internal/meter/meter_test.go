package meter_test

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"reflect"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/runner/internal/meter"
)

var ctx = context.Background()

// module assembles a core module in the text format.
func module(t testing.TB, source string) *core.Module {
	t.Helper()
	u, err := wat.Parse(diag.NewFile("test.wat", []byte(source)))
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, u.Append(nil))
}

func decode(t testing.TB, data []byte) *core.Module {
	t.Helper()
	m, err := core.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rewrite rewrites a module and checks that the result is valid.
func rewrite(t testing.TB, m *core.Module) []byte {
	t.Helper()
	out, err := meter.Rewrite(m, meter.Options{Module: "meter", Name: "slow", Source: "test"})
	if err != nil {
		t.Fatal(err)
	}
	copied := decode(t, out)
	if err := core.Validate(copied, feature.All(), core.ValidateOptions{Workers: 1}); err != nil {
		t.Fatalf("the copy is invalid: %v", err)
	}
	return out
}

const proposals = experimental.CoreFeaturesExceptionHandling | experimental.CoreFeaturesTypedFunctionReferences | experimental.CoreFeaturesThreads

// machine runs modules on one of the engines.
type machine struct {
	rt     wazero.Runtime
	slow   func(m api.Module, counter int32) int32
	slowly bool // it interprets
}

func newMachine(t testing.TB, interpreter bool) *machine {
	t.Helper()
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst
	rc := wazero.NewRuntimeConfig() // compiles where the engine can
	if interpreter {
		rc = wazero.NewRuntimeConfigInterpreter()
		features |= proposals
	}
	m := &machine{slowly: interpreter, rt: wazero.NewRuntimeWithConfig(ctx, rc.WithCoreFeatures(features).WithMemoryLimitPages(1024))}
	t.Cleanup(func() { m.rt.Close(ctx) })
	fn := api.GoModuleFunc(func(_ context.Context, mod api.Module, stack []uint64) {
		stack[0] = api.EncodeI32(m.slow(mod, api.DecodeI32(stack[0])))
	})
	i32 := []api.ValueType{api.ValueTypeI32}
	if _, err := m.rt.NewHostModuleBuilder("meter").NewFunctionBuilder().WithGoModuleFunction(fn, i32, i32).Export("slow").Instantiate(ctx); err != nil {
		t.Fatal(err)
	}
	m.slow = func(api.Module, int32) int32 { return 10_000 }
	return m
}

func (m *machine) instantiate(data []byte) (api.Module, error) {
	code, err := m.rt.CompileModule(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("compile: %w", err)
	}
	return m.rt.InstantiateModule(ctx, code, wazero.NewModuleConfig().WithName("").WithStartFunctions())
}

func (m *machine) start(t testing.TB, data []byte) api.Module {
	t.Helper()
	mod, err := m.instantiate(data)
	if err != nil {
		t.Fatal(err)
	}
	return mod
}

// engines runs a test on both engines.
func engines(t *testing.T, f func(t *testing.T, m *machine)) {
	t.Run("compiler", func(t *testing.T) { f(t, newMachine(t, false)) })
	t.Run("interpreter", func(t *testing.T) { f(t, newMachine(t, true)) })
}

// outcome is what a call returned, or the first line of its error.
func outcome(results []uint64, err error) string {
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return first
	}
	return fmt.Sprint(results)
}

// same calls the exported functions of a module and of its copy, in order, and compares what they
// return and what they leave in memory.
func (m *machine) same(t *testing.T, mod *core.Module) {
	t.Helper()
	a, b := m.start(t, mod.Append(nil)), m.start(t, rewrite(t, mod))
	defer a.Close(ctx)
	defer b.Close(ctx)
	for _, e := range mod.Exports {
		if e.Kind != core.ExternFunc {
			continue
		}
		args := make([]uint64, len(a.ExportedFunction(e.Name).Definition().ParamTypes()))
		want := outcome(a.ExportedFunction(e.Name).Call(ctx, args...))
		got := outcome(b.ExportedFunction(e.Name).Call(ctx, args...))
		if got != want {
			t.Errorf("%s: %s, want %s", e.Name, got, want)
		}
	}
	if mod.NumBodies == 0 || a.Memory() == nil {
		return
	}
	x, _ := a.Memory().Read(0, a.Memory().Size())
	y, _ := b.Memory().Read(0, b.Memory().Size())
	if !reflect.DeepEqual(x, y) {
		t.Error("the memories differ")
	}
}

// TestEverythingThatHoldsAFunctionIndex moves every kind of reference to a function.
func TestEverythingThatHoldsAFunctionIndex(t *testing.T) {
	mod := module(t, `(module
		(type $v (func (result i32)))
		(import "env" "f" (func $imported (type $v)))
		(table $t 8 funcref)
		(table $u 2 funcref)
		(global $g (mut i32) (i32.const 0))
		(global $ref funcref (ref.func $three))
		(func $one (type $v) (i32.const 1))
		(func $two (type $v) (i32.add (call $one) (call $imported)))
		(func $three (type $v) (i32.const 3))
		(func $start (global.set $g (i32.const 40)))
		(start $start)
		(elem (table $t) (i32.const 0) func $one $two $three $imported)
		(elem (table $t) (i32.const 4) funcref (ref.func $three) (item (ref.null func)))
		(elem $passive funcref (ref.func $two) (global.get $ref))
		(elem declare func $one)
		(func (export "direct") (result i32) (call $two))
		(func (export "tail") (result i32) (return_call $two))
		(func (export "at") (param i32) (result i32) (call_indirect $t (type $v) (local.get 0)))
		(func (export "global") (result i32) (table.set $u (i32.const 0) (global.get $ref)) (call_indirect $u (type $v) (i32.const 0)))
		(func (export "ref") (result i32) (table.set $u (i32.const 0) (ref.func $one)) (call_indirect $u (type $v) (i32.const 0)))
		(func (export "init") (result i32) (table.init $u $passive (i32.const 0) (i32.const 0) (i32.const 1))
			(return_call_indirect $u (type $v) (i32.const 0)))
		(func (export "started") (result i32) (global.get $g))
		(export "one" (func $one)) (export "again" (func $imported)))`)
	engines(t, func(t *testing.T, m *machine) {
		if _, err := m.rt.NewHostModuleBuilder("env").NewFunctionBuilder().WithFunc(func() uint32 { return 10 }).Export("f").Instantiate(ctx); err != nil {
			t.Fatal(err)
		}
		inst := m.start(t, rewrite(t, mod))
		for _, c := range []struct {
			name string
			args []uint64
			want string
		}{
			{"direct", nil, "[11]"}, {"tail", nil, "[11]"}, {"global", nil, "[3]"}, {"ref", nil, "[1]"}, {"init", nil, "[11]"},
			{"started", nil, "[40]"}, {"one", nil, "[1]"}, {"again", nil, "[10]"},
			{"at", []uint64{0}, "[1]"}, {"at", []uint64{1}, "[11]"}, {"at", []uint64{2}, "[3]"}, {"at", []uint64{3}, "[10]"}, {"at", []uint64{4}, "[3]"},
			{"at", []uint64{5}, "wasm error: invalid table access"},
		} {
			if got := outcome(inst.ExportedFunction(c.name).Call(ctx, c.args...)); got != c.want {
				t.Errorf("%s%v = %s, want %s", c.name, c.args, got, c.want)
			}
		}
	})
}

// TestBulkOperationsAtTheirBounds compares bulk operations of the copy with those of the original,
// around the size of a piece, at the end of the memory or table, and where source and destination
// overlap.
func TestBulkOperationsAtTheirBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString(`(module (memory (export "memory") 8) (table $t 40000 externref) (table $u 30000 funcref) (data $d "`)
	b.WriteString(strings.Repeat("0123456789abcdef", 5000)) // 80,000 bytes
	b.WriteString(`") (elem $e func`)
	b.WriteString(strings.Repeat(" $f", 20000))
	b.WriteString(`) (func $f (export "f") (result i32) (i32.const 7))`)
	b.WriteString(`(func (export "pattern") (local $i i32)
		(loop $l (i32.store (local.get $i) (i32.mul (local.get $i) (i32.const 2654435761)))
			(br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 524288)))))`)
	b.WriteString(`(func (export "tables") (local $i i32)
		(loop $l (if (i32.and (local.get $i) (i32.const 3)) (then (table.set $u (local.get $i) (ref.func $f))))
			(br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 30000)))))`)
	n := 0
	op := func(format string, args ...any) {
		fmt.Fprintf(&b, "(func (export \"%d\") %s)\n", n, fmt.Sprintf(format, args...))
		n++
	}
	sizes := []int{0, 1, 65535, 65536, 65537, 131072, 131073, 200000, 524288}
	for _, size := range sizes {
		for _, at := range []int{0, 3, 524288 - size, 524288 - size + 1, -1} {
			op("(memory.fill (i32.const %d) (i32.const %d) (i32.const %d))", at, size+at+1, size)
			op("(memory.init $d (i32.const %d) (i32.const 1) (i32.const %d))", at, min(size, 80000))
		}
		for _, d := range []int{0, 1, 70000, 524288 - size} {
			for _, s := range []int{0, 1, 65536, 70001, 524288 - size, 524289 - size} {
				op("(memory.copy (i32.const %d) (i32.const %d) (i32.const %d))", d, s, size)
			}
		}
	}
	op("(memory.init $d (i32.const 0) (i32.const 2) (i32.const 79999))")
	op("(data.drop $d) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 70000))")
	op("(memory.init $d (i32.const 0) (i32.const 0) (i32.const 0))")
	op("(memory.fill (i32.const 0) (i32.const 1) (i32.const -1))")
	op("(memory.copy (i32.const 8) (i32.const 0) (i32.const -1))")
	for _, size := range []int{0, 1, 8192, 8193, 16384, 16385, 29999, 30000, 30001} {
		for _, at := range []int{0, 1, 30000 - size, -1} {
			op("(table.copy $u $u (i32.const %d) (i32.const 5) (i32.const %d))", at, size)
			op("(table.copy $u $u (i32.const 5) (i32.const %d) (i32.const %d))", at, size)
			op("(table.init $u $e (i32.const %d) (i32.const 0) (i32.const %d))", at, min(size, 20001))
			op("(table.fill $t (i32.const %d) (ref.null extern) (i32.const %d))", at, size)
		}
	}
	op("(elem.drop $e) (table.init $u $e (i32.const 0) (i32.const 0) (i32.const 10000))")
	// Which elements of the table are null, as a checksum.
	fmt.Fprintf(&b, `(func (export "sum") (result i64) (local $i i32) (local $h i64)
		(loop $l (local.set $h (i64.add (i64.mul (local.get $h) (i64.const 31)) (i64.extend_i32_u (ref.is_null (table.get $u (local.get $i))))))
			(br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 30000))))
		(local.get $h)))`)
	mod := module(t, b.String())
	engines(t, func(t *testing.T, m *machine) {
		orig, copied := m.start(t, mod.Append(nil)), m.start(t, rewrite(t, mod))
		state := func(inst api.Module) string {
			sum := outcome(inst.ExportedFunction("sum").Call(ctx))
			mem, _ := inst.Memory().Read(0, inst.Memory().Size())
			return fmt.Sprint(sum, crc32.ChecksumIEEE(mem))
		}
		for i := range n {
			var got [2]string
			for k, inst := range []api.Module{orig, copied} {
				for _, reset := range []string{"pattern", "tables"} {
					if i%32 == 0 { // so that the operations also build on each other
						if _, err := inst.ExportedFunction(reset).Call(ctx); err != nil {
							t.Fatal(err)
						}
					}
				}
				got[k] = outcome(inst.ExportedFunction(fmt.Sprint(i)).Call(ctx))
				if !m.slowly || i%16 == 15 || i == n-1 {
					got[k] += " " + state(inst)
				}
			}
			if got[0] != got[1] {
				t.Fatalf("operation %d: %s, want %s", i, got[1], got[0])
			}
		}
	})
}

var errStop = errors.New("stopped")

// TestNoCodeRunsLongWithoutACall runs code of many shapes that never ends or takes very long. Each
// counts its steps in an exported global. Between two calls of the import it must not take more
// steps than the counter allows.
func TestNoCodeRunsLongWithoutACall(t *testing.T) {
	const step = "(global.set $n (i32.add (global.get $n) (i32.const 1)))"
	var dag, straight strings.Builder
	fmt.Fprintf(&dag, "(func $d0 %s)", step)
	for i := range 40 {
		fmt.Fprintf(&dag, "(func $d%d (call $d%d) (call $d%d))", i+1, i, i)
	}
	straight.WriteString("(func $giant " + strings.Repeat(step+"\n", 20_000) + ")")
	for name, source := range map[string]string{
		"loop":             `(func (export "f") (loop $l STEP (br $l)))`,
		"loop of branches": `(func (export "f") (loop $l (block $a (block $b STEP (br_table $a $b $l (global.get $n))) (br $l)) (br $l)))`,
		"loop over a branch to an outer block": `(func (export "f") (loop $l (block $out (loop $m STEP (br_if $out (i32.const 1)) (br $m)))
			(br $l)))`,
		"loop that ends by falling through": `(func (export "f") (loop $l (loop $m STEP (br_if $m (i32.and (global.get $n) (i32.const 1)))) (br $l)))`,
		"loop that is left at once": `(func $nop) (func (export "f") (loop $calls (call $nop)
			(block $x (loop $l STEP (br_if $x (i32.const 1)) (br $l))) (br $calls)))`,
		"loop that is left by a table": `(func $nop) (func (export "f") (loop $calls (call $nop)
			(block $x (loop $l STEP (br_table $l $x (i32.const 1)))) (br $calls)))`,
		"loop that does not repeat":     `(func $nop) (func (export "f") (loop $calls (call $nop) (loop $l STEP) (br $calls)))`,
		"loop that returns":             `(func $g (loop $l STEP (return))) (func (export "f") (loop $l (call $g) (br $l)))`,
		"loop that branches out":        `(func $g (loop $l STEP (br 1))) (func (export "f") (loop $l (call $g) (br $l)))`,
		"nest that is left from within": `(func $g (loop $o (loop $m (loop $l STEP (br_if 3 (i32.const 1))) (br $m)) (br $o))) (func (export "f") (loop $l (call $g) (br $l)))`,
		"nest of loops that are short":  `(func (export "f") (loop $o (loop $m (loop $l STEP)) (br $o)))`,
		"loop with parameters":          `(func (export "f") (i32.const 1) (loop $l (param i32) (drop) STEP (i32.const 2) (br $l)))`,
		"loop that starts another anew": `(func (export "f") (loop $o (loop $l STEP (br $o))))`,
		"loop of a long path":           `(func (export "f") (loop $l ` + strings.Repeat(step, 200) + ` (br $l)))`,
		"recursion":                     `(func $f (export "f") (param i32) STEP (call $f (i32.const 0)))`,
		"wide recursion": `(func $f (export "f") (param $n i32) STEP (if (i32.lt_u (local.get $n) (i32.const 60))
			(then (call $f (i32.add (local.get $n) (i32.const 1))) (call $f (i32.add (local.get $n) (i32.const 1))))))`,
		"tail call":          `(func $f (export "f") STEP (return_call $f))`,
		"mutual tail calls":  `(func $f (export "f") STEP (return_call $g)) (func $g STEP (return_call $f))`,
		"indirect tail call": `(table funcref (elem $f)) (func $f (export "f") STEP (return_call_indirect (i32.const 0)))`,
		"indirect recursion": `(table funcref (elem $f)) (func $f (export "f") STEP (call_indirect (i32.const 0)) (call_indirect (i32.const 0)))`,
		"a graph of calls":   dag.String() + `(export "f" (func $d40))`,
		"a long function":    straight.String() + `(func (export "f") (loop $l (call $giant) (br $l)))`,
		"small functions":    `(func $leaf STEP) (func (export "f") (loop $l` + strings.Repeat(" (call $leaf)", 50) + ` (br $l)))`,
	} {
		mod := module(t, `(module (global $n (export "n") (mut i32) (i32.const 0))`+strings.ReplaceAll(source, "STEP", step)+")")
		t.Run(name, func(t *testing.T) {
			engines(t, func(t *testing.T, m *machine) {
				const budget = 20_000
				calls, last, most := 0, uint64(0), uint64(0)
				m.slow = func(inst api.Module, counter int32) int32 {
					if n := inst.ExportedGlobal("n").Get(); calls > 0 {
						most, last = max(most, n-last), n
					} else {
						last = n
					}
					if calls++; calls == 100 {
						panic(errStop)
					}
					return budget
				}
				f := m.start(t, rewrite(t, mod)).ExportedFunction("f")
				_, err := f.Call(ctx, make([]uint64, len(f.Definition().ParamTypes()))...)
				if !errors.Is(err, errStop) && !strings.Contains(err.Error(), "stack overflow") {
					t.Errorf("error %v, want %v", err, errStop)
				}
				// A step takes four instructions. What follows the last test is not yet counted.
				if calls < 2 || most == 0 || most > budget/4+300 {
					t.Errorf("%d steps between two of %d calls, want at most %d", most, calls, budget/4)
				}
			})
		})
	}
}

// TestBulkOperationsAreCounted runs bulk operations and compares what they are charged with their
// length.
func TestBulkOperationsAreCounted(t *testing.T) {
	for source, units := range map[string]int{
		`(memory 1024) (func (export "f") (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x4000000)))`:                             0x4000000 / 16,
		`(memory 1024) (func (export "f") (memory.copy (i32.const 1) (i32.const 0) (i32.const 0x3ffffff)))`:                             0x4000000 / 16,
		`(memory 1024) (func (export "f") (memory.copy (i32.const 0) (i32.const 1) (i32.const 0x3ffffff)))`:                             0x4000000 / 16,
		`(table 4000000 funcref) (func (export "f") (table.fill (i32.const 0) (ref.null func) (i32.const 4000000)))`:                    4000000 / 2,
		`(table 4000000 funcref) (func (export "f") (table.copy (i32.const 0) (i32.const 1) (i32.const 3999999)))`:                      4000000 / 2,
		`(memory 1024) (data $d "x") (func (export "f") (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 60000)) (br $l)))`: 0,
	} {
		mod := module(t, "(module "+source+")")
		engines(t, func(t *testing.T, m *machine) {
			total, most := 0, 0
			last := int32(0)
			m.slow = func(_ api.Module, counter int32) int32 {
				used := int(last - counter)
				total, most, last = total+used, max(most, used), 50_000
				if total > 1<<24 {
					panic(errStop)
				}
				return last
			}
			_, err := m.start(t, rewrite(t, mod)).ExportedFunction("f").Call(ctx)
			switch {
			case units == 0 && !errors.Is(err, errStop):
				t.Errorf("%s: error %v, want %v", source, err, errStop)
			case units > 0 && err != nil:
				t.Errorf("%s: %v", source, err)
			case units > 0 && (total < units*9/10 || total > units*3/2):
				t.Errorf("%s: charged %d units, want about %d", source, total, units)
			case most > 60_000:
				t.Errorf("%s: %d units in one piece", source, most)
			}
		})
	}
}

// TestWhatNeedsNoCounter leaves modules alone that can only run for a short time.
func TestWhatNeedsNoCounter(t *testing.T) {
	mod := module(t, `(module (import "a" "b" (func)) (memory 1) (func (export "f") (param i32) (result i32) (i32.load (local.get 0))))`)
	out, err := meter.Rewrite(mod, meter.Options{Module: "meter", Name: "slow", Import: func(int, core.Import) (string, string) { return "x", "y" }})
	if err != nil {
		t.Fatal(err)
	}
	if m := decode(t, out); len(m.Imports) != 1 || m.Imports[0].Module != "x" || len(m.Globals) != 0 {
		t.Errorf("imports %v and %d globals, want the one import", m.Imports, len(m.Globals))
	}
}

// TestNames keeps the names of functions in stack traces. A function without a name has that of its
// original index.
func TestNames(t *testing.T) {
	mod := module(t, `(module $app (import "env" "f" (func)) (func (unreachable)) (func $named (call 1)) (func (export "f") (call $named)))`)
	if got := decode(t, rewrite(t, mod)).Names(); !got.HasModule || got.Module != "app" {
		t.Errorf("the module is called `%s`", got.Module)
	}
	engines(t, func(t *testing.T, m *machine) {
		if _, err := m.rt.NewHostModuleBuilder("env").NewFunctionBuilder().WithFunc(func() {}).Export("f").Instantiate(ctx); err != nil {
			t.Fatal(err)
		}
		var got [2]string
		for i, data := range [][]byte{mod.Append(nil), rewrite(t, mod)} {
			_, err := m.start(t, data).ExportedFunction("f").Call(ctx)
			got[i] = err.Error()
		}
		if got[0] != got[1] || !strings.Contains(got[0], "app.named()") || !strings.Contains(got[0], "app.$1()") {
			t.Errorf("stack trace\n%s\nwant\n%s", got[1], got[0])
		}
	})
}

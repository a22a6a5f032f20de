package runner

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
)

// engineTraps are core modules whose function f traps, with the words of the engine.
var engineTraps = []struct {
	name, module, want string
	proposal           bool // needs one that only the interpreter has
}{
	{"unreachable", `(func (export "f") unreachable)`, "unreachable", false},
	{"load", `(memory 1) (func (export "f") (drop (i32.load (i32.const 65533))))`, "out of bounds memory access", false},
	{"store", `(memory 1) (func (export "f") (i64.store offset=65529 (i32.const 0) (i64.const 0)))`, "out of bounds memory access", false},
	{"memory.fill", `(memory 1) (func (export "f") (memory.fill (i32.const 1) (i32.const 0) (i32.const 65536)))`, "out of bounds memory access", false},
	{"memory.copy", `(memory 1) (func (export "f") (memory.copy (i32.const 1) (i32.const 0) (i32.const 65536)))`, "out of bounds memory access", false},
	{"memory.init", `(memory 1) (data $d "x") (func (export "f") (memory.init $d (i32.const 0) (i32.const 0) (i32.const 2)))`,
		"out of bounds memory access", false},
	{"call_indirect beyond", `(table 1 funcref) (func (export "f") (call_indirect (i32.const 1)))`, "invalid table access", false},
	{"call_indirect of null", `(table 1 funcref) (func (export "f") (call_indirect (i32.const 0)))`, "invalid table access", false},
	{"table.get", `(table 1 funcref) (func (export "f") (drop (table.get (i32.const 1))))`, "invalid table access", false},
	{"table.fill", `(table 1 funcref) (func (export "f") (table.fill (i32.const 0) (ref.null func) (i32.const 2)))`, "invalid table access", false},
	{"call_indirect of another type", `(table 1 funcref) (elem (i32.const 0) $g) (func $g (param i32))
		(func (export "f") (call_indirect (i32.const 0)))`, "indirect call type mismatch", false},
	{"i32.div_s", `(func (export "f") (drop (i32.div_s (i32.const 1) (i32.const 0))))`, "integer divide by zero", false},
	{"i64.rem_u", `(func (export "f") (drop (i64.rem_u (i64.const 1) (i64.const 0))))`, "integer divide by zero", false},
	{"i32.div_s overflows", `(func (export "f") (drop (i32.div_s (i32.const 0x80000000) (i32.const -1))))`, "integer overflow", false},
	{"trunc overflows", `(func (export "f") (drop (i32.trunc_f64_s (f64.const 1e10))))`, "integer overflow", false},
	{"trunc of NaN", `(func (export "f") (drop (i64.trunc_f32_u (f32.const nan))))`, "invalid conversion to integer", false},
	{"recursion", `(func $f (export "f") call $f)`, "stack overflow", false},
	{"atomic", `(memory 1 1 shared) (func (export "f") (drop (i32.atomic.load (i32.const 1))))`, "unaligned atomic", true},
	{"wait", `(memory 1 1) (func (export "f") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))))`,
		"expected shared memory", true},
	{"throw", `(tag $t) (func (export "f") (throw $t))`, "uncaught exception", true},
	{"throw_ref", `(func (export "f") (throw_ref (ref.null exn)))`, "null reference", true},
	{"ref.as_non_null", `(func (export "f") (drop (ref.as_non_null (ref.null func))))`, "null reference", true},
	{"call_ref", `(type $t (func)) (func (export "f") (call_ref $t (ref.null $t)))`, "null reference", true},
}

// The words in which the engine reports traps are not part of its interface. The runner recognises
// each of them, in both of the engine's ways to run code.
func TestTrapTextsOfEngine(t *testing.T) {
	ctx := t.Context()
	untested := maps.Clone(trapMessages)
	delete(untested, "too many waiters") // takes 4 billion of them
	for _, interpreter := range []bool{false, true} {
		config, features := wazero.NewRuntimeConfig(), coreFeatures
		if interpreter {
			config = wazero.NewRuntimeConfigInterpreter()
			features |= experimental.CoreFeaturesExceptionHandling | experimental.CoreFeaturesTypedFunctionReferences | experimental.CoreFeaturesThreads
		}
		rt := wazero.NewRuntimeWithConfig(ctx, config.WithCoreFeatures(features))
		defer rt.Close(ctx)
		for _, r := range engineTraps {
			if r.proposal && !interpreter {
				continue
			}
			delete(untested, r.want)
			u, err := wat.Parse(diag.NewFile("t.wat", []byte("(module "+r.module+")")))
			if err != nil {
				t.Fatalf("%s: %v", r.name, err)
			}
			m, err := rt.InstantiateWithConfig(ctx, u.Append(nil), wazero.NewModuleConfig().WithName(""))
			if err != nil {
				t.Errorf("%s: %v", r.name, err)
				continue
			}
			_, err = m.ExportedFunction("f").Call(ctx)
			if err == nil {
				t.Errorf("%s: no trap", r.name)
				continue
			}
			first, rest, _ := strings.Cut(err.Error(), "\n")
			if _, after, ok := strings.Cut(first, "wasm error: "); ok {
				first = after
			}
			if first != r.want || trapMessage(err.Error()) != trapMessages[r.want] || trapMessages[r.want] == "" {
				t.Errorf("%s: the engine says %q, want %q; the runner says %q", r.name, first, r.want, trapMessage(err.Error()))
			}
			// Compiled code has no stack left for a trace when it overflows.
			frames := parseFrames(err.Error(), nil)
			if r.want != "stack overflow" && (len(frames) != 1 || !strings.HasPrefix(frames[0].Func, ".$")) {
				t.Errorf("%s: frames %v of %q", r.name, frames, rest)
			}
		}
	}
	if len(untested) > 0 {
		t.Errorf("no test makes the engine say %q", slices.Sorted(maps.Keys(untested)))
	}
}

package runner_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// A sampler remembers the different stacks of guest code.
type sampler struct{ stacks []string }

func (*sampler) Begin(context.Context, *runner.Call)  {}
func (*sampler) End(*runner.Call, value.Value, error) {}

func (s *sampler) Sample(c *runner.Call, stack func() []runner.Frame) {
	var names []string
	for _, f := range stack() {
		names = append(names, f.Name())
	}
	if text := fmt.Sprintf("%s in %s", strings.Join(names, " < "), c.Name()); !slices.Contains(s.stacks, text) {
		s.stacks = append(s.stacks, text)
	}
}

// A sampler sees the guest's functions up to the call into the component, in compiled and in
// interpreted code.
func TestSample(t *testing.T) {
	const source = `(component
	  (core module $M
	    (func $_ZN3app4spinE (param i32) (loop (if (local.get 0) (then (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br 1)))))
	    (func $outer (param i32) (call $_ZN3app4spinE (local.get 0)))
	    (func (export "run") (param i32) (call $outer (local.get 0)))
	    (func (export "short") (param i32)))
	  (core instance $m (instantiate $M))
	  (func (export "run") (param "n" u32) (canon lift (core func $m "run")))
	  (func (export "short") (param "n" u32) (canon lift (core func $m "short"))))`
	for _, o := range []runner.Options{{}, {Interpreter: true}} {
		for _, several := range []bool{false, true} {
			s := &sampler{}
			o.Observer = s
			if several {
				o.Observer = runner.Observers(&scribe{}, s)
			}
			i := instantiate(t, text(t, o, source), nil)
			call(t, i, "short", value.U32(1))
			if len(s.stacks) > 0 {
				t.Errorf("interpreter %v: samples of a short function: %v", o.Interpreter, s.stacks)
			}
			call(t, i, "run", value.U32(1_000_000))
			if want := "M.app::spin < M.outer < M.$2 in run"; !slices.Contains(s.stacks, want) {
				t.Errorf("interpreter %v: stacks %q, want %q among them", o.Interpreter, s.stacks, want)
			}
		}
	}
}

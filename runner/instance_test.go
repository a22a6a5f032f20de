package runner_test

import (
	"testing"

	"github.com/mortise-wasm/mortise/runner"
)

// Functions are found in interfaces of another version on the same track, as imports are.
func TestFuncOnTrack(t *testing.T) {
	i := instantiate(t, text(t, runner.Options{}, `(component
		(core module $m
			(func (export "one") (result i32) i32.const 1)
			(func (export "two") (result i32) i32.const 2)
			(func (export "ten") (result i32) i32.const 10))
		(core instance $m (instantiate $m))
		(func $one (result u32) (canon lift (core func $m "one")))
		(func $two (result u32) (canon lift (core func $m "two")))
		(func $ten (result u32) (canon lift (core func $m "ten")))
		(instance $i1 (export "f" (func $one)))
		(instance $i2 (export "f" (func $two)))
		(instance $i10 (export "f" (func $ten)))
		(export "a:b/i@0.2.1" (instance $i1))
		(export "a:b/i@0.2.10" (instance $i10))
		(export "a:b/i@0.2.2" (instance $i2))
		(export "a:b/j@1.2.3" (instance $i1))
		(export "a:b/k" (instance $i1))
		(export "f" (func $two)))`), nil)
	for _, r := range []struct {
		path []string
		want uint64 // 0 if the function does not exist
	}{
		{[]string{"a:b/i@0.2.1", "f"}, 1}, // exactly this version
		{[]string{"a:b/i@0.2.2", "f"}, 2},
		{[]string{"a:b/i@0.2.0", "f"}, 10}, // otherwise the latest
		{[]string{"a:b/i@0.2.77", "f"}, 10},
		{[]string{"a:b/i@0.3.0", "f"}, 0},
		{[]string{"a:b/i", "f"}, 0},
		{[]string{"a:b/i@0.2.1-rc.1", "f"}, 0},
		{[]string{"a:b/j@1.0.0", "f"}, 1},
		{[]string{"a:b/j@2.0.0", "f"}, 0},
		{[]string{"a:b/k", "f"}, 1},
		{[]string{"a:b/k@1.0.0", "f"}, 0},
		{[]string{"a:b/i@0.2.0", "g"}, 0},
		{[]string{"a:b/i@0.2.0"}, 0},
		{[]string{"f"}, 2},
		{[]string{"f", "f"}, 0},
		{[]string{"g"}, 0},
		{nil, 0},
	} {
		f := i.Func(r.path...)
		switch {
		case f == nil && r.want != 0:
			t.Errorf("%q: not found", r.path)
		case f != nil && r.want == 0:
			t.Errorf("%q: found", r.path)
		case f != nil:
			if v, err := f.Call(t.Context()); err != nil || v.Bits() != r.want {
				t.Errorf("%q: got %v, %v, want %d", r.path, v, err, r.want)
			}
		}
	}
}

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

// reexports exports all that it imports: functions, resources and instances, at several depths. The
// function `through` is its own, and gets what the exported functions of the host make.
const reexports = `(component
  (import "double" (func $double (param "n" u32) (result u32)))
  (import "fail" (func $fail))
  (import "a:b/things" (instance $things
    (export "thing" (type $thing (sub resource)))
    (export "[constructor]thing" (func (param "n" u32) (result (own $thing))))
    (export "[method]thing.get" (func (param "self" (borrow $thing)) (result u32)))
    (export "[static]thing.eat" (func (param "t" (own $thing)) (result u32)))
    (export "deep" (instance (export "name" (func (result string)))))))
  (component $pass
    (import "i" (instance $i (export "name" (func (result string)))))
    (export "o" (instance $i)))
  (alias export $things "deep" (instance $deep))
  (instance $passed (instantiate $pass (with "i" (instance $deep))))
  (alias export $things "thing" (type $thing))
  (core func $drop (canon resource.drop $thing))
  (core func $get (canon lower (func $things "[method]thing.get")))
  (core module $m
    (import "" "get" (func $get (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "through") (param i32) (result i32)
      (call $get (local.get 0))
      (call $drop (local.get 0))))
  (core instance $i (instantiate $m (with "" (instance (export "get" (func $get)) (export "drop" (func $drop))))))
  (func $through (param "t" (own $thing)) (result u32) (canon lift (core func $i "through")))
  (export "twice" (func $double))
  (export "fail" (func $fail))
  (export $t "thing" (type $thing))
  (export "through" (func $through) (func (param "t" (own $t)) (result u32)))
  (export "a:b/things" (instance $things))
  (export "passed" (instance $passed)))`

type thingOfHost struct{ n uint32 }

// hostOfReexports returns a linker that counts the things that are dropped.
func hostOfReexports(dropped *int) *runner.Linker {
	l := runner.NewLinker()
	l.Func("double", func(_ context.Context, args []value.Value) (value.Value, error) {
		if args[0].U32() == 13 {
			return value.String("thirteen"), nil
		}
		return value.U32(2 * args[0].U32()), nil
	})
	l.Func("fail", func(context.Context, []value.Value) (value.Value, error) { return value.Value{}, errors.New("no luck") })
	things := l.Instance("a:b/things")
	things.Resource("thing", func(context.Context, any) error { *dropped++; return nil })
	things.Func("[constructor]thing", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.Own(&thingOfHost{args[0].U32()}), nil
	})
	get := func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.U32(args[0].Handle().(*thingOfHost).n), nil
	}
	things.Func("[method]thing.get", get)
	things.Func("[static]thing.eat", get)
	things.Instance("deep").Func("name", func(context.Context, []value.Value) (value.Value, error) { return value.String("deep"), nil })
	return l
}

// The functions that a component exports as it imports them are those of the host.
func TestReexports(t *testing.T) {
	ctx := context.Background()
	dropped := 0
	for _, o := range []runner.Options{{}, {Observer: new(scribe)}} {
		i := instantiate(t, text(t, o, reexports), hostOfReexports(&dropped))
		for _, c := range []struct{ path, want string }{
			{"a:b/things deep name", `"deep"`}, {"passed o name", `"deep"`},
		} {
			f := fn(t, i, c.path)
			if got := wave(call(t, i, c.path), f.Type().Result); got != c.want {
				t.Errorf("%s is %s", c.path, got)
			}
		}
		if got := call(t, i, "twice", value.U32(21)).U32(); got != 42 {
			t.Errorf("twice is %d", got)
		}
		thing := call(t, i, "a:b/things [constructor]thing", value.U32(5))
		if got := call(t, i, "a:b/things [method]thing.get", thing).U32(); got != 5 {
			t.Errorf("get is %d", got)
		}
		if got := call(t, i, "through", thing).U32(); got != 5 || dropped != 1 {
			t.Errorf("through is %d, %d dropped", got, dropped)
		}
		dropped = 0
		thing = call(t, i, "a:b/things [constructor]thing", value.U32(6))
		if got := call(t, i, "a:b/things [static]thing.eat", thing).U32(); got != 6 || dropped != 0 {
			t.Errorf("eat is %d, %d dropped", got, dropped)
		}
		if _, err := i.Func("twice").Call(ctx, value.String("x")); err == nil || !strings.Contains(err.Error(), "argument `n`") {
			t.Errorf("a wrong argument: %v", err)
		}
	}
}

// A function of the host that is called as an export is checked as if a guest called it, and its
// failure is a trap, which ends the instance.
func TestReexportTraps(t *testing.T) {
	p := text(t, runner.Options{}, reexports)
	dropped := 0
	for _, c := range []struct {
		path string
		args []value.Value
		want string
	}{
		{"twice", []value.Value{value.U32(13)}, "host function `double`: it returned a wrong value"},
		{"fail", nil, "host function `fail`: no luck"},
	} {
		i := instantiate(t, p, hostOfReexports(&dropped))
		trap(t, i, c.path, c.want, c.args...)
		trap(t, i, "a:b/things deep name", "cannot enter component instance: an earlier call trapped")
	}
	l := hostOfReexports(&dropped)
	var i *runner.Instance
	l.Func("fail", func(ctx context.Context, _ []value.Value) (value.Value, error) {
		_, err := i.Func("twice").Call(ctx, value.U32(1))
		if !errors.Is(err, runner.ErrBusy) {
			return value.Value{}, fmt.Errorf("the call returned %w", err)
		}
		panic("enough")
	})
	i = instantiate(t, p, l)
	trap(t, i, "fail", "host function `fail`: panic: enough")

	l = runner.NewLinker()
	l.TrapUnknown()
	i = instantiate(t, p, l)
	trap(t, i, "passed o name", "host function `a:b/things.deep.name`: it is not defined")
}

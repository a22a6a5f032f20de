package p2

import (
	"context"
	"errors"
	"fmt"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// iface is an interface with its functions and resources, before it is added to a linker.
type iface struct {
	name      string // "wasi:cli/environment", without version
	funcs     map[string]runner.HostFunc
	resources map[string]dropFunc
}

type dropFunc = func(ctx context.Context, v any) error

func newInterface(name string) *iface {
	return &iface{name, make(map[string]runner.HostFunc), make(map[string]dropFunc)}
}

// fn defines a function with parameters of the given kinds. A component may import it with a wrong
// signature, so arguments of other kinds are an error.
func (i *iface) fn(name string, f runner.HostFunc, params ...value.Kind) {
	i.funcs[name] = func(ctx context.Context, args []value.Value) (v value.Value, err error) {
		if len(args) != len(params) {
			return value.Value{}, fmt.Errorf("its number of arguments is %d, but it is imported with %d", len(params), len(args))
		}
		for n, k := range params {
			if args[n].Kind() != k {
				return value.Value{}, fmt.Errorf("argument %d is imported as %s, but is %s", n, args[n].Kind(), k)
			}
		}
		// A wrong type further inside shows only when the value is used: the accessors of values panic.
		defer func() {
			if r := recover(); r != nil {
				v, err = value.Value{}, fmt.Errorf("it cannot be called with these arguments: %v", r)
			}
		}()
		return f(ctx, args)
	}
}

// method defines a method, `type.name`, whose self is a T. args does not contain self.
func method[T any](i *iface, name string, f func(self T, ctx context.Context, args []value.Value) (value.Value, error), params ...value.Kind) {
	g := func(ctx context.Context, args []value.Value) (value.Value, error) {
		self, err := handle[T](args[0])
		if err != nil {
			return value.Value{}, err
		}
		return f(self, ctx, args[1:])
	}
	i.fn("[method]"+name, g, append([]value.Kind{value.KindBorrow}, params...)...)
}

// resource defines a resource type whose values are Ts. drop may be nil.
func resource[T any](i *iface, name string, drop func(self T, ctx context.Context) error) {
	i.resources[name] = func(ctx context.Context, v any) error {
		self, ok := v.(T)
		if !ok {
			return wrongHandle(v)
		}
		if drop == nil {
			return nil
		}
		return drop(self, ctx)
	}
}

// handle returns the value that a handle stands for.
func handle[T any](v value.Value) (T, error) {
	self, ok := v.Handle().(T)
	if !ok {
		return self, wrongHandle(v.Handle())
	}
	return self, nil
}

func wrongHandle(v any) error { return fmt.Errorf("a handle has the wrong resource type: %T", v) }

// parent counts the resources that were made from a resource and must be dropped before it.
type parent struct{ children int }

var errHasChildren = errors.New("resource has children")

// mayDrop returns an error if a resource is dropped before its children. It allows that when an
// instance is closed, since resources are then dropped in any order.
func (p *parent) mayDrop(ctx context.Context) error {
	if p.children > 0 && !runner.Closing(ctx) {
		return errHasChildren
	}
	return nil
}

// just returns a function that ignores its arguments and always returns v.
func just(v value.Value) runner.HostFunc {
	return func(context.Context, []value.Value) (value.Value, error) { return v, nil }
}

package runner

import (
	"context"
	"errors"
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
	"github.com/mortise-wasm/mortise/runner/internal/task"
)

// Instance is a running component. It is not safe for concurrent use.
type Instance struct {
	store *store
}

// Instantiate makes an instance, running the start functions of its core modules. Close the instance to release it.
func (l *Linked) Instantiate(ctx context.Context) (*Instance, error) {
	s := newStore(l)
	if err := s.instantiate(ctx); err != nil {
		return nil, errors.Join(publish(err, ""), s.close(ctx))
	}
	return &Instance{store: s}, nil
}

// Close releases the instance's memory and core instances, and drops the host's resources that it still owned.
func (i *Instance) Close(ctx context.Context) error { return i.store.close(ctx) }

// Type returns the component's type.
func (i *Instance) Type() *types.Component { return i.store.prog.plan.Type }

// Func returns an exported function: by its name, or by the names of the exported instances around it and its name, as in
// Func("ns:pkg/iface@1.2.3", "[method]thing.get"). It returns nil when there is none.
func (i *Instance) Func(path ...string) *Func {
	e := i.store.prog.plan.Exports
	for n, name := range path {
		item, ok := e.Items[name]
		if !ok {
			return nil
		}
		if n == len(path)-1 {
			if item.Func == nil {
				return nil
			}
			return &Func{store: i.store, fn: item.Func, typ: item.Type.(*types.Func), name: name}
		}
		if e = item.Instance; e == nil {
			return nil
		}
	}
	return nil
}

// Func is an exported function of an instance. It is not safe for concurrent use, with others of the instance either.
type Func struct {
	store  *store
	fn     plan.Func
	callee task.Func
	typ    *types.Func
	name   string
	idle   *hostCaller // kept for the next call
}

// Type returns the function's type.
func (f *Func) Type() *types.Func { return f.typ }

// hostCaller is the host's side of a call into a component.
type hostCaller struct {
	args   []value.Value
	result value.Value
}

func (c *hostCaller) Args() []value.Value  { return c.args }
func (c *hostCaller) Return(v value.Value) { c.result = v }

// Call calls the function. args must be of the parameters' types; a wrong argument is an error and nothing is called. The result is the zero value
// if the function has none. The error of a call that went wrong is a [*Trap] or an [*ExitError].
//
// An owned resource in args belongs to the callee afterwards. One in the result belongs to the caller, who drops it with
// [Instance.DropResource] or gives it back.
func (f *Func) Call(ctx context.Context, args ...value.Value) (value.Value, error) {
	if len(args) != len(f.typ.Params) {
		return value.Value{}, fmt.Errorf("call of `%s`: it takes %d arguments, not %d", f.name, len(f.typ.Params), len(args))
	}
	for i := range args {
		if err := value.Check(args[i], f.typ.Params[i].Type); err != nil {
			return value.Value{}, fmt.Errorf("call of `%s`: argument `%s`: %w", f.name, f.typ.Params[i].Name, err)
		}
	}
	c := f.idle
	if f.idle = nil; c == nil {
		c = new(hostCaller)
	}
	c.args = args
	if err := f.call(ctx, c); err != nil {
		return value.Value{}, publish(err, f.name)
	}
	result := c.result
	*c = hostCaller{}
	f.idle = c
	return result, nil
}

func (f *Func) call(ctx context.Context, c *hostCaller) (err error) {
	done := false
	defer func() {
		if !done {
			f.store.canon.Dead = true
		}
	}()
	defer canon.Catch(&err)
	if f.callee == nil {
		f.callee = f.store.callee(f.fn)
	}
	f.callee.Call(f.store.within(ctx), nil, c)
	done = true
	return nil
}

// Resource is a resource of a component in the hands of the host: what [value.Value.Handle] gives for the handles that a
// component's function returns.
type Resource = canon.Resource

// DropResource drops a resource that a call of i returned, running its destructor. Dropping one twice, or one that was given away, does
// nothing.
func (i *Instance) DropResource(ctx context.Context, v value.Value) (err error) {
	if v.Kind() != value.KindOwn {
		return nil
	}
	r, ok := v.Handle().(*Resource)
	if !ok || r.Dropped {
		return nil
	}
	if r.Type.Impl == nil || r.Type.Impl.Store != &i.store.canon {
		return fmt.Errorf("resource `%s` is of another instance", r.Type.Name)
	}
	defer func() { err = publish(err, "") }()
	defer canon.Catch(&err)
	r.Dropped = true
	r.Type.Destroy(i.store.within(ctx), nil, r.Rep, nil)
	return nil
}

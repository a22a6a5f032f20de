package runner

import (
	"context"
	"errors"
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// Instance is a running component. It is safe for concurrent use, but only one call at a time can
// be in it: see [Func.Call].
type Instance struct {
	store *store
}

// Instantiate makes an instance and runs the start functions of its core modules. If ctx ends, it
// stops before the next core module. Close the instance to release it.
func (l *Linked) Instantiate(ctx context.Context) (*Instance, error) {
	if err := checkContext(ctx); err != nil {
		return nil, fmt.Errorf("instantiating: %w", err)
	}
	s := newStore(l)
	if err := s.prog.engine.open(s); err != nil {
		return nil, fmt.Errorf("instantiating: %w", err)
	}
	var err error
	if s.code, err = l.compile(ctx); err == nil {
		err = s.run(ctx, "", s.observedInstantiate)
	}
	if err != nil {
		return nil, errors.Join(err, s.close(context.WithoutCancel(ctx)))
	}
	return &Instance{store: s}, nil
}

// Close releases the instance's memory and core instances, and drops the host resources that it
// still owned. It may be called from any goroutine, at any time and more than once.
//
// Close does not wait for a call. If one is in progress, Close fails with [ErrBusy], and the call
// traps within milliseconds, or when the host function in which it is returns to the guest. The
// instance is released then. Until then nothing can be called. A call of an engine with
// [Options.Uninterruptible] traps only in a host function.
func (i *Instance) Close(ctx context.Context) error { return i.store.close(ctx) }

// Type returns the component's type.
func (i *Instance) Type() *types.Component { return i.store.prog.plan.Type }

// Func returns an exported function. path is the function's name, preceded by the names of the
// exported instances around it, as in Func("ns:pkg/iface@1.2.3", "[method]thing.get"). Func returns
// nil if the function does not exist; calling nil is an error.
//
// Like a [Linker], Func accepts another version of an instance on the same semver track if the
// named version is not exported: "wasi:cli/run@0.2.0" also finds wasi:cli/run@0.2.12. If there are
// several, it takes the latest.
func (i *Instance) Func(path ...string) *Func {
	item, within := i.export(path)
	if item.Func == nil {
		return nil
	}
	return &Func{store: i.store, fn: item.Func, typ: item.Type.(*types.Func), name: path[len(path)-1], iface: joinNames(within)}
}

// export returns the export at a path, or the zero value, and the names of the instances around it.
func (i *Instance) export(path []string) (item plan.ExportItem, within []string) {
	if len(path) == 0 {
		return item, nil
	}
	e := i.store.prog.plan.Exports
	for _, name := range path[:len(path)-1] {
		if e, name = exportedInstance(e, name); e == nil {
			return item, nil
		}
		within = append(within, name)
	}
	return e.Items[path[len(path)-1]], within
}

// exportedInstance returns the exported instance for the given name, or nil, and its name.
func exportedInstance(e *plan.Exports, s string) (found *plan.Exports, foundName string) {
	if item, ok := e.Items[s]; ok {
		return item.Instance, s
	}
	want, err := name.ParseInterface(s, name.Options{})
	if err != nil {
		return nil, ""
	}
	var best name.Interface
	for _, n := range e.Names {
		have, err := name.ParseInterface(n, name.Options{})
		if err != nil || have.TrackName() != want.TrackName() || e.Items[n].Instance == nil {
			continue
		}
		if found == nil || best.Package.Version.Compare(have.Package.Version) < 0 {
			best, found, foundName = have, e.Items[n].Instance, n
		}
	}
	return found, foundName
}

// Func is an exported function of an instance. It is safe for concurrent use.
type Func struct {
	store  *store
	fn     plan.Func
	callee canon.Func
	typ    *types.Func
	name   string
	iface  string            // the exported instances around it
	idle   *canon.HostCaller // kept for the next call
}

// Type returns the function's type, or nil if f is nil.
func (f *Func) Type() *types.Func {
	if f == nil {
		return nil
	}
	return f.typ
}

// Call calls the function. args must be of the parameters' types. The result is the zero value if
// the function has none.
//
// A wrong argument, a context that has ended and a nil Func are errors, and nothing is called. An
// instance that is closed or has trapped cannot be entered: the error is a [*Trap] with the cause
// [ErrClosed] or [ErrTrapped]. If the call itself fails, the error is a [*Trap] or an [*ExitError].
//
// While another call is in the instance, Call waits for its turn or until ctx ends; calls get their
// turns in no particular order. A function of the host cannot wait for the call that it is part of:
// if it calls the instance with its own context, or one made from it, Call fails at once with a
// [*Trap] whose cause is [ErrBusy]. With a context that is not its own, it waits until that ends.
//
// An owned resource passed for an own parameter belongs to the callee from then on. Passed for a
// borrow parameter, it is lent for the call, and the same call cannot give it away. An owned
// resource in the result belongs to the caller, who drops it with [Instance.DropResource] or passes
// it back.
func (f *Func) Call(ctx context.Context, args ...value.Value) (value.Value, error) {
	if f == nil {
		return value.Value{}, ErrNoFunc
	}
	if err := checkContext(ctx); err != nil {
		return value.Value{}, notCalled(f.name, err)
	}
	if len(args) != len(f.typ.Params) {
		return value.Value{}, fmt.Errorf("call of `%s`: it takes %s, not %d", f.name, diag.Count(len(f.typ.Params), "argument"), len(args))
	}
	for i := range args {
		if err := value.Check(args[i], f.typ.Params[i].Type); err != nil {
			return value.Value{}, fmt.Errorf("call of `%s`: argument `%s`: %w", f.name, f.typ.Params[i].Name, err)
		}
	}
	var result value.Value
	err := f.store.run(ctx, f.name, func(ctx context.Context) { result = f.call(ctx, args) })
	return result, err
}

// call calls the function from inside the store.
func (f *Func) call(ctx context.Context, args []value.Value) value.Value {
	c := f.idle
	if f.idle = nil; c == nil {
		c = new(canon.HostCaller)
	}
	c.Args = args
	if f.callee == nil {
		f.callee = f.store.exported(f)
	}
	f.callee.Call(ctx, nil, c)
	result := c.Result
	*c = canon.HostCaller{}
	f.idle = c
	return result
}

// Resource is a component's resource held by the host: [value.Value.Handle] returns one for a
// handle that a component's function returned.
type Resource = canon.Resource

// DropResource drops a resource that a call of i returned and runs its destructor. It fails as
// [Func.Call] does. It does nothing if the resource was dropped or given away before.
func (i *Instance) DropResource(ctx context.Context, v value.Value) error {
	if v.Kind() != value.KindOwn {
		return nil
	}
	r, ok := v.Handle().(*Resource)
	if !ok || r.Dropped() {
		return nil
	}
	if r.Type.Impl == nil || r.Type.Impl.Store != &i.store.canon {
		return fmt.Errorf("resource `%s` belongs to another instance", r.Type.Name)
	}
	return i.store.run(ctx, "", func(ctx context.Context) {
		if r.Give() {
			r.Type.Destroy(ctx, nil, r.Rep, nil)
		}
	})
}

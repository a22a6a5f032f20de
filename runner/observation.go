package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// observation tells an observer of the calls in one store, and names their handles. Calls between
// components of an observed store always take the way through values.
type observation struct {
	observer Observer
	store    *store
	current  *Call
	counts   map[string]int
	// live names the resources of components by what identifies them. A resource of which the
	// observer has not heard has no name.
	live map[resourceKey]Handle
	// wrapped are the observed types of host resources.
	wrapped map[*canon.ResourceType]*canon.ResourceType
}

// resourceKey identifies a resource of a component until it is destroyed.
type resourceKey struct {
	typ *canon.ResourceType
	rep uint32
}

func newObservation(s *store, o Observer) *observation {
	if o == nil {
		return nil
	}
	return &observation{observer: o, store: s, counts: make(map[string]int), live: make(map[resourceKey]Handle),
		wrapped: make(map[*canon.ResourceType]*canon.ResourceType)}
}

// call runs f as the call c. begin must be called in f, once the arguments are known. f returns the
// result as the observer sees it, or an error, which call returns.
func (o *observation) call(ctx context.Context, c Call, f func(begin func(args []value.Value)) (value.Value, error)) error {
	c.Parent = o.current
	o.current = &c
	begun, done := false, false
	begin := func(args []value.Value) {
		begun, c.Args = true, args
		o.observer.Begin(ctx, &c)
	}
	defer func() {
		o.current = c.Parent
		if done {
			return
		}
		r := recover()
		if !begun {
			begin(nil)
		}
		o.observer.End(&c, value.Value{}, published(r))
		if r != nil {
			panic(r)
		}
	}()
	v, err := f(begin)
	done = true
	o.observer.End(&c, v, thrown(err))
	return err
}

// thrown returns the public error for an error that will be thrown, or nil for nil.
func thrown(err error) (out error) {
	if err == nil {
		return nil
	}
	defer func() { out = published(recover()) }()
	canon.Throw(err)
	return nil
}

// published returns the public error for what a call panicked with.
func published(r any) error {
	if t, ok := r.(*canon.Trap); ok {
		return publish(t, "")
	}
	return errors.New("the call did not return")
}

// hostBox is the value of a host resource in an observed store: it gives the host's value a name.
type hostBox struct {
	Handle
	value any
}

// next returns the next unused handle of a resource name.
func (o *observation) next(resource string) Handle {
	if resource == "" {
		resource = "resource" // it is neither imported nor exported
	}
	o.counts[resource]++
	return Handle{Resource: resource, Number: o.counts[resource]}
}

// named returns the name of a handle in a value.
func (o *observation) named(h any) any {
	switch h := h.(type) {
	case *hostBox:
		out := h.Handle
		out.value = h.value
		return out
	case *canon.Resource:
		out := o.component(h)
		out.value = h
		return out
	default:
		return h
	}
}

// component returns the name of a component's resource. It names the resource if it has no name.
func (o *observation) component(r *canon.Resource) Handle {
	key := resourceKey{r.Type, r.Rep}
	h, ok := o.live[key]
	if !ok {
		h = o.next(r.Type.Name)
		o.live[key] = h
	}
	return h
}

// box returns v, which comes from the host, with its host resources in boxes. The resources in t
// belong to the scope of the outermost instance.
func (o *observation) box(v value.Value, t types.ValType) value.Value {
	return value.MapHandles(v, t, func(h any, r *types.Resource) any {
		slot, ok := o.store.prog.plan.Instances[0].Scope[r]
		if !ok || o.store.canon.Resources[slot].Impl != nil {
			return h
		}
		return &hostBox{o.next(o.store.prog.plan.Resources[slot].Name), h}
	})
}

// unbox undoes box.
func unbox(v value.Value, t types.ValType) value.Value {
	return value.MapHandles(v, t, func(h any, _ *types.Resource) any {
		if b, ok := h.(*hostBox); ok {
			return b.value
		}
		return h
	})
}

// show returns v as the observer sees it.
func (o *observation) show(v value.Value, t types.ValType) value.Value {
	return value.MapHandles(v, t, func(h any, _ *types.Resource) any { return o.named(h) })
}

// each applies f to the arguments of a function.
func each(args []value.Value, t *types.Func, f func(value.Value, types.ValType) value.Value) []value.Value {
	out := make([]value.Value, len(args))
	for i, a := range args {
		out[i] = f(a, t.Params[i].Type)
	}
	return out
}

// observedFunc is a component function whose calls an observer is told of.
type observedFunc struct {
	*observation
	callee canon.Func
	info   Call // the parts that are the same for every call
}

// exported returns the callee for calls of f from the host.
func (s *store) exported(f *Func) canon.Func {
	inner := s.direct(f.fn)
	if s.seen == nil {
		return inner
	}
	info := Call{Kind: CallExport, Interface: f.iface, Func: f.name, Type: f.typ}
	switch fn := f.fn.(type) {
	case plan.LiftedFunc:
		info.To = s.insts[s.prog.plan.Lifts[fn].Instance].Path
	case plan.HostFunc:
		// The component exports what it imports: the call is one of an export and one of an import.
		inner = s.callee(f.fn)
	}
	return &observedFunc{s.seen, inner, info}
}

// observed returns the callee for calls from components.
func (o *observation) observed(inner canon.Func, f plan.Func) canon.Func {
	p := o.store.prog.plan
	switch f := f.(type) {
	case plan.HostFunc:
		im := p.Imports[f]
		return &observedFunc{o, inner, Call{Kind: CallImport, Interface: joinNames(im.Path), Func: im.Name, Type: im.Type}}
	case plan.LiftedFunc:
		l := p.Lifts[f]
		return &observedFunc{o, inner, Call{Kind: CallInner, To: p.Instances[l.Instance].Path, Interface: l.Interface, Func: l.Name,
			Type: l.Type}}
	default:
		panic(fmt.Sprintf("unreachable: %T", f))
	}
}

// Call implements [canon.Func].
func (f *observedFunc) Call(ctx context.Context, from *canon.ComponentInstance, c canon.Caller) {
	info, t := f.info, f.info.Type
	if from != nil {
		info.From = from.Path
	}
	_ = f.call(ctx, info, func(begin func([]value.Value)) (value.Value, error) {
		var shown value.Value
		f.callee.Call(ctx, from, &canon.Tap{
			Caller: c,
			OnArgs: func(args []value.Value) []value.Value {
				if info.Kind == CallExport {
					args = each(args, t, f.box)
				}
				begin(each(args, t, f.show))
				if info.Kind == CallImport {
					args = each(args, t, unbox)
				}
				return args
			},
			OnResult: func(v value.Value) value.Value {
				if t.Result == nil {
					return v
				}
				if info.Kind == CallImport {
					v = f.box(v, t.Result)
				}
				shown = f.show(v, t.Result)
				if info.Kind == CallExport {
					v = unbox(v, t.Result)
				}
				return v
			},
		})
		return shown, nil
	})
}

// hostResource returns the observed type of a host resource. Types that are the same remain the
// same.
func (o *observation) hostResource(rt *canon.ResourceType, r *plan.Resource) *canon.ResourceType {
	if got := o.wrapped[rt]; got != nil {
		return got
	}
	out := *rt
	out.Drop = func(ctx context.Context, v any) error {
		b, ok := v.(*hostBox)
		if !ok {
			b = &hostBox{o.next(r.Name), v}
		}
		kind := CallDrop
		if Closing(ctx) {
			kind = CallClose
		}
		return o.call(ctx, dropOf(kind, b.Handle, joinNames(r.Path)), func(begin func([]value.Value)) (value.Value, error) {
			begin([]value.Value{value.Own(b.Handle)})
			if rt.Drop == nil {
				return value.Value{}, nil
			}
			return value.Value{}, rt.Drop(ctx, b.value)
		})
	}
	o.wrapped[rt] = &out
	return &out
}

// dropOf describes the call that drops a resource.
func dropOf(kind CallKind, h Handle, iface string) Call {
	self := types.Param{Name: "self", Type: &types.Own{Of: &types.Resource{Name: h.Resource}}}
	return Call{Kind: kind, Interface: iface, Func: "[drop]" + h.Resource, Type: &types.Func{Params: []types.Param{self}}}
}

// observedDtor is the destructor of a component's resource type. inner is nil if the type has none.
type observedDtor struct {
	*observation
	rt    *canon.ResourceType
	inner canon.CoreFunc
}

// Call implements [canon.CoreFunc].
func (d *observedDtor) Call(ctx context.Context, stack []uint64) {
	r := &canon.Resource{Type: d.rt, Rep: uint32(stack[0])}
	if d.inner != nil {
		h := d.component(r)
		info := dropOf(CallDestructor, h, "")
		info.To = d.rt.Impl.Path
		if d.current != nil {
			info.From = d.current.To
		}
		_ = d.call(ctx, info, func(begin func([]value.Value)) (value.Value, error) {
			begin([]value.Value{value.Own(h)})
			d.inner.Call(ctx, stack)
			return value.Value{}, nil
		})
	}
	delete(d.live, resourceKey{r.Type, r.Rep})
}

// observedInstantiate is [store.instantiate], of which the observer is told.
func (s *store) observedInstantiate(ctx context.Context) {
	if s.seen == nil {
		s.instantiate(ctx)
		return
	}
	_ = s.seen.call(ctx, Call{Kind: CallInstantiate, Type: &types.Func{}}, func(begin func([]value.Value)) (value.Value, error) {
		begin(nil)
		s.instantiate(ctx)
		return value.Value{}, nil
	})
}

// joinNames returns the name of the innermost of nested instances.
func joinNames(path []string) string { return strings.Join(path, ".") }

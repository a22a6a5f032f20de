package canon

import (
	"context"
	"sync/atomic"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// ResourceType is a resource type at run time. Two types are the same if their pointers are.
type ResourceType struct {
	Name string
	// Impl is the instance that defines the type, or nil if the host does.
	Impl *ComponentInstance
	// Dtor is the destructor of a resource that a component defines, or nil.
	Dtor CoreFunc
	dtor Lift // of Dtor; made when it is first called
	// Drop is called when the owned handle of a host resource is dropped. It may be nil.
	Drop func(ctx context.Context, rep any) error
}

// ResourceHandle is an element of a handle table that stands for a resource (CanonicalABI.md,
// "Resource State").
type ResourceHandle struct {
	// Resource is what the handle is lifted to if a component defines the resource. Otherwise, only
	// its type counts.
	Resource
	// Host is the host's value, if the host defines the resource.
	Host any
	Own  bool

	borrowScope *Task // of a borrowed handle
	numLends    int
}

func (*ResourceHandle) isElem() {}

// Handle returns the Go value that the handle is lifted to: the value of a host resource, or the
// [*Resource] of a component's.
func (h *ResourceHandle) Handle() any {
	if h.Type.Impl == nil {
		return h.Host
	}
	return &h.Resource
}

// Resource is a component's resource in transit between two instances or held by the host. Owned
// and borrowed handles of a component's resource lift to a Resource; handles of a host resource
// lift to the host's value itself.
type Resource struct {
	Type *ResourceType
	// Rep is the representation.
	Rep uint32
	// dropped is set when an owned resource is given away or dropped. The host may ask for it while a
	// call is in progress.
	dropped atomic.Bool
	// lends counts the calls in progress that borrow the resource.
	lends int
}

// Dropped reports whether an owned resource was given away or dropped.
func (r *Resource) Dropped() bool { return r.dropped.Load() }

// Give takes an owned resource from its holder. It reports whether the holder still had it.
func (r *Resource) Give() bool { return r.dropped.CompareAndSwap(false, true) }

// handle returns the handle at index. It traps unless the handle is of type rt.
func (i *ComponentInstance) handle(index uint32, rt *ResourceType) *ResourceHandle {
	h, ok := i.Handles.Get(index).(*ResourceHandle)
	if !ok {
		Trapf("handle index %d is not a resource", index)
	}
	if h.Type != rt {
		Trapf("handle index %d used with the wrong type, expected guest-defined resource but found a different guest-defined resource", index)
	}
	return h
}

// ResourceNew is `canon resource.new`.
func (i *ComponentInstance) ResourceNew(rt *ResourceType, rep uint32) uint32 {
	i.CheckLeave()
	return i.Handles.Add(&ResourceHandle{Resource: Resource{Type: rt, Rep: rep}, Own: true})
}

// ResourceRep is `canon resource.rep`.
func (i *ComponentInstance) ResourceRep(rt *ResourceType, index uint32) uint32 {
	return i.handle(index, rt).Rep
}

// ResourceDrop is `canon resource.drop`. The destructor runs before it returns.
func (i *ComponentInstance) ResourceDrop(ctx context.Context, rt *ResourceType, index uint32) {
	i.CheckLeave()
	h := i.handle(index, rt)
	if h.numLends != 0 {
		Trapf("cannot remove owned resource while borrowed")
	}
	i.Handles.Remove(index)
	if h.Own {
		rt.Destroy(ctx, i, h.Rep, h.Host)
		return
	}
	h.borrowScope.numBorrows--
}

// Destroy destroys a resource. It enters the defining instance from caller, which is nil for the
// host, and calls the destructor.
func (rt *ResourceType) Destroy(ctx context.Context, caller *ComponentInstance, rep uint32, host any) {
	if rt.Impl == nil {
		if rt.Drop != nil {
			if err := rt.Drop(ctx, host); err != nil {
				Throw(err)
			}
		}
		return
	}
	if rt.dtor.Inst == nil {
		rt.dtor = Lift{Inst: rt.Impl, Func: rt.Dtor, Sig: dtorSig, Opts: &Options{}}
	}
	rt.dtor.Call(ctx, caller, dropper(rep))
}

// dtorSig is the type of destructors, func(rep: u32).
var dtorSig = NewCompiler(nil).Sig(&types.Func{Params: []types.Param{{Name: "rep", Type: types.U32}}})

// dropper is the caller of a destructor. It passes the representation.
type dropper uint32

func (d dropper) args() []value.Value                    { return []value.Value{value.U32(uint32(d))} }
func (d dropper) start(_ *Context, _ *Sig, out []uint64) { out[0] = uint64(d) }
func (dropper) resolve(_ *Context, _ *Sig, _ []uint64)   {}
func (dropper) resolveValue(value.Value)                 {}

package canon

import "context"

// ResourceType is a resource type at run time. Identity is the pointer.
type ResourceType struct {
	Name string
	// Impl is the instance that defines it; nil when the host does.
	Impl *Instance
	// Dtor is the destructor of a resource that a component defines, or nil.
	Dtor CoreFunc
	// Drop is told when the last handle of a host's resource goes; it may be nil.
	Drop func(ctx context.Context, rep any) error
}

// Handle is an element of a handle table that stands for a resource (CanonicalABI.md, "Resource State").
type Handle struct {
	Type *ResourceType
	// Rep is the representation of a resource that a component defines.
	Rep uint32
	// Host is the host's value of a resource that the host defines.
	Host any
	Own  bool
	// Borrower is told when a borrowed handle goes.
	Borrower Borrower
	Lends    int
}

func (*Handle) isElem() {}

// Lender remembers what a call has lent, until it returns: the caller's side, definitions.py's Subtask.
type Lender interface{ Lend(h *Handle) }

// Borrower counts the borrowed handles that a call still holds: the callee's side, definitions.py's Task.
type Borrower interface{ Borrow(n int) }

// Resource is a resource between two instances, or in the hands of the host: what an owned or borrowed handle of a
// component's resource lifts to. A host's own resource lifts to the host's value itself.
type Resource struct {
	Type *ResourceType
	Rep  uint32
	// Dropped is set when an owned resource has been given away or dropped.
	Dropped bool
}

// handle looks i up as a handle of a type.
func (i *Instance) handle(index uint32, rt *ResourceType) *Handle {
	h, ok := i.Handles.Get(index).(*Handle)
	if !ok {
		Trapf("handle index %d is not a resource", index)
	}
	if h.Type != rt {
		Trapf("handle index %d used with the wrong type, expected guest-defined resource but found a different guest-defined resource", index)
	}
	return h
}

// ResourceNew is `canon resource.new`.
func (i *Instance) ResourceNew(rt *ResourceType, rep uint32) uint32 {
	i.CheckLeave()
	return i.Handles.Add(&Handle{Type: rt, Rep: rep, Own: true})
}

// ResourceRep is `canon resource.rep`.
func (i *Instance) ResourceRep(rt *ResourceType, index uint32) uint32 {
	return i.handle(index, rt).Rep
}

// ResourceDrop is `canon resource.drop`. The destructor runs before it returns.
func (i *Instance) ResourceDrop(ctx context.Context, rt *ResourceType, index uint32) {
	i.CheckLeave()
	h := i.handle(index, rt)
	if h.Lends != 0 {
		Trapf("cannot remove owned resource while borrowed")
	}
	i.Handles.Remove(index)
	if h.Own {
		rt.Destroy(ctx, i, h.Rep, h.Host)
		return
	}
	h.Borrower.Borrow(-1)
}

// Destroy ends a resource: it calls the destructor, entering the defining instance from caller, which is nil for the host.
func (rt *ResourceType) Destroy(ctx context.Context, caller *Instance, rep uint32, host any) {
	if rt.Impl == nil {
		if rt.Drop != nil {
			if err := rt.Drop(ctx, host); err != nil {
				Throw(err)
			}
		}
		return
	}
	rt.Impl.EnterFrom(caller)
	if rt.Dtor != nil {
		stack := [1]uint64{uint64(rep)}
		rt.Dtor.Call(ctx, stack[:])
	}
	rt.Impl.LeaveTo(caller)
}

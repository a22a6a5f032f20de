package canon

import "context"

// ResourceType is a resource type at run time. Two types are the same if their pointers are.
type ResourceType struct {
	Name string
	// Impl is the instance that defines the type, or nil if the host does.
	Impl *ComponentInstance
	// Dtor is the destructor of a resource that a component defines, or nil.
	Dtor CoreFunc
	// Drop is called when the owned handle of a host resource is dropped. It may be nil.
	Drop func(ctx context.Context, rep any) error
}

// Handle is an element of a handle table that stands for a resource (CanonicalABI.md, "Resource
// State").
type Handle struct {
	Type *ResourceType
	// Rep is the representation, if a component defines the resource.
	Rep uint32
	// Host is the host's value, if the host defines the resource.
	Host any
	Own  bool
	// Borrower is notified when a borrowed handle is dropped.
	Borrower Borrower
	Lends    int
}

func (*Handle) isElem() {}

// Lender remembers the handles that a call has lent until it returns. It is on the caller's side:
// Subtask in definitions.py.
type Lender interface{ Lend(h *Handle) }

// Borrower counts the borrowed handles that a call still holds. It is on the callee's side: Task in
// definitions.py.
type Borrower interface{ Borrow(n int) }

// Resource is a component's resource in transit between two instances or held by the host. Owned
// and borrowed handles of a component's resource lift to a Resource; handles of a host resource
// lift to the host's value itself.
type Resource struct {
	Type *ResourceType
	Rep  uint32
	// Dropped is set when an owned resource is given away or dropped.
	Dropped bool
	// lends counts the calls in progress that borrow the resource.
	lends int
}

// handle returns the handle at index. It traps unless the handle is of type rt.
func (i *ComponentInstance) handle(index uint32, rt *ResourceType) *Handle {
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
func (i *ComponentInstance) ResourceNew(rt *ResourceType, rep uint32) uint32 {
	i.CheckLeave()
	return i.Handles.Add(&Handle{Type: rt, Rep: rep, Own: true})
}

// ResourceRep is `canon resource.rep`.
func (i *ComponentInstance) ResourceRep(rt *ResourceType, index uint32) uint32 {
	return i.handle(index, rt).Rep
}

// ResourceDrop is `canon resource.drop`. The destructor runs before it returns.
func (i *ComponentInstance) ResourceDrop(ctx context.Context, rt *ResourceType, index uint32) {
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
	rt.Impl.EnterFrom(caller)
	if rt.Dtor != nil {
		stack := [1]uint64{uint64(rep)}
		rt.Dtor.Call(ctx, stack[:])
	}
	rt.Impl.LeaveTo(caller)
}

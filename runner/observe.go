package runner

import (
	"context"
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// Observer is told of every call at the level of WIT in the instances of an engine: of exports, of
// imports, and between components. It sees the calls of one instance one at a time, but those of
// several instances may come concurrently. Calls nest: between Begin and End of a call are all the
// calls that the callee makes.
//
// An observer must not call the instance. If it panics, the guest's call panics.
type Observer interface {
	// Begin is told of a call before the callee gets its arguments.
	Begin(ctx context.Context, c *Call)
	// End is told of the end of a call for which Begin was called. result is the zero value if
	// there is none. err is a [*Trap] or an [*ExitError] if the call did not return; the calls
	// around it end in the same way.
	End(c *Call, result value.Value, err error)
}

// Sampler is an [Observer] that is also told, again and again, where guest code is while it runs.
// It is not told if [Options.Uninterruptible] is set, or for code that only runs for a short time.
type Sampler interface {
	Observer
	// Sample is told every few dozen microseconds of guest code that it runs in the call c. stack
	// returns the core functions since c began, innermost first, without positions in the source. It
	// must not be called after Sample has returned.
	Sample(c *Call, stack func() []Frame)
}

// Call is a call that an [Observer] is told of. It is immutable.
type Call struct {
	Kind CallKind
	// Parent is the call from which the call was made, or nil if the host made it.
	Parent *Call
	// From and To are the paths of the component instances that call and are called, such as
	// "component 1 > component 0". Both the host and the outermost component instance are "": Kind
	// tells them apart.
	From, To string
	// Interface is the name of the interface that has the function, or "" if the function is
	// imported or exported by itself. For calls between components, it is the name under which the
	// callee's side exports the interface.
	Interface string
	// Func is the name of the function: `get`, `[method]thing.get`; `[drop]thing` for the
	// destructor of a resource. It is "" for an instantiation.
	Func string
	// Type is the function's type.
	Type *types.Func
	// Args are the arguments. Each handle in it is a [Handle]. Args is nil if the call failed
	// before its arguments were known.
	Args []value.Value
}

// Depth returns the number of calls around the call.
func (c *Call) Depth() int {
	n := 0
	for p := c.Parent; p != nil; p = p.Parent {
		n++
	}
	return n
}

// Name returns the name of the function with its interface: `ns:pkg/iface@1.2.3.get`.
func (c *Call) Name() string {
	if c.Interface == "" {
		return c.Func
	}
	return c.Interface + "." + c.Func
}

// CallKind says who calls whom.
type CallKind uint8

// The kinds of calls.
const (
	// CallInstantiate is the instantiation of the component. Start functions run in it.
	CallInstantiate CallKind = iota + 1
	// CallExport is a call from the host to an exported function.
	CallExport
	// CallImport is a call from a component to a function of the host.
	CallImport
	// CallInner is a call from a component to another component.
	CallInner
	// CallDestructor is a call of the destructor of a component's resource. If Parent is nil, the
	// host has dropped the resource.
	CallDestructor
	// CallDrop is a call of the host function that drops a host resource; see
	// [HostInstance.Resource].
	CallDrop
	// CallClose is a CallDrop that happens because the instance is closed; see [Closing].
	CallClose
)

var callKinds = [...]string{CallInstantiate: "instantiate", CallExport: "export", CallImport: "import", CallInner: "inner",
	CallDestructor: "destructor", CallDrop: "drop", CallClose: "close"}

// String returns one word for the kind.
func (k CallKind) String() string {
	if int(k) >= len(callKinds) || k == 0 {
		return fmt.Sprintf("CallKind(%d)", uint8(k))
	}
	return callKinds[k]
}

// Handle stands for a resource in the values that an [Observer] sees.
type Handle struct {
	// Resource is the name of the resource type.
	Resource string
	// Number is the number of the resource among those of its name in one instance, from 1 on. A
	// host resource gets a new number each time that the host passes it to the guest as owned.
	Number int

	value any
}

// Value returns what the handle stands for: the value of the host, or a [*Resource]. An observer
// may keep it, but the resource may end at any time.
func (h Handle) Value() any { return h.value }

// String returns the name and the number, as in "thing#3".
func (h Handle) String() string { return fmt.Sprintf("%s#%d", h.Resource, h.Number) }

// HandleText returns the same as String. [value.Append] prints it.
func (h Handle) HandleText() string { return h.String() }

// Observers returns an observer that passes all calls on to list. It is a [Sampler] if one of them
// is.
func Observers(list ...Observer) Observer {
	var samplers []Sampler
	for _, o := range list {
		if s, ok := o.(Sampler); ok {
			samplers = append(samplers, s)
		}
	}
	if len(samplers) == 0 {
		return observers(list)
	}
	return &sampledObservers{list, samplers}
}

type observers []Observer

func (o observers) Begin(ctx context.Context, c *Call) {
	for _, x := range o {
		x.Begin(ctx, c)
	}
}

func (o observers) End(c *Call, result value.Value, err error) {
	for _, x := range o {
		x.End(c, result, err)
	}
}

// sampledObservers are observers of which some are samplers.
type sampledObservers struct {
	observers
	samplers []Sampler
}

// Sample implements [Sampler]. The stack can be walked once.
func (o *sampledObservers) Sample(c *Call, stack func() []Frame) {
	var frames []Frame
	walked := false
	once := func() []Frame {
		if !walked {
			frames, walked = stack(), true
		}
		return frames
	}
	for _, s := range o.samplers {
		s.Sample(c, once)
	}
}

package canon

import "github.com/tetratelabs/wazero/api"

// Store is one top-level instantiation: the component instances that live and die together.
type Store struct {
	// Resources are the resource types, by slot.
	Resources []*ResourceType
	// Dead is set by a trap. Nothing can be entered afterwards (CanonicalABI.md, Component Invariant
	// 1).
	Dead bool

	// current is the thread whose core code runs: current_thread() of the specification. While the
	// host runs, it is the thread that called the host.
	current *Thread

	// Limits limit what the guest makes the host spend.
	Limits  Limits
	handles uint64 // number of elements in all handle tables
}

// Current returns the current thread. It returns nil if no core code runs.
func (s *Store) Current() *Thread { return s.current }

// ComponentInstance is the state of one component instance (CanonicalABI.md, "Component
// Instances").
type ComponentInstance struct {
	Store  *Store
	Parent *ComponentInstance
	// Path names the instance in messages. It is "" for the outermost.
	Path string
	// Handles holds resources and waitable elements in one index space.
	Handles Table

	flags  Flags
	shared api.MutableGlobal // holds the flags instead, if it is not nil
	depth  int               // the number of ancestors

	backpressure    int
	exclusiveThread *Thread

	helper Task // runs realloc and start functions
}

// Init makes i an instance of s that nobody has entered. parent is nil for the outermost instance.
func (i *ComponentInstance) Init(s *Store, parent *ComponentInstance, path string) {
	*i = ComponentInstance{Store: s, Parent: parent, Path: path}
	if parent != nil {
		i.depth = parent.depth + 1
	}
	i.Handles.store = s
	i.helper.inst = i
	i.helper.implicitThread.task = &i.helper
}

// Flags are the flags of a component instance. They are the opposites of those of the
// specification, so that 0 is the initial state.
type Flags uint32

const (
	// Entered means that may_enter is false.
	Entered Flags = 1 << iota
	// Locked means that may_leave is false.
	Locked
)

// ShareFlags moves the flags to a global of type i32, which generated code may read and write too.
// The other bits of the global stay 0.
func (i *ComponentInstance) ShareFlags(g api.MutableGlobal) {
	g.Set(uint64(i.flags))
	i.shared = g
}

func (i *ComponentInstance) has(f Flags) bool {
	if i.shared == nil {
		return i.flags&f != 0
	}
	return i.getShared()&f != 0
}

func (i *ComponentInstance) set(f Flags) {
	if i.shared == nil {
		i.flags |= f
		return
	}
	i.change(f, 0)
}

func (i *ComponentInstance) clear(f Flags) {
	if i.shared == nil {
		i.flags &^= f
		return
	}
	i.change(0, f)
}

// The global is rare, and the functions above are inlined only if these are not.

//go:noinline
func (i *ComponentInstance) getShared() Flags { return Flags(i.shared.Get()) }

//go:noinline
func (i *ComponentInstance) change(set, clear Flags) {
	i.shared.Set(uint64(i.getShared()&^clear | set))
}

// MayLeave reports whether core code of i may call out (may_leave). It must not from realloc and
// post-return.
func (i *ComponentInstance) MayLeave() bool { return !i.has(Locked) }

// CheckLeave traps if i may not be left.
func (i *ComponentInstance) CheckLeave() {
	if i.has(Locked) {
		Trapf("cannot leave component instance")
	}
}

// MayEnterFrom reports whether a call from caller may enter i (Component Invariant 2). caller is
// nil for the host.
func (i *ComponentInstance) MayEnterFrom(caller *ComponentInstance) bool {
	for a, c := i, caller; ; a = a.Parent {
		if a, c = a.outside(c); a == nil {
			return !i.Store.Dead
		}
		if a.has(Entered) {
			return false
		}
	}
}

// EnterFrom marks the entering set of i as entered: i and its ancestors, without caller and the
// ancestors of caller. It traps if the call may not enter.
func (i *ComponentInstance) EnterFrom(caller *ComponentInstance) {
	if i.Store.Dead {
		Trapf(cannotEnter)
	}
	for a, c := i, caller; ; a = a.Parent {
		if a, c = a.outside(c); a == nil {
			return
		}
		if a.has(Entered) {
			Trapf(cannotEnter)
		}
		a.set(Entered)
	}
}

const cannotEnter = "cannot enter component instance"

// LeaveTo undoes [ComponentInstance.EnterFrom].
func (i *ComponentInstance) LeaveTo(caller *ComponentInstance) {
	for a, c := i, caller; ; a = a.Parent {
		if a, c = a.outside(c); a == nil {
			return
		}
		a.clear(Entered)
	}
}

// outside steps through an entering set. It returns i, or nil if i is caller or one of its
// ancestors, and the ancestor of caller at the depth of i.
func (i *ComponentInstance) outside(caller *ComponentInstance) (*ComponentInstance, *ComponentInstance) {
	if i == nil {
		return nil, nil
	}
	for caller != nil && caller.depth > i.depth {
		caller = caller.Parent
	}
	if caller == i {
		return nil, nil
	}
	return i, caller
}

package canon

import (
	"context"

	"github.com/tetratelabs/wazero/api"
)

// Store is one top-level instantiation: everything that is entered and left together.
type Store struct {
	// Resources are the resource types, by slot.
	Resources []*ResourceType
	// Dead is set by a trap; nothing can be entered any more (CanonicalABI.md, Component Invariant 1).
	Dead bool
}

// Instance is the state of one component instance (CanonicalABI.md, "Component Instances").
type Instance struct {
	Store  *Store
	Parent *Instance
	// Path names it in messages; "" for the outermost.
	Path    string
	Handles Table

	// entered is set while a call is inside, locked while realloc or post-return runs.
	entered bool
	locked  bool
}

// MayEnterFrom tells whether a call from caller, nil for the host, may enter i (Component Invariant 2).
func (i *Instance) MayEnterFrom(caller *Instance) bool {
	if i.Store.Dead {
		return false
	}
	for a := i; a != nil && !caller.within(a); a = a.Parent {
		if a.entered {
			return false
		}
	}
	return true
}

// within tells whether a is i or one of its ancestors.
func (i *Instance) within(a *Instance) bool {
	for ; i != nil; i = i.Parent {
		if i == a {
			return true
		}
	}
	return false
}

// EnterFrom marks i and those ancestors that caller is not inside of as entered. It traps when it may not.
func (i *Instance) EnterFrom(caller *Instance) {
	if !i.MayEnterFrom(caller) {
		Trapf("cannot enter component instance")
	}
	i.setEntered(caller, true)
}

// LeaveTo takes back [Instance.EnterFrom].
func (i *Instance) LeaveTo(caller *Instance) { i.setEntered(caller, false) }

func (i *Instance) setEntered(caller *Instance, on bool) {
	for a := i; a != nil && !caller.within(a); a = a.Parent {
		a.entered = on
	}
}

// CheckLeave traps when core code of i calls out where it may not: from realloc or post-return.
func (i *Instance) CheckLeave() {
	if i.locked {
		Trapf("cannot leave component instance")
	}
}

// Locked runs f while i may not be left.
func (i *Instance) Locked(f func()) {
	i.locked = true
	f()
	i.locked = false
}

// CoreFunc is a core function that the host can call. A call takes its parameters from stack and leaves its results there; it
// panics with a [*Trap] when the function traps.
type CoreFunc interface {
	Call(ctx context.Context, stack []uint64)
}

// StringEncoding is how strings lie in memory. The zero value is UTF-8.
type StringEncoding uint8

// The string encodings.
const (
	UTF8 StringEncoding = iota
	UTF16
	Latin1UTF16
)

// Options are the canonical options that lifting and lowering use, resolved for one instance.
type Options struct {
	Encoding StringEncoding
	Memory   api.Memory
	Realloc  CoreFunc
}

// Context is what lifting and lowering happen in (CanonicalABI.md, "Lifting and Lowering Context"). One call makes one for each side; it
// must not be used by two goroutines at once.
type Context struct {
	Ctx  context.Context
	Opts *Options
	Inst *Instance
	// Lender keeps track of handles lent by lifted borrows; nil where no borrow can occur.
	Lender Lender
	// Borrower counts the borrows that are lowered; nil where no borrow can occur.
	Borrower Borrower

	// mem is a view of the whole memory. It dies when the memory grows, so every call of realloc takes a new one.
	mem   []byte
	stack [4]uint64
}

// maxMemory is one less than 4 GiB: the engine counts bytes in 32 bits.
const maxMemory = 1<<32 - 1

// View takes the view of the memory. Lift and lower call it first.
func (c *Context) View() {
	if c.Opts.Memory == nil {
		c.mem = nil
		return
	}
	size := c.Opts.Memory.Size()
	if pages, _ := c.Opts.Memory.Grow(0); pages == 1<<16 {
		size = maxMemory
	}
	c.mem, _ = c.Opts.Memory.Read(0, size)
}

// realloc calls the realloc option and returns a range of the memory that lies within bounds and is aligned. what is going to
// be put there.
func (c *Context) realloc(old, oldSize, align, size uint32, what string) uint32 {
	if c.Opts.Realloc == nil {
		Trapf("canonical option `realloc` is missing")
	}
	c.stack = [4]uint64{uint64(old), uint64(oldSize), uint64(align), uint64(size)}
	c.Inst.locked = true
	c.Opts.Realloc.Call(c.Ctx, c.stack[:])
	c.Inst.locked = false
	ptr := uint32(c.stack[0])
	c.View()
	if ptr&(align-1) != 0 {
		Trapf("unaligned pointer: realloc return: result not aligned")
	}
	if uint64(ptr)+uint64(size) > uint64(len(c.mem)) {
		Trapf("%s out-of-bounds: realloc return: beyond end of memory", what)
	}
	return ptr
}

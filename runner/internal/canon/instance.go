package canon

import (
	"context"

	"github.com/tetratelabs/wazero/api"
)

// Store is one top-level instantiation: the instances that live and die together.
type Store struct {
	// Resources are the resource types, by slot.
	Resources []*ResourceType
	// Dead is set by a trap. Nothing can be entered afterwards (CanonicalABI.md, Component Invariant
	// 1).
	Dead bool
}

// ComponentInstance is the state of one component instance (CanonicalABI.md, "Component
// Instances").
type ComponentInstance struct {
	Store  *Store
	Parent *ComponentInstance
	// Path names the instance in messages. It is "" for the outermost.
	Path    string
	Handles Table

	// entered is set while a call is inside, and locked while realloc or post-return runs.
	entered bool
	locked  bool
}

// MayEnterFrom reports whether a call from caller may enter i (Component Invariant 2). caller is
// nil for the host.
func (i *ComponentInstance) MayEnterFrom(caller *ComponentInstance) bool {
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

// within reports whether a is i or one of its ancestors.
func (i *ComponentInstance) within(a *ComponentInstance) bool {
	for ; i != nil; i = i.Parent {
		if i == a {
			return true
		}
	}
	return false
}

// EnterFrom marks i as entered, along with those of its ancestors that caller is not inside. It
// traps if the call may not enter.
func (i *ComponentInstance) EnterFrom(caller *ComponentInstance) {
	if !i.MayEnterFrom(caller) {
		Trapf("cannot enter component instance")
	}
	i.setEntered(caller, true)
}

// LeaveTo undoes [ComponentInstance.EnterFrom].
func (i *ComponentInstance) LeaveTo(caller *ComponentInstance) { i.setEntered(caller, false) }

func (i *ComponentInstance) setEntered(caller *ComponentInstance, on bool) {
	for a := i; a != nil && !caller.within(a); a = a.Parent {
		a.entered = on
	}
}

// CheckLeave traps if i may not be left: core code must not call out from realloc or post-return.
func (i *ComponentInstance) CheckLeave() {
	if i.locked {
		Trapf("cannot leave component instance")
	}
}

// Locked runs f while i may not be left.
func (i *ComponentInstance) Locked(f func()) {
	i.locked = true
	f()
	i.locked = false
}

// CoreFunc is a core function that the host can call. A call reads its parameters from stack and
// leaves its results there. It panics with a [*Trap] if the function traps.
type CoreFunc interface {
	Call(ctx context.Context, stack []uint64)
}

// StringEncoding is the encoding of strings in memory. The zero value is UTF-8.
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

// Context is the context of lifting and lowering (CanonicalABI.md, "Lifting and Lowering Context").
// A call makes one for each side. It is not safe for concurrent use.
type Context struct {
	Ctx  context.Context
	Opts *Options
	Inst *ComponentInstance
	// Lender tracks handles lent by lifted borrows. It is nil where no borrow can occur.
	Lender Lender
	// Borrower counts lowered borrows. It is nil where no borrow can occur.
	Borrower Borrower

	// lent are the resources whose borrows were lowered, until ReturnLent.
	lent []*Resource
	// mem is a view of the whole memory. It becomes stale when the memory grows, so every call of
	// realloc renews it.
	mem   []byte
	stack [4]uint64
}

// maxMemory is one less than 4 GiB: the engine counts bytes in 32 bits.
const maxMemory = 1<<32 - 1

// View renews the view of the memory. Exported lift and lower methods call it first.
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

// realloc calls the realloc option and returns a range of the memory. It traps if the range is out
// of bounds or unaligned. what names the contents of the range for messages.
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

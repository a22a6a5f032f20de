package canon

import (
	"context"

	"github.com/tetratelabs/wazero/api"
)

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
	// PostReturn, Async and Callback are options of lifted functions; Async is one of lowered
	// functions too.
	PostReturn CoreFunc
	Async      bool
	Callback   CoreFunc
}

// Context is the context of lifting and lowering (CanonicalABI.md, "Lifting and Lowering Context").
// A call makes one for each side. It is not safe for concurrent use.
type Context struct {
	Ctx  context.Context
	Opts *Options
	Inst *ComponentInstance
	// Task and Subtask are the two kinds of borrow_scope: Task counts the borrows that are lowered,
	// and Subtask has the handles that are lent by lifting borrows. Each is nil where no borrow can
	// occur.
	Task    *Task
	Subtask *Subtask

	// lent are the resources whose borrows were lowered, until ReturnLent.
	lent []*Resource
	// mem is a view of the whole memory. It becomes stale when the memory grows, so every call of
	// realloc renews it.
	mem []byte
	// lifted is how many bytes were lifted. At checkAt, lifting looks at the limit and the context.
	lifted, checkAt uint64
	stack           [4]uint64
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

// viewParams renews the view if passing the parameters needs it.
func (c *Context) viewParams(s *Sig, limit int) {
	if s.pointers || s.flat > limit {
		c.View()
	}
}

// viewResult renews the view if passing the result needs it. The result of a function has at most
// one core value, so a result with an address is in memory itself.
func (c *Context) viewResult(s *Sig) {
	if s.ResultInMemory() {
		c.View()
	}
}

// realloc calls the realloc option and returns a range of the memory. It traps if the range is out
// of bounds or unaligned. what names the contents of the range for messages.
func (c *Context) realloc(old, oldSize, align, size uint32, what string) uint32 {
	if c.Opts.Realloc == nil {
		Trapf("canonical option `realloc` is missing")
	}
	c.stack = [4]uint64{uint64(old), uint64(oldSize), uint64(align), uint64(size)}
	// Each call is a task of its own, but one Task suffices: realloc cannot leave the instance, so
	// there is never a second one.
	c.Inst.helper.start(nil).callLocked(c.Ctx, c.Opts.Realloc, c.stack[:])
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

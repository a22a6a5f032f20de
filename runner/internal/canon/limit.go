package canon

import (
	"context"
	"fmt"
)

// Limits limit what a guest can make the host spend. 0 means no limit.
type Limits struct {
	// Handles is the number of elements in all handle tables of a store.
	Handles uint64
	// Lifted is the number of bytes that the host allocates for the parameters of one call, or its
	// result.
	Lifted uint64
}

// LimitError is the cause of the trap of a guest that exceeds a limit.
type LimitError struct {
	// Limit is the limit and What it counts, as in "handles".
	Limit uint64
	What  string
	// Option is the name of the option that sets the limit.
	Option string
}

// Error says which limit it is and which option raises it.
func (e *LimitError) Error() string {
	return fmt.Sprintf("the limit of %d %s is exceeded; %s raises it", e.Limit, e.What, e.Option)
}

// Exceed raises the trap of a guest that exceeds a limit.
func Exceed(e *LimitError) { panic(&Trap{Message: e.Error(), Cause: e}) }

// addHandle counts a new handle. It traps if there are too many.
func (s *Store) addHandle() {
	if s == nil {
		return // a table by itself
	}
	if s.Limits.Handles > 0 && s.handles >= s.Limits.Handles {
		Exceed(&LimitError{Limit: s.Limits.Handles, What: "handles", Option: "Limits.MaxHandles"})
	}
	s.handles++
}

func (s *Store) removeHandle() {
	if s != nil {
		s.handles--
	}
}

// Sizes of values in Go, in bytes.
const (
	valueSize   = 32
	pointerSize = 8
)

// checkEvery is how many bytes are lifted or copied between two looks at the context.
const checkEvery = 1 << 20

// startLifting begins to count what is lifted.
func (c *Context) startLifting() {
	c.lifted, c.checkAt = 0, checkEvery
	if n := c.Inst.Store.Limits.Lifted; n > 0 {
		c.checkAt = min(n, checkEvery)
	}
}

// charge counts n bytes that the host allocates. It traps if that is too much, or if the context
// has ended.
func (c *Context) charge(n uint64) {
	if c.lifted += n; c.lifted > c.checkAt {
		c.checkLifting()
	}
}

func (c *Context) checkLifting() {
	c.checkAt = c.lifted + checkEvery
	if limit := c.Inst.Store.Limits.Lifted; limit > 0 {
		if c.lifted > limit {
			Exceed(&LimitError{Limit: limit, What: "bytes passed to the host in one call", Option: "Limits.MaxLifted"})
		}
		c.checkAt = min(c.checkAt, limit)
	}
	c.checkContext()
}

// checkContext traps if the context has ended.
func (c *Context) checkContext() {
	if c.Ctx != nil && c.Ctx.Err() != nil {
		panic(EndOf(c.Ctx))
	}
}

// copyMemory is [CopyMemory] with the context of the call.
func (c *Context) copyMemory(dst, src []byte) { CopyMemory(c.Ctx, dst, src) }

// CopyMemory copies src to dst, which do not overlap. It traps if the context ends meanwhile. It
// copies in pieces, because nothing interrupts the copying of a piece, not even the garbage
// collector.
func CopyMemory(ctx context.Context, dst, src []byte) {
	for len(src) > checkEvery {
		copy(dst, src[:checkEvery])
		dst, src = dst[checkEvery:], src[checkEvery:]
		if ctx != nil && ctx.Err() != nil {
			panic(EndOf(ctx))
		}
	}
	copy(dst, src)
}

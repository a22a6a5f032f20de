package trim

import "github.com/mortise-wasm/mortise/encoding/core"

// pageSize is the size of a page of memory in bytes, and also that of an adapter's stack and of its
// state.
const pageSize = 64 * 1024

// The values of an adapter's global `allocation_state`. An allocator that is called for the stack
// may call the adapter, which must then return at once and must not use the stack.
const (
	stackUnallocated int32 = iota
	stackAllocating
	stackAllocated
)

// growMemory returns an allocator that grows the memory. It only allocates new pages.
func growMemory(t core.TypeIdx) core.Function {
	code := core.NewAsm(4)
	page := code.Local(core.I32)
	trapUnless := func(want int32, local uint32) {
		code.I32(want)
		code.Get(local)
		code.Ops(core.OpI32Ne)
		code.Block(core.OpIf, core.BlockType{})
		code.Ops(core.OpUnreachable)
		code.End()
	}
	trapUnless(0, 0) // the old address
	trapUnless(0, 1) // the old size
	trapUnless(pageSize, 3)
	code.I32(1)
	code.Index(core.OpMemoryGrow, 0)
	code.Tee(page)
	code.I32(-1)
	code.Ops(core.OpI32Eq)
	code.Block(core.OpIf, core.BlockType{})
	code.Ops(core.OpUnreachable)
	code.End()
	code.Get(page)
	code.I32(16)
	code.Ops(core.OpI32Shl)
	return code.Function(t)
}

// allocateStack returns the function that allocates the stack. If the adapter keeps a state, it
// allocates the stack only once.
func (t *trimmer) allocateStack(typ core.TypeIdx) core.Function {
	code := core.NewAsm(0)
	if t.state != nil {
		code.Index(core.OpGlobalGet, *t.state)
		code.I32(stackUnallocated)
		code.Ops(core.OpI32Eq)
		code.Block(core.OpIf, core.BlockType{})
		code.I32(stackAllocating)
		code.Index(core.OpGlobalSet, *t.state)
	}
	code.I32(0)
	code.I32(0)
	code.I32(8)
	code.I32(pageSize)
	code.Call(*t.allocator)
	code.I32(pageSize)
	code.Ops(core.OpI32Add)
	code.Index(core.OpGlobalSet, *t.stack)
	if t.state != nil {
		code.I32(stackAllocated)
		code.Index(core.OpGlobalSet, *t.state)
		code.End()
	}
	return code.Function(typ)
}

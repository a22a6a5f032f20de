package adapter

import (
	"encoding/binary"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// code is a function in the making. Its methods append instructions.
type code struct {
	p      *part
	sig    sig
	params int
	vars   []core.ValType // parameters and local variables
	bytes  []byte
	// calls are the places in bytes of the indices of the part's own functions, which are written when
	// the number of imports is known.
	calls []int
	// realloc is the slot of the destination's realloc.
	realloc int
}

// function returns the finished function. imports is the number of imported functions.
func (c *code) function(t core.TypeIdx, imports int) core.Function {
	f := core.Function{Type: t}
	for _, v := range c.vars[c.params:] {
		if n := len(f.Locals); n > 0 && f.Locals[n-1].Type == v {
			f.Locals[n-1].Count++
		} else {
			f.Locals = append(f.Locals, core.Local{Count: 1, Type: v})
		}
	}
	for _, at := range c.calls {
		x := binary.LittleEndian.Uint32(c.bytes[at:]) + uint32(imports)
		for i := range indexSize {
			c.bytes[at+i] = byte(x>>(7*i))&0x7f | 0x80
		}
		c.bytes[at+indexSize-1] &= 0x7f
	}
	f.Code = (&core.Instr{Op: core.OpEnd}).Append(c.bytes)
	return f
}

// indexSize is the size of the index of one of the part's own functions, a padded LEB128 number.
const indexSize = 4

func (c *code) emit(in core.Instr) { c.bytes = in.Append(c.bytes) }

func (c *code) op(ops ...core.Op) {
	for _, op := range ops {
		c.emit(core.Instr{Op: op})
	}
}

// local adds a local variable.
func (c *code) local(t core.ValType) uint32 {
	c.vars = append(c.vars, t)
	return uint32(len(c.vars) - 1)
}

func (c *code) get(v uint32)     { c.emit(core.Instr{Op: core.OpLocalGet, X: v}) }
func (c *code) set(v uint32)     { c.emit(core.Instr{Op: core.OpLocalSet, X: v}) }
func (c *code) tee(v uint32)     { c.emit(core.Instr{Op: core.OpLocalTee, X: v}) }
func (c *code) i32(n uint32)     { c.emit(core.I32Const(int32(n))) }
func (c *code) i64(n uint64)     { c.emit(core.I64Const(int64(n))) }
func (c *code) br(label uint32)  { c.emit(core.Instr{Op: core.OpBr, X: label}) }
func (c *code) brIf(l uint32)    { c.emit(core.Instr{Op: core.OpBrIf, X: l}) }
func (c *code) block(op core.Op) { c.emit(core.Instr{Op: op}) }

// call appends a call.
func (c *code) call(f funcRef) {
	if f < localFunc {
		c.emit(core.Instr{Op: core.OpCall, X: uint32(f)})
		return
	}
	c.bytes = append(c.bytes, byte(core.OpCall))
	c.calls = append(c.calls, len(c.bytes))
	c.bytes = binary.LittleEndian.AppendUint32(c.bytes, uint32(f-localFunc))
}

// if_ starts a block that runs if the i32 on the stack is not 0.
func (c *code) if_() { c.block(core.OpIf) }
func (c *code) end() { c.op(core.OpEnd) }

// access appends a load or store of the part's memory.
func (c *code) access(op core.Op, offset uint32) {
	c.p.usesMemory = true
	c.emit(core.Instr{Op: op, Align: op.Info().Align, Offset: uint64(offset)})
}

// add adds n to the i32 on the stack.
func (c *code) add(n uint32) {
	if n != 0 {
		c.i32(n)
		c.op(core.OpI32Add)
	}
}

// trap raises a trap.
func (c *code) trap(t Trap) {
	c.i32(uint32(t))
	c.i64(0)
	c.call(c.p.host("trap"))
	c.op(core.OpUnreachable)
}

// trapIf raises a trap if the i32 on the stack is not 0.
func (c *code) trapIf(t Trap) {
	c.if_()
	c.trap(t)
	c.end()
}

// trapSize raises a trap about the i64 in a local variable if it exceeds limit.
func (c *code) trapSize(t Trap, size uint32, limit uint64) {
	c.get(size)
	c.i64(limit)
	c.op(core.OpI64GtU)
	c.if_()
	c.i32(uint32(t))
	c.get(size)
	c.call(c.p.host("trap"))
	c.op(core.OpUnreachable)
	c.end()
}

// checkAligned raises a trap unless the pointer in a local variable is aligned.
func (c *code) checkAligned(t Trap, ptr, align uint32) {
	if align > 1 {
		c.get(ptr)
		c.i32(align - 1)
		c.op(core.OpI32And)
		c.trapIf(t)
	}
}

// checkBounds raises a trap unless the range is inside the part's memory. size appends code that
// pushes its size as an i64.
func (c *code) checkBounds(t Trap, ptr uint32, size func()) {
	c.p.usesMemory = true
	c.get(ptr)
	c.op(core.OpI64ExtendI32U)
	size()
	c.op(core.OpI64Add)
	c.op(core.OpMemorySize, core.OpI64ExtendI32U)
	c.i64(16)
	c.op(core.OpI64Shl, core.OpI64GtU)
	c.trapIf(t)
}

// flags pushes the flags of a component instance.
func (c *code) flags(instance int) {
	c.emit(core.Instr{Op: core.OpGlobalGet, X: c.p.global(Source{Kind: Flags, Slot: instance})})
}

// setFlags sets the flags of a component instance to the value on the stack.
func (c *code) setFlags(instance int) {
	c.emit(core.Instr{Op: core.OpGlobalSet, X: c.p.global(Source{Kind: Flags, Slot: instance})})
}

// checkFlag raises a trap if a flag is set.
func (c *code) checkFlag(instance int, flag uint32, t Trap) {
	c.flags(instance)
	c.i32(flag)
	c.op(core.OpI32And)
	c.trapIf(t)
}

// locked appends the code of f, which calls core code that must not leave its instance.
func (c *code) locked(instance int, f func()) {
	if !c.p.g.locks(instance) {
		f()
		return
	}
	before := c.local(core.I32)
	c.flags(instance)
	c.tee(before)
	c.i32(Locked)
	c.op(core.OpI32Or)
	c.setFlags(instance)
	f()
	c.get(before)
	c.setFlags(instance)
}

// HostFuncs are the functions of the host that parts import, with their core types. Memories are
// given by slot.
//
//	trap(number, argument)            raises a [Trap]
//	poll()                            is called now and then in long loops
//	check-utf8(memory, ptr, n)        traps unless the bytes are UTF-8
//	move(from, to, ptr, dst, n)       copies n bytes
//	move-utf8(from, to, ptr, dst, n)  does both
//	move-checked(from, to, ptr, dst, n, kind, size, bound)
//	                                  copies n scalars of size bytes; see [Scalar]
//
// Ranges need not be in bounds; the host checks them again.
var HostFuncs = map[string]*types.CoreFunc{
	"trap":         {Params: []types.CoreVal{types.I32, types.I64}},
	"poll":         {},
	"check-utf8":   {Params: i32s(3)},
	"move":         {Params: i32s(5)},
	"move-utf8":    {Params: i32s(5)},
	"move-checked": {Params: i32s(8)},
}

func i32s(n int) []types.CoreVal {
	list := make([]types.CoreVal, n)
	for i := range list {
		list[i] = types.I32
	}
	return list
}

// host returns a function of the host.
func (p *part) host(name string) funcRef {
	return p.importFunc(Source{Kind: Host, Name: name}, sigOf(HostFuncs[name]))
}

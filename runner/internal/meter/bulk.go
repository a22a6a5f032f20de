package meter

import (
	"github.com/mortise-wasm/mortise/encoding/core"
)

// helper is a function that is added to the module.
type helper struct {
	name string
	f    core.Function
}

// helperKey identifies a helper that stands for a bulk operation.
type helperKey struct {
	op   core.Op
	x, y uint32
}

// addSlow adds the import's type and the function that calls the import.
func (r *rewriter) addSlow() {
	r.typeOf([]core.ValType{core.I32}, []core.ValType{core.I32}) // first: imports refers to it
	var a core.Asm
	a.Index(core.OpGlobalGet, r.counter)
	a.Call(r.imported)
	a.Index(core.OpGlobalSet, r.counter)
	r.add("", a.Function(r.typeOf(nil, nil)))
	r.makeCheck()
}

func (r *rewriter) add(name string, f core.Function) core.FuncIdx {
	r.helpers = append(r.helpers, helper{name, f})
	return r.slow + core.FuncIdx(len(r.helpers)-1)
}

// bulk returns the function that takes the place of a bulk operation, and reports whether the
// operation needs one.
func (r *rewriter) bulk(in *core.Instr) (core.FuncIdx, bool) {
	key := helperKey{op: in.Op, x: in.X, y: in.Y}
	if in.Op == core.OpMemoryFill || in.Op == core.OpTableFill {
		key.y = 0 // not an immediate of these
	}
	if f, ok := r.byKey[key]; ok {
		return f, true
	}
	h, ok := r.bulkHelper(key)
	if !ok {
		return 0, false
	}
	h.makeWhole()
	f := r.add(key.op.String(), h.asm.Function(r.typeOf(h.params, nil)))
	r.remember(key, f)
	return f, true
}

// tableGrow returns the function that takes the place of table.grow for a table. It calls the
// import with the number of elements, unless the operation fails anyway or adds none. It returns
// false if the engine does not have such tables.
func (r *rewriter) tableGrow(x uint32) (core.FuncIdx, bool) {
	key := helperKey{op: core.OpTableGrow, x: x}
	if f, ok := r.byKey[key]; ok {
		return f, true
	}
	t, ok := r.table(x)
	if !ok || t.Limits.Is64 {
		return 0, false
	}
	const value, n = 0, 1
	a := core.NewAsm(2)
	a.Get(n)
	a.I32(0)
	a.Ops(core.OpI32LtS) // as unsigned, more elements than any table can have
	a.Block(core.OpIf, core.BlockType{})
	a.I32(-1)
	a.Ops(core.OpReturn)
	a.End()
	a.Block(core.OpBlock, core.BlockType{})
	a.Get(n)
	a.Ops(core.OpI32Eqz)
	a.Index(core.OpBrIf, 0)
	if t.Limits.HasMax {
		a.Index(core.OpTableSize, x)
		a.Ops(core.OpI64ExtendI32U)
		a.Get(n)
		a.Ops(core.OpI64ExtendI32U, core.OpI64Add)
		a.I64(int64(t.Limits.Max))
		a.Ops(core.OpI64GtU)
		a.Index(core.OpBrIf, 0)
	}
	a.Get(n)
	a.Call(r.imported)
	a.Ops(core.OpDrop)
	a.End()
	a.Get(value)
	a.Get(n)
	a.Index(core.OpTableGrow, x)
	f := r.add(key.op.String(), a.Function(r.typeOf([]core.ValType{core.Ref(t.Elem), core.I32}, []core.ValType{core.I32})))
	r.remember(key, f)
	return f, true
}

// remember keeps the helper for a key.
func (r *rewriter) remember(key helperKey, f core.FuncIdx) {
	if r.byKey == nil {
		r.byKey = make(map[helperKey]core.FuncIdx)
	}
	r.byKey[key] = f
}

// The operands of a bulk operation, which are the parameters of its helper: the start of the
// destination, the start of the source or the value to fill with, and the length.
const (
	dst = iota
	src
	length
)

// bulkHelper assembles the helper of one operation.
type bulkHelper struct {
	r      *rewriter
	asm    *core.Asm
	op     core.Instr
	params []core.ValType

	piece int32
	unit  int32 // binary logarithm of the length that costs a unit
	// dstSize and srcSize push the size of the destination and the source as an i64. srcSize is nil
	// for operations that fill.
	dstSize, srcSize func()
	// overlap means that destination and source may be the same memory or table.
	overlap bool
}

// bulkHelper returns the helper for an operation. It returns false for operations that are always
// short, and those that the engine does not have.
func (r *rewriter) bulkHelper(k helperKey) (*bulkHelper, bool) {
	h := &bulkHelper{r: r, asm: core.NewAsm(3), op: core.Instr{Op: k.op, X: k.x, Y: k.y}, params: []core.ValType{core.I32, core.I32, core.I32}}
	h.piece, h.unit = elemPiece, elemsPerUnitLog2
	table := func(x uint32) bool {
		t, ok := r.table(x)
		return ok && !t.Limits.Is64
	}
	tableSize := func(x uint32) func() {
		return func() {
			h.asm.Index(core.OpTableSize, x)
			h.asm.Ops(core.OpI64ExtendI32U)
		}
	}
	known := func(n uint64) func() { return func() { h.asm.I64(int64(n)) } }
	switch k.op {
	case core.OpTableFill:
		t, _ := r.table(k.x)
		h.params[src] = core.Ref(t.Elem)
		h.dstSize = tableSize(k.x)
		return h, table(k.x)
	case core.OpTableCopy:
		h.dstSize, h.srcSize, h.overlap = tableSize(k.x), tableSize(k.y), k.x == k.y
		return h, table(k.x) && table(k.y)
	case core.OpTableInit:
		n := r.segments(core.SectionElement, k.x)
		h.dstSize, h.srcSize = tableSize(k.y), known(n)
		return h, table(k.y) && n > elemPiece
	}
	h.piece, h.unit = piece, bytesPerUnitLog2
	memorySize := func() {
		h.asm.Index(core.OpMemorySize, 0)
		h.asm.Ops(core.OpI64ExtendI32U)
		h.asm.I64(16)
		h.asm.Ops(core.OpI64Shl)
	}
	h.dstSize = memorySize
	switch k.op {
	case core.OpMemoryCopy:
		h.srcSize, h.overlap = memorySize, true
	case core.OpMemoryInit:
		n := r.segments(core.SectionData, k.x)
		h.srcSize = known(n)
		if n <= piece {
			return nil, false
		}
	}
	return h, r.plainMemory() && (k.op == core.OpMemoryInit || k.x == 0) && k.y == 0
}

// makeWhole assembles the helper:
//
//	if length > piece and the operation is within bounds:
//		do all but the last piece, testing the counter after each
//	charge for the rest and test the counter
//	do the rest, or trap
func (h *bulkHelper) makeWhole() {
	a := h.asm
	a.Block(core.OpBlock, core.BlockType{})
	a.Get(length)
	a.I32(h.piece)
	a.Ops(core.OpI32LeU)
	a.Index(core.OpBrIf, 0)
	h.leaveUnlessWithin(dst, h.dstSize)
	if h.srcSize != nil {
		h.leaveUnlessWithin(src, h.srcSize)
	}
	if h.overlap {
		a.Get(dst)
		a.Get(src)
		a.Ops(core.OpI32GtU)
		a.Block(core.OpIf, core.BlockType{})
		h.backward()
		a.Index(core.OpBr, 1)
		a.End()
	}
	h.forward()
	a.End()

	h.r.testAfter(a, func() {
		a.Get(length)
		a.I32(h.unit)
		a.Ops(core.OpI32ShrU)
	})
	a.Get(dst)
	a.Get(src)
	a.Get(length)
	a.Emit(h.op)
}

// leaveUnlessWithin branches out of the innermost block if start + length exceeds size.
func (h *bulkHelper) leaveUnlessWithin(start uint32, size func()) {
	a := h.asm
	a.Get(start)
	a.Ops(core.OpI64ExtendI32U)
	a.Get(length)
	a.Ops(core.OpI64ExtendI32U, core.OpI64Add)
	size()
	a.Ops(core.OpI64GtU)
	a.Index(core.OpBrIf, 0)
}

// forward does pieces from the start while more than one is left.
func (h *bulkHelper) forward() {
	a := h.asm
	a.Block(core.OpLoop, core.BlockType{})
	a.Get(dst)
	a.Get(src)
	a.I32(h.piece)
	a.Emit(h.op)
	h.advance(dst, core.OpI32Add)
	if h.srcSize != nil {
		h.advance(src, core.OpI32Add)
	}
	h.advance(length, core.OpI32Sub)
	h.again()
}

// backward does pieces from the end while more than one is left.
func (h *bulkHelper) backward() {
	a := h.asm
	a.Block(core.OpLoop, core.BlockType{})
	h.advance(length, core.OpI32Sub)
	for _, start := range []uint32{dst, src} {
		a.Get(start)
		a.Get(length)
		a.Ops(core.OpI32Add)
	}
	a.I32(h.piece)
	a.Emit(h.op)
	h.again()
}

// advance adds the size of a piece to an operand, or subtracts it.
func (h *bulkHelper) advance(operand uint32, op core.Op) {
	h.asm.Get(operand)
	h.asm.I32(h.piece)
	h.asm.Ops(op)
	h.asm.Set(operand)
}

// again charges for a piece and closes the loop.
func (h *bulkHelper) again() {
	a := h.asm
	h.r.testAfter(a, func() { a.I32(h.piece >> h.unit) })
	a.Get(length)
	a.I32(h.piece)
	a.Ops(core.OpI32GtU)
	a.Index(core.OpBrIf, 0)
	a.End()
}

// testAfter assembles a test that charges what amount pushes.
func (r *rewriter) testAfter(a *core.Asm, amount func()) {
	a.Index(core.OpGlobalGet, r.counter)
	amount()
	a.Ops(core.OpI32Sub)
	a.Index(core.OpGlobalSet, r.counter)
	a.Index(core.OpGlobalGet, r.counter)
	a.I32(0)
	a.Ops(core.OpI32GeS)
	a.Block(core.OpIf, core.BlockType{})
	a.Ops(core.OpElse)
	a.Call(r.slow)
	a.End()
}

// plainMemory reports whether the module has a memory of the kind that engines without proposals
// have.
func (r *rewriter) plainMemory() bool {
	for i := range r.m.Imports {
		if t := &r.m.Imports[i].Type; t.Kind == core.ExternMemory {
			return !t.Memory.Limits.Is64 && !t.Memory.HasPageSize
		}
	}
	return len(r.m.Memories) > 0 && !r.m.Memories[0].Limits.Is64 && !r.m.Memories[0].HasPageSize
}

// table returns the type of a table.
func (r *rewriter) table(x uint32) (core.TableType, bool) {
	n := uint32(0)
	for i := range r.m.Imports {
		if t := &r.m.Imports[i].Type; t.Kind == core.ExternTable {
			if n == x {
				return t.Table, true
			}
			n++
		}
	}
	if x -= n; int64(x) < int64(len(r.m.Tables)) {
		return r.m.Tables[x].Type, true
	}
	return core.TableType{}, false
}

// segments returns the length of a data or element segment.
func (r *rewriter) segments(id core.SectionID, x uint32) uint64 {
	if r.lengths == nil {
		r.lengths = make(map[core.SectionID][]uint64)
	}
	list, ok := r.lengths[id]
	if !ok {
		if id == core.SectionElement {
			for e := range r.m.Elems() {
				list = append(list, uint64(len(e.Funcs)+len(e.Exprs)))
			}
		} else {
			for d := range r.m.Datas() {
				list = append(list, uint64(len(d.Bytes)))
			}
		}
		r.lengths[id] = list
	}
	if int64(x) < int64(len(list)) {
		return list[x]
	}
	return 0
}

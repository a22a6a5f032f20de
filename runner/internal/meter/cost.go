package meter

import "github.com/mortise-wasm/mortise/encoding/core"

const (
	// longPath limits the work between two tests of the counter, in units. It also limits what a path
	// that is long but rarely taken adds to the charge of its function or loop.
	longPath = 256
	// leafCost is the largest cost of a function that does not count its own work. Every call is
	// charged for such a function.
	leafCost = 16
	callCost = leafCost + 8
	// bytesPerUnit and elemsPerUnit are the bytes and table elements that a bulk operation handles in
	// a unit.
	bytesPerUnitLog2, elemsPerUnitLog2 = 4, 1
	// piece and elemPiece are the largest bulk operations that run in one piece, in bytes and table
	// elements. Either takes less than 0.1 ms, if the memory has been used before.
	piece, elemPiece = 64 << 10, 8 << 10
)

// costs are the units that each instruction takes.
var costs = func() (list [0x600]uint16) {
	for i := range list {
		list[i] = 1
		if i >= 0x300 {
			list[i] = 2 // vectors and atomics
		}
	}
	set := func(cost uint16, ops ...core.Op) {
		for _, op := range ops {
			list[op] = cost
		}
	}
	set(0, core.OpNop, core.OpBlock, core.OpLoop, core.OpElse, core.OpEnd, core.OpDrop)
	set(4, core.OpI32DivS, core.OpI32DivU, core.OpI32RemS, core.OpI32RemU, core.OpF32Div, core.OpF64Div, core.OpF32Sqrt, core.OpF64Sqrt,
		core.OpF32x4Div, core.OpF64x2Div, core.OpF32x4Sqrt, core.OpF64x2Sqrt)
	set(8, core.OpI64DivS, core.OpI64DivU, core.OpI64RemS, core.OpI64RemU)
	set(callCost, core.OpCall, core.OpCallIndirect, core.OpCallRef, core.OpReturnCall, core.OpReturnCallIndirect, core.OpReturnCallRef)
	// These leave the compiled code.
	set(100, core.OpMemoryGrow, core.OpTableGrow, core.OpRefFunc, core.OpThrow, core.OpThrowRef, core.OpRethrow, core.OpTryTable,
		core.OpMemoryAtomicNotify, core.OpMemoryAtomicWait32, core.OpMemoryAtomicWait64)
	set(100, core.OpMemoryFill, core.OpMemoryCopy, core.OpMemoryInit, core.OpTableFill, core.OpTableCopy, core.OpTableInit)
	return list
}()

// isCall reports whether control leaves the function at the instruction, to guest code that may not
// be a leaf.
func isCall(op core.Op) bool { return costs[op] == callCost }

package meter

import (
	"errors"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// A function is rewritten in one pass over its instructions, for which only loops are looked at in
// advance; see loops.go.
//
// A region is what runs between one test of the counter and the next: from the entry of the
// function or the header of a loop, up to the header of an inner loop or the end. Code behind an
// inner loop belongs to the region around that loop again. A branch to the header of a loop starts
// a region anew, so within a region control only moves forward, and the cost of its longest path
// follows from the costs at the targets of branches. That cost is known at the end of the region
// and is patched into the test at its start. If a path grows too long, it is cut by a test in its
// middle.

// dead is the cost of a path to code that is not reachable. It stays negative whatever is added.
const dead = -1 << 30

// region is the code that one test accounts for.
type region struct {
	cost   int32 // of the longest path from the last test to this point, or dead
	max    int32 // the largest cost so far
	patch  int   // position in the code of the weight, for loops
	refund int   // position in the code of the weight that is added back, for loops written by enter
}

// newRegion returns the start of a region, where the test itself costs a unit.
func newRegion() region { return region{cost: 1, max: 1} }

func (r *region) add(cost int32) {
	r.cost += cost
	r.max = max(r.max, r.cost)
}

// frame is an open block.
type frame struct {
	loop   bool
	region int   // the region that the end of the block belongs to
	end    int32 // the largest cost of a branch to the end, or dead
	els    int32 // the cost at the start of the else branch of an if, or dead
	catch  int   // number of catch targets when the block was opened

	entered bool // a loop written by enter
	params  bool // a loop with parameters
	// label and depth are the number of blocks that were added around the target of branches to the
	// block, and around its contents.
	label, depth uint32
}

// body rewrites function bodies, one after another.
type body struct {
	r       *rewriter
	out     []byte // the code so far, without the test at the entry
	code    []byte // the original
	last    int    // what comes before it in code is in out
	frames  []frame
	regions []region
	targets []int // of catch clauses: positions in frames
	leaf    bool
	in      core.Instr
	moves   []move // positions are relative to out and code

	// For nests; see loops.go.
	params  int // number of parameters of the function
	locals  []core.Local
	nest    int        // position in frames of the outermost loop of the nest, or -1
	counter uint32     // 1 + index of the local variable that holds the counter, or 0
	entered int        // number of loops that enter has written
	scanned []bool     // for the next loops, whether they may be in nests
	loops   []bool     // the array of scanned
	open    []int      // used by scan: for each open block, the position in loops of the innermost loop
	ahead   core.Instr // used by scan
}

var (
	errBlocks = errors.New("blocks are not balanced")
	errLabel  = errors.New("unknown label")
)

func (b *body) rewrite(fn core.Body, params int) error {
	locals, ir, err := fn.Read()
	if err != nil {
		return err
	}
	b.params, b.locals, b.nest, b.counter, b.scanned, b.entered = params, locals, -1, 0, nil, 0
	base := ir.Pos()
	b.code = fn.Bytes[base-fn.Start:]
	b.out, b.moves, b.targets = b.out[:0], b.moves[:0], b.targets[:0]
	b.last, b.leaf = 0, true
	b.frames = append(b.frames[:0], frame{end: dead, els: dead})
	b.regions = append(b.regions[:0], newRegion())
	for ir.Next(&b.in) {
		if len(b.frames) == 0 {
			return errBlocks
		}
		if err := b.instr(ir.Offset()-base, ir.Pos()-base); err != nil {
			return err
		}
	}
	if err := ir.Err(); err != nil {
		return err
	}
	if len(b.frames) > 0 {
		return errBlocks
	}
	b.out = append(b.out, b.code[b.last:]...)
	b.finish(fn, base-fn.Start)
	return nil
}

// finish appends the function to the code section. head is the length of its local variables.
func (b *body) finish(fn core.Body, head int) {
	r := b.r
	locals := fn.Bytes[:head]
	if b.counter != 0 {
		locals = b.addLocal(locals)
	}
	leaf := b.leaf && b.regions[0].max <= leafCost
	check := 0
	if !leaf {
		r.used = true
		check = r.checkSize()
	}
	r.code = leb128.AppendUint(r.code, uint64(len(locals)+check+len(b.out)))
	r.code = append(r.code, locals...)
	at := len(r.code)
	if !leaf {
		r.code = r.appendCheck(r.code, b.regions[0].max)
	}
	r.code = append(r.code, b.out...)
	if r.moves == nil {
		return
	}
	orig := fn.Start + head - r.moves.section
	if !leaf {
		r.moves.add(at, orig-r.callInCheck())
	}
	r.moves.add(at+check, orig)
	for _, m := range b.moves {
		r.moves.add(at+check+m.to, orig+m.from)
	}
}

// addLocal returns the local variables of the function with the counter after them.
func (b *body) addLocal(locals []byte) []byte {
	old := 1
	for locals[old-1] >= 0x80 {
		old++
	}
	list := leb128.AppendUint(nil, uint64(len(b.locals)+1))
	const i32 = 0x7f
	return append(append(list, locals[old:]...), 1, i32)
}

// top returns the innermost region.
func (b *body) top() *region { return &b.regions[len(b.regions)-1] }

// instr handles the instruction in b.in, which the original has from position at to end.
func (b *body) instr(at, end int) error {
	op := b.in.Op
	if b.top().cost >= longPath {
		b.copyTo(at)
		b.test(at, longPath)
		b.top().cost = 0
		b.leaf = false
	}
	if op != core.OpLoop {
		b.top().add(int32(costs[op]))
	}
	if isCall(op) {
		b.leaf = false
	}
	switch op {
	case core.OpCall, core.OpReturnCall, core.OpRefFunc:
		if b.in.X >= uint32(b.r.imported) {
			b.replace(op, b.in.X+1, at, end)
		}
	case core.OpTableGrow:
		if f, ok := b.r.tableGrow(b.in.X); ok {
			b.replace(core.OpCall, uint32(f), at, end)
		}
	case core.OpMemoryFill, core.OpMemoryCopy, core.OpMemoryInit, core.OpTableFill, core.OpTableCopy, core.OpTableInit:
		b.leaf = false
		if f, ok := b.r.bulk(&b.in); ok {
			b.replace(core.OpCall, uint32(f), at, end)
		}
	default:
		return b.control(op, at, end)
	}
	if op == core.OpReturnCall {
		b.top().cost = dead
	}
	return nil
}

// control tracks the paths through the function.
func (b *body) control(op core.Op, at, end int) error {
	switch op {
	case core.OpBlock, core.OpIf, core.OpTry, core.OpTryTable:
		f := frame{els: dead, catch: len(b.targets)}
		if op == core.OpIf {
			f.els = b.top().cost
		}
		if op == core.OpTryTable {
			for _, c := range b.in.Catches {
				if int64(c.Label) >= int64(len(b.frames)) {
					return errLabel
				}
				b.targets = append(b.targets, len(b.frames)-1-int(c.Label))
			}
		}
		b.push(f)
	case core.OpLoop:
		b.leaf = false
		b.push(frame{loop: true, params: b.r.hasParams(b.in.Block), els: dead, catch: len(b.targets)})
		b.regions = append(b.regions, newRegion())
		if b.inNest(end) && b.entered < maxEntered {
			b.enter(at, end)
			break
		}
		b.copyTo(end)
		patch := b.test(end, 0)
		b.top().patch = patch
	case core.OpElse, core.OpCatch, core.OpCatchAll:
		f := &b.frames[len(b.frames)-1]
		f.end = max(f.end, b.top().cost)
		if op == core.OpElse {
			b.top().cost, f.els = f.els, dead
		} else {
			b.top().cost = b.top().max
		}
	case core.OpEnd, core.OpDelegate:
		b.end(at, end)
	case core.OpBr, core.OpBrIf, core.OpBrOnNull, core.OpBrOnNonNull, core.OpBrOnCast, core.OpBrOnCastFail:
		if err := b.branch(b.in.X); err != nil {
			return err
		}
		if op == core.OpBr {
			b.top().cost = dead
		}
		if b.nest >= 0 {
			b.jump(at, end)
		}
	case core.OpBrTable:
		for _, l := range b.in.Labels {
			if err := b.branch(l); err != nil {
				return err
			}
		}
		b.top().cost = dead
		if b.nest >= 0 {
			b.jump(at, end)
		}
	case core.OpUnreachable, core.OpReturn, core.OpReturnCallIndirect, core.OpReturnCallRef, core.OpThrow, core.OpThrowRef, core.OpRethrow:
		b.top().cost = dead
		if op == core.OpReturn && b.nest >= 0 {
			b.exit(at)
		}
	}
	return nil
}

// push opens a block.
func (b *body) push(f frame) {
	f.region, f.end = len(b.regions)-1, dead
	depth := b.frames[len(b.frames)-1].depth
	f.label, f.depth = depth, depth
	b.frames = append(b.frames, f)
}

// end closes the innermost block. The original has the instruction from position at to end.
func (b *body) end(at, end int) {
	f := b.frames[len(b.frames)-1]
	for _, t := range b.targets[f.catch:] {
		// An exception may come from anywhere in the block.
		to := &b.frames[t]
		to.end = max(to.end, b.regions[to.region].max)
	}
	b.targets = b.targets[:f.catch]
	b.frames = b.frames[:len(b.frames)-1]
	if !f.loop {
		b.top().cost = max(b.top().cost, f.end, f.els)
		return
	}
	inner := *b.top()
	leb128.AppendIntPadded(b.out[inner.patch:inner.patch], int64(inner.max), weightSize)
	if f.entered {
		leb128.AppendIntPadded(b.out[inner.refund:inner.refund], int64(inner.max), weightSize)
		b.leave(at, end)
	}
	b.regions = b.regions[:len(b.regions)-1]
	if inner.cost < 0 {
		b.top().cost = dead
	}
}

// branch notes a branch to a label.
func (b *body) branch(label uint32) error {
	if int64(label) >= int64(len(b.frames)) {
		return errLabel
	}
	f := &b.frames[len(b.frames)-1-int(label)]
	if !f.loop {
		f.end = max(f.end, b.regions[f.region].cost)
	}
	return nil
}

// copyTo copies the original up to a position.
func (b *body) copyTo(at int) {
	b.out = append(b.out, b.code[b.last:at]...)
	b.last = at
}

// replace writes an instruction with an index in place of the one from at to end, in as many bytes
// if possible.
func (b *body) replace(op core.Op, x uint32, at, end int) {
	b.copyTo(at)
	if width := end - at - 1; width <= 5 && leb128.UintLen(uint64(x)) <= width {
		b.out = leb128.AppendUintPadded(append(b.out, byte(op)), uint64(x), width)
		b.last = end
		return
	}
	b.out = appendIndex(b.out, op, x)
	b.last = end
	b.move(end)
}

// moveAt notes that the copy from a position on comes from another position of the original.
func (b *body) moveAt(to, from int) {
	if b.r.moves != nil {
		b.moves = append(b.moves, move{to: to, from: from})
	}
}

// move notes that the original from a position on is what follows in the copy.
func (b *body) move(from int) { b.moveAt(len(b.out), from) }

// test writes a test that charges for the code from position at of the original on. It returns the
// position of the weight.
func (b *body) test(at int, weight int32) int {
	b.r.used = true
	if b.nest >= 0 {
		return b.testLocal(at, weight)
	}
	b.move(at - b.r.callInCheck())
	patch := len(b.out) + len(b.r.charge)
	b.out = b.r.appendCheck(b.out, weight)
	b.move(at)
	return patch
}

// weightSize is the number of bytes of a weight.
const weightSize = 2

// appendCheck writes a test of the counter, which subtracts the weight first.
func (r *rewriter) appendCheck(dst []byte, weight int32) []byte {
	dst = append(dst, r.charge...)
	dst = leb128.AppendIntPadded(dst, int64(weight), weightSize)
	return append(dst, r.check...)
}

func (r *rewriter) checkSize() int { return len(r.charge) + weightSize + len(r.check) }

// callInCheck returns the position of the call within a test.
func (r *rewriter) callInCheck() int { return len(r.charge) + weightSize + r.callAt }

// unlessNegative runs what follows, up to an end, unless the operand is zero or more. An if without
// an else would do the same. But the compiler of the engine gives the code after the if the
// registers with which the first branch ends, and after a call these are few. With the call in the
// second branch, the usual way keeps its values in registers.
var unlessNegative = []byte{byte(core.OpI32Const), 0, byte(core.OpI32GeS), byte(core.OpIf), emptyBlock, byte(core.OpElse)}

// makeCheck makes the instructions of a test.
func (r *rewriter) makeCheck() {
	r.charge = appendIndex(nil, core.OpGlobalGet, r.counter)
	r.charge = append(r.charge, byte(core.OpI32Const)) // the weight follows
	b := []byte{byte(core.OpI32Sub)}
	b = appendIndex(b, core.OpGlobalSet, r.counter)
	b = appendIndex(b, core.OpGlobalGet, r.counter)
	b = append(b, unlessNegative...)
	r.callAt = len(b)
	b = appendIndex(b, core.OpCall, uint32(r.slow))
	r.check = append(b, byte(core.OpEnd))
}

// emptyBlock is the type of a block without parameters and results.
const emptyBlock = 0x40

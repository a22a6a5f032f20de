package meter

import (
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// A nest is a loop without calls, together with all loops in it. While a nest runs, nothing else
// reads or writes the counter, so a local variable can hold it. The variable is loaded before the
// nest and stored at every way out. Only a trap leaves the global as it was before the nest. Each
// loop of a nest becomes:
//
//	loop                            ;; the pause
//	  if counter < 0
//	    store the counter, call the import, load the counter
//	    counter += weight
//	  loop                          ;; the loop itself
//	    counter -= weight
//	    if counter >= 0
//	      the original body
//	    else
//	      br to the pause
//
// So the import is called at the same places and with the same counters as if the global were used.
//
// The shape is due to the compiler of the engine. It spills what a loop keeps in registers if the
// loop contains a call, so the call is outside. It places the first branch of an if right after the
// condition, so a round of the loop has no more jumps than the original.

// free tells for each instruction whether a nest may contain it. Calls may not be in a nest, nor
// instructions that take as long as a call, exceptions, and proposals that the engine lacks.
var free = func() (list [0x600]bool) {
	for i := range list {
		list[i] = costs[i] < callCost && (i < 0xe0 || i >= 0x200)
	}
	for _, op := range []core.Op{core.OpTry, core.OpCatch, core.OpCatchAll, core.OpDelegate, core.OpRethrow, core.OpTryTable} {
		list[op] = false
	}
	return list
}()

// scan looks at the loop whose body starts at a position. For that loop and each loop in it, it
// notes whether the loop may be in a nest.
func (b *body) scan(from int) {
	b.loops, b.open = append(b.loops[:0], true), append(b.open[:0], 0)
	ir := core.NewInstrReader(b.code[from:], 0)
	for len(b.open) > 0 && ir.Next(&b.ahead) {
		top := b.open[len(b.open)-1] // the innermost loop
		switch op := b.ahead.Op; op {
		case core.OpLoop:
			b.open = append(b.open, len(b.loops))
			b.loops = append(b.loops, true)
		case core.OpBlock, core.OpIf, core.OpTry, core.OpTryTable:
			b.open = append(b.open, top)
			b.loops[top] = b.loops[top] && free[op]
		case core.OpEnd, core.OpDelegate:
			b.open = b.open[:len(b.open)-1]
			if n := len(b.open); n > 0 && !b.loops[top] {
				b.loops[b.open[n-1]] = false
			}
		default:
			b.loops[top] = b.loops[top] && free[op]
		}
	}
	b.scanned = b.loops
}

// inNest reports whether the loop whose body starts at a position may be in a nest. It must be
// called once for each loop, in order.
func (b *body) inNest(from int) bool {
	if b.r.o.noNests {
		return false
	}
	if len(b.scanned) == 0 {
		b.scan(from)
	}
	ok := b.scanned[0]
	b.scanned = b.scanned[1:]
	if !ok || b.counter != 0 {
		return ok
	}
	n := uint64(b.params)
	for _, l := range b.locals {
		n += uint64(l.Count)
	}
	if n >= maxLocals {
		return false
	}
	b.counter = uint32(n) + 1
	return true
}

// maxEntered limits the loops of a function that become two, because the time that the engine's
// compiler takes grows faster than the number of loops. Further loops contain the call. Those that
// are not in a nest already count in the global.
const maxEntered = 64

// maxLocals is the number of local variables that a function can have.
const maxLocals = 50_000

// get and set access the variable that holds the counter. load and store copy the global to it, and
// back.
func (b *body) get()   { b.out = appendIndex(b.out, core.OpLocalGet, b.counter-1) }
func (b *body) set()   { b.out = appendIndex(b.out, core.OpLocalSet, b.counter-1) }
func (b *body) load()  { b.out = appendIndex(b.out, core.OpGlobalGet, b.r.counter); b.set() }
func (b *body) store() { b.get(); b.out = appendIndex(b.out, core.OpGlobalSet, b.r.counter) }

// weight writes a constant and returns its position, for a patch.
func (b *body) weight(w int32) int {
	b.out = append(b.out, byte(core.OpI32Const))
	b.out = leb128.AppendIntPadded(b.out, int64(w), weightSize)
	return len(b.out) - weightSize
}

// pause writes what stores the counter and calls the import. It returns the position of the call.
func (b *body) pause() int {
	b.store()
	call := len(b.out)
	b.out = appendIndex(b.out, core.OpCall, uint32(b.r.slow))
	b.load()
	return call
}

// testLocal is test where the variable holds the counter.
func (b *body) testLocal(at int, weight int32) int {
	start := len(b.out)
	b.get()
	patch := b.weight(weight)
	b.out = append(b.out, byte(core.OpI32Sub))
	b.out = appendIndex(b.out, core.OpLocalTee, b.counter-1)
	b.out = append(b.out, unlessNegative...)
	call := b.pause()
	b.out = append(b.out, byte(core.OpEnd))
	b.moveAt(start, at-(call-start))
	b.move(at)
	return patch
}

// enter writes the start of a loop of a nest, which the original has from position at to end.
func (b *body) enter(at, end int) {
	b.r.used = true
	b.entered++
	b.copyTo(at)
	start, blockType := len(b.out), b.code[at+1:end]
	f := &b.frames[len(b.frames)-1]
	f.entered, f.label, f.depth = true, f.label+1, f.depth+2
	if b.nest < 0 {
		b.nest = len(b.frames) - 1
		b.load()
	}
	b.out = append(append(b.out, byte(core.OpLoop)), blockType...)
	b.get()
	b.out = append(b.out, unlessNegative...)
	call := b.pause()
	b.get()
	b.top().refund = b.weight(0)
	b.out = append(b.out, byte(core.OpI32Add))
	b.set()
	b.out = append(b.out, byte(core.OpEnd))

	b.out = append(append(b.out, byte(core.OpLoop)), blockType...)
	b.get()
	b.top().patch = b.weight(0)
	b.out = append(b.out, byte(core.OpI32Sub))
	b.out = appendIndex(b.out, core.OpLocalTee, b.counter-1)
	b.out = append(b.out, byte(core.OpI32Const), 0, byte(core.OpI32GeS), byte(core.OpIf))
	b.out = append(b.out, blockType...)
	b.last = end
	b.moveAt(start, end-(call-start))
	b.move(end)
}

// leave writes the end of the innermost loop, which is no longer in b.frames. The original has the
// instruction from position at to end.
func (b *body) leave(at, end int) {
	const pause = 2 // the label seen from the if
	b.copyTo(at)
	b.out = append(b.out, byte(core.OpElse), byte(core.OpBr), pause, byte(core.OpEnd))
	b.copyTo(end)
	b.out = append(b.out, byte(core.OpEnd))
	if b.nest == len(b.frames) {
		b.nest = -1
		b.store()
	}
	b.move(end)
}

// exit stores the counter before an instruction that may leave the nest. In the original it is at
// position at.
func (b *body) exit(at int) {
	b.copyTo(at)
	b.store()
	b.move(at)
}

// jump writes the branch in b.in, which is in a nest. The original has it from position at to end.
// The labels are known.
func (b *body) jump(at, end int) {
	in := &b.in
	labels := in.Labels
	if in.Op != core.OpBrTable {
		labels = []uint32{in.X}
	}
	for _, l := range labels {
		if b.target(l) < b.nest {
			b.exit(at)
			break
		}
	}
	switch to := &b.frames[b.target(labels[0])]; {
	case in.Op == core.OpBrTable:
		b.copyTo(at)
		b.out = appendIndex(b.out, in.Op, uint32(len(labels)-1))
		for _, l := range labels {
			b.out = leb128.AppendUint(b.out, uint64(b.label(l)))
		}
		b.last = end
		b.move(end)
	case in.Op == core.OpBrIf && to.loop && !to.params:
		// For a br_if backward, the compiler of the engine first turns the condition into a number, which
		// takes three more instructions. That is as much as the counter costs.
		b.copyTo(at)
		b.out = append(b.out, byte(core.OpIf), emptyBlock)
		b.out = appendIndex(b.out, core.OpBr, b.label(in.X)+1)
		b.out = append(b.out, byte(core.OpEnd))
		b.last = end
		b.move(end)
	default:
		b.replace(in.Op, b.label(in.X), at, end)
	}
}

// target returns the position in b.frames of the target of a label.
func (b *body) target(label uint32) int { return len(b.frames) - 1 - int(label) }

// label returns the label in the copy for one in the original.
func (b *body) label(label uint32) uint32 {
	return label + b.frames[len(b.frames)-1].depth - b.frames[b.target(label)].label
}

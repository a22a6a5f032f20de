package canon

import (
	"github.com/mortise-wasm/mortise/model/value"
)

// SubtaskState is the state of a subtask as core code sees it.
type SubtaskState uint32

// The states of a subtask.
const (
	SubtaskStarting SubtaskState = iota
	SubtaskStarted
	SubtaskReturned
	SubtaskCancelledBeforeStarted
	SubtaskCancelledBeforeReturned
)

// Subtask is the caller's side of a call from core code (CanonicalABI.md, "Subtask State"). It is
// also the [Caller] of that call.
type Subtask struct {
	Waitable
	state SubtaskState
	// lenders are the handles whose borrows were lifted. They are lent until delivered is set
	// (resolve_delivered).
	lenders     []*ResourceHandle
	lenderLists [][]*ResourceHandle // of lists, which the values use too
	delivered   bool

	lower *Lower
	cx    Context  // of the caller
	stack []uint64 // the flat arguments, and later the flat results
	out   uint32   // where the result goes if it passes through memory
	// values are the arguments as values of Go. The next call uses the slice again.
	values []value.Value
}

// begin prepares a new subtask in place of one that has ended.
func (s *Subtask) begin(stack []uint64) {
	s.state, s.delivered, s.stack = SubtaskStarting, false, stack
}

func (s *Subtask) addLender(h *ResourceHandle) {
	h.numLends++
	s.lenders = append(s.lenders, h)
}

// deliverResolve ends the loans when the caller learns that the call is resolved.
func (s *Subtask) deliverResolve() {
	for i, h := range s.lenders {
		h.numLends--
		s.lenders[i] = nil
	}
	for i, hs := range s.lenderLists {
		for _, h := range hs {
			h.numLends--
		}
		s.lenderLists[i] = nil
	}
	s.lenders, s.lenderLists, s.delivered = s.lenders[:0], s.lenderLists[:0], true
}

// drop is the part of `canon subtask.drop` that concerns the subtask.
func (s *Subtask) drop() {
	if !s.delivered {
		Trapf("cannot drop a subtask which has not yet resolved")
	}
	s.join(nil)
}

// args implements [Caller].
func (s *Subtask) args() []value.Value {
	s.state = SubtaskStarted
	if len(s.lower.Sig.Params) == 0 {
		s.setOut(0)
		return nil
	}
	if s.values == nil {
		s.values = make([]value.Value, len(s.lower.Sig.Params))
	}
	s.setOut(s.cx.liftParams(s.lower.Sig, s.stack, s.lower.maxFlatParams(), s.values))
	return s.values
}

// setOut remembers where the result goes. used is the number of words that the parameters took.
func (s *Subtask) setOut(used int) {
	if s.lower.resultInMemory() {
		s.out = uint32(s.stack[used])
	}
}

// start implements [Caller].
func (s *Subtask) start(to *Context, sig *Sig, out []uint64) {
	if s.lower.Copier == nil {
		to.LowerParams(sig, s.args(), out)
		return
	}
	s.state = SubtaskStarted
	s.setOut(s.lower.Copier.Params(&s.cx, to, s.stack, out, s.lower.maxFlatParams()))
}

// resolve implements [Caller].
func (s *Subtask) resolve(from *Context, sig *Sig, in []uint64) {
	if s.lower.Copier == nil || s.lower.resultInMemory() != sig.ResultInMemory() {
		s.resolveValue(from.LiftResult(sig, in))
		return
	}
	s.lower.Copier.Result(from, &s.cx, in, s.stack, s.out)
	s.state = SubtaskReturned
}

// resolveValue implements [Caller].
func (s *Subtask) resolveValue(v value.Value) {
	if s.lower.Sig.Result == nil {
		s.state = SubtaskReturned
		return
	}
	if s.lower.resultInMemory() {
		s.cx.View()
		s.cx.store(s.lower.Sig.Result, v, s.cx.at(s.lower.Sig.Result, s.out))
	} else {
		s.cx.LowerResult(s.lower.Sig, v, s.stack, s.out)
	}
	s.state = SubtaskReturned
}

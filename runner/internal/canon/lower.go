package canon

import (
	"context"

	"github.com/mortise-wasm/mortise/model/abi"
)

// Lower is a lowered function (CanonicalABI.md, "canon lower"), which core code calls.
type Lower struct {
	Inst   *ComponentInstance
	Callee Func
	Sig    *Sig
	Opts   *Options
	// Copier passes the values if the callee is a [Lift] of another instance. If it is nil, they are
	// lifted to values of Go and lowered again, as they must be for a callee of the same instance:
	// realloc may move the memory that a Copier reads.
	Copier *Copier

	idle *Subtask // kept for the next call
}

// subtask returns a subtask for a call with the given flat arguments.
func (f *Lower) subtask(stack []uint64) *Subtask {
	s := f.idle
	if f.idle = nil; s == nil {
		s = &Subtask{lower: f}
		s.cx = Context{Opts: f.Opts, Inst: f.Inst, Subtask: s}
	}
	s.begin(stack)
	return s
}

// maxFlatParams is the number of words up to which core code passes parameters directly.
func (f *Lower) maxFlatParams() int {
	if f.Opts.Async {
		return abi.MaxFlatAsyncParams
	}
	return abi.MaxFlatParams
}

// resultInMemory reports whether the result passes through memory. That of an asynchronous call
// always does.
func (f *Lower) resultInMemory() bool {
	return f.Sig.ResultInMemory() || f.Opts.Async && f.Sig.Result != nil
}

// Call serves a call from core code. It reads the parameters from stack and leaves the result
// there.
func (f *Lower) Call(ctx context.Context, stack []uint64) {
	f.Inst.CheckLeave()
	s := f.subtask(stack)
	s.cx.Ctx = ctx
	f.Callee.Call(ctx, f.Inst, s)
	s.deliverResolve()
	if f.Opts.Async {
		stack[0] = uint64(s.state)
	}
	s.stack, s.cx.Ctx = nil, nil
	clear(s.values)
	f.idle = s
}

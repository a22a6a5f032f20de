package canon

import "context"

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

// Call serves a call from core code. It reads the parameters from stack and leaves the result
// there.
func (f *Lower) Call(ctx context.Context, stack []uint64) {
	f.Inst.CheckLeave()
	s := f.subtask(stack)
	s.cx.Ctx = ctx
	f.Callee.Call(ctx, f.Inst, s)
	s.deliverResolve()
	s.stack, s.cx.Ctx = nil, nil
	f.idle = s
}

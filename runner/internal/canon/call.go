package canon

import (
	"context"
	"errors"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/value"
)

// Func is a component function at run time: a lifted core function or a function of the host.
type Func interface {
	// Call calls the function from an instance, or from the host if from is nil. It panics with a
	// [*Trap].
	Call(ctx context.Context, from *ComponentInstance, c Caller)
}

// Caller is the caller's side of a call.
type Caller interface {
	// Args returns the arguments. It is called at most once, when the callee is ready for them.
	Args() []value.Value
	// Return receives the result, or the zero value if there is none.
	Return(v value.Value)
}

// Host is a function of the host.
type Host struct {
	// Name is used in messages.
	Name string
	Func func(ctx context.Context, args []value.Value) (value.Value, error)
	// Check returns an error if a result does not fit the type that the component imports. It may be
	// nil.
	Check func(v value.Value) error
}

// Call calls the host function. An error of the function is a trap.
func (h *Host) Call(ctx context.Context, _ *ComponentInstance, c Caller) {
	v, err := h.Func(ctx, c.Args())
	if err == nil && h.Check != nil {
		err = h.Check(v)
	}
	if err != nil {
		h.fail(ctx, err)
	}
	c.Return(v)
}

// fail raises the function's error as a trap. If the error is that the call's context has ended,
// the message says so.
func (h *Host) fail(ctx context.Context, err error) {
	herr := &HostError{Name: h.Name, Err: err}
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) && !errors.Is(err, context.Cause(ctx)) {
		Throw(herr)
	}
	what := Cancelled
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		what = TimedOut
	}
	message := what + ", waiting in `" + h.Name + "`"
	if cause := context.Cause(ctx); cause != ctx.Err() {
		message += ": " + cause.Error()
	}
	herr.Err = errors.Join(ctx.Err(), err)
	panic(&Trap{Message: message, Waiting: h.Name, Cause: herr})
}

// HostError is the failure of a host function.
type HostError struct {
	Name string
	Err  error
}

// Error names the function and gives the reason.
func (e *HostError) Error() string { return "host function `" + e.Name + "`: " + e.Err.Error() }

// Unwrap returns the reason.
func (e *HostError) Unwrap() error { return e.Err }

// Lift is a lifted function (CanonicalABI.md, "canon lift").
type Lift struct {
	Inst       *ComponentInstance
	Func       CoreFunc
	Sig        *Sig
	Opts       *Options
	PostReturn CoreFunc

	idle *callee // kept for the next call
}

// callee counts the borrowed handles that a call holds. It is the specification's Task, as far as
// synchronous calls need it.
type callee struct {
	cx      Context
	borrows int
	stack   [abi.MaxFlatParams + 1]uint64
}

func (t *callee) Borrow(n int) { t.borrows += n }

// Call enters the instance, lowers the arguments, calls the core function and passes the lifted
// result to the caller.
func (f *Lift) Call(ctx context.Context, from *ComponentInstance, c Caller) {
	f.Inst.EnterFrom(from)
	t := f.idle
	if f.idle = nil; t == nil {
		t = &callee{}
		t.cx = Context{Opts: f.Opts, Inst: f.Inst, Borrower: t}
	}
	t.cx.Ctx = ctx
	t.cx.LowerParams(f.Sig, c.Args(), t.stack[:])
	f.Func.Call(ctx, t.stack[:f.Sig.StackSize()])
	v := t.cx.LiftResult(f.Sig, t.stack[:])
	if t.borrows > 0 {
		Trapf("borrow handles still remain at the end of the call")
	}
	t.cx.ReturnLent()
	c.Return(v)
	if f.PostReturn != nil {
		f.Inst.Locked(func() { f.PostReturn.Call(ctx, t.stack[:1]) })
	}
	f.Inst.LeaveTo(from)
	t.cx.Ctx = nil
	f.idle = t
}

// Lower is a lowered function (CanonicalABI.md, "canon lower"), which core code calls.
type Lower struct {
	Inst   *ComponentInstance
	Callee Func
	Sig    *Sig
	Opts   *Options

	idle *subtask // kept for the next call
}

// subtask is the caller's side of a call from core code.
type subtask struct {
	cx    Context
	sig   *Sig
	stack []uint64
	out   uint32
	lent  []*Handle
}

func (s *subtask) Lend(h *Handle) {
	h.Lends++
	s.lent = append(s.lent, h)
}

func (s *subtask) Args() []value.Value {
	args, used := s.cx.LiftParams(s.sig, s.stack, abi.MaxFlatParams)
	if s.sig.ResultInMemory() {
		s.out = uint32(s.stack[used])
	}
	return args
}

func (s *subtask) Return(v value.Value) { s.cx.LowerResult(s.sig, v, s.stack, s.out) }

// Call serves a call from core code. It reads the parameters from stack and leaves the result
// there.
func (f *Lower) Call(ctx context.Context, stack []uint64) {
	f.Inst.CheckLeave()
	s := f.idle
	if f.idle = nil; s == nil {
		s = &subtask{sig: f.Sig}
		s.cx = Context{Opts: f.Opts, Inst: f.Inst, Lender: s}
	}
	s.stack, s.cx.Ctx = stack, ctx
	f.Callee.Call(ctx, f.Inst, s)
	for i, h := range s.lent {
		h.Lends--
		s.lent[i] = nil
	}
	s.lent, s.stack, s.cx.Ctx = s.lent[:0], nil, nil
	f.idle = s
}

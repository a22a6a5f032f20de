package canon

import "context"

// Lift is a lifted function (CanonicalABI.md, "canon lift").
type Lift struct {
	Inst *ComponentInstance
	// Func is the core function. It is nil for a destructor that does nothing.
	Func CoreFunc
	Sig  *Sig
	Opts *Options
	// Name is used in messages.
	Name string

	idle *Task // kept for the next call
}

// task returns a task for a call from c.
func (f *Lift) task(c Caller) *Task {
	t := f.idle
	if f.idle = nil; t == nil {
		t = &Task{lift: f, inst: f.Inst}
		t.cx = Context{Opts: f.Opts, Inst: f.Inst, Task: t}
		t.implicitThread.task = t
	}
	t.start(c)
	return t
}

// Call enters the instance, passes the arguments, calls the core function and passes its result to
// the caller.
func (f *Lift) Call(ctx context.Context, from *ComponentInstance, c Caller) {
	f.Inst.EnterFrom(from)
	t := f.task(c)
	t.cx.Ctx = ctx
	t.state = TaskStarted
	c.start(&t.cx, f.Sig, t.stack[:])
	if f.Func != nil {
		t.implicitThread.call(ctx, f.Func, t.stack[:f.Sig.StackSize()])
	}
	t.mayReturn()
	c.resolve(&t.cx, f.Sig, t.stack[:])
	t.state = TaskResolved
	t.cx.ReturnLent()
	if f.Opts.PostReturn != nil {
		t.implicitThread.callLocked(ctx, f.Opts.PostReturn, t.stack[:1])
	}
	f.Inst.LeaveTo(from)
	t.cx.Ctx, t.caller = nil, nil
	f.idle = t
}

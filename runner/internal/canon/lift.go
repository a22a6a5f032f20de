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
	t.enterImplicitThread()
	t.state = TaskStarted
	c.start(&t.cx, f.Sig, t.stack[:])
	if f.Func != nil {
		t.implicitThread.call(ctx, f.Func, t.stack[:f.Sig.StackSize()])
	}
	if f.Opts.Async {
		t.loop()
	} else {
		t.mayReturn()
		c.resolve(&t.cx, f.Sig, t.stack[:])
		t.state = TaskResolved
		if f.Opts.PostReturn != nil {
			t.implicitThread.callLocked(ctx, f.Opts.PostReturn, t.stack[:1])
		}
	}
	t.exitImplicitThread()
	t.cx.ReturnLent()
	f.Inst.LeaveTo(from)
	t.cx.Ctx, t.caller = nil, nil
	f.idle = t
}

// The codes that the core function and the callback of an async function return, in the low bits. A
// waitable set may be in the bits above.
const (
	callbackExit = iota
	callbackYield
	callbackWait

	callbackBits = 4
)

// loop calls the callback of a lifted function until it asks for no more events.
func (t *Task) loop() {
	callback := t.lift.Opts.Callback
	if callback == nil {
		return
	}
	for {
		packed := uint32(t.stack[0])
		var e Event
		switch packed & (1<<callbackBits - 1) {
		case callbackExit:
			return
		case callbackYield:
			Unsupported("function `%s` lets others run, which needs asynchronous calls: they cannot be run yet", t.lift.Name)
		case callbackWait:
			if e = t.inst.waitableSet(packed >> callbackBits).poll(); e.Code == EventNone {
				t.block("callback")
			}
		default:
			Trapf("unsupported callback code")
		}
		t.stack = [len(t.stack)]uint64{uint64(e.Code), uint64(e.P1), uint64(e.P2)}
		t.implicitThread.call(t.cx.Ctx, callback, t.stack[:3])
	}
}

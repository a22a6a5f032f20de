package canon

import (
	"context"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// The canonical built-ins that need no blocking, each for the instance whose core code calls it.

// ContextGet is `canon context.get`.
func (i *ComponentInstance) ContextGet(slot uint32) uint64 { return i.Store.current.storage[slot] }

// ContextSet is `canon context.set`.
func (i *ComponentInstance) ContextSet(slot uint32, v uint64) { i.Store.current.storage[slot] = v }

// maxBackpressure is the number of times that an instance may turn on backpressure.
const maxBackpressure = 1<<16 - 1

// BackpressureInc is `canon backpressure.inc`.
func (i *ComponentInstance) BackpressureInc() {
	if i.backpressure++; i.backpressure > maxBackpressure {
		Trapf("backpressure counter overflow")
	}
}

// BackpressureDec is `canon backpressure.dec`.
func (i *ComponentInstance) BackpressureDec() {
	if i.backpressure--; i.backpressure < 0 {
		Trapf("backpressure counter underflow")
	}
}

// TaskReturn is `canon task.return`. sig has the result type as its only parameter, or none.
func (i *ComponentInstance) TaskReturn(ctx context.Context, sig *Sig, o *Options, stack []uint64) {
	i.CheckLeave()
	t := i.Store.current.task
	t.mustBeAsync("invalid `task.return` signature and/or options for current task")
	have, want := sig.Type.Result, t.lift.Sig.Type.Result
	if o.Encoding != t.lift.Opts.Encoding || o.Memory != nil && o.Memory != t.lift.Opts.Memory || (have == nil) != (want == nil) ||
		want != nil && !types.Equal(have, want) {
		Trapf("invalid `task.return` signature and/or options for current task")
	}
	t.mayReturn()
	c := Context{Ctx: ctx, Opts: o, Inst: i, Task: t}
	var result value.Value
	if vs, _ := c.LiftParams(sig, stack, abi.MaxFlatParams); len(vs) > 0 {
		result = vs[0]
	}
	t.caller.resolveValue(result)
	t.state = TaskResolved
}

// TaskCancel is `canon task.cancel`.
func (i *ComponentInstance) TaskCancel() {
	i.CheckLeave()
	t := i.Store.current.task
	t.mustBeAsync("`task.cancel` called by a task which is not async")
	if t.state != TaskCancelDelivered {
		Trapf("`task.cancel` called by task which has not been cancelled")
	}
}

func (t *Task) mustBeAsync(message string) {
	if t.lift == nil || !t.lift.Opts.Async {
		Trapf("%s", message)
	}
}

// WaitableSetNew is `canon waitable-set.new`.
func (i *ComponentInstance) WaitableSetNew() uint32 {
	i.CheckLeave()
	return i.Handles.Add(&WaitableSet{})
}

// WaitableSetDrop is `canon waitable-set.drop`.
func (i *ComponentInstance) WaitableSetDrop(index uint32) {
	i.CheckLeave()
	s := i.waitableSet(index)
	i.Handles.Remove(index)
	if len(s.elems) > 0 {
		Trapf("cannot drop waitable set with waiters")
	}
}

// WaitableSetPoll is `canon waitable-set.poll`. It stores the numbers of the event in the memory of
// o at ptr.
func (i *ComponentInstance) WaitableSetPoll(o *Options, index, ptr uint32) uint32 {
	i.CheckLeave()
	return i.unpack(o, ptr, i.waitableSet(index).poll())
}

// WaitableSetWait is `canon waitable-set.wait`.
func (i *ComponentInstance) WaitableSetWait(o *Options, index, ptr uint32) uint32 {
	i.CheckLeave()
	e := i.waitableSet(index).poll()
	if e.Code == EventNone {
		i.Store.current.task.block("waitable-set.wait")
	}
	return i.unpack(o, ptr, e)
}

// unpack stores the numbers of an event and returns its code.
func (i *ComponentInstance) unpack(o *Options, ptr uint32, e Event) uint32 {
	c := Context{Opts: o, Inst: i}
	c.View()
	storePair(c.mem[c.at(eventPair, ptr):], e.P1, e.P2)
	return uint32(e.Code)
}

// eventPair is the type of what an event leaves in memory, as far as its size is concerned.
var eventPair = &Type{size: 8, align: 4}

func (i *ComponentInstance) waitableSet(index uint32) *WaitableSet {
	s, ok := i.Handles.Get(index).(*WaitableSet)
	if !ok {
		Trapf("handle index %d is not a waitable set", index)
	}
	return s
}

// WaitableJoin is `canon waitable.join`. A set with index 0 stands for none.
func (i *ComponentInstance) WaitableJoin(index, set uint32) {
	i.CheckLeave()
	w, ok := i.Handles.Get(index).(waitable)
	if !ok {
		Trapf("handle index %d is not a waitable", index)
	}
	if set == 0 {
		w.asWaitable().join(nil)
		return
	}
	w.asWaitable().join(i.waitableSet(set))
}

// SubtaskDrop is `canon subtask.drop`.
func (i *ComponentInstance) SubtaskDrop(index uint32) {
	i.CheckLeave()
	s, ok := i.Handles.Get(index).(*Subtask)
	if !ok {
		Trapf("handle index %d is not a subtask", index)
	}
	i.Handles.Remove(index)
	s.drop()
}

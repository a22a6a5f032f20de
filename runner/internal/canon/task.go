package canon

import (
	"context"

	"github.com/mortise-wasm/mortise/model/abi"
)

// CoreFunc is a core function that the host can call. A call reads its parameters from stack and
// leaves its results there. It panics with a [*Trap] if the function traps.
type CoreFunc interface {
	Call(ctx context.Context, stack []uint64)
}

// Thread is a thread of a task (CanonicalABI.md, "Thread State"). Threads do not block yet, so a
// task has no others than its implicit thread.
type Thread struct {
	task    *Task
	storage [ContextSlots]uint64 // of context.get and context.set
}

// ContextSlots is the number of values in the storage of a thread.
const ContextSlots = 2

// call calls a core function of the thread's instance. The thread is the current one until the
// function returns. After a trap the store is dead, so it does not matter which thread it was.
func (t *Thread) call(ctx context.Context, f CoreFunc, stack []uint64) {
	s := t.task.inst.Store
	caller := s.current
	s.current = t
	f.Call(ctx, stack)
	s.current = caller
}

// callLocked is like call for functions that must not leave the instance: realloc and post-return.
func (t *Thread) callLocked(ctx context.Context, f CoreFunc, stack []uint64) {
	t.task.inst.set(Locked)
	t.call(ctx, f, stack)
	t.task.inst.clear(Locked)
}

// TaskState is the state of a task.
type TaskState uint8

// The states of a task.
const (
	TaskInitial TaskState = iota + 1
	TaskStarted
	TaskPendingCancel
	TaskCancelDelivered
	TaskResolved
)

// Task is the callee's side of a call in progress (CanonicalABI.md, "Task State").
type Task struct {
	lift           *Lift // its type and options; nil for realloc and start functions
	inst           *ComponentInstance
	caller         Caller // on_start and on_resolve
	state          TaskState
	numBorrows     int
	implicitThread Thread

	cx    Context // of the callee
	stack [abi.MaxFlatParams + 1]uint64
}

// start prepares a new task in place of one that has ended.
func (t *Task) start(c Caller) *Thread {
	t.caller, t.state, t.numBorrows = c, TaskInitial, 0
	t.implicitThread.storage = [ContextSlots]uint64{}
	return &t.implicitThread
}

// async reports whether the type of the task's function is async.
func (t *Task) async() bool { return t.lift != nil && t.lift.Sig.Type.Async }

// needsExclusive reports whether a task of an async function runs by itself in its instance: its
// core code may have a shadow stack, of which there is only one.
func (t *Task) needsExclusive() bool { return !t.lift.Opts.Async || t.lift.Opts.Callback != nil }

// enterImplicitThread waits for the instance to let the task in, if the function is async.
func (t *Task) enterImplicitThread() {
	if !t.async() {
		return
	}
	if s, ok := t.caller.(*Subtask); ok && !s.lower.Opts.Async {
		// The specification traps only if the call does block, but its test suite expects this trap of
		// calls that would trap for another reason.
		t.inst.Store.current.task.mayBlock()
	}
	exclusive := t.needsExclusive()
	if t.inst.backpressure > 0 || exclusive && t.inst.exclusiveThread != nil {
		Unsupported("function `%s` has to wait until it is let in, which needs asynchronous calls: they cannot be run yet", t.lift.Name)
	}
	if exclusive {
		t.inst.exclusiveThread = &t.implicitThread
	}
}

// exitImplicitThread ends the task. It traps if the task has no result.
func (t *Task) exitImplicitThread() {
	if t.state != TaskResolved {
		Trapf("async-lifted export failed to produce a result")
	}
	if t.async() && t.needsExclusive() {
		t.inst.exclusiveThread = nil
	}
}

// mayBlock traps unless a thread of the task may block. A function that is not async must not block
// before it returns, unless another thread of its instance could run; there are no others yet.
func (t *Task) mayBlock() {
	if !t.async() && t.state != TaskResolved {
		Trapf("cannot block a synchronous task before returning")
	}
}

// block says that a thread of the task cannot go on.
func (t *Task) block(what string) {
	t.mayBlock()
	Unsupported("`%s` has to wait, which needs asynchronous calls: they cannot be run yet", what)
}

// mayReturn traps unless the task can be resolved now.
func (t *Task) mayReturn() {
	if t.state == TaskResolved {
		Trapf("`task.return` or `task.cancel` called more than once for current task")
	}
	if t.numBorrows > 0 {
		Trapf("borrow handles still remain at the end of the call")
	}
}

// Start runs f as a thread of a new task in i. Instantiating a core module runs its start function
// in this way.
func (i *ComponentInstance) Start(f func()) {
	caller := i.Store.current
	i.Store.current = i.helper.start(nil)
	f()
	i.Store.current = caller
}

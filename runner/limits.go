package runner

import (
	"reflect"

	"github.com/tetratelabs/wazero/api"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
)

// Limits limit what an instance of a component can make the host spend. Each limit holds for the
// instance as a whole, with all component instances and core instances in it. Exceeding a limit is
// a trap whose cause is a [*LimitError], unless its description says otherwise. 0 means the
// default, and [NoLimit] means that there is no limit.
type Limits struct {
	// MaxMemory limits the bytes of all linear memories together, in whole pages of 64 KiB but at
	// least one. A module with a larger memory is refused, and growing a memory beyond the limit fails
	// in the guest. The default is 1 GiB. Even without a limit, a single memory has at most 4 GiB if
	// the code is interpreted, and one page less if it is compiled.
	MaxMemory uint64
	// MaxTableElements limits the elements of all tables together. Code that is uninterruptible can
	// grow tables beyond it. The default is 10,000,000, which take 80 MB.
	MaxTableElements uint64
	// MaxCoreInstances limits the core instances. A component with more is refused. The default is
	// 10,000.
	MaxCoreInstances uint64
	// MaxHandles limits the resources and waitables in all handle tables. The default is 1,000,000.
	MaxHandles uint64
	// MaxLifted limits the bytes that the host allocates for the values of one call: the parameters of
	// one of its functions, or the result of a function of the guest. The default is 128 MiB.
	MaxLifted uint64
	// MaxStack limits the bytes of the stacks of calls that wait because the guest called the host and
	// the host called the guest again, as every call between components may do. The call that runs can
	// use some 50 MB more before its stack is exhausted. The default is 64 MiB.
	MaxStack uint64
	// Fuel limits the work of guest code, in units of about one instruction. The same calls need the
	// same fuel on every machine, but another version of this package may count differently. Code
	// takes its fuel in portions, so some of it may be left when it runs out. Fuel requires code that
	// can be interrupted. The default is no limit.
	Fuel uint64
}

// NoLimit turns off a limit.
const NoLimit = 1<<64 - 1

// LimitError says which of the [Limits] was exceeded.
type LimitError = canon.LimitError

func (l *Limits) defaultLimits() {
	for _, d := range []struct {
		limit *uint64
		value uint64
	}{
		{&l.MaxTableElements, 10_000_000}, {&l.MaxCoreInstances, 10_000}, {&l.MaxHandles, 1_000_000}, {&l.MaxLifted, 128 << 20},
		{&l.MaxStack, 64 << 20},
	} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
}

// totalMemory returns the limit of all memories together.
func (l *Limits) totalMemory() uint64 {
	switch {
	case l.MaxMemory == 0:
		return 1 << 30
	case l.MaxMemory == NoLimit:
		return NoLimit
	}
	return max(l.MaxMemory/pageSize, 1) * pageSize
}

// needs are what core instances need from the start.
type needs struct{ memory, tables uint64 }

// needsOf returns what the definitions of a module need.
func needsOf(m *core.Module) needs {
	var n needs
	for _, mem := range m.Memories {
		n.memory = addCapped(n.memory, mem.Limits.Min*pageSize)
	}
	for _, t := range m.Tables {
		n.tables = addCapped(n.tables, t.Type.Limits.Min)
	}
	return n
}

func (n needs) add(o needs) needs {
	return needs{addCapped(n.memory, o.memory), addCapped(n.tables, o.tables)}
}

func addCapped(a, b uint64) uint64 {
	if a+b < a {
		return NoLimit - 1
	}
	return a + b
}

// spent is what an instance has spent of its limits. The store counts handles and memories
// elsewhere.
type spent struct {
	tables uint64
	fuel   uint64 // that is left
	stack  uint64 // of calls that wait
	calls  []api.Function
}

// checkNeeds traps if core instances with these needs cannot be made.
func (s *store) checkNeeds(n needs) {
	if limit := s.prog.engine.opts.Limits.totalMemory(); n.memory > limit || s.memory.total > limit-n.memory {
		canon.Exceed(&LimitError{Limit: limit, What: "bytes of memory", Option: "Limits.MaxMemory"})
	}
	s.checkTables(n.tables)
}

// checkTables traps if tables cannot have n more elements.
func (s *store) checkTables(n uint64) {
	if limit := s.prog.engine.opts.Limits.MaxTableElements; n > limit || s.spent.tables > limit-n {
		canon.Exceed(&LimitError{Limit: limit, What: "elements of tables", Option: "Limits.MaxTableElements"})
	}
}

// growTables counts n more elements of tables.
func (s *store) growTables(n uint64) {
	s.checkTables(n)
	s.spent.tables += n
}

// refuel returns the new counter of guest code whose counter is below zero.
func (s *store) refuel(counter int32) int32 {
	limit := s.prog.engine.opts.Limits.Fuel
	if limit == 0 || limit == NoLimit {
		return portion
	}
	// Portions become small when little is left, so that the last ones are not wasted on code that
	// does not need them.
	debt := uint64(-int64(counter))
	grant := debt + min(portion, max(s.spent.fuel/8, 100))
	if debt > s.spent.fuel {
		canon.Exceed(&LimitError{Limit: limit, What: "units of fuel", Option: "Limits.Fuel"})
	}
	grant = min(grant, s.spent.fuel)
	s.spent.fuel -= grant
	return int32(grant - debt)
}

// suspend counts the stack of the call that runs, which waits for the call of f.
func (s *store) suspend(f api.Function) (size uint64) {
	if n := len(s.spent.calls); n > 0 {
		size = s.prog.engine.stackSize(s.spent.calls[n-1])
		s.spent.stack += size
		if limit := s.prog.engine.opts.Limits.MaxStack; s.spent.stack > limit {
			canon.Exceed(&LimitError{Limit: limit, What: "bytes of stack (call stack exhausted)", Option: "Limits.MaxStack"})
		}
	}
	s.spent.calls = append(s.spent.calls, f)
	return size
}

// resume undoes suspend.
func (s *store) resume(size uint64) {
	s.spent.stack -= size
	s.spent.calls[len(s.spent.calls)-1] = nil
	s.spent.calls = s.spent.calls[:len(s.spent.calls)-1]
}

// largeStack is the size from which a stack is not kept for later calls.
const largeStack = 1 << 20

// stackSize returns the bytes of the stack that the engine has allocated for a function object. The
// engine has no method for that, so stackSize looks at the object; a test checks that it still can.
func (e *Engine) stackSize(f api.Function) uint64 {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Pointer {
		return unknownStack
	}
	v = v.Elem()
	l := e.stacks.Load()
	if l == nil || l.object != v.Type() {
		l = stackLayoutOf(v.Type())
		e.stacks.Store(l)
	}
	if l.field < 0 {
		return unknownStack
	}
	return uint64(v.Field(l.field).Cap()) * l.elem
}

// stackLayout says where a function object of the engine has its stack.
type stackLayout struct {
	object reflect.Type
	field  int // -1 if it is not found
	elem   uint64
}

func stackLayoutOf(t reflect.Type) *stackLayout {
	l := &stackLayout{object: t, field: -1}
	if t.Kind() != reflect.Struct {
		return l
	}
	if f, ok := t.FieldByName("stack"); ok && len(f.Index) == 1 && f.Type.Kind() == reflect.Slice {
		l.field, l.elem = f.Index[0], uint64(f.Type.Elem().Size())
	}
	return l
}

// unknownStack stands for the size of a stack that cannot be found.
const unknownStack = 64 << 10

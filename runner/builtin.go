package runner

import (
	"context"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// builtin is a canonical built-in.
type builtin struct {
	inst     *canon.ComponentInstance
	resource *canon.ResourceType
	def      *plan.Builtin
	opts     *canon.Options
	sig      *canon.Sig // of task.return: a function that takes the result and returns it
}

func (s *store) builtin(inst *canon.ComponentInstance, slot int, d *plan.Builtin) *builtin {
	b := &builtin{inst: inst, def: d, sig: s.prog.lower[slot]}
	if d.Resource >= 0 {
		b.resource = s.canon.Resources[d.Resource]
	}
	if d.Options != nil {
		b.opts = s.optionsOf(d.Options)
	}
	return b
}

// Call implements [canon.CoreFunc].
func (b *builtin) Call(ctx context.Context, stack []uint64) {
	i, def := b.inst, b.def
	switch def.Op {
	case encoding.OpResourceNew:
		stack[0] = uint64(i.ResourceNew(b.resource, uint32(stack[0])))
	case encoding.OpResourceRep:
		stack[0] = uint64(i.ResourceRep(b.resource, uint32(stack[0])))
	case encoding.OpResourceDrop:
		i.ResourceDrop(ctx, b.resource, uint32(stack[0]))
	case encoding.OpContextGet:
		stack[0] = i.ContextGet(def.Slot)
	case encoding.OpContextSet:
		v := stack[0]
		if def.Val == core.I32 {
			v = uint64(uint32(v))
		}
		i.ContextSet(def.Slot, v)
	case encoding.OpBackpressureInc:
		i.BackpressureInc()
	case encoding.OpBackpressureDec:
		i.BackpressureDec()
	case encoding.OpTaskReturn:
		i.TaskReturn(ctx, b.sig, b.opts, stack)
	case encoding.OpTaskCancel:
		i.TaskCancel()
	case encoding.OpWaitableSetNew:
		stack[0] = uint64(i.WaitableSetNew())
	case encoding.OpWaitableSetWait:
		stack[0] = uint64(i.WaitableSetWait(b.opts, uint32(stack[0]), uint32(stack[1])))
	case encoding.OpWaitableSetPoll:
		stack[0] = uint64(i.WaitableSetPoll(b.opts, uint32(stack[0]), uint32(stack[1])))
	case encoding.OpWaitableSetDrop:
		i.WaitableSetDrop(uint32(stack[0]))
	case encoding.OpWaitableJoin:
		i.WaitableJoin(uint32(stack[0]), uint32(stack[1]))
	case encoding.OpSubtaskDrop:
		i.SubtaskDrop(uint32(stack[0]))
	default:
		i.CheckLeave()
		canon.Unsupported("canonical built-in `%s` needs asynchronous calls, which cannot be run yet", def.Op)
	}
}

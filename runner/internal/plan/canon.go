package plan

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
)

// coreFunc returns the slot of a core function that the host calls.
func (b *builder) coreFunc(d CoreDef) int {
	if i, ok := b.coreFuncs[d]; ok {
		return i
	}
	b.p.Funcs = append(b.p.Funcs, d)
	b.coreFuncs[d] = len(b.p.Funcs) - 1
	return len(b.p.Funcs) - 1
}

func (b *builder) memory(d CoreDef) int {
	e := d.(CoreExport)
	if i, ok := b.memories[e]; ok {
		return i
	}
	b.p.Memories = append(b.p.Memories, e)
	b.memories[e] = len(b.p.Memories) - 1
	return len(b.p.Memories) - 1
}

func (f *frame) options(list []encoding.CanonOpt) *Options {
	o := Options{Instance: f.inst, Encoding: encoding.OptUTF8, Memory: -1, Realloc: -1, PostReturn: -1, Callback: -1}
	for _, opt := range list {
		switch opt.Kind {
		case encoding.OptUTF8, encoding.OptUTF16, encoding.OptLatin1UTF16:
			o.Encoding = opt.Kind
		case encoding.OptMemory:
			o.Memory = f.b.memory(f.coreMems[opt.Index])
		case encoding.OptRealloc:
			o.Realloc = f.b.coreFunc(f.coreFuncs[opt.Index])
		case encoding.OptPostReturn:
			o.PostReturn = f.b.coreFunc(f.coreFuncs[opt.Index])
		case encoding.OptCallback:
			o.Callback = f.b.coreFunc(f.coreFuncs[opt.Index])
		case encoding.OptAsync:
			o.Async = true
		default:
			fail("canonical option `%s` cannot be run", opt.Kind)
		}
	}
	if got := f.b.options[o]; got != nil {
		return got
	}
	key := o
	f.b.options[key] = &o
	o.Slot = len(f.b.p.Options)
	f.b.p.Options = append(f.b.p.Options, &o)
	return &o
}

func (f *frame) canon(d *encoding.Canon) {
	switch c := d.Def.(type) {
	case *encoding.Lift:
		t := f.info.Funcs[len(f.funcs)]
		f.b.p.Lifts = append(f.b.p.Lifts, &Lift{Instance: f.inst, Func: f.b.coreFunc(f.coreFuncs[c.Func]), Type: t,
			Options: f.options(c.Opts)})
		f.funcs = append(f.funcs, LiftedFunc(len(f.b.p.Lifts)-1))
	case *encoding.Lower:
		f.trampoline(&Lower{Func: f.funcs[c.Func], Type: f.info.Funcs[c.Func], Options: f.options(c.Opts)}, "lowered function")
	case *encoding.Builtin:
		f.trampoline(f.builtin(c), c.Op.String())
	default:
		panic(fmt.Sprintf("unreachable: %T", c))
	}
}

func (f *frame) trampoline(d TrampolineDef, name string) {
	slot := len(f.b.p.Trampolines)
	f.b.p.Trampolines = append(f.b.p.Trampolines, &Trampoline{Instance: f.inst, Sig: f.info.CoreFuncs[len(f.coreFuncs)], Def: d, Name: name})
	inst := f.b.p.Instances[f.inst]
	inst.Trampolines = append(inst.Trampolines, slot)
	f.coreFuncs = append(f.coreFuncs, TrampolineRef(slot))
}

func (f *frame) builtin(c *encoding.Builtin) *Builtin {
	b := &Builtin{Def: c, Resource: -1}
	switch c.Op {
	case encoding.OpResourceNew, encoding.OpResourceDrop, encoding.OpResourceRep:
		b.Resource = f.slotOf(f.info.Types[c.Type])
		return b
	case encoding.OpTaskReturn:
		if c.Result != nil {
			if b.Type, _ = types.AsVal(c.Result.Prim); !c.Result.IsPrim() {
				b.Type, _ = types.AsVal(f.info.Types[c.Result.Index])
			}
		}
	case encoding.OpStreamNew, encoding.OpStreamRead, encoding.OpStreamWrite, encoding.OpStreamCancelRead, encoding.OpStreamCancelWrite,
		encoding.OpStreamDropReadable, encoding.OpStreamDropWritable, encoding.OpFutureNew, encoding.OpFutureRead,
		encoding.OpFutureWrite, encoding.OpFutureCancelRead, encoding.OpFutureCancelWrite, encoding.OpFutureDropReadable,
		encoding.OpFutureDropWritable:
		b.Type, _ = types.AsVal(f.info.Types[c.Type])
	}
	opts := c.Opts
	if c.Op == encoding.OpWaitableSetWait || c.Op == encoding.OpWaitableSetPoll {
		opts = []encoding.CanonOpt{encoding.MemoryOpt(c.Memory)}
	}
	b.Options = f.options(opts)
	return b
}

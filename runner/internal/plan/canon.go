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

func (b *builder) memory(d CoreDef) int { return slotFor(&b.p.Memories, b.memories, d) }
func (b *builder) table(d CoreDef) int  { return slotFor(&b.p.Tables, b.tables, d) }

// slotFor returns the slot of a memory or table in list, to which it adds one if slots has none.
func slotFor(list *[]CoreExport, slots map[CoreExport]int, d CoreDef) int {
	e := d.(CoreExport)
	slot, ok := slots[e]
	if !ok {
		slot = len(*list)
		slots[e] = slot
		*list = append(*list, e)
	}
	return slot
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
	b := &Builtin{Op: c.Op, Resource: -1, Table: -1}
	info, _ := c.Op.Info()
	for _, imm := range info.Immediates {
		switch imm {
		case encoding.ImmType:
			if b.Resource = f.slotOf(f.info.Types[c.Type]); b.Resource < 0 {
				b.Type, _ = types.AsVal(f.info.Types[c.Type])
			}
		case encoding.ImmResult:
			b.Type = f.result(c.Result)
		case encoding.ImmOpts:
			b.Options = f.options(c.Opts)
		case encoding.ImmMemory:
			b.Options = f.options([]encoding.CanonOpt{encoding.MemoryOpt(c.Memory)})
		case encoding.ImmAsync:
			b.Async = c.Async
		case encoding.ImmShared:
			b.Shared = c.Shared
		case encoding.ImmCoreVal:
			b.Val = c.Val
		case encoding.ImmSlot:
			b.Slot = c.Slot
		case encoding.ImmTable:
			b.Table = f.b.table(f.coreOther[encoding.SortCoreTable][c.Table])
		case encoding.ImmCoreType:
			b.CoreType = f.info.CoreTypes[c.CoreType].Def
		case encoding.ImmZero:
		default:
			panic(fmt.Sprintf("unreachable: immediate %d of %v", imm, c.Op))
		}
	}
	return b
}

// result returns the result type of task.return, or nil.
func (f *frame) result(r *encoding.ValType) types.ValType {
	if r == nil {
		return nil
	}
	t, ok := types.AsVal(r.Prim)
	if !r.IsPrim() {
		t, ok = types.AsVal(f.info.Types[r.Index])
	}
	if !ok {
		panic("unreachable: the result of task.return is not a value")
	}
	return t
}

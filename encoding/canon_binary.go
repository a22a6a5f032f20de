package encoding

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/feature"
)

// Immediate is one immediate of a built-in. The zero value is invalid.
type Immediate uint8

// The immediates, each with its field of [Builtin].
const (
	ImmType     Immediate = iota + 1 // Type
	ImmAsync                         // Async
	ImmShared                        // Shared
	ImmMemory                        // Memory
	ImmCoreType                      // CoreType
	ImmTable                         // Table
	ImmResult                        // Result
	ImmOpts                          // Opts
	ImmCoreVal                       // Val
	ImmSlot                          // Slot
	ImmZero                          // no field: a byte that once meant `cancellable` and now is zero
)

// CanonOpInfo describes a built-in.
type CanonOpInfo struct {
	Op CanonOp
	// Name is the keyword of the text format, such as "stream.read".
	Name string
	// Immediates are the immediates in the order of the binary format.
	Immediates []Immediate
	// Gate is the feature that the built-in needs, or 0.
	Gate feature.Feature
}

// canonOps is the table of the built-ins that the decoder, encoder, validator, text parser and
// printer share.
var canonOps = [...]CanonOpInfo{
	{OpResourceNew, "resource.new", []Immediate{ImmType}, 0},
	{OpResourceDrop, "resource.drop", []Immediate{ImmType}, 0},
	{OpResourceRep, "resource.rep", []Immediate{ImmType}, 0},
	{OpBackpressureInc, "backpressure.inc", nil, feature.Async},
	{OpBackpressureDec, "backpressure.dec", nil, feature.Async},
	{OpTaskReturn, "task.return", []Immediate{ImmResult, ImmOpts}, feature.Async},
	{OpTaskCancel, "task.cancel", nil, feature.Async},
	{OpContextGet, "context.get", []Immediate{ImmCoreVal, ImmSlot}, feature.Async},
	{OpContextSet, "context.set", []Immediate{ImmCoreVal, ImmSlot}, feature.Async},
	{OpSubtaskCancel, "subtask.cancel", []Immediate{ImmAsync}, feature.Async},
	{OpSubtaskDrop, "subtask.drop", nil, feature.Async},
	{OpStreamNew, "stream.new", []Immediate{ImmType}, feature.Async},
	{OpStreamRead, "stream.read", []Immediate{ImmType, ImmOpts}, feature.Async},
	{OpStreamWrite, "stream.write", []Immediate{ImmType, ImmOpts}, feature.Async},
	{OpStreamCancelRead, "stream.cancel-read", []Immediate{ImmType, ImmAsync}, feature.Async},
	{OpStreamCancelWrite, "stream.cancel-write", []Immediate{ImmType, ImmAsync}, feature.Async},
	{OpStreamDropReadable, "stream.drop-readable", []Immediate{ImmType}, feature.Async},
	{OpStreamDropWritable, "stream.drop-writable", []Immediate{ImmType}, feature.Async},
	{OpFutureNew, "future.new", []Immediate{ImmType}, feature.Async},
	{OpFutureRead, "future.read", []Immediate{ImmType, ImmOpts}, feature.Async},
	{OpFutureWrite, "future.write", []Immediate{ImmType, ImmOpts}, feature.Async},
	{OpFutureCancelRead, "future.cancel-read", []Immediate{ImmType, ImmAsync}, feature.Async},
	{OpFutureCancelWrite, "future.cancel-write", []Immediate{ImmType, ImmAsync}, feature.Async},
	{OpFutureDropReadable, "future.drop-readable", []Immediate{ImmType}, feature.Async},
	{OpFutureDropWritable, "future.drop-writable", []Immediate{ImmType}, feature.Async},
	{OpErrorContextNew, "error-context.new", []Immediate{ImmOpts}, feature.ErrorContext},
	{OpErrorContextDebugMessage, "error-context.debug-message", []Immediate{ImmOpts}, feature.ErrorContext},
	{OpErrorContextDrop, "error-context.drop", nil, feature.ErrorContext},
	{OpWaitableSetNew, "waitable-set.new", nil, feature.Async},
	{OpWaitableSetWait, "waitable-set.wait", []Immediate{ImmZero, ImmMemory}, feature.Async},
	{OpWaitableSetPoll, "waitable-set.poll", []Immediate{ImmZero, ImmMemory}, feature.Async},
	{OpWaitableSetDrop, "waitable-set.drop", nil, feature.Async},
	{OpWaitableJoin, "waitable.join", nil, feature.Async},
	{OpThreadIndex, "thread.index", nil, feature.Threading},
	{OpThreadNewIndirect, "thread.new-indirect", []Immediate{ImmCoreType, ImmTable}, feature.Threading},
	{OpThreadResumeLater, "thread.resume-later", nil, feature.Threading},
	{OpThreadSuspend, "thread.suspend", []Immediate{ImmZero}, feature.Threading},
	{OpThreadYield, "thread.yield", []Immediate{ImmZero}, feature.Async},
	{OpThreadSuspendThenResume, "thread.suspend-then-resume", []Immediate{ImmZero}, feature.Threading},
	{OpThreadYieldThenResume, "thread.yield-then-resume", []Immediate{ImmZero}, feature.Threading},
	{OpThreadSuspendThenPromote, "thread.suspend-then-promote", []Immediate{ImmZero}, feature.Threading},
	{OpThreadYieldThenPromote, "thread.yield-then-promote", []Immediate{ImmZero}, feature.Threading},
	{OpThreadSpawnRef, "thread.spawn-ref", []Immediate{ImmShared, ImmCoreType}, feature.SharedEverythingThreads},
	{OpThreadSpawnIndirect, "thread.spawn-indirect", []Immediate{ImmShared, ImmCoreType, ImmTable}, feature.SharedEverythingThreads},
	{OpThreadAvailableParallelism, "thread.available-parallelism", []Immediate{ImmShared}, feature.SharedEverythingThreads},
}

// canonOpIndex maps an opcode to its row in canonOps. Rows count from 1.
var canonOpIndex = func() (index [256]uint8) {
	for i, info := range canonOps {
		index[info.Op] = uint8(i + 1)
	}
	return index
}()

// CanonOps returns the table of the built-ins, in the order of Binary.md.
func CanonOps() []CanonOpInfo { return append([]CanonOpInfo(nil), canonOps[:]...) }

// Info returns the description of a built-in. It returns false if op is not the opcode of a
// built-in.
func (op CanonOp) Info() (CanonOpInfo, bool) {
	i := canonOpIndex[op]
	if i == 0 {
		return CanonOpInfo{}, false
	}
	return canonOps[i-1], true
}

// String returns the keyword of the text format.
func (op CanonOp) String() string {
	if info, ok := op.Info(); ok {
		return info.Name
	}
	return fmt.Sprintf("CanonOp(%#x)", uint8(op))
}

// The opcodes of lift and lower. Both are followed by the byte of the func sort.
const (
	codeLift     = 0x00
	codeLower    = 0x01
	codeSortFunc = 0x00
)

func readCanon(r *raw.Reader) *Canon {
	start := r.Pos()
	c := &Canon{}
	switch b := r.Byte(); b {
	case codeLift:
		if b := r.Byte(); b != codeSortFunc {
			r.BadByte(b, "canonical function lift")
		}
		c.Def = &Lift{Func: raw.Index[CoreFuncIdx](r), Opts: readCanonOpts(r), Type: raw.Index[TypeIdx](r)}
	case codeLower:
		if b := r.Byte(); b != codeSortFunc {
			r.BadByte(b, "canonical function lower")
		}
		c.Def = &Lower{Func: raw.Index[FuncIdx](r), Opts: readCanonOpts(r)}
	default:
		info, ok := CanonOp(b).Info()
		if !ok {
			r.BadByte(b, "canonical function")
		}
		c.Def = readBuiltin(r, info)
	}
	c.Span = spanFrom(r, start)
	return c
}

func readBuiltin(r *raw.Reader, info CanonOpInfo) *Builtin {
	b := &Builtin{Op: info.Op}
	for _, imm := range info.Immediates {
		switch imm {
		case ImmType:
			b.Type = raw.Index[TypeIdx](r)
		case ImmAsync:
			b.Async = r.Bool()
		case ImmShared:
			b.Shared = r.Bool()
		case ImmMemory:
			b.Memory = raw.Index[CoreMemoryIdx](r)
		case ImmCoreType:
			b.CoreType = raw.Index[CoreTypeIdx](r)
		case ImmTable:
			b.Table = raw.Index[CoreTableIdx](r)
		case ImmResult:
			b.Result = readResult(r)
		case ImmOpts:
			b.Opts = readCanonOpts(r)
		case ImmCoreVal:
			b.Val = core.ReadValType(r)
		case ImmSlot:
			b.Slot = r.U32()
		case ImmZero:
			readZero(r, info.Name)
		default:
			panic(fmt.Sprintf("unreachable: immediate %d", imm))
		}
	}
	return b
}

// readZero reads the byte that once marked a built-in as `cancellable`.
func readZero(r *raw.Reader, name string) {
	switch b := r.Byte(); b {
	case 0x00:
	case 0x01:
		r.BadByte(b, "zero byte: `"+name+"` was `cancellable` here, which the component model no longer has")
	default:
		r.BadByte(b, "zero byte: it also was an invalid boolean value when `"+name+"` could be `cancellable`")
	}
}

func readCanonOpts(r *raw.Reader) []CanonOpt { return raw.Vec(r, readCanonOpt) }

func readCanonOpt(r *raw.Reader) CanonOpt {
	b := r.Byte()
	if b >= byte(OptGC) {
		r.BadByte(b, "canonical option")
	}
	o := CanonOpt{Kind: CanonOptKind(b + 1)}
	if o.Kind.HasIndex() {
		o.Index = r.U32()
	}
	return o
}

func appendCanon(w *raw.Writer, c *Canon) {
	switch d := c.Def.(type) {
	case *Lift:
		w.Byte(codeLift, codeSortFunc)
		appendIndex(w, d.Func)
		appendVec(w, d.Opts, appendCanonOpt)
		appendIndex(w, d.Type)
	case *Lower:
		w.Byte(codeLower, codeSortFunc)
		appendIndex(w, d.Func)
		appendVec(w, d.Opts, appendCanonOpt)
	case *Builtin:
		appendBuiltin(w, d)
	default:
		panic(unreachable(d))
	}
}

func appendBuiltin(w *raw.Writer, b *Builtin) {
	info, ok := b.Op.Info()
	if !ok {
		panic("invalid built-in " + b.Op.String())
	}
	w.Byte(byte(b.Op))
	for _, imm := range info.Immediates {
		switch imm {
		case ImmType:
			appendIndex(w, b.Type)
		case ImmAsync:
			w.Bool(b.Async)
		case ImmShared:
			w.Bool(b.Shared)
		case ImmMemory:
			appendIndex(w, b.Memory)
		case ImmCoreType:
			appendIndex(w, b.CoreType)
		case ImmTable:
			appendIndex(w, b.Table)
		case ImmResult:
			appendResult(w, b.Result)
		case ImmOpts:
			appendVec(w, b.Opts, appendCanonOpt)
		case ImmCoreVal:
			core.AppendValType(w, b.Val)
		case ImmSlot:
			w.U32(b.Slot)
		case ImmZero:
			w.Byte(0x00)
		default:
			panic(fmt.Sprintf("unreachable: immediate %d", imm))
		}
	}
}

func appendCanonOpt(w *raw.Writer, o CanonOpt) {
	if o.Kind == 0 {
		panic("invalid canonical option")
	}
	w.Byte(byte(o.Kind) - 1)
	if o.Kind.HasIndex() {
		w.U32(o.Index)
	}
}

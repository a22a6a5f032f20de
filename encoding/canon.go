package encoding

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
)

// Canon is a canonical definition (Binary.md, "Canonical Definitions"). A [*Lift] adds to the
// function index space. A [*Lower] or [*Builtin] adds to the core function index space.
type Canon struct {
	Span
	Def CanonDef
}

// CanonDef is a [*Lift], [*Lower] or [*Builtin].
type CanonDef interface{ isCanonDef() }

// Lift makes a component function of type Type from a core function.
type Lift struct {
	Func CoreFuncIdx
	Opts []CanonOpt
	Type TypeIdx
}

// Lower makes a core function from a component function.
type Lower struct {
	Func FuncIdx
	Opts []CanonOpt
}

// Builtin is a built-in function. Op decides which immediates it has: see [CanonOp.Info]. All
// others are zero.
type Builtin struct {
	Op       CanonOp
	Type     TypeIdx
	Async    bool
	Shared   bool
	Memory   CoreMemoryIdx
	CoreType CoreTypeIdx
	Table    CoreTableIdx
	// Result is the result type of task.return, or nil.
	Result *ValType
	Opts   []CanonOpt
	// Val and Slot are the type and the number of a context slot.
	Val  core.ValType
	Slot uint32
}

func (*Lift) isCanonDef()    {}
func (*Lower) isCanonDef()   {}
func (*Builtin) isCanonDef() {}

// CanonOptKind is the kind of a canonical option. The zero value is invalid.
type CanonOptKind uint8

// The kinds of canonical options (Binary.md, "canonopt"). The specification lacks the last two,
// which are in use with garbage-collected core types.
const (
	OptUTF8 CanonOptKind = iota + 1
	OptUTF16
	OptLatin1UTF16
	OptMemory
	OptRealloc
	OptPostReturn
	OptAsync
	OptCallback
	OptCoreType
	OptGC
)

// canonOpts holds the keyword of each option and whether the option has an index. The byte of an
// option is its kind minus one.
var canonOpts = [...]struct {
	name  string
	index bool
}{
	OptUTF8:        {"string-encoding=utf8", false},
	OptUTF16:       {"string-encoding=utf16", false},
	OptLatin1UTF16: {"string-encoding=latin1+utf16", false},
	OptMemory:      {"memory", true},
	OptRealloc:     {"realloc", true},
	OptPostReturn:  {"post-return", true},
	OptAsync:       {"async", false},
	OptCallback:    {"callback", true},
	OptCoreType:    {"core-type", true},
	OptGC:          {"gc", false},
}

// String returns the keyword of the text format.
func (k CanonOptKind) String() string {
	if k == 0 || int(k) >= len(canonOpts) {
		return fmt.Sprintf("CanonOptKind(%d)", uint8(k))
	}
	return canonOpts[k].name
}

// HasIndex reports whether options of kind k carry an index.
func (k CanonOptKind) HasIndex() bool { return int(k) < len(canonOpts) && canonOpts[k].index }

// CanonOpt is a canonical option. Index refers to the core memory index space for [OptMemory], to
// the core type index space for [OptCoreType], and to the core function index space for
// [OptRealloc], [OptPostReturn] and [OptCallback]. For all other kinds it is zero.
type CanonOpt struct {
	Kind  CanonOptKind
	Index uint32
}

// StringsOpt returns the option string-encoding=e.
func StringsOpt(e abi.StringEncoding) CanonOpt {
	switch e {
	case abi.UTF8:
		return CanonOpt{Kind: OptUTF8}
	case abi.UTF16:
		return CanonOpt{Kind: OptUTF16}
	case abi.Latin1UTF16:
		return CanonOpt{Kind: OptLatin1UTF16}
	default:
		panic(unreachable(e))
	}
}

// MemoryOpt returns the option (memory m).
func MemoryOpt(m CoreMemoryIdx) CanonOpt { return CanonOpt{OptMemory, uint32(m)} }

// ReallocOpt returns the option (realloc f).
func ReallocOpt(f CoreFuncIdx) CanonOpt { return CanonOpt{OptRealloc, uint32(f)} }

// PostReturnOpt returns the option (post-return f).
func PostReturnOpt(f CoreFuncIdx) CanonOpt { return CanonOpt{OptPostReturn, uint32(f)} }

// CallbackOpt returns the option (callback f).
func CallbackOpt(f CoreFuncIdx) CanonOpt { return CanonOpt{OptCallback, uint32(f)} }

// CoreTypeOpt returns the option (core-type t).
func CoreTypeOpt(t CoreTypeIdx) CanonOpt { return CanonOpt{OptCoreType, uint32(t)} }

// CanonOp is a built-in. Its value is the opcode. The zero value is invalid.
type CanonOp uint8

// The built-ins, in the order of Binary.md.
const (
	OpResourceNew                CanonOp = 0x02
	OpResourceDrop               CanonOp = 0x03
	OpResourceRep                CanonOp = 0x04
	OpBackpressureInc            CanonOp = 0x24
	OpBackpressureDec            CanonOp = 0x25
	OpTaskReturn                 CanonOp = 0x09
	OpTaskCancel                 CanonOp = 0x05
	OpContextGet                 CanonOp = 0x0a
	OpContextSet                 CanonOp = 0x0b
	OpSubtaskCancel              CanonOp = 0x06
	OpSubtaskDrop                CanonOp = 0x0d
	OpStreamNew                  CanonOp = 0x0e
	OpStreamRead                 CanonOp = 0x0f
	OpStreamWrite                CanonOp = 0x10
	OpStreamCancelRead           CanonOp = 0x11
	OpStreamCancelWrite          CanonOp = 0x12
	OpStreamDropReadable         CanonOp = 0x13
	OpStreamDropWritable         CanonOp = 0x14
	OpFutureNew                  CanonOp = 0x15
	OpFutureRead                 CanonOp = 0x16
	OpFutureWrite                CanonOp = 0x17
	OpFutureCancelRead           CanonOp = 0x18
	OpFutureCancelWrite          CanonOp = 0x19
	OpFutureDropReadable         CanonOp = 0x1a
	OpFutureDropWritable         CanonOp = 0x1b
	OpErrorContextNew            CanonOp = 0x1c
	OpErrorContextDebugMessage   CanonOp = 0x1d
	OpErrorContextDrop           CanonOp = 0x1e
	OpWaitableSetNew             CanonOp = 0x1f
	OpWaitableSetWait            CanonOp = 0x20
	OpWaitableSetPoll            CanonOp = 0x21
	OpWaitableSetDrop            CanonOp = 0x22
	OpWaitableJoin               CanonOp = 0x23
	OpThreadIndex                CanonOp = 0x26
	OpThreadNewIndirect          CanonOp = 0x27
	OpThreadResumeLater          CanonOp = 0x28
	OpThreadSuspend              CanonOp = 0x29
	OpThreadYield                CanonOp = 0x0c
	OpThreadSuspendThenResume    CanonOp = 0x2a
	OpThreadYieldThenResume      CanonOp = 0x2b
	OpThreadSuspendThenPromote   CanonOp = 0x2c
	OpThreadYieldThenPromote     CanonOp = 0x2d
	OpThreadSpawnRef             CanonOp = 0x40
	OpThreadSpawnIndirect        CanonOp = 0x41
	OpThreadAvailableParallelism CanonOp = 0x42
)

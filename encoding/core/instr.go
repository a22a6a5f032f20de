package core

import (
	"encoding/binary"
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// Instr is an instruction with its immediates. The [Imm] of Op determines which fields are used.
// The others are ignored.
type Instr struct {
	Op Op
	// Align is the binary logarithm of the alignment, as in the binary format.
	Align uint8
	Lane  uint8
	Order Order
	X, Y  uint32
	// Value holds the number of ImmI32, ImmI64, ImmF32 or ImmF64: the bits of the integer or float.
	Value  uint64
	Offset uint64
	Block  BlockType
	// Ref is the type of ImmHeap, whose Nullable is not used, or the source type of ImmCast. To is the
	// target type of ImmCast.
	Ref, To  RefType
	Bytes    [16]byte
	Labels   []uint32
	Types    []ValType
	Catches  []Catch
	Handlers []Handler
}

// BlockType is the type of a block. The zero value is the type of a block without parameters and
// results.
type BlockType struct {
	// Type is the only result. It is unset if the block has no result or if HasIndex is set.
	Type ValType
	// Index is the index of a function type. It is used only if HasIndex is set.
	Index    TypeIdx
	HasIndex bool
}

// CatchKind is the kind of a catch clause. Its values are those of the binary format.
type CatchKind uint8

// The kinds of catch clauses.
const (
	CatchTag CatchKind = iota
	CatchTagRef
	CatchAll
	CatchAllRef
)

// String returns the keyword of the text format.
func (k CatchKind) String() string {
	switch k {
	case CatchTag:
		return "catch"
	case CatchTagRef:
		return "catch_ref"
	case CatchAll:
		return "catch_all"
	case CatchAllRef:
		return "catch_all_ref"
	default:
		return fmt.Sprintf("CatchKind(%d)", uint8(k))
	}
}

// HasTag reports whether the clause catches a single tag.
func (k CatchKind) HasTag() bool { return k == CatchTag || k == CatchTagRef }

// Catch is a clause of a try_table. Tag is used only if the kind has a tag.
type Catch struct {
	Kind  CatchKind
	Tag   TagIdx
	Label uint32
}

// Handler is a clause of a resume instruction (the stack-switching proposal). It branches to Label
// unless Switch is set.
type Handler struct {
	Tag    TagIdx
	Label  uint32
	Switch bool
}

// Order is the ordering of an atomic access (the shared-everything-threads proposal). Its values
// are those of the binary format.
type Order uint8

// The orderings.
const (
	SeqCst Order = iota
	AcqRel
)

// String returns the keyword of the text format.
func (o Order) String() string {
	switch o {
	case SeqCst:
		return "seq_cst"
	case AcqRel:
		return "acq_rel"
	default:
		return fmt.Sprintf("Order(%d)", uint8(o))
	}
}

// I32Const returns an instruction that pushes v.
func I32Const(v int32) Instr { return Instr{Op: OpI32Const, Value: uint64(uint32(v))} }

// I64Const returns an instruction that pushes v.
func I64Const(v int64) Instr { return Instr{Op: OpI64Const, Value: uint64(v)} }

// memArgHasMemory is the bit of the alignment that announces a memory index (the multi-memory
// proposal).
const memArgHasMemory = 1 << 6

// Append appends the instruction to dst, with every integer in its shortest form. It panics if Op
// does not exist or an immediate has a value that the reader never returns.
func (in *Instr) Append(dst []byte) []byte {
	if !in.Op.Valid() {
		panic("invalid " + in.Op.String())
	}
	prefix, code := in.Op.Prefix()
	if prefix == 0 {
		dst = append(dst, byte(code))
	} else {
		dst = leb128.AppendUint(append(dst, prefix), uint64(code))
	}
	return in.appendImm(dst, in.Op.Info().Imm)
}

func (in *Instr) appendImm(dst []byte, imm Imm) []byte {
	switch imm {
	case ImmNone:
		return dst
	case ImmLabel, ImmFunc, ImmLocal, ImmGlobal, ImmTable, ImmElem, ImmMemory, ImmData, ImmTag, ImmType:
		return leb128.AppendUint(dst, uint64(in.X))
	case ImmTypeTable, ImmTable2, ImmElemTable, ImmMemory2, ImmDataMemory, ImmType2, ImmTypeField, ImmTypeCount, ImmTypeData, ImmTypeElem, ImmTypeTag:
		return in.appendXY(dst)
	case ImmI32:
		return leb128.AppendInt(dst, int64(int32(in.Value)))
	case ImmI64:
		return leb128.AppendInt(dst, int64(in.Value))
	case ImmF32:
		return binary.LittleEndian.AppendUint32(dst, uint32(in.Value))
	case ImmF64:
		return binary.LittleEndian.AppendUint64(dst, in.Value)
	case ImmV128, ImmShuffle:
		return append(dst, in.Bytes[:]...)
	case ImmMemArg:
		return in.appendMemArg(dst)
	case ImmMemArgLane:
		return append(in.appendMemArg(dst), in.Lane)
	case ImmLane:
		return append(dst, in.Lane)
	case ImmFence:
		return append(dst, 0)
	case ImmOrderGlobal, ImmOrderTable, ImmOrderType:
		return leb128.AppendUint(append(dst, byte(in.Order)), uint64(in.X))
	case ImmOrderTypeField:
		return in.appendXY(append(dst, byte(in.Order)))
	default:
		return in.appendLongImm(dst, imm)
	}
}

// appendLongImm appends immediates that contain types or lists.
func (in *Instr) appendLongImm(dst []byte, imm Imm) []byte {
	w := &raw.Writer{Buf: dst}
	switch imm {
	case ImmBlock:
		appendBlockType(w, in.Block)
	case ImmTryTable:
		appendBlockType(w, in.Block)
		w.U32(uint32(len(in.Catches)))
		for _, c := range in.Catches {
			w.Byte(byte(c.Kind))
			if c.Kind.HasTag() {
				w.U32(uint32(c.Tag))
			}
			w.U32(c.Label)
		}
	case ImmLabels:
		w.U32(uint32(len(in.Labels) - 1))
		for _, l := range in.Labels {
			w.U32(l)
		}
	case ImmHeap:
		appendHeapType(w, in.Ref.Heap)
	case ImmTypes:
		appendValTypes(w, in.Types)
	case ImmCast:
		var flags byte
		if in.Ref.Nullable {
			flags |= castFromNull
		}
		if in.To.Nullable {
			flags |= castToNull
		}
		w.Byte(flags)
		w.U32(in.X)
		appendHeapType(w, in.Ref.Heap)
		appendHeapType(w, in.To.Heap)
	case ImmResume, ImmResumeThrow:
		w.U32(in.X)
		if imm == ImmResumeThrow {
			w.U32(in.Y)
		}
		w.U32(uint32(len(in.Handlers)))
		for _, h := range in.Handlers {
			w.Bool(h.Switch)
			w.U32(uint32(h.Tag))
			if !h.Switch {
				w.U32(h.Label)
			}
		}
	default:
		panic(fmt.Sprintf("unreachable: immediate %d", imm))
	}
	return w.Buf
}

// The flags of a branch on a cast.
const (
	castFromNull = 1 << iota
	castToNull
)

func (in *Instr) appendXY(dst []byte) []byte {
	return leb128.AppendUint(leb128.AppendUint(dst, uint64(in.X)), uint64(in.Y))
}

func (in *Instr) appendMemArg(dst []byte) []byte {
	if in.X == 0 {
		dst = append(dst, in.Align)
	} else {
		dst = leb128.AppendUint(append(dst, in.Align|memArgHasMemory), uint64(in.X))
	}
	return leb128.AppendUint(dst, in.Offset)
}

// codeEmptyBlock is the block type without parameters and results.
const codeEmptyBlock = 0x40

func appendBlockType(w *raw.Writer, b BlockType) {
	switch {
	case b.HasIndex:
		w.S33(int64(b.Index))
	case b.Type == ValType{}:
		w.Byte(codeEmptyBlock)
	default:
		AppendValType(w, b.Type)
	}
}

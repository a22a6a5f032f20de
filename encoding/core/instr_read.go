package core

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/feature"
)

// InstrReader reads instructions one after another. It checks their format, but not that blocks are
// closed. It is not safe for concurrent use.
//
//	for r.Next(&in) {
//		// use in
//	}
//	if err := r.Err(); err != nil { ... }
type InstrReader struct {
	r       raw.Reader
	base    int       // offset of the code in the module
	section SectionID // SectionCustom if unknown

	// Set if the immediates have the older forms of the format because features are disabled.
	oneMemory, memory32, zeroTable bool

	at       int // start of the instruction
	labels   []uint32
	types    []ValType
	catches  []Catch
	handlers []Handler
}

// NewInstrReader returns a reader of the instructions in code, which starts at offset base of a
// module.
func NewInstrReader(code []byte, base int) *InstrReader {
	r := &InstrReader{}
	r.reset(code, base, SectionCode)
	return r
}

func (r *InstrReader) reset(code []byte, base int, section SectionID) {
	r.r = *raw.NewReader(code, 0, len(code))
	r.base, r.section = base, section
}

// restrict makes r read the format of a module that cannot use the features missing from set.
func (r *InstrReader) restrict(set feature.Set) {
	r.oneMemory = !set.Has(feature.MultiMemory)
	r.memory32 = !set.Has(feature.Memory64)
	r.zeroTable = !set.Has(feature.CallIndirectOverlong) && !set.Has(feature.ReferenceTypes)
}

// Offset returns the offset in the module of the instruction that Next returned last.
func (r *InstrReader) Offset() int { return r.base + r.at }

// Pos returns the offset in the module of the next instruction.
func (r *InstrReader) Pos() int { return r.base + r.r.Pos() }

// Err returns the error that ended reading, an [*Error], or nil at the end of the code.
func (r *InstrReader) Err() error {
	if err := r.r.Err(); err != nil {
		return &Error{Offset: r.base + err.Offset, Message: err.Message, Section: r.section, InSection: r.section != SectionCustom}
	}
	return nil
}

// Next reads an instruction into in and reports whether it read one. It sets the fields that the
// instruction uses and leaves the others unchanged. The lists in it are valid until the next call.
func (r *InstrReader) Next(in *Instr) bool {
	if r.r.Len() == 0 {
		return false
	}
	r.at = r.r.Pos()
	b := r.r.Byte()
	op := Op(b)
	if b >= prefixGC && b <= prefixAtomic {
		code := r.r.U32()
		var ok bool
		if op, ok = prefixed(b, code); !ok {
			r.r.Fail(raw.BadByte, r.at, fmt.Sprintf("unknown %#x subopcode: %#x", b, code))
			return false
		}
	}
	in.Op = op
	switch imm := opTable[op].Imm; imm {
	case ImmNone:
		if opTable[op].Name == "" {
			r.r.Fail(raw.BadByte, r.at, fmt.Sprintf("illegal opcode: %#x", b))
		}
	case ImmLocal, ImmLabel, ImmFunc, ImmGlobal, ImmTable, ImmElem, ImmData, ImmTag, ImmType:
		in.X = r.r.U32()
	case ImmI32:
		in.Value = uint64(uint32(r.r.S32()))
	case ImmMemArg:
		r.memArg(in)
	case ImmI64:
		in.Value = uint64(r.r.S64())
	case ImmBlock:
		in.Block = readBlockType(&r.r)
	default:
		r.immediate(in, imm)
	}
	return r.r.OK()
}

// immediate reads the less frequent immediates.
func (r *InstrReader) immediate(in *Instr, imm Imm) {
	switch imm {
	case ImmTable2, ImmElemTable, ImmMemory2, ImmDataMemory, ImmType2, ImmTypeField, ImmTypeCount, ImmTypeData, ImmTypeElem, ImmTypeTag:
		in.X, in.Y = r.r.U32(), r.r.U32()
	case ImmTypeTable:
		in.X = r.r.U32()
		if r.zeroTable && in.Op == OpCallIndirect {
			in.Y = r.zero()
		} else {
			in.Y = r.r.U32()
		}
	case ImmMemory:
		if r.oneMemory && (in.Op == OpMemorySize || in.Op == OpMemoryGrow) {
			in.X = r.zero()
		} else {
			in.X = r.r.U32()
		}
	case ImmF32:
		if b := r.r.Skip(4); b != nil {
			in.Value = uint64(binary.LittleEndian.Uint32(b))
		}
	case ImmF64:
		if b := r.r.Skip(8); b != nil {
			in.Value = binary.LittleEndian.Uint64(b)
		}
	case ImmV128, ImmShuffle:
		copy(in.Bytes[:], r.r.Skip(16))
	case ImmMemArgLane:
		r.memArg(in)
		in.Lane = r.r.Byte()
	case ImmLane:
		in.Lane = r.r.Byte()
	case ImmHeap:
		in.Ref = RefType{Heap: readHeapType(&r.r)}
	case ImmCast:
		r.cast(in)
	case ImmFence:
		if b := r.r.Byte(); b != 0 {
			r.r.Fail(raw.BadByte, r.r.Pos()-1, "nonzero byte after `atomic.fence`")
		}
	case ImmOrderGlobal, ImmOrderTable, ImmOrderType:
		in.Order, in.X = r.order(), r.r.U32()
	case ImmOrderTypeField:
		in.Order, in.X, in.Y = r.order(), r.r.U32(), r.r.U32()
	default:
		r.list(in, imm)
	}
}

// The limits of lists in instructions.
const (
	maxCatches     = 10_000
	maxHandlers    = 10_000
	maxBrTable     = maxFunctionSize
	maxSelectTypes = 10
)

// list reads the immediates that contain a list.
func (r *InstrReader) list(in *Instr, imm Imm) {
	switch imm {
	case ImmLabels:
		r.labels = r.labels[:0]
		for range r.count(maxBrTable, "br_table") {
			if !r.r.OK() {
				return
			}
			r.labels = append(r.labels, r.r.U32())
		}
		in.Labels = append(r.labels, r.r.U32())
		r.labels = in.Labels
	case ImmTypes:
		r.types = r.types[:0]
		for range r.count(maxSelectTypes, "select types") {
			r.types = append(r.types, ReadValType(&r.r))
		}
		in.Types = r.types
	case ImmTryTable:
		in.Block = readBlockType(&r.r)
		r.catches = r.catches[:0]
		for range r.count(maxCatches, "catches") {
			if !r.r.OK() {
				return
			}
			r.catches = append(r.catches, readCatch(&r.r))
		}
		in.Catches = r.catches
	case ImmResume, ImmResumeThrow:
		in.X = r.r.U32()
		if imm == ImmResumeThrow {
			in.Y = r.r.U32()
		}
		r.handlers = r.handlers[:0]
		for range r.count(maxHandlers, "resume table") {
			if !r.r.OK() {
				return
			}
			r.handlers = append(r.handlers, readHandler(&r.r))
		}
		in.Handlers = r.handlers
	default:
		panic(fmt.Sprintf("unreachable: immediate %d", imm))
	}
}

// count reads the length of a list whose items take at least one byte each.
func (r *InstrReader) count(limit int, what string) int {
	at := r.r.Pos()
	n := r.r.U32()
	switch {
	case !r.r.OK():
		return 0
	case n > uint32(limit):
		r.r.Fail(raw.Limit, at, what+" size is out of bounds")
		return 0
	case int(n) > r.r.Len():
		r.r.Skip(int(n))
		return 0
	}
	return int(n)
}

func (r *InstrReader) zero() uint32 {
	if r.r.Byte() != 0 {
		r.r.Fail(raw.BadByte, r.r.Pos()-1, "zero byte expected")
	}
	return 0
}

func (r *InstrReader) order() Order {
	o := r.r.U32()
	if o > uint32(AcqRel) {
		r.r.Fail(raw.BadByte, r.r.Pos()-1, fmt.Sprintf("invalid atomic consistency ordering %d", o))
	}
	return Order(o)
}

// memArg reads the alignment, memory and offset of an access.
func (r *InstrReader) memArg(in *Instr) {
	at := r.r.Pos()
	flags := r.r.U32()
	in.X = 0
	limit := uint32(memArgHasMemory)
	if r.oneMemory {
		limit >>= 1
	} else if flags&memArgHasMemory != 0 {
		flags &^= memArgHasMemory
		in.X = r.r.U32()
	}
	if flags >= limit {
		r.r.Fail(raw.BadByte, at, "malformed memop alignment: alignment too large")
		return
	}
	in.Align = uint8(flags)
	if r.memory32 {
		in.Offset = uint64(r.r.U32())
	} else {
		in.Offset = r.r.U64()
	}
}

func (r *InstrReader) cast(in *Instr) {
	at := r.r.Pos()
	flags := r.r.Byte()
	if flags&^(castFromNull|castToNull) != 0 {
		r.r.Fail(raw.BadByte, at, fmt.Sprintf("invalid cast flags: %08b", flags))
	}
	in.X = r.r.U32()
	in.Ref = RefType{Nullable: flags&castFromNull != 0, Heap: readHeapType(&r.r)}
	in.To = RefType{Nullable: flags&castToNull != 0, Heap: readHeapType(&r.r)}
}

func readBlockType(r *raw.Reader) BlockType {
	b := r.Peek()
	switch {
	case b == codeEmptyBlock:
		r.Byte()
		return BlockType{}
	case b&0xc0 == 0x40: // a negative one-byte number
		return BlockType{Type: ReadValType(r)}
	}
	i := r.S33()
	if i < 0 || i > math.MaxUint32 {
		r.Fail(raw.BadByte, r.Pos(), "invalid function type")
		return BlockType{}
	}
	return BlockType{Index: TypeIdx(i), HasIndex: true}
}

func readCatch(r *raw.Reader) Catch {
	b := r.Byte()
	c := Catch{Kind: CatchKind(b)}
	if c.Kind > CatchAllRef {
		r.BadByte(b, "catch")
		return c
	}
	if c.Kind.HasTag() {
		c.Tag = TagIdx(r.U32())
	}
	c.Label = r.U32()
	return c
}

func readHandler(r *raw.Reader) Handler {
	b := r.Byte()
	h := Handler{Tag: TagIdx(r.U32()), Switch: b == 1}
	switch b {
	case 0:
		h.Label = r.U32()
	case 1:
	default:
		r.BadByteAt(r.Pos(), b, "on clause")
	}
	return h
}

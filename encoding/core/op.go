package core

import (
	"fmt"
	"iter"

	"github.com/mortise-wasm/mortise/model/feature"
)

// Op is the opcode of an instruction. An instruction without a prefix byte has that byte as its Op.
// The others have a page for each prefix, which holds the number after the prefix: 0x100 for 0xfb,
// 0x200 for 0xfc, 0x300 for 0xfd and 0x500 for 0xfe. The zero value is therefore the instruction
// unreachable.
type Op uint16

// The pages of prefixed opcodes. Prefix 0xfd has two pages, because its numbers exceed 0xff.
const (
	pageGC     Op = 0x100
	pageMisc   Op = 0x200
	pageSIMD   Op = 0x300
	pageAtomic Op = 0x500
	opLimit       = 0x600

	prefixGC     = 0xfb
	prefixMisc   = 0xfc
	prefixSIMD   = 0xfd
	prefixAtomic = 0xfe
)

// Imm describes which immediates an instruction has and which fields of [Instr] hold them. Two
// indices are in X and Y in the order of the binary format.
type Imm uint8

// The kinds of immediates.
const (
	ImmNone           Imm = iota
	ImmBlock              // Block
	ImmTryTable           // Block and Catches
	ImmLabel              // X
	ImmLabels             // Labels, the default last
	ImmFunc               // X
	ImmTypeTable          // X type, Y table
	ImmLocal              // X
	ImmGlobal             // X
	ImmTable              // X
	ImmTable2             // X destination, Y source
	ImmElem               // X
	ImmElemTable          // X element segment, Y table
	ImmMemory             // X
	ImmMemory2            // X destination, Y source
	ImmData               // X
	ImmDataMemory         // X data segment, Y memory
	ImmMemArg             // X memory, Align, Offset
	ImmMemArgLane         // X memory, Align, Offset, Lane
	ImmLane               // Lane
	ImmI32                // Value, the low 32 bits
	ImmI64                // Value
	ImmF32                // Value, the low 32 bits
	ImmF64                // Value
	ImmV128               // Bytes
	ImmShuffle            // Bytes, one lane each
	ImmHeap               // Ref.Heap; the instruction determines nullability
	ImmTypes              // Types
	ImmTag                // X
	ImmType               // X
	ImmType2              // X destination or argument type, Y source or result type
	ImmTypeField          // X type, Y field
	ImmTypeCount          // X type, Y number of operands
	ImmTypeData           // X type, Y data segment
	ImmTypeElem           // X type, Y element segment
	ImmTypeTag            // X type, Y tag
	ImmCast               // X label, Ref source type, To target type
	ImmResume             // X type, Handlers
	ImmResumeThrow        // X type, Y tag, Handlers
	ImmFence              // none; the binary format reserves one byte
	ImmOrderGlobal        // Order, X global
	ImmOrderTable         // Order, X table
	ImmOrderType          // Order, X type
	ImmOrderTypeField     // Order, X type, Y field
)

// Space is the index space of the number in X or Y of an [Instr].
type Space uint8

// The spaces. SpaceNone is for a missing immediate.
const (
	SpaceNone Space = iota
	SpaceType
	SpaceFunc
	SpaceTable
	SpaceMemory
	SpaceGlobal
	SpaceTag
	SpaceElem
	SpaceData
	SpaceLocal
	SpaceLabel
	SpaceField  // of the struct type in X
	SpaceNumber // a plain number
)

var spaceNames = [...]string{
	"none", "type", "func", "table", "memory", "global", "tag", "elem", "data", "local", "label", "field", "number",
}

// String returns the name of the space, such as "func".
func (s Space) String() string {
	if int(s) < len(spaceNames) {
		return spaceNames[s]
	}
	return fmt.Sprintf("Space(%d)", uint8(s))
}

var immSpaces = [...][2]Space{
	ImmLabel: {SpaceLabel}, ImmFunc: {SpaceFunc}, ImmTypeTable: {SpaceType, SpaceTable}, ImmLocal: {SpaceLocal}, ImmGlobal: {SpaceGlobal},
	ImmTable: {SpaceTable}, ImmTable2: {SpaceTable, SpaceTable}, ImmElem: {SpaceElem}, ImmElemTable: {SpaceElem, SpaceTable},
	ImmMemory: {SpaceMemory}, ImmMemory2: {SpaceMemory, SpaceMemory}, ImmData: {SpaceData}, ImmDataMemory: {SpaceData, SpaceMemory},
	ImmMemArg: {SpaceMemory}, ImmMemArgLane: {SpaceMemory}, ImmTag: {SpaceTag}, ImmType: {SpaceType}, ImmType2: {SpaceType, SpaceType},
	ImmTypeField: {SpaceType, SpaceField}, ImmTypeCount: {SpaceType, SpaceNumber}, ImmTypeData: {SpaceType, SpaceData},
	ImmTypeElem: {SpaceType, SpaceElem}, ImmTypeTag: {SpaceType, SpaceTag}, ImmCast: {SpaceLabel}, ImmResume: {SpaceType},
	ImmResumeThrow: {SpaceType, SpaceTag}, ImmOrderGlobal: {SpaceGlobal}, ImmOrderTable: {SpaceTable}, ImmOrderType: {SpaceType},
	ImmOrderTypeField: {SpaceType, SpaceField},
}

// Spaces returns the spaces of X and Y in an instruction with immediates i.
func (i Imm) Spaces() (x, y Space) {
	if int(i) >= len(immSpaces) {
		return SpaceNone, SpaceNone
	}
	return immSpaces[i][0], immSpaces[i][1]
}

// Const describes when an instruction may occur in a constant expression (core specification,
// "Constant Expressions").
type Const uint8

// The zero value is for instructions that are never constant.
const (
	ConstBase     Const = iota + 1 // always; global.get has conditions
	ConstExtended                  // with extended-const
	ConstGC                        // with gc
)

// OpInfo describes an instruction.
type OpInfo struct {
	// Name is the keyword of the text format. Some pairs of instructions share a keyword because the
	// text format distinguishes them by what follows: select with and without types, and ref.test and
	// ref.cast to nullable and other types.
	Name string
	Imm  Imm
	// Sig lists operands and results in a form such as "ii:i". It is empty if typing needs a special
	// rule. The letters are i, I, f, F and v for i32, i64, f32, f64 and v128, and a for the address
	// type of the memory in X (in Y for memory.init).
	Sig string
	// Align is the binary logarithm of the natural alignment of a memory access.
	Align uint8
	Const Const
	// Feature is the proposal that introduced the instruction, or 0 for instructions of the first
	// release.
	Feature feature.Feature
}

// Info returns the description of op. If op does not exist, the name in it is empty.
func (op Op) Info() *OpInfo {
	if op < opLimit {
		return &opTable[op]
	}
	return &OpInfo{}
}

// Valid reports whether the instruction exists.
func (op Op) Valid() bool { return op < opLimit && opTable[op].Name != "" }

// String returns the keyword of the text format.
func (op Op) String() string {
	if op.Valid() {
		return opTable[op].Name
	}
	return fmt.Sprintf("Op(%#x)", uint16(op))
}

// Prefix returns the prefix byte and the number that follows it. If op has no prefix, it returns 0
// and the opcode.
func (op Op) Prefix() (prefix byte, code uint32) {
	switch {
	case op < pageGC:
		return 0, uint32(op)
	case op < pageMisc:
		return prefixGC, uint32(op - pageGC)
	case op < pageSIMD:
		return prefixMisc, uint32(op - pageMisc)
	case op < pageAtomic:
		return prefixSIMD, uint32(op - pageSIMD)
	default:
		return prefixAtomic, uint32(op - pageAtomic)
	}
}

// prefixed returns the Op with the given number after a prefix byte. It returns false if no such
// instruction exists.
func prefixed(prefix byte, code uint32) (Op, bool) {
	page, size := pageAtomic, uint32(opLimit-pageAtomic)
	switch prefix {
	case prefixGC:
		page, size = pageGC, uint32(pageMisc-pageGC)
	case prefixMisc:
		page, size = pageMisc, uint32(pageSIMD-pageMisc)
	case prefixSIMD:
		page, size = pageSIMD, uint32(pageAtomic-pageSIMD)
	}
	if code >= size || opTable[page+Op(code)].Name == "" {
		return 0, false
	}
	return page + Op(code), true
}

// Ops yields all instructions, in the order of their opcodes.
func Ops() iter.Seq2[Op, *OpInfo] {
	return func(yield func(Op, *OpInfo) bool) {
		for i := range opTable {
			if opTable[i].Name != "" && !yield(Op(i), &opTable[i]) {
				return
			}
		}
	}
}

var opsByName = func() map[string]Op {
	m := make(map[string]Op, opLimit/2)
	for op, info := range Ops() {
		if _, ok := m[info.Name]; !ok {
			m[info.Name] = op
		}
	}
	return m
}()

// OpByName returns the instruction with a keyword of the text format and reports whether it exists.
// If two instructions share the keyword, the result is [OpSelect], [OpRefTest] or [OpRefCast], and
// the rest of the text decides.
func OpByName(name string) (Op, bool) {
	op, ok := opsByName[name]
	return op, ok
}

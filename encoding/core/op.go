package core

import (
	"fmt"
	"iter"

	"github.com/mortise-wasm/mortise/model/feature"
)

// Op is an instruction's opcode. For an instruction without prefix byte it is that byte, and for the others a page per prefix with the number behind the
// prefix in it: 0x100 for 0xfb, 0x200 for 0xfc, 0x300 for 0xfd and 0x500 for 0xfe. The zero value is therefore the instruction unreachable.
type Op uint16

// The pages of prefixed opcodes. 0xfd has two, since its numbers go beyond 0xff.
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

// Imm says which immediates an instruction has, and in which fields of [Instr] they are. Two indices are in X and Y in the order of the binary format.
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
	ImmHeap               // Ref.Heap; whether the type is nullable is up to the instruction
	ImmTypes              // Types
	ImmTag                // X
	ImmType               // X
	ImmType2              // X destination or argument type, Y source or result type
	ImmTypeField          // X type, Y field
	ImmTypeCount          // X type, Y number of operands
	ImmTypeData           // X type, Y data segment
	ImmTypeElem           // X type, Y element segment
	ImmTypeTag            // X type, Y tag
	ImmCast               // X label, Ref the type to cast from, To the one to cast to
	ImmResume             // X type, Handlers
	ImmResumeThrow        // X type, Y tag, Handlers
	ImmFence              // none; the binary format has one byte reserved
	ImmOrderGlobal        // Order, X global
	ImmOrderTable         // Order, X table
	ImmOrderType          // Order, X type
	ImmOrderTypeField     // Order, X type, Y field
)

// Space is what the number in X or Y of an [Instr] counts.
type Space uint8

// The spaces. SpaceNone is for an immediate that is not there.
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

// String returns the word for the space, such as "func".
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

// Spaces returns what X and Y of an instruction with such immediates are.
func (i Imm) Spaces() (x, y Space) {
	if int(i) >= len(immSpaces) {
		return SpaceNone, SpaceNone
	}
	return immSpaces[i][0], immSpaces[i][1]
}

// Const says whether an instruction may stand in a constant expression (core specification, "Constant Expressions").
type Const uint8

// The zero value is for instructions that are not constant.
const (
	ConstBase     Const = iota + 1 // always; global.get has conditions
	ConstExtended                  // with extended-const
	ConstGC                        // with gc
)

// OpInfo holds the facts about an instruction.
type OpInfo struct {
	// Name is the text format's keyword. Two instructions share one where the text tells them apart by what follows: select with and
	// without types, ref.test and ref.cast to nullable types or others.
	Name string
	Imm  Imm
	// Sig lists operands and results, as "ii:i", or is empty if typing takes more than that. The letters are i, I, f, F and v for i32, i64, f32, f64 and
	// v128, and a for the address type of the memory in X (in Y for memory.init).
	Sig string
	// Align is the binary logarithm of the natural alignment of a memory access.
	Align uint8
	Const Const
	// Feature is the proposal that brought the instruction, or 0 for those of the first release.
	Feature feature.Feature
}

// Info returns what there is to say about op. For an opcode that does not exist, the name is empty.
func (op Op) Info() *OpInfo {
	if op < opLimit {
		return &opTable[op]
	}
	return &OpInfo{}
}

// Valid reports whether there is such an instruction.
func (op Op) Valid() bool { return op < opLimit && opTable[op].Name != "" }

// String returns the text format's keyword.
func (op Op) String() string {
	if op.Valid() {
		return opTable[op].Name
	}
	return fmt.Sprintf("Op(%#x)", uint16(op))
}

// Prefix returns the prefix byte, or 0, and the number that follows it, or the opcode if there is no prefix.
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

// prefixed returns the Op with a number behind a prefix byte, and false if there is none.
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

// OpByName returns the instruction with a keyword of the text format. For a keyword that two instructions share it is [OpSelect], [OpRefTest] or
// [OpRefCast], and what follows decides.
func OpByName(name string) (Op, bool) {
	op, ok := opsByName[name]
	return op, ok
}

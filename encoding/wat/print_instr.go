package wat

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// instrPrinter prints instructions: one per line or, in constant expressions, all on one line.
type instrPrinter struct {
	*printer
	s     *printScope
	fn    uint32
	base  int
	start int // the nesting outside all blocks
	flat  bool
	any   bool // whether an instruction was printed, if flat
	// labels holds the numbers of the open blocks. label is the number of the next block.
	labels []uint32
	label  uint32
	names  map[uint32]naming
	// byName maps each name to the positions in labels of the blocks with that name, outermost first.
	byName   map[string][]int
	hints    []codeHint
	hintBase int
	offset   int
}

func newInstrPrinter(p *printer, s *printScope, fn uint32, base int) *instrPrinter {
	return &instrPrinter{printer: p, s: s, fn: fn, base: base, start: p.nesting, names: s.labels[fn]}
}

// constExpr prints a constant expression.
func (p *printer) constExpr(s *printScope, e *core.Expr, base int) {
	ip := newInstrPrinter(p, s, s.counts[spaceFunc], base)
	ip.flat = true
	if err := ip.run(core.NewInstrReader(e.Bytes, e.Start)); err != nil {
		p.moduleError(err, base)
	}
}

// run prints all instructions except the last, which is the end of the sequence.
func (p *instrPrinter) run(r *core.InstrReader) error {
	var in core.Instr
	if !r.Next(&in) {
		return r.Err()
	}
	for {
		at := r.Offset()
		if in.Op == core.OpEnd && len(p.labels) == 0 {
			break
		}
		p.offset = p.base + at
		if len(p.hints) > 0 && int(p.hints[0].offset) == at-p.hintBase {
			p.newline(p.offset)
			p.printf(`(@metadata.code.branch_hint "\0%d")`, b2i(p.hints[0].taken))
			p.hints = p.hints[1:]
		}
		p.instr(&in)
		if stack, ok := p.s.operandsAt(at); ok && !p.flat {
			p.newline(noOffset)
			p.out = append(p.out, stack...)
		}
		if !r.Next(&in) {
			break
		}
	}
	p.nesting = p.start
	return r.Err()
}

func (p *instrPrinter) separator() {
	switch {
	case !p.flat:
		p.newline(p.offset)
	case p.any:
		p.str(" ")
	}
	p.any = true
}

// depth returns the number of open blocks.
func (p *instrPrinter) depth() int { return p.nesting - p.start }

func (p *instrPrinter) instr(in *core.Instr) {
	op := in.Op
	info := op.Info()
	switch op {
	case core.OpBlock, core.OpLoop, core.OpIf, core.OpTry, core.OpTryTable:
		p.separator()
		p.nesting++
		p.pushLabel(p.label)
	case core.OpElse, core.OpCatch, core.OpCatchAll:
		p.nesting = max(p.nesting-1, p.start)
		p.separator()
		p.nesting++
	case core.OpEnd, core.OpDelegate:
		p.nesting = max(p.nesting-1, p.start)
		p.separator()
		p.popLabel()
	default:
		p.separator()
	}
	p.str(info.Name)
	p.immediates(in, info)
}

func (p *instrPrinter) pushLabel(label uint32) {
	if n, ok := p.names[label]; ok {
		if p.byName == nil {
			p.byName = map[string][]int{}
		}
		p.byName[n.text] = append(p.byName[n.text], len(p.labels))
	}
	p.labels = append(p.labels, label)
}

func (p *instrPrinter) popLabel() {
	k := len(p.labels) - 1
	if k < 0 {
		return
	}
	if n, ok := p.names[p.labels[k]]; ok {
		list := p.byName[n.text]
		p.byName[n.text] = list[:len(list)-1]
	}
	p.labels = p.labels[:k]
}

// operand prints a space and a reference.
func (p *instrPrinter) operand(space nameSpace, i uint32) {
	p.str(" ")
	p.index(p.s, space, i)
}

// opSpaces are the index spaces of operands.
var opSpaces = [...]nameSpace{
	core.SpaceType: spaceType, core.SpaceFunc: spaceFunc, core.SpaceTable: spaceTable, core.SpaceMemory: spaceMemory,
	core.SpaceGlobal: spaceGlobal, core.SpaceTag: spaceTag, core.SpaceElem: spaceElem, core.SpaceData: spaceData,
}

// reference prints an operand that refers to an index space.
func (p *instrPrinter) reference(s core.Space, i, typ uint32) {
	switch s {
	case core.SpaceNone:
	case core.SpaceLocal:
		p.str(" ")
		p.inner(p.s.locals[p.fn], "local", i)
	case core.SpaceField:
		p.str(" ")
		p.inner(p.s.fields[typ], "field", i)
	case core.SpaceLabel:
		p.relative(i)
	case core.SpaceNumber:
		p.str(" ")
		p.num(uint64(i))
	default:
		p.operand(opSpaces[s], i)
	}
}

// inner prints a reference to a definition inside a function or type.
func (p *instrPrinter) inner(names map[uint32]naming, word string, i uint32) {
	if n, ok := names[i]; ok {
		p.str(n.id)
		return
	}
	if p.o.NameUnnamed {
		p.printf("$#%s%d", word, i)
		return
	}
	p.num(uint64(i))
}

func (p *instrPrinter) immediates(in *core.Instr, info *core.OpInfo) {
	switch info.Imm {
	case core.ImmNone, core.ImmFence:
	case core.ImmMemArg, core.ImmMemArgLane:
		p.memArg(in, info)
	case core.ImmMemory:
		if in.X != 0 {
			p.operand(spaceMemory, in.X)
		}
	case core.ImmI32:
		p.str(" ")
		p.out = strconv.AppendInt(p.out, int64(int32(in.Value)), 10)
	case core.ImmI64:
		p.str(" ")
		p.out = strconv.AppendInt(p.out, int64(in.Value), 10)
	case core.ImmF32:
		p.str(" ")
		p.out = appendFloat(p.out, in.Value, 32)
	case core.ImmF64:
		p.str(" ")
		p.out = appendFloat(p.out, in.Value, 64)
	case core.ImmLane:
		p.str(" ")
		p.num(uint64(in.Lane))
	case core.ImmMemory2, core.ImmTable2:
		if in.X != 0 || in.Y != 0 {
			x, y := info.Imm.Spaces()
			p.reference(x, in.X, 0)
			p.reference(y, in.Y, 0)
		}
	case core.ImmElemTable, core.ImmDataMemory:
		x, y := info.Imm.Spaces()
		if in.Y != 0 {
			p.reference(y, in.Y, 0)
		}
		p.reference(x, in.X, 0)
	case core.ImmOrderGlobal, core.ImmOrderTable, core.ImmOrderType, core.ImmOrderTypeField:
		p.str(" ")
		p.str(in.Order.String())
		p.references(in, info)
	case core.ImmBlock, core.ImmTryTable, core.ImmTypeTable, core.ImmLabels, core.ImmV128, core.ImmShuffle, core.ImmHeap, core.ImmTypes,
		core.ImmCast, core.ImmResume, core.ImmResumeThrow:
		p.longImmediates(in, info)
	default:
		p.references(in, info)
	}
}

func (p *instrPrinter) references(in *core.Instr, info *core.OpInfo) {
	x, y := info.Imm.Spaces()
	p.reference(x, in.X, 0)
	p.reference(y, in.Y, in.X)
}

func (p *instrPrinter) longImmediates(in *core.Instr, info *core.OpInfo) {
	switch info.Imm {
	case core.ImmBlock:
		named := p.blockType(in)
		p.labelComment(named)
	case core.ImmTryTable:
		p.tryTable(in)
	case core.ImmTypeTable:
		if in.Y != 0 {
			p.operand(spaceTable, in.Y)
		}
		p.str(" ")
		p.typeRef(p.s, core.TypeIdx(in.X))
	case core.ImmLabels:
		for _, l := range in.Labels {
			p.relative(l)
		}
	case core.ImmV128:
		p.str(" i32x4")
		for i := 0; i < 16; i += 4 {
			b := in.Bytes[i:]
			p.printf(" 0x%02x%02x%02x%02x", b[3], b[2], b[1], b[0])
		}
	case core.ImmShuffle:
		for _, l := range in.Bytes {
			p.str(" ")
			p.num(uint64(l))
		}
	case core.ImmHeap:
		p.str(" ")
		switch in.Op {
		case core.OpRefTest, core.OpRefCast:
			p.refType(p.s, core.RefType{Heap: in.Ref.Heap})
		case core.OpRefTestNull, core.OpRefCastNull:
			p.refType(p.s, core.RefType{Nullable: true, Heap: in.Ref.Heap})
		default:
			p.heapType(p.s, in.Ref.Heap)
		}
	case core.ImmTypes:
		p.str(" ")
		p.open("result")
		for _, t := range in.Types {
			p.str(" ")
			p.valType(p.s, t)
		}
		p.close()
	case core.ImmCast:
		p.relative(in.X)
		p.str(" ")
		p.refType(p.s, in.Ref)
		p.str(" ")
		p.refType(p.s, in.To)
	case core.ImmResume, core.ImmResumeThrow:
		p.operand(spaceType, in.X)
		if info.Imm == core.ImmResumeThrow {
			p.operand(spaceTag, in.Y)
		}
		p.handlers(in)
	}
}

// handlers prints the clauses of a resume instruction.
func (p *instrPrinter) handlers(in *core.Instr) {
	for _, h := range in.Handlers {
		p.str(" (on")
		p.operand(spaceTag, uint32(h.Tag))
		if h.Switch {
			p.str(" switch")
		} else {
			p.relative(h.Label)
		}
		p.str(")")
	}
}

func (p *instrPrinter) memArg(in *core.Instr, info *core.OpInfo) {
	if in.X != 0 {
		p.operand(spaceMemory, in.X)
	}
	if in.Offset != 0 {
		p.str(" offset=")
		p.num(in.Offset)
	}
	if in.Align != info.Align {
		p.str(" align=")
		p.num(1 << (in.Align & 63))
	}
	if info.Imm == core.ImmMemArgLane {
		p.str(" ")
		p.num(uint64(in.Lane))
	}
}

// blockType prints the label and type of a block, and reports whether the block has a label.
func (p *instrPrinter) blockType(in *core.Instr) bool {
	n, named := p.names[p.label]
	switch {
	case named:
		p.str(" ")
		p.str(n.def)
	case p.o.NameUnnamed:
		p.printf(" $#label%d", p.depth()-1)
		named = true
	}
	b := in.Block
	switch {
	case b.HasIndex:
		p.str(" ")
		p.funcTypeRef(p.s, b.Index, nil)
	case b.Type != core.ValType{}:
		p.str(" ")
		p.open("result ")
		p.valType(p.s, b.Type)
		p.close()
	}
	return named
}

// labelComment prints a comment with the number of the block, for readers of numeric labels.
func (p *instrPrinter) labelComment(named bool) {
	if !named {
		if p.flat {
			p.printf("  (; label = @%d ;)", p.depth())
		} else {
			p.printf(" ;; label = @%d", p.depth())
		}
	}
	p.label++
}

// tryTable prints the type and the clauses of a try_table. The labels in its clauses count from
// outside the block.
func (p *instrPrinter) tryTable(in *core.Instr) {
	named := p.blockType(in)
	own := p.labels[len(p.labels)-1]
	p.popLabel()
	p.nesting--
	for _, c := range in.Catches {
		p.str(" (")
		p.str(c.Kind.String())
		if c.Kind.HasTag() {
			p.operand(spaceTag, uint32(c.Tag))
		}
		p.relative(c.Label)
		p.str(")")
	}
	p.nesting++
	p.pushLabel(own)
	p.labelComment(named)
}

// relative prints a label by its distance from the innermost block.
func (p *instrPrinter) relative(depth uint32) {
	p.str(" ")
	i := int64(p.depth()) - int64(depth)
	if i < 0 {
		p.printf("%d (; INVALID ;)", depth)
		return
	}
	var n naming
	named, conflict := false, false
	if i > 0 && int(i) <= len(p.labels) {
		n, named = p.names[p.labels[i-1]]
	}
	if named {
		// A block further in with the same name hides it.
		list := p.byName[n.text]
		conflict = list[len(list)-1] > int(i-1)
	}
	switch {
	case named && !conflict:
		p.str(n.def)
	case !named && p.o.NameUnnamed && i > 0:
		p.printf("$#label%d", i-1)
	default:
		p.num(uint64(depth))
		if !conflict && i > 0 {
			p.printf(" (;@%d;)", i)
		}
	}
}

// appendFloat appends a floating-point number in hexadecimal, with the decimal number as a comment.
func appendFloat(dst []byte, v uint64, width int) []byte {
	mantissa, bias := 52, 1023
	f := math.Float64frombits(v)
	if width == 32 {
		mantissa, bias = 23, 127
		f = float64(math.Float32frombits(uint32(v)))
	}
	if v>>(width-1) != 0 {
		v ^= 1 << (width - 1)
		dst = append(dst, '-')
	}
	fraction := v & (1<<mantissa - 1)
	switch {
	case math.IsInf(f, 0):
		dst = append(dst, "inf"...)
	case math.IsNaN(f) && fraction == 1<<(mantissa-1):
		dst = append(dst, "nan"...)
	case math.IsNaN(f):
		dst = fmt.Appendf(dst, "nan:%#x", fraction)
	case v == 0:
		dst = append(dst, "0x0p+0"...)
	default:
		exponent := int(v>>mantissa) - bias
		digits := fraction << (64 - mantissa)
		if exponent == -bias && fraction != 0 { // subnormal
			lead := bits.LeadingZeros64(digits)
			digits <<= lead + 1
			exponent -= lead
		}
		dst = append(dst, "0x1"...)
		if fraction != 0 {
			dst = append(dst, '.')
		}
		for ; digits != 0; digits <<= 4 {
			dst = append(dst, "0123456789abcdef"[digits>>60])
		}
		dst = fmt.Appendf(dst, "p%+d", exponent)
	}
	dst = append(dst, " (;="...)
	dst = appendDecimal(dst, f, width)
	return append(dst, ";)"...)
}

func appendDecimal(dst []byte, f float64, width int) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "inf"...)
	case math.IsInf(f, -1):
		return append(dst, "-inf"...)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, width)
}

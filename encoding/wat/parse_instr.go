package wat

import (
	"math/bits"
	"strings"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// A sequence of instructions is flat (`local.get 0 i32.eqz`), folded (`(i32.eqz (local.get 0))`),
// or both. The parser orders folded instructions with a stack of the instructions to add when a
// parenthesis closes. It does not use recursion, so the depth of nesting is not limited.

// levelKind is the meaning of an open parenthesis.
type levelKind uint8

const (
	levelInstr levelKind = iota // an instruction, which follows its operands
	levelBlock                  // a block, which ends at the closing parenthesis
	levelIf                     // an if, whose condition comes first
	levelThen                   // an if after its then
	levelElse                   // an if after its else
	levelArm                    // then or else
	levelHint                   // an annotation
)

type level struct {
	kind levelKind
	in   instr
	hint int8
}

const noHint = -1

// exprParser reads a sequence of instructions.
type exprParser struct {
	*parser
	out   expr
	stack []level
	// hint is the branch hint for the next instruction, or noHint.
	hint int8
}

// expr reads instructions up to the end of the list.
func (p *parser) expr() expr {
	e := exprParser{parser: p, hint: noHint}
	if n := p.pos; p.ok() {
		e.out.instrs = make([]instr, 0, min(p.bodyEstimate(n), 1<<12))
	}
	for p.ok() && (!p.atEnd() || len(e.stack) > 0) {
		e.step()
	}
	if e.hint != noHint {
		e.hintMisplaced()
	}
	return e.out
}

// bodyEstimate guesses the number of instructions that follow. Most bodies are short, and a wrong
// guess costs only a copy.
func (p *parser) bodyEstimate(from int) int {
	n, depth := 0, 0
	for i := from; i < len(p.toks) && n < 64; i++ {
		switch p.toks[i].kind {
		case tokLParen:
			depth++
		case tokRParen:
			if depth--; depth < 0 {
				return n
			}
		case tokKeyword:
			n++
		}
	}
	return n * 4
}

// step reads an instruction, or an opening or closing parenthesis.
func (e *exprParser) step() {
	p := e.parser
	k := p.cur().kind
	top := len(e.stack) - 1
	if top >= 0 && e.stack[top].kind >= levelIf && e.stack[top].kind <= levelElse && !p.atEnd() && k != tokLParen {
		p.failHere(CodeUnexpectedToken, "expected `(`%s", p.found())
		return
	}
	switch {
	case k == tokLParen:
		e.left()
	case k == tokRParen && top >= 0:
		l := e.stack[top]
		e.stack = e.stack[:top]
		e.right(l)
	default:
		hint := e.hint
		e.hint = noHint
		e.push(p.instr(), hint)
	}
}

func (e *exprParser) push(in instr, hint int8) {
	if hint != noHint {
		e.out.hints = append(e.out.hints, branchHint{len(e.out.instrs), uint32(hint)})
	}
	e.out.instrs = append(e.out.instrs, in)
}

// left reads an opening parenthesis and the token after it.
func (e *exprParser) left() {
	p := e.parser
	if top := len(e.stack) - 1; top >= 0 && e.stack[top].kind >= levelIf && e.stack[top].kind <= levelElse {
		if e.ifArm(&e.stack[top]) {
			return
		}
	}
	if p.peekAnnotation("metadata.code.branch_hint") {
		p.open()
		e.readHint()
		e.stack = append(e.stack, level{kind: levelHint, hint: noHint})
		return
	}
	p.open()
	hint := e.hint
	e.hint = noHint
	in := p.instr()
	switch in.op {
	case core.OpBlock, core.OpLoop, core.OpTryTable:
		e.push(in, hint)
		e.stack = append(e.stack, level{kind: levelBlock, hint: noHint})
	case core.OpIf:
		e.stack = append(e.stack, level{kind: levelIf, in: in, hint: hint})
	default:
		e.stack = append(e.stack, level{kind: levelInstr, in: in, hint: hint})
	}
}

// ifArm reads the start of then or else. It reports false if a part of the condition comes instead.
func (e *exprParser) ifArm(l *level) bool {
	p := e.parser
	switch l.kind {
	case levelIf:
		if !p.peekList("then") {
			return false
		}
		if e.hint != noHint {
			e.hintMisplaced()
		}
		p.open()
		p.advance()
		l.kind = levelThen
		e.push(l.in, l.hint)
	case levelThen:
		p.open()
		p.keyword("else")
		l.kind = levelElse
		e.push(instr{op: core.OpElse, tok: uint32(p.pos - 1)}, noHint)
	default:
		p.failHere(CodeUnexpectedToken, "unexpected token: a folded `if` ends after its `else`")
		return true
	}
	e.stack = append(e.stack, level{kind: levelArm, hint: noHint})
	return true
}

// right ends level l at its closing parenthesis.
func (e *exprParser) right(l level) {
	p := e.parser
	if l.kind != levelHint && e.hint != noHint {
		e.hintMisplaced()
	}
	switch l.kind {
	case levelInstr:
		e.push(l.in, l.hint)
	case levelIf:
		p.failHere(CodeUnexpectedToken, "previous `if` had no `then`")
	case levelBlock, levelThen, levelElse:
		e.push(instr{op: core.OpEnd, tok: uint32(p.pos)}, noHint)
	}
	p.close()
}

func (e *exprParser) hintMisplaced() {
	e.failHere(CodeUnexpectedToken, "@metadata.code.branch_hint annotation: must precede an instruction")
}

// readHint reads the value of a branch hint.
func (e *exprParser) readHint() {
	p := e.parser
	p.advance()
	b := p.bytes()
	switch {
	case len(b) != 1 || b[0] > 1:
		p.failHere(CodeBadString, "invalid value for branch hint")
	case e.hint != noHint:
		p.failHere(CodeUnexpectedToken, "@metadata.code.branch_hint annotation: duplicate annotation")
	default:
		e.hint = int8(b[0])
	}
}

// foldedInstr reads a single instruction in parentheses, including its operands.
func (p *parser) foldedInstr() expr {
	e := exprParser{parser: p, hint: noHint}
	if p.cur().kind != tokLParen {
		p.failHere(CodeUnexpectedToken, "expected to continue a folded instruction%s", p.found())
	}
	for p.ok() {
		switch p.cur().kind {
		case tokLParen:
			p.open()
			e.stack = append(e.stack, level{kind: levelInstr, in: p.instr(), hint: noHint})
		case tokRParen:
			l := e.stack[len(e.stack)-1]
			e.stack = e.stack[:len(e.stack)-1]
			e.right(l)
			if len(e.stack) == 0 {
				return e.out
			}
		default:
			p.failHere(CodeUnexpectedToken, "expected to continue a folded instruction%s", p.found())
		}
	}
	return e.out
}

// headForms are lists that may come before the first instruction of a function.
var headForms = []string{"param", "result", "local", "type", "export", "import"}

// instr reads an instruction with its immediates.
func (p *parser) instr() instr {
	in := instr{tok: uint32(p.pos)}
	t := p.cur()
	if t.kind != tokKeyword {
		p.failHere(CodeUnexpectedToken, "expected an instruction%s", p.found())
		return in
	}
	op, ok := core.OpByName(p.text(t))
	if !ok {
		d := p.failHere(CodeUnknownInstr, "unknown operator or unexpected token").Captionf("no instruction is named `%s`", clip(p.text(t)))
		if d == p.err {
			p.suggest(d, p.text(t), func(yield func(string) bool) {
				for _, form := range headForms {
					if !yield(form) {
						return
					}
				}
				for _, info := range core.Ops() {
					if !yield(info.Name) {
						return
					}
				}
			})
		}
		return in
	}
	p.advance()
	in.op = op
	p.immediate(&in, op.Info())
	return in
}

// immediate reads the immediates of an instruction.
func (p *parser) immediate(in *instr, info *core.OpInfo) {
	switch info.Imm {
	case core.ImmNone:
		switch in.op {
		case core.OpSelect:
			p.selectTypes(in)
		case core.OpElse, core.OpEnd:
			if p.cur().kind == tokID {
				in.x = p.index()
			}
		}
	case core.ImmLocal, core.ImmLabel, core.ImmFunc, core.ImmGlobal, core.ImmElem, core.ImmData, core.ImmTag, core.ImmType:
		in.x = p.index()
	case core.ImmTable, core.ImmMemory:
		if p.isIndex(0) {
			in.x = p.index()
		}
	case core.ImmI32:
		in.value = p.integer(32, true)
	case core.ImmI64:
		in.value = p.integer(64, true)
	case core.ImmF32:
		in.value = p.float(32)
	case core.ImmF64:
		in.value = p.float(64)
	case core.ImmMemArg:
		p.memArg(in, info.Align)
	case core.ImmMemArgLane:
		p.memArgLane(in, info.Align)
	case core.ImmLane:
		in.lane = p.laneIndex()
	case core.ImmType2, core.ImmTypeField, core.ImmTypeData, core.ImmTypeElem, core.ImmTypeTag:
		in.x, in.y = p.index(), p.index()
	case core.ImmTypeCount:
		in.x, in.y = p.index(), numIdx(p.u32())
	default:
		p.longImmediate(in, info.Imm)
	}
}

// longImmediate reads immediates that few instructions have.
func (p *parser) longImmediate(in *instr, imm core.Imm) {
	switch imm {
	case core.ImmTable2, core.ImmMemory2:
		if p.isIndex(0) {
			in.x, in.y = p.index(), p.index()
		}
	case core.ImmElemTable, core.ImmDataMemory:
		// The table or memory comes first and is optional.
		if p.isIndex(1) {
			in.y = p.index()
		}
		in.x = p.index()
	case core.ImmOrderGlobal, core.ImmOrderType:
		in.order = p.ordering()
		in.x = p.index()
	case core.ImmOrderTable:
		in.order = p.ordering()
		if p.isIndex(0) {
			in.x = p.index()
		}
	case core.ImmOrderTypeField:
		in.order = p.ordering()
		in.x, in.y = p.index(), p.index()
	case core.ImmFence:
	default:
		in.ext = &instrExt{}
		p.extImmediate(in, imm)
	}
}

// extImmediate reads the immediates that are stored in instrExt.
func (p *parser) extImmediate(in *instr, imm core.Imm) {
	x := in.ext
	switch imm {
	case core.ImmBlock, core.ImmTryTable:
		x.label = p.id()
		x.name = p.nameAnnotation()
		x.use = p.typeUse(false)
		if imm == core.ImmTryTable {
			p.catches(x)
		}
	case core.ImmTypeTable:
		if p.isIndex(0) {
			in.y = p.index()
		}
		x.use = p.typeUse(false)
	case core.ImmLabels:
		x.labels = append(x.labels, p.index())
		for p.isIndex(0) {
			x.labels = append(x.labels, p.index())
		}
	case core.ImmV128:
		x.bytes = p.v128()
	case core.ImmShuffle:
		for i := range x.bytes {
			x.bytes[i] = byte(p.integer(8, false))
		}
	case core.ImmHeap:
		p.heapImmediate(in)
	case core.ImmCast:
		in.x = p.index()
		x.ref, x.to = p.refType(), p.refType()
	case core.ImmResume, core.ImmResumeThrow:
		in.x = p.index()
		if imm == core.ImmResumeThrow {
			in.y = p.index()
		}
		for p.acceptList("on") {
			h := handler{tag: p.index()}
			if h.isSwitch = p.accept("switch"); !h.isSwitch {
				h.label = p.index()
			}
			x.handlers = append(x.handlers, h)
			p.close()
		}
	default:
		p.failHere(CodeUnsupported, "instruction `%s` is not supported in text", in.op)
	}
}

// heapImmediate reads the type of ref.null, ref.test or ref.cast.
func (p *parser) heapImmediate(in *instr) {
	switch in.op {
	case core.OpRefTest, core.OpRefCast:
		in.ext.ref = p.refType()
		if in.ext.ref.t.Ref.Nullable {
			in.op++ // the opcode for nullable types
		}
	default:
		in.ext.ref = p.heapType()
	}
}

func (p *parser) catches(x *instrExt) {
	for {
		kind, ok := core.CatchKind(0), false
		for k := core.CatchTag; k <= core.CatchAllRef; k++ {
			if p.acceptList(k.String()) {
				kind, ok = k, true
				break
			}
		}
		if !ok {
			return
		}
		c := catch{kind: kind}
		if kind.HasTag() {
			c.tag = p.index()
		}
		c.label = p.index()
		x.catches = append(x.catches, c)
		p.close()
	}
}

func (p *parser) selectTypes(in *instr) {
	for p.peekList("result") {
		p.open()
		p.advance()
		if in.ext == nil {
			in.op, in.ext = core.OpSelectT, &instrExt{}
		}
		for !p.atEnd() {
			in.ext.types = append(in.ext.types, p.valType())
		}
		p.close()
	}
}

func (p *parser) ordering() core.Order {
	switch {
	case p.accept("seq_cst"):
		return core.SeqCst
	case p.accept("acq_rel"):
		return core.AcqRel
	}
	p.failHere(CodeUnexpectedToken, "expected a memory ordering: `seq_cst` or `acq_rel`")
	return core.SeqCst
}

func (p *parser) laneIndex() byte {
	t := p.cur()
	if t.kind != tokInt {
		p.failHere(CodeUnexpectedToken, "expected a lane index%s", p.found())
		return 0
	}
	text := p.text(t)
	v, ok := parseInt(text, 8, false)
	switch {
	case text[0] == '+' || text[0] == '-':
		p.failHere(CodeUnexpectedToken, "unexpected token: a lane index has no sign")
	case !ok:
		p.failHere(CodeBadNumber, "malformed lane index: i8 constant out of range")
	}
	p.advance()
	return byte(v)
}

// memArg reads the memory, offset and alignment of a memory access.
func (p *parser) memArg(in *instr, align uint8) {
	if p.isIndex(0) {
		in.x = p.index()
	}
	in.align = align
	if v, ok := p.keyValue("offset="); ok {
		in.value = v
	}
	if v, ok := p.keyValue("align="); ok {
		if bits.OnesCount64(v) != 1 {
			p.fail(p.span(p.pos-1), CodeBadNumber, "alignment must be a power of two")
			return
		}
		in.align = uint8(bits.TrailingZeros64(v))
	}
}

// keyValue reads a keyword such as offset=8.
func (p *parser) keyValue(key string) (uint64, bool) {
	num, ok := strings.CutPrefix(p.word(0), key)
	if !ok {
		return 0, false
	}
	if num == "" || num[0] == '+' || num[0] == '-' || number(num) != tokInt {
		p.failHere(CodeBadNumber, "expected u64 integer constant")
		return 0, false
	}
	v, ok := parseInt(num, 64, false)
	if !ok {
		p.failHere(CodeBadNumber, "u64 constant out of range")
		return 0, false
	}
	p.advance()
	return v, true
}

// memArgLane reads a memory access and a lane. A number at the start is the index of the memory
// only if more tokens follow.
func (p *parser) memArgLane(in *instr, align uint8) {
	in.align = align
	if p.cur().kind != tokInt || p.at(1).kind == tokInt || strings.HasPrefix(p.word(1), "offset=") || strings.HasPrefix(p.word(1), "align=") {
		p.memArg(in, align)
	}
	in.lane = p.laneIndex()
}

// v128 reads the shape and lanes of a vector.
func (p *parser) v128() [16]byte {
	var out [16]byte
	for _, s := range []struct {
		word         string
		width, lanes int
		float        bool
	}{
		{"i8x16", 8, 16, false}, {"i16x8", 16, 8, false}, {"i32x4", 32, 4, false}, {"i64x2", 64, 2, false},
		{"f32x4", 32, 4, true}, {"f64x2", 64, 2, true},
	} {
		if !p.accept(s.word) {
			continue
		}
		b := out[:0]
		for range s.lanes {
			if s.float {
				b = appendLE(b, p.float(s.width), s.width)
			} else {
				b = appendLE(b, p.integer(s.width, true), s.width)
			}
		}
		return out
	}
	p.unexpected()
	return out
}

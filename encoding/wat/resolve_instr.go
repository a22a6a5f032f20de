package wat

import (
	"encoding/binary"
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// bodyResolver encodes instructions. A module uses a single bodyResolver for all of its bodies in
// turn.
type bodyResolver struct {
	// locals holds the ids of the local variables of the function. labels holds the labels of the open
	// blocks, outermost first. byLabel maps each label to the positions in labels of the blocks with
	// that label, outermost first.
	locals  space
	labels  []string
	byLabel map[string][]int
	// in and the following fields are reused for each instruction.
	in       core.Instr
	indices  []uint32
	types    []core.ValType
	catches  []core.Catch
	handlers []core.Handler
	hints    hintWriter
}

// constExpr encodes a constant expression.
func (r *coreResolver) constExpr(e *expr) core.Expr {
	r.body.locals = space{what: "local"}
	r.noBlocks()
	start := len(r.code)
	counted := r.b.DataCount
	r.instrs(e, nil)
	r.b.DataCount = counted // Only function bodies need it.
	return core.Expr{Bytes: r.code[start:len(r.code):len(r.code)]}
}

// function resolves a function and encodes its body.
func (r *coreResolver) function(f *funcField) core.Function {
	out := core.Function{Type: core.TypeIdx(r.typeUse(&f.use))}
	for i := range f.locals {
		t := r.val(f.locals[i].typ)
		if n := len(out.Locals); n > 0 && out.Locals[n-1].Type == t {
			out.Locals[n-1].Count++
		} else {
			out.Locals = append(out.Locals, core.Local{Count: 1, Type: t})
		}
	}
	locals := space{what: "local"}
	known := true
	switch fn := f.use.inline; {
	case fn != nil:
		for i := range fn.params {
			locals.register(r.p, fn.params[i].id, fn.params[i].idTok)
		}
	case int(out.Type) < len(r.defs) && r.defs[out.Type].fn != nil:
		locals.count = uint32(len(r.defs[out.Type].fn.params))
	default:
		known = false
	}
	params := locals.count
	for i := range f.locals {
		locals.register(r.p, f.locals[i].id, f.locals[i].idTok)
	}
	r.body.locals = locals
	r.noBlocks()
	start := len(r.code)
	var target *hintTarget
	if len(f.body.hints) > 0 {
		target = &hintTarget{f.index, localsSize(out.Locals)}
	}
	r.instrs(&f.body, target)
	out.Code = r.code[start:len(r.code):len(r.code)]
	r.names.function(f, params, known)
	return out
}

// localsSize returns the number of bytes that the declarations of local variables take.
func localsSize(list []core.Local) int {
	b := core.Builder{Funcs: []core.Function{{Locals: list}}}
	// The magic number, the version, and the heads of two sections precede the body, which is the
	// rest.
	empty := core.Builder{Funcs: []core.Function{{}}}
	return 1 + len(b.Append(nil)) - len(empty.Append(nil))
}

// instrs encodes a sequence of instructions with its end.
func (r *coreResolver) instrs(e *expr, target *hintTarget) {
	start := len(r.code)
	hints := e.hints
	for i := range e.instrs {
		in := &e.instrs[i]
		if len(hints) > 0 && hints[0].instr == i {
			if target != nil {
				r.body.hints.add(*target, len(r.code)-start, hints[0].value)
			}
			hints = hints[1:]
		}
		r.instr(in)
	}
	r.code = append(r.code, byte(core.OpEnd))
}

// instr encodes an instruction.
func (r *coreResolver) instr(in *instr) {
	out := &r.body.in
	out.Op = in.op
	info := in.op.Info()
	switch info.Imm {
	case core.ImmNone:
		if in.op == core.OpElse || in.op == core.OpEnd {
			r.endLabel(in)
		}
	case core.ImmI32, core.ImmI64, core.ImmF32, core.ImmF64:
		out.Value = in.value
	case core.ImmLane:
		out.Lane = in.lane
	case core.ImmMemArg, core.ImmMemArgLane:
		out.X = r.memorySpace.find(r.p, in.x)
		out.Align, out.Offset, out.Lane = in.align, in.value, in.lane
	case core.ImmData, core.ImmDataMemory, core.ImmTypeData:
		// These instructions are decoded before the data section.
		r.b.DataCount = true
		r.operands(in, out, info.Imm)
	default:
		out.Order = in.order
		r.operands(in, out, info.Imm)
	}
	if r.p.ok() {
		r.code = out.Append(r.code)
	}
}

// operands resolves the indices of an instruction and the references in its instrExt.
func (r *coreResolver) operands(in *instr, out *core.Instr, imm core.Imm) {
	x, y := imm.Spaces()
	if in.op == core.OpDelegate {
		// The label counts from outside the block that ends here.
		r.popLabel()
	}
	if x != core.SpaceNone && imm != core.ImmTypeTable {
		out.X = r.find(x, in.x, 0)
	}
	if y != core.SpaceNone {
		out.Y = r.find(y, in.y, out.X)
	}
	if in.op == core.OpCatch {
		return
	}
	if in.ext != nil {
		r.extOperands(in, out, imm)
	}
}

// find resolves a reference in an index space. For a field, typ is the struct type.
func (r *coreResolver) find(s core.Space, i idx, typ uint32) uint32 {
	p := r.p
	switch s {
	case core.SpaceType:
		return r.typeSpace.find(p, i)
	case core.SpaceFunc:
		return r.funcSpace.find(p, i)
	case core.SpaceTable:
		return r.tableSpace.find(p, i)
	case core.SpaceMemory:
		return r.memorySpace.find(p, i)
	case core.SpaceGlobal:
		return r.globalSpace.find(p, i)
	case core.SpaceTag:
		return r.tagSpace.find(p, i)
	case core.SpaceElem:
		return r.elemSpace.find(p, i)
	case core.SpaceData:
		return r.dataSpace.find(p, i)
	case core.SpaceLocal:
		return r.body.locals.find(p, i)
	case core.SpaceLabel:
		return r.label(i)
	case core.SpaceNumber:
		return i.num
	case core.SpaceField:
		if !p.symbolic(i) {
			return i.num
		}
		if f := r.fieldIDs[typ]; f != nil {
			return f.find(p, i)
		}
		p.fail(p.idxSpan(i), CodeUnknownName, "field `%s` does not exist: type %d has no names for fields", p.idText(int(i.tok-1)), typ)
		return 0
	default:
		panic(fmt.Sprintf("unreachable: space %v", s))
	}
}

// label returns the relative depth of a label. The innermost block has depth 0.
func (r *coreResolver) label(i idx) uint32 {
	if !r.p.symbolic(i) {
		return i.num
	}
	id := r.p.idText(int(i.tok - 1))
	if list := r.body.byLabel[id]; len(list) > 0 {
		return uint32(len(r.body.labels) - 1 - list[len(list)-1])
	}
	s := space{what: "label", ids: map[string]uint32{}}
	for _, l := range r.body.labels {
		s.ids[l] = 0
	}
	s.unknown(r.p, r.p.idxSpan(i), id)
	return 0
}

func (r *coreResolver) pushLabel(id string) {
	b := &r.body
	if id != "" {
		if b.byLabel == nil {
			b.byLabel = map[string][]int{}
		}
		b.byLabel[id] = append(b.byLabel[id], len(b.labels))
	}
	b.labels = append(b.labels, id)
}

func (r *coreResolver) popLabel() {
	b := &r.body
	n := len(b.labels)
	if n == 0 {
		return
	}
	if id := b.labels[n-1]; id != "" {
		b.byLabel[id] = b.byLabel[id][:len(b.byLabel[id])-1]
	}
	b.labels = b.labels[:n-1]
}

// noBlocks starts a body, in which no blocks are open. It discards blocks that a previous body left
// open.
func (r *coreResolver) noBlocks() {
	if len(r.body.labels) > 0 {
		r.body.labels = r.body.labels[:0]
		clear(r.body.byLabel)
	}
}

// endLabel checks that the label of an else or end matches that of its block.
func (r *coreResolver) endLabel(in *instr) {
	n := len(r.body.labels)
	if n == 0 {
		return
	}
	label := r.body.labels[n-1]
	if in.op == core.OpEnd {
		r.popLabel()
	}
	if in.x.tok != 0 && r.p.idText(int(in.x.tok-1)) != label {
		r.p.fail(r.p.idxSpan(in.x), CodeTypeMismatch, "mismatching labels between end and block")
	}
}

// extOperands resolves the references in instrExt.
func (r *coreResolver) extOperands(in *instr, out *core.Instr, imm core.Imm) {
	x, b := in.ext, &r.body
	switch imm {
	case core.ImmBlock:
		r.pushLabel(x.label)
		out.Block = r.blockType(x)
	case core.ImmTryTable:
		out.Block = r.blockType(x)
		b.catches = b.catches[:0]
		for _, c := range x.catches {
			k := core.Catch{Kind: c.kind}
			if c.kind.HasTag() {
				k.Tag = core.TagIdx(r.tagSpace.find(r.p, c.tag))
			}
			k.Label = r.label(c.label)
			b.catches = append(b.catches, k)
		}
		out.Catches = b.catches
		r.pushLabel(x.label)
	case core.ImmTypeTable:
		out.X = r.typeUse(&x.use)
	case core.ImmLabels:
		b.indices = b.indices[:0]
		for _, l := range x.labels {
			b.indices = append(b.indices, r.label(l))
		}
		out.Labels = b.indices
	case core.ImmV128, core.ImmShuffle:
		out.Bytes = x.bytes
	case core.ImmHeap:
		out.Ref = r.val(x.ref).Ref
	case core.ImmTypes:
		b.types = b.types[:0]
		for _, t := range x.types {
			b.types = append(b.types, r.val(t))
		}
		out.Types = b.types
	case core.ImmCast:
		out.To, out.Ref = r.val(x.to).Ref, r.val(x.ref).Ref
	case core.ImmResume, core.ImmResumeThrow:
		b.handlers = b.handlers[:0]
		for _, h := range x.handlers {
			k := core.Handler{Tag: core.TagIdx(r.tagSpace.find(r.p, h.tag)), Switch: h.isSwitch}
			if !h.isSwitch {
				k.Label = r.label(h.label)
			}
			b.handlers = append(b.handlers, k)
		}
		out.Handlers = b.handlers
	default:
		panic(fmt.Sprintf("unreachable: immediate %d", imm))
	}
}

// blockType resolves the type of a block.
func (r *coreResolver) blockType(x *instrExt) core.BlockType {
	u := &x.use
	switch {
	case u.hasIndex:
		return core.BlockType{Index: core.TypeIdx(r.typeUse(u)), HasIndex: true}
	case u.inline != nil && len(u.inline.results) == 1:
		return core.BlockType{Type: r.val(u.inline.results[0])}
	}
	return core.BlockType{}
}

// hintSection is the name of the section for branch hints.
const hintSection = "metadata.code.branch_hint"

// hintTarget is the function that contains a hint, and the size of its body before the first
// instruction.
type hintTarget struct {
	fn   uint32
	head int
}

// hintWriter collects branch hints (branch-hinting proposal, "Binary Format").
type hintWriter struct {
	funcs []funcHints
}

type funcHints struct {
	fn    uint32
	count uint64
	data  []byte
}

func (w *hintWriter) add(t hintTarget, offset int, value uint32) {
	if n := len(w.funcs); n == 0 || w.funcs[n-1].fn != t.fn {
		w.funcs = append(w.funcs, funcHints{fn: t.fn})
	}
	f := &w.funcs[len(w.funcs)-1]
	f.count++
	f.data = binary.AppendUvarint(f.data, uint64(t.head+offset))
	f.data = append(f.data, 1, byte(value))
}

// section returns the payload of the section, or nil if there are no hints.
func (w *hintWriter) section() []byte {
	if len(w.funcs) == 0 {
		return nil
	}
	out := binary.AppendUvarint(nil, uint64(len(w.funcs)))
	for _, f := range w.funcs {
		out = binary.AppendUvarint(out, uint64(f.fn))
		out = binary.AppendUvarint(out, f.count)
		out = append(out, f.data...)
	}
	return out
}

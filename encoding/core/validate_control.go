package core

import (
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// singles are lists of one number or vector type.
var singles = [...][1]vt{vtI32: {vtI32}, vtI64: {vtI64}, vtF32: {vtF32}, vtF64: {vtF64}, vtV128: {vtV128}}

func single(t vt) []vt {
	if t.isRef() {
		return []vt{t}
	}
	return singles[t][:]
}

// special validates an instruction without a signature. The cases are in order of their frequency
// in programs.
func (b *body) special(in *Instr) {
	switch in.Op {
	case OpLocalGet:
		if t, ok := b.local(in.X); ok {
			if in.X >= b.firstNoDefault && !b.initialized[in.X-b.firstNoDefault] {
				b.fail("uninitialized local: %d", in.X)
				return
			}
			b.ops = append(b.ops, t)
		}
	case OpLocalSet:
		if t, ok := b.local(in.X); ok {
			b.pop(t)
			b.setLocal(in.X)
		}
	case OpLocalTee:
		if t, ok := b.local(in.X); ok {
			b.pop(t)
			b.setLocal(in.X)
			b.pushOp(t)
		}
	case OpEnd:
		b.end()
	case OpBrIf:
		b.pop(vtI32)
		b.retype(b.label(in.X))
	case OpCall:
		if d := b.callee(in.X); d != nil {
			b.call(d)
		}
	case OpBlock:
		b.block(frameBlock, in.Block)
	case OpBr:
		b.popList(b.label(in.X))
		b.unreachable()
	case OpGlobalGet:
		if g, ok := b.global(in.X); ok {
			b.pushOp(g.t)
		}
	case OpGlobalSet:
		if g, ok := b.global(in.X); ok {
			if !g.mutable {
				b.fail("global is immutable: cannot modify it with `global.set`")
			}
			b.pop(g.t)
		}
	case OpLoop:
		b.block(frameLoop, in.Block)
	case OpIf:
		b.block(frameIf, in.Block)
	case OpElse:
		if b.expect(OpElse, "If", frameIf) {
			f := b.leave()
			b.push(frameElse, f.params, f.results)
		}
	case OpReturn:
		b.popList(b.frames[0].results)
		b.unreachable()
	case OpDrop:
		b.popAny()
	case OpSelect:
		b.selectNumber()
	case OpSelectT:
		b.selectTyped(in.Types)
	case OpCallIndirect, OpReturnCallIndirect:
		b.callIndirect(in)
	case OpBrTable:
		b.brTable(in.Labels)
	case OpUnreachable:
		b.unreachable()
	default:
		b.exceptions(in)
	}
}

// exceptions validates tail calls, calls of references, and the exception instructions, both old
// and new.
func (b *body) exceptions(in *Instr) {
	switch in.Op {
	case OpReturnCall:
		if d := b.callee(in.X); d != nil {
			b.returnCall(d)
		}
	case OpCallRef, OpReturnCallRef:
		t, ok := b.typeAt(in.X)
		if !ok {
			return
		}
		b.pop(refTo(t, true))
		if d := b.kindAt(in.X, types.HeapFunc); d == nil {
			return
		} else if in.Op == OpCallRef {
			b.call(d)
		} else {
			b.returnCall(d)
		}
	case OpTryTable:
		b.tryTable(in)
	case OpThrow:
		if d := b.exceptionTag(in.X); d != nil {
			b.popList(d.params)
			b.unreachable()
		}
	case OpThrowRef:
		b.pop(nullable(types.HeapExn))
		b.unreachable()
	case OpTry:
		b.block(frameTry, in.Block)
	case OpCatch, OpCatchAll:
		b.catch(in)
	case OpRethrow:
		b.label(in.X)
		if b.err == nil {
			if k := b.frames[len(b.frames)-1-int(in.X)].kind; k != frameCatch && k != frameCatchAll {
				b.fail("invalid rethrow label: target was not a `catch` block")
			}
		}
		b.unreachable()
	case OpDelegate:
		if !b.expect(OpDelegate, "LegacyTry", frameTry) {
			return
		}
		f := b.leave()
		if b.label(in.X); b.err == nil {
			b.ops = append(b.ops, f.results...)
		}
	default:
		b.tablesAndRefs(in)
	}
}

// expect checks that the innermost frame is of one of the given kinds.
func (b *body) expect(op Op, what string, kinds ...frameKind) bool {
	f := &b.frames[len(b.frames)-1]
	for _, k := range kinds {
		if f.kind == k {
			return true
		}
	}
	b.fail("`%v` found outside `%s` block", op, what)
	return false
}

// blockType returns the parameters and results of a block.
func (b *body) blockType(t BlockType) (params, results []vt, ok bool) {
	switch {
	case t.HasIndex:
		if !b.v.features.Has(feature.MultiValue) {
			b.fail("blocks, loops, and ifs may only produce a resulttype when multi-value is not enabled")
			return nil, nil, false
		}
		d := b.kindAt(uint32(t.Index), types.HeapFunc)
		if d == nil {
			return nil, nil, false
		}
		return d.params, d.results, true
	case t.Type == ValType{}:
		return nil, nil, true
	}
	x, msg := b.v.val(t.Type, b.v.features)
	if msg != "" {
		b.fail("%s", msg)
		return nil, nil, false
	}
	return nil, single(x), true
}

func (b *body) block(kind frameKind, t BlockType) {
	params, results, ok := b.blockType(t)
	if !ok {
		return
	}
	if kind == frameIf {
		b.pop(vtI32)
	}
	b.popList(params)
	b.push(kind, params, results)
}

func (b *body) end() {
	f := b.leave()
	if f.kind == frameIf {
		// Without an else, the parameters must match the results.
		b.push(frameElse, f.params, f.results)
		b.leave()
	}
	b.ops = append(b.ops, f.results...)
}

func (b *body) catch(in *Instr) {
	what := "LegacyTry"
	if !b.expect(in.Op, what, frameTry, frameCatch) {
		return
	}
	f := b.leave()
	kind := frameCatch
	if in.Op == OpCatchAll {
		kind = frameCatchAll
	}
	b.push(kind, nil, f.results)
	if kind == frameCatch {
		if d := b.exceptionTag(in.X); d != nil {
			b.ops = append(b.ops, d.params...)
		}
	}
}

func (b *body) brTable(labels []uint32) {
	b.pop(vtI32)
	last := b.label(labels[len(labels)-1])
	for _, l := range labels[:len(labels)-1] {
		if b.err != nil {
			return
		}
		ts := b.label(l)
		if b.err == nil && len(ts) != len(last) {
			b.fail("type mismatch: br_table target labels have different number of types")
			return
		}
		b.recheck(ts)
	}
	b.popList(last)
	b.unreachable()
}

func (b *body) selectNumber() {
	b.pop(vtI32)
	t, u := b.popAny(), b.popAny()
	switch {
	case t.isRef() || u.isRef():
		b.fail("type mismatch: select only takes integral types")
	case t == vtBot:
		t = u
	case u != vtBot && t != u:
		b.fail("type mismatch: select operands have different types")
	}
	b.pushOp(t)
}

func (b *body) selectTyped(list []ValType) {
	if len(list) != 1 {
		b.fail("invalid result arity")
		return
	}
	t, msg := b.v.val(list[0], b.v.features)
	if msg != "" {
		b.fail("%s", msg)
		return
	}
	b.pop(vtI32)
	b.pop(t)
	b.pop(t)
	b.pushOp(t)
}

// callee returns the type of a function, or nil after an error.
func (b *body) callee(f uint32) *def {
	if int64(f) >= int64(len(b.v.funcs)) {
		b.fail("unknown function %d: function index out of bounds", f)
		return nil
	}
	d := &b.v.defs[b.v.funcs[f]]
	if b.shared && !d.shared {
		b.fail("shared functions cannot access unshared functions")
		return nil
	}
	return d
}

func (b *body) call(d *def) {
	b.popList(d.params)
	b.ops = append(b.ops, d.results...)
}

func (b *body) returnCall(d *def) {
	own := b.frames[0].results
	if !b.v.listSub(d.results, own) {
		b.fail("type mismatch: current function requires result type %s but callee returns %s", b.v.list(own), b.v.list(d.results))
		return
	}
	b.popList(d.params)
	b.unreachable()
}

func (b *body) callIndirect(in *Instr) {
	t, ok := b.table(in.Y)
	if !ok {
		return
	}
	if !b.v.subtype(t.elem, nullable(types.HeapFunc)) {
		b.fail("type mismatch: indirect calls must go through a table with type <= funcref")
		return
	}
	b.pop(t.addr)
	if d := b.kindAt(in.X, types.HeapFunc); d == nil {
		return
	} else if in.Op == OpCallIndirect {
		b.call(d)
	} else {
		b.returnCall(d)
	}
}

// typeAt returns the definition at a type index.
func (b *body) typeAt(i uint32) (uint32, bool) {
	if int64(i) >= int64(len(b.v.space)) {
		b.fail("unknown type %d: type index out of bounds", i)
		return 0, false
	}
	return b.v.space[i], true
}

// kindAt returns the definition at a type index, or nil after an error. The definition must be of
// the given kind: a func, struct, array or cont type.
func (b *body) kindAt(i uint32, kind types.Heap) *def {
	if int64(i) >= int64(len(b.v.space)) {
		b.fail("unknown type: type index out of bounds: %d", i)
		return nil
	}
	d := &b.v.defs[b.v.space[i]]
	switch {
	case d.kind == kind:
	case kind == types.HeapCont:
		b.fail("non-continuation type %d", i)
		return nil
	default:
		b.fail("expected %v type at index %d, found %s", kind, i, b.v.form(d))
		return nil
	}
	if b.shared && !d.shared {
		plural := map[types.Heap]string{types.HeapFunc: "functions", types.HeapStruct: "structs", types.HeapArray: "arrays", types.HeapCont: "continuations"}
		b.fail("shared functions cannot access unshared %s", plural[kind])
		return nil
	}
	return d
}

func (b *body) global(i uint32) (globalInfo, bool) {
	if int64(i) >= int64(len(b.v.globals)) {
		b.fail("unknown global: global index out of bounds: %d", i)
		return globalInfo{}, false
	}
	g := b.v.globals[i]
	if b.shared && !g.shared {
		b.fail("shared functions cannot access unshared globals")
		return g, false
	}
	return g, true
}

func (b *body) tag(i uint32) *def {
	if int64(i) >= int64(len(b.v.tags)) {
		b.fail("unknown tag %d: tag index out of bounds", i)
		return nil
	}
	return &b.v.defs[b.v.tags[i]]
}

func (b *body) exceptionTag(i uint32) *def {
	d := b.tag(i)
	if d != nil && len(d.results) > 0 {
		b.fail("invalid exception type: non-empty tag result type")
		return nil
	}
	return d
}

func (b *body) tryTable(in *Instr) {
	params, results, ok := b.blockType(in.Block)
	if !ok {
		return
	}
	b.popList(params)
	exn := abs(types.HeapExn)
	for _, c := range in.Catches {
		var have []vt
		if c.Kind.HasTag() {
			d := b.exceptionTag(uint32(c.Tag))
			if d == nil {
				return
			}
			have = d.params
		}
		label := b.label(c.Label)
		if b.err != nil {
			return
		}
		if c.Kind == CatchTagRef || c.Kind == CatchAllRef {
			have = append(have[:len(have):len(have)], exn)
		}
		if len(label) != len(have) {
			b.fail("type mismatch: %s", catchArity[c.Kind])
			return
		}
		for i, t := range have {
			switch {
			case b.v.subtype(t, label[i]):
			case c.Kind == CatchAllRef:
				b.fail("type mismatch: catch_all_ref label must a subtype of (ref exn)")
				return
			default:
				b.fail("type mismatch: expected %s, found %s", b.v.str(label[i]), b.v.str(t))
				return
			}
		}
	}
	b.push(frameTryTable, params, results)
}

var catchArity = [...]string{
	CatchTag:    "catch label must have same number of types as tag",
	CatchTagRef: "catch_ref label must have one more type than tag types",
	CatchAll:    "catch_all label must have no result types",
	CatchAllRef: "catch_all_ref label must have exactly one result type",
}

package core

import (
	"github.com/mortise-wasm/mortise/model/types"
)

// continuations validates the instructions of the stack-switching proposal.
func (b *body) continuations(in *Instr) {
	switch in.Op {
	case OpContNew:
		if d := b.kindAt(in.X, types.HeapCont); d != nil {
			b.pop(refTo(d.cont, true))
			b.pushDef(in.X)
		}
	case OpContBind:
		b.contBind(in)
	case OpSuspend:
		if d := b.tag(in.X); d != nil {
			b.call(d)
		}
	case OpResume:
		if f := b.resumeTable(in); f != nil {
			b.popDef(in.X)
			b.call(f)
		}
	case OpResumeThrow:
		f := b.resumeTable(in)
		if f == nil {
			return
		}
		if d := b.exceptionTag(in.Y); d != nil {
			b.popDef(in.X)
			b.popList(d.params)
			b.ops = append(b.ops, f.results...)
		}
	case OpResumeThrowRef:
		if f := b.resumeTable(in); f != nil {
			b.popDef(in.X)
			b.pop(nullable(types.HeapExn))
			b.ops = append(b.ops, f.results...)
		}
	case OpSwitch:
		b.switchTo(in)
	default:
		b.sharedAccess(in)
	}
}

// contFunc returns the function type of the continuation type at an index.
func (b *body) contFunc(i uint32) *def {
	d := b.kindAt(i, types.HeapCont)
	if d == nil {
		return nil
	}
	return &b.v.defs[d.cont]
}

// contOf returns the function type of the continuation that t refers to.
func (b *body) contOf(t vt) *def {
	d := &b.v.defs[t.def()]
	if d.kind != types.HeapCont {
		b.fail("non-continuation type %d", d.index)
		return nil
	}
	return &b.v.defs[d.cont]
}

func (b *body) contBind(in *Instr) {
	from, to := b.contFunc(in.X), b.contFunc(in.Y)
	if from == nil || to == nil {
		return
	}
	n := len(from.params) - len(to.params)
	if n < 0 {
		b.fail("type mismatch in continuation arguments")
		return
	}
	if !b.v.listSub(to.params, from.params[n:]) || !b.v.listSub(from.results, to.results) {
		b.fail("type mismatch in continuation types")
		return
	}
	b.popDef(in.X)
	b.popList(from.params[:n])
	b.pushDef(in.Y)
}

// resumeTable checks the handlers of a resume instruction. It returns the function type of the
// continuation, or nil after an error.
func (b *body) resumeTable(in *Instr) *def {
	f := b.contFunc(in.X)
	if f == nil {
		return nil
	}
	for _, h := range in.Handlers {
		tag := b.tag(uint32(h.Tag))
		if tag == nil {
			return nil
		}
		if h.Switch {
			if len(tag.params) > 0 || !b.v.listSub(tag.results, f.results) || !b.v.listSub(f.results, tag.results) {
				b.fail("type mismatch: switch tag does not match continuation")
				return nil
			}
			continue
		}
		label := b.label(h.Label)
		if b.err != nil {
			return nil
		}
		if len(label) == 0 {
			b.fail("type mismatch: the label takes no values, and the last one must be a continuation")
			return nil
		}
		last := label[len(label)-1]
		if !last.isDef() {
			b.fail("type mismatch: %s", b.v.str(last))
			return nil
		}
		if !b.v.listSub(tag.params, label[:len(label)-1]) {
			b.fail("type mismatch between tag type and label type")
			return nil
		}
		g := b.contOf(last)
		if g == nil {
			return nil
		}
		if !b.v.listSub(g.params, tag.results) || !b.v.listSub(f.results, g.results) {
			b.fail("type mismatch in continuation type")
			return nil
		}
	}
	return f
}

func (b *body) switchTo(in *Instr) {
	f := b.contFunc(in.X)
	if f == nil {
		return
	}
	tag := b.tag(in.Y)
	switch {
	case tag == nil:
		return
	case len(tag.params) > 0:
		b.fail("type mismatch: non-empty tag parameter type")
		return
	case len(f.params) == 0:
		b.fail("type mismatch: a continuation is needed here")
		return
	}
	last := f.params[len(f.params)-1]
	if !last.isDef() {
		b.fail("type mismatch: %s is not a continuation", b.v.str(last))
		return
	}
	g := b.contOf(last)
	if g == nil {
		return
	}
	if !b.v.listSub(f.results, tag.results) || !b.v.listSub(tag.results, g.results) {
		b.fail("type mismatch in continuation types")
		return
	}
	b.popDef(in.X)
	b.popList(f.params[:len(f.params)-1])
	b.ops = append(b.ops, g.params...)
}

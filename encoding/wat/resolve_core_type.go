package wat

import (
	"encoding/binary"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// expand gives an index to every inline function type without one. It uses the first identical type
// that is defined as a single type field, or otherwise adds a type after all others.
func (r *coreResolver) expand() {
	for _, f := range r.types {
		if f.rec {
			continue
		}
		if fn := f.types[0].fn; fn != nil {
			key := r.p.typeKey(fn)
			if _, ok := r.interned[key]; !ok {
				r.interned[key] = f.types[0].index
			}
		}
	}
	for _, f := range r.all {
		r.expandField(f)
	}
}

func (r *coreResolver) expandField(f field) {
	switch f := f.(type) {
	case *importField:
		for _, item := range f.items {
			if k := item.typ.kind; k == core.ExternFunc || k == core.ExternTag {
				r.intern(&item.typ.use)
			}
		}
	case *funcField:
		r.intern(&f.use)
		r.expandExpr(&f.body)
	case *tableField:
		if f.init != nil {
			r.expandExpr(f.init)
		}
	case *globalField:
		r.expandExpr(&f.init)
	case *tagField:
		r.intern(&f.use)
	case *elemField:
		r.expandExpr(&f.offset)
		for i := range f.exprs {
			r.expandExpr(&f.exprs[i])
		}
	case *dataField:
		r.expandExpr(&f.offset)
	}
}

func (r *coreResolver) expandExpr(e *expr) {
	for i := range e.instrs {
		in := &e.instrs[i]
		if in.ext == nil {
			continue
		}
		switch in.op.Info().Imm {
		case core.ImmBlock, core.ImmTryTable:
			// A block that needs no index does not get one.
			if in := in.ext.use.inline; in == nil || len(in.params) == 0 && len(in.results) <= 1 {
				continue
			}
			r.intern(&in.ext.use)
		case core.ImmTypeTable:
			r.intern(&in.ext.use)
		}
	}
}

// intern gives the type an index if it has no index.
func (r *coreResolver) intern(u *typeUse) {
	if u.hasIndex {
		return
	}
	fn := u.inline
	if fn == nil {
		fn = &funcType{}
	}
	key := r.p.typeKey(fn)
	n, ok := r.interned[key]
	if !ok {
		d := &typeDef{head: head{tok: u.tok}, final: true, fn: &funcType{params: stripNames(fn.params), results: fn.results}}
		r.registerType(d)
		r.types = append(r.types, &typeField{tok: u.tok, implied: true, types: []*typeDef{d}})
		n = d.index
		r.interned[key] = n
	}
	u.index, u.hasIndex = numIdx(n), true
}

func stripNames(list []param) []param {
	out := make([]param, len(list))
	for i := range list {
		out[i].typ = list[i].typ
	}
	return out
}

// typeKey returns a string that is equal for function types with the same text, ignoring the names
// of parameters.
func (p *parser) typeKey(fn *funcType) string {
	var buf [64]byte
	b := binary.AppendUvarint(buf[:0], uint64(len(fn.params)))
	for i := range fn.params {
		b = p.appendValKey(b, fn.params[i].typ)
	}
	for _, v := range fn.results {
		b = p.appendValKey(b, v)
	}
	return string(b)
}

func (p *parser) appendValKey(b []byte, v valType) []byte {
	if v.t.Kind != kindRef {
		return append(b, byte(v.t.Kind))
	}
	ref := v.t.Ref
	b = append(b, byte(kindRef), byte(b2i(ref.Nullable)), byte(b2i(ref.Heap.Shared)), byte(ref.Heap.Abs))
	switch {
	case ref.Heap.Abs != 0:
	case p.symbolic(v.ref):
		b = appendString(append(b, '$'), p.idText(int(v.ref.tok-1)))
	default:
		b = binary.AppendUvarint(append(b, '#'), uint64(v.ref.num))
	}
	return b
}

// recType resolves a recursion group.
func (r *coreResolver) recType(f *typeField) core.RecType {
	out := core.RecType{Explicit: f.rec}
	for _, d := range f.types {
		out.Types = append(out.Types, r.subType(d))
	}
	return out
}

func (r *coreResolver) subType(d *typeDef) core.SubType {
	t := core.SubType{Final: d.final, Shared: d.shared}
	if d.hasSuper {
		t.Supers = []core.TypeIdx{core.TypeIdx(r.typeSpace.find(r.p, d.super))}
	}
	switch {
	case d.fn != nil:
		t.Type = &core.FuncType{Params: r.paramTypes(d.fn.params), Results: r.vals(d.fn.results)}
	case d.isStruct:
		s := &core.StructType{}
		for _, f := range d.structure {
			s.Fields = append(s.Fields, r.fieldType(f))
		}
		t.Type = s
	case d.array != nil:
		t.Type = &core.ArrayType{Elem: r.fieldType(*d.array)}
	default:
		t.Type = &core.ContType{Type: core.TypeIdx(r.typeSpace.find(r.p, d.cont))}
	}
	return t
}

func (r *coreResolver) fieldType(f structField) core.FieldType {
	t := core.FieldType{Packed: f.packed, Mutable: f.mutable}
	if f.packed == 0 {
		t.Type = r.val(f.typ)
	}
	return t
}

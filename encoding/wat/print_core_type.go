package wat

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// recType prints a recursion group at an offset.
func (p *printer) recType(s *printScope, r core.RecType, offset int, isComponent bool) {
	if !r.Explicit && len(r.Types) == 1 {
		p.subTypeDef(s, &r.Types[0], isComponent)
		return
	}
	if isComponent {
		p.open("core rec")
	} else {
		p.open("rec")
	}
	for i := range r.Types {
		if offset >= 0 {
			p.newline(offset + 2)
		} else {
			p.newline(noOffset)
		}
		p.subTypeDef(s, &r.Types[i], false)
	}
	p.close()
}

func (p *printer) subTypeDef(s *printScope, t *core.SubType, isComponent bool) {
	if isComponent {
		p.open("core type ")
	} else {
		p.open("type ")
	}
	index := s.counts[spaceType]
	p.define(s, spaceType)
	p.str(" ")
	if t.Final && len(t.Supers) == 0 {
		p.compType(s, t, index)
	} else {
		p.open("sub ")
		if t.Final {
			p.str("final ")
		}
		for _, i := range t.Supers {
			p.index(s, spaceType, uint32(i))
			p.str(" ")
		}
		p.compType(s, t, index)
		p.close()
	}
	p.close()
	s.types = append(s.types, t)
}

func (p *printer) compType(s *printScope, t *core.SubType, index uint32) {
	if t.Shared {
		p.open("shared ")
		defer p.close()
	}
	switch c := t.Type.(type) {
	case *core.FuncType:
		p.open("func")
		p.funcType(s, c, nil)
	case *core.ArrayType:
		p.open("array ")
		p.fieldType(s, &c.Elem)
	case *core.StructType:
		p.open("struct")
		for i := range c.Fields {
			p.str(" (field ")
			if n, ok := s.fields[index][uint32(i)]; ok {
				p.str(n.id + " ")
			} else if p.o.NameUnnamed {
				p.printf("$#field%d ", i)
			}
			p.fieldType(s, &c.Fields[i])
			p.str(")")
		}
	case *core.ContType:
		p.open("cont ")
		p.index(s, spaceType, uint32(c.Type))
	default:
		panic(fmt.Sprintf("unreachable: %T", c))
	}
	p.close()
}

func (p *printer) fieldType(s *printScope, f *core.FieldType) {
	if f.Mutable {
		p.str("(mut ")
	}
	if f.Packed != 0 {
		p.printf("i%d", f.Packed)
	} else {
		p.valType(s, f.Type)
	}
	if f.Mutable {
		p.str(")")
	}
}

// funcType prints parameters and results. The parameters have their names in function fn, unless fn
// is nil.
func (p *printer) funcType(s *printScope, t *core.FuncType, fn *uint32) uint32 {
	if len(t.Params) > 0 {
		p.str(" ")
	}
	g := localGroups{p: p, word: "param"}
	if fn != nil {
		g.names, g.named = s.locals[*fn], true
	}
	for i, v := range t.Params {
		g.start(uint32(i))
		p.valType(s, v)
		g.end(uint32(i))
	}
	g.finish()
	if len(t.Results) > 0 {
		p.str(" ")
		p.open("result")
		for _, v := range t.Results {
			p.str(" ")
			p.valType(s, v)
		}
		p.close()
	}
	return uint32(len(t.Params))
}

// typeRef prints (type …).
func (p *printer) typeRef(s *printScope, t core.TypeIdx) {
	p.open("type ")
	p.index(s, spaceType, uint32(t))
	p.close()
}

// funcTypeRef prints (type …) followed by the function type. It returns the number of parameters.
func (p *printer) funcTypeRef(s *printScope, t core.TypeIdx, fn *uint32) uint32 {
	p.typeRef(s, t)
	if int64(t) >= int64(len(s.types)) || s.types[t] == nil || s.types[t].Shared {
		return 0
	}
	if f, ok := s.types[t].Type.(*core.FuncType); ok {
		return p.funcType(s, f, fn)
	}
	return 0
}

func (p *printer) valType(s *printScope, v core.ValType) {
	switch v.Kind {
	case types.RefKind:
		p.refType(s, v.Ref)
	default:
		p.str(v.String())
	}
}

func (p *printer) refType(s *printScope, r core.RefType) {
	h := r.Heap
	if r.Nullable && h.Abs != 0 && !h.Shared && h.Abs != types.HeapCont && h.Abs != types.HeapNoCont {
		p.str(r.String())
		return
	}
	p.open("ref ")
	if r.Nullable {
		p.str("null ")
	}
	p.heapType(s, h)
	p.close()
}

func (p *printer) heapType(s *printScope, h core.HeapType) {
	switch {
	case h.Abs == 0:
		p.index(s, spaceType, uint32(h.Type))
	case h.Shared:
		p.open("shared ")
		p.str(h.Abs.String())
		p.close()
	default:
		p.str(h.Abs.String())
	}
}

package types

// heapSupers lists the abstract heap types above each heap type.
var heapSupers = [...][]Heap{
	HeapEq:       {HeapAny},
	HeapI31:      {HeapEq, HeapAny},
	HeapStruct:   {HeapEq, HeapAny},
	HeapArray:    {HeapEq, HeapAny},
	HeapNone:     {HeapI31, HeapStruct, HeapArray, HeapEq, HeapAny},
	HeapNoFunc:   {HeapFunc},
	HeapNoExtern: {HeapExtern},
	HeapNoExn:    {HeapExn},
	HeapNoCont:   {HeapCont},
}

// Sub reports whether h is a subtype of g (core specification, chapter "Matching", "Heap Types").
// Both must be set.
func (h Heap) Sub(g Heap) bool {
	if h == g {
		return true
	}
	if int(h) < len(heapSupers) {
		for _, s := range heapSupers[h] {
			if s == g {
				return true
			}
		}
	}
	return false
}

// Top returns the greatest heap type above h.
func (h Heap) Top() Heap {
	switch h {
	case HeapFunc, HeapNoFunc:
		return HeapFunc
	case HeapExtern, HeapNoExtern:
		return HeapExtern
	case HeapExn, HeapNoExn:
		return HeapExn
	case HeapCont, HeapNoCont:
		return HeapCont
	default:
		return HeapAny
	}
}

// Bottom returns the least heap type below h.
func (h Heap) Bottom() Heap {
	switch h.Top() {
	case HeapFunc:
		return HeapNoFunc
	case HeapExtern:
		return HeapNoExtern
	case HeapExn:
		return HeapNoExn
	case HeapCont:
		return HeapNoCont
	default:
		return HeapNone
	}
}

// Heap returns the abstract heap type directly above the definition.
func (d *CoreDef) Heap() Heap {
	switch {
	case d.Func != nil:
		return HeapFunc
	case d.Struct != nil:
		return HeapStruct
	case d.Array != nil:
		return HeapArray
	default:
		return HeapCont
	}
}

// Sub reports whether e is d or one of its supertypes.
func (d *CoreDef) Sub(e *CoreDef) bool {
	for d != e {
		if len(d.Supers) == 0 {
			return false
		}
		d = d.Supers[0]
	}
	return true
}

// Sub reports whether every value of type v also has type w (core specification, chapter
// "Matching").
func (v CoreVal) Sub(w CoreVal) bool {
	switch {
	case v == w:
		return true
	case v.Kind != RefKind || w.Kind != RefKind || v.Nullable && !w.Nullable:
		return false
	case v.Def != nil && w.Def != nil:
		return v.Def.Sub(w.Def)
	case v.shared() != w.shared():
		return false
	case w.Def != nil:
		return v.Heap == w.Def.Heap().Bottom()
	case v.Def != nil:
		return v.Def.Heap().Sub(w.Heap)
	default:
		return v.Heap.Sub(w.Heap)
	}
}

func (v CoreVal) shared() bool {
	if v.Def != nil {
		return v.Def.Shared
	}
	return v.Shared
}

// Sub reports whether a function of type f can be used where one of type g is expected. If both
// types are defined, f must be g or declare g as a supertype. Definitions of two validations are
// equal only if they are plain.
func (f *CoreFunc) Sub(g *CoreFunc) bool {
	if f.Def != nil && g.Def != nil {
		return f.Def.Sub(g.Def) || f.Def.plain() && g.Def.plain() && f.Equal(g)
	}
	return f.Equal(g)
}

// plain reports whether the definition could have been written before there were recursion groups
// and subtypes.
func (d *CoreDef) plain() bool {
	return d.Final && !d.Shared && len(d.Supers) == 0 && d.Group != nil && len(d.Group.Types) == 1
}

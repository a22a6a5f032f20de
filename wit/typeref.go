package wit

import (
	"iter"
	"strconv"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// prims maps the kinds of primitive types in syntax to the types.
var prims = [...]types.Prim{
	syntax.Bool: types.Bool, syntax.S8: types.S8, syntax.U8: types.U8, syntax.S16: types.S16, syntax.U16: types.U16,
	syntax.S32: types.S32, syntax.U32: types.U32, syntax.S64: types.S64, syntax.U64: types.U64, syntax.F32: types.F32,
	syntax.F64: types.F64, syntax.Char: types.Char, syntax.StringType: types.String, syntax.ErrorContext: types.ErrorContext,
}

// typeRef resolves a use of a type. A compound type gets a definition without a name, one for each
// structure in the package.
func (s *source) typeRef(t *syntax.Type, gate Stability) ref {
	if t == nil {
		return ref{}
	}
	if int(t.Kind) < len(prims) {
		return ref{prim: prims[t.Kind]}
	}
	if t.Kind == syntax.BadType {
		return ref{def: poisonDef()}
	}
	if t.Kind == syntax.Named {
		return ref{def: s.typeName(t.Name)}
	}
	d := &def{span: s.typeSpan(t)}
	s.typeKind(d, t, gate)
	if d.kind == kindOwn {
		// In a use of a type, `own<r>` is the same as `r`.
		return d.a
	}
	if d.kind == kindPoison {
		return ref{def: d}
	}
	d.stab = inherit(gate, d.a, append(d.elems, d.b)...)
	return s.intern(d)
}

// typeSpan returns the span of a type in messages: its first word, or the resource of a handle.
func (s *source) typeSpan(t *syntax.Type) diag.Span {
	if t.Kind == syntax.Own || t.Kind == syntax.Borrow {
		return s.at(t.Name.Range)
	}
	return s.at(t.Keyword)
}

// inherit returns the gate of a type without a name: its own, or else the first gate among its
// parts.
func inherit(gate Stability, first ref, rest ...ref) Stability {
	if !gate.IsZero() {
		return gate
	}
	if first.def != nil && !first.def.stab.IsZero() {
		return first.def.stab
	}
	for _, r := range rest {
		if r.def != nil && !r.def.stab.IsZero() {
			return r.def.stab
		}
	}
	return gate
}

// typeKind resolves the right-hand side t of a definition into d: an alias refers to the type, and
// other kinds have parts.
func (s *source) typeKind(d *def, t *syntax.Type, gate Stability) {
	if int(t.Kind) < len(prims) {
		d.kind, d.a = kindAlias, ref{prim: prims[t.Kind]}
		return
	}
	switch t.Kind {
	case syntax.BadType:
		d.kind = kindPoison
	case syntax.Named:
		d.kind, d.a = kindAlias, ref{def: s.typeName(t.Name)}
	case syntax.Own, syntax.Borrow:
		d.kind = kindOwn
		if t.Kind == syntax.Borrow {
			d.kind = kindBorrow
		}
		d.a = ref{def: s.resourceName(t.Name)}
	case syntax.List, syntax.FixedList:
		d.kind = kindList
		if t.Kind == syntax.FixedList {
			d.kind, d.n = kindFixed, t.Len
		}
		d.a = s.typeRef(t.Args[0], gate)
	case syntax.Map:
		d.kind = kindMap
		d.a, d.b = s.typeRef(t.Args[0], gate), s.typeRef(t.Args[1], gate)
		if !mapKey(d.a) {
			s.errorf(s.at(t.Keyword), CodeBadMapKey, "invalid map key type: map keys must be bool, u8, u16, u32, u64, s8, s16, s32, s64, char, or string").
				Labelf(s.typeSpan(t.Args[0]), "this type")
		}
	case syntax.Option:
		d.kind, d.a = kindOption, s.typeRef(t.Args[0], gate)
	case syntax.Result:
		d.kind = kindResult
		d.a = s.typeRef(t.Args[0], gate)
		d.b = s.typeRef(t.Args[1], gate)
	case syntax.Tuple:
		d.kind = kindTuple
		d.elems = make([]ref, 0, len(t.Args))
		for _, a := range t.Args {
			d.elems = append(d.elems, s.typeRef(a, gate))
		}
	case syntax.Future, syntax.Stream:
		d.kind = kindFuture
		if t.Kind == syntax.Stream {
			d.kind = kindStream
		}
		if len(t.Args) > 0 {
			d.a = s.typeRef(t.Args[0], gate)
		}
	}
}

// mapKey reports whether a type can be the key of a map. Only primitive types can, not aliases of
// them.
func mapKey(r ref) bool {
	if r.def != nil {
		return r.def.kind == kindPoison
	}
	return r.prim != types.F32 && r.prim != types.F64 && r.prim != types.ErrorContext
}

// anonKey identifies a type without a name by its structure.
type anonKey struct {
	kind  kind
	a, b  ref
	n     uint32
	elems string
}

// intern returns the definition of a type without a name: an existing definition with the same
// structure, or else d.
func (s *source) intern(d *def) ref {
	k := anonKey{kind: d.kind, a: d.a, b: d.b, n: d.n}
	if d.kind == kindTuple {
		var b []byte
		for _, e := range d.elems {
			b = strconv.AppendInt(append(b, ','), int64(s.number(e)), 10)
		}
		k.elems = string(b)
	}
	if s.anon == nil {
		s.anon = map[anonKey]*def{}
	}
	if prev, ok := s.anon[k]; ok {
		return ref{def: prev}
	}
	s.anon[k] = d
	s.types = append(s.types, d)
	return ref{def: d}
}

// number returns a number that identifies a type. It is negative for a primitive type.
func (s *source) number(r ref) int {
	if r.def == nil {
		return -int(r.prim)
	}
	if r.def.index == 0 {
		s.numbered++
		r.def.index = s.numbered
	}
	return int(r.def.index)
}

// typeName returns the type that a name refers to.
func (s *source) typeName(id syntax.Ident) *def {
	e, ok := s.names.Get(id.Name)
	switch {
	case !ok:
		s.unknownType("name", id, s.names.Keys(), "")
	case e.def == nil:
		s.errorf(s.at(id.Range), CodeWrongItem, "cannot use %s `%s` as a type", e.what, id.Name).Labelf(e.span, "the %s", e.what)
	default:
		s.uses(s.at(id.Range), e.def)
		return e.def
	}
	return poisonDef()
}

// unknownType reports a name that does not refer to a type.
func (s *source) unknownType(what string, id syntax.Ident, known iter.Seq[string], self string) {
	if s.lossy {
		return
	}
	d := s.errorf(s.at(id.Range), CodeUnknownType, "%s `%s` does not exist", what, id.Name).Captionf("not found in this scope")
	s.hintType(d, id, func(yield func(string) bool) {
		for k := range known {
			if k != self && !yield(k) {
				return
			}
		}
	})
}

// resourceName returns the resource, or alias of one, that a handle names.
func (s *source) resourceName(id syntax.Ident) *def {
	d := s.typeName(id)
	for cur := d; ; {
		switch {
		case cur.kind == kindResource || cur.kind == kindPoison:
			return d
		case cur.kind == kindAlias && cur.a.def != nil:
			cur = cur.a.def
		case cur.kind == kindUnknown:
			s.handles = append(s.handles, handle{cur, s.at(id.Range)})
			return d
		default:
			s.errorf(s.at(id.Range), CodeBadHandle, "type `%s` used in a handle must be a resource", id.Name).
				Labelf(d.span, "`%s` is defined here", id.Name)
			return poisonDef()
		}
	}
}

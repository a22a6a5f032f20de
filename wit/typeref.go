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

// unresolved returns a definition that takes the place of a type that could not be resolved. The Of
// of its type is nil.
func unresolved() *TypeDef { return &TypeDef{Type: new(types.Named)} }

// isUnresolved reports whether t is the type of such a definition.
func isUnresolved(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Of == nil
}

// typeRef resolves a use of a type. A compound type gets a definition without a name, one for each
// structure in the package. The type of a resource is an `own` handle.
func (s *source) typeRef(t *syntax.Type, gate Stability) types.ValType {
	if t == nil {
		return nil
	}
	if int(t.Kind) < len(prims) {
		return prims[t.Kind]
	}
	switch t.Kind {
	case syntax.BadType:
		return unresolved().Type.(types.ValType)
	case syntax.Named:
		return s.value(s.typeName(t.Name).Type)
	case syntax.Own:
		return s.value(s.resourceName(t.Name).Type)
	}
	return s.intern(s.structure(t, gate).(types.ValType), gate, s.typeSpan(t))
}

// value returns t as the type of a value: the `own` handle of a resource, or t itself.
func (s *source) value(t types.Type) types.ValType {
	if _, ok := types.Unname(t).(*types.Resource); !ok {
		return t.(types.ValType)
	}
	h := s.handles[t]
	if h == nil {
		h = &types.Own{Of: t}
		s.handles[t] = h
	}
	return h
}

// defOf returns the definition of a type that is used. For the handle that stands for a resource,
// that is the definition of the resource. It returns nil for a primitive type.
func (s *source) defOf(t types.Type) *TypeDef {
	if h, ok := t.(*types.Own); ok && s.handles[h.Of] == h {
		t = h.Of
	}
	return s.m.byType[t]
}

// typeSpan returns the span of a type in messages: its first word, or the resource of a handle.
func (s *source) typeSpan(t *syntax.Type) diag.Span {
	if t.Kind == syntax.Own || t.Kind == syntax.Borrow {
		return s.at(t.Name.Range)
	}
	return s.at(t.Keyword)
}

// form returns the type that a definition describes. For an alias, that is its own type.
func (s *source) form(d *TypeDef) types.Type {
	if n, ok := d.Type.(*types.Named); ok && s.m.Alias(d) == nil {
		return n.Of
	}
	return d.Type
}

// inherit returns the gate of a type without a name: its own, or else the first gate among its
// parts.
func (s *source) inherit(gate Stability, t types.Type) Stability {
	for part := range types.Parts(t) {
		if d := s.defOf(part); d != nil && gate.IsZero() {
			gate = d.Stability
		}
	}
	return gate
}

// structure returns the type on the right-hand side of a definition. For a name, that is the type
// of another definition.
func (s *source) structure(t *syntax.Type, gate Stability) types.Type {
	if int(t.Kind) < len(prims) {
		return prims[t.Kind]
	}
	arg := func(i int) types.ValType {
		if i >= len(t.Args) {
			return nil
		}
		return s.typeRef(t.Args[i], gate)
	}
	switch t.Kind {
	case syntax.Named:
		return s.typeName(t.Name).Type
	case syntax.Own:
		return &types.Own{Of: s.resourceName(t.Name).Type}
	case syntax.Borrow:
		return &types.Borrow{Of: s.resourceName(t.Name).Type}
	case syntax.List:
		return &types.List{Elem: arg(0)}
	case syntax.FixedList:
		return &types.FixedList{Elem: arg(0), Len: t.Len}
	case syntax.Map:
		m := &types.Map{Key: arg(0), Value: arg(1)}
		if !mapKey(m.Key) {
			s.errorf(s.at(t.Keyword), CodeBadMapKey, "invalid map key type: map keys must be bool, u8, u16, u32, u64, s8, s16, s32, s64, char, or string").
				Labelf(s.typeSpan(t.Args[0]), "this type")
		}
		return m
	case syntax.Option:
		return &types.Option{Elem: arg(0)}
	case syntax.Result:
		return &types.Result{OK: arg(0), Err: arg(1)}
	case syntax.Tuple:
		tuple := &types.Tuple{Elems: make([]types.ValType, len(t.Args))}
		for i := range t.Args {
			tuple.Elems[i] = arg(i)
		}
		return tuple
	case syntax.Future:
		return &types.Future{Elem: arg(0)}
	case syntax.Stream:
		return &types.Stream{Elem: arg(0)}
	}
	return unresolved().Type
}

// mapKey reports whether a type can be the key of a map. Only primitive types can, not aliases of
// them.
func mapKey(t types.Type) bool {
	p, ok := t.(types.Prim)
	return ok && p != types.F32 && p != types.F64 && p != types.ErrorContext || isUnresolved(t)
}

// intern returns an existing type without a name that has the structure of t. If there is none, it
// adds a definition for t.
func (s *source) intern(t types.ValType, gate Stability, at diag.Span) types.ValType {
	k := s.key(t)
	if prev, ok := s.anon[string(k)]; ok {
		return prev
	}
	s.anon[string(k)] = t
	d := &TypeDef{Type: t, Stability: s.inherit(gate, t), Span: at}
	if s.addType(d) {
		s.referParts(t, at, diag.Span{})
	}
	return t
}

// key returns a text that identifies the structure of a type without a name.
func (s *source) key(t types.ValType) []byte {
	k := append(s.keyBuffer[:0], types.Describe(t)...)
	switch t := t.(type) {
	case *types.FixedList:
		k = strconv.AppendUint(k, uint64(t.Len), 10)
	case *types.Result:
		if t.OK == nil {
			k = append(k, '_')
		}
	}
	for part := range types.Parts(t) {
		k = strconv.AppendInt(append(k, ' '), int64(s.number(part)), 10)
	}
	s.keyBuffer = k
	return k
}

// number returns a number that identifies a type. It is negative for a primitive type.
func (s *source) number(t types.Type) int {
	if p, ok := t.(types.Prim); ok {
		return -int(p)
	}
	n := s.numbers[t]
	if n == 0 {
		n = len(s.numbers) + 1
		s.numbers[t] = n
	}
	return n
}

// typeName returns the type that a name refers to.
func (s *source) typeName(id syntax.Ident) *TypeDef {
	e, ok := s.block.names.Get(id.Name)
	switch {
	case !ok:
		s.unknownType("name", id, s.block.names.Keys(), "")
	case e.def == nil:
		s.errorf(s.at(id.Range), CodeWrongItem, "cannot use %s `%s` as a type", e.what, id.Name).Labelf(e.span, "the %s", e.what)
	default:
		s.uses(s.at(id.Range), e.def)
		return e.def
	}
	return unresolved()
}

// unknownType reports a name that does not refer to a type.
func (s *source) unknownType(what string, id syntax.Ident, known iter.Seq[string], self string) {
	if s.block.lossy {
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
func (s *source) resourceName(id syntax.Ident) *TypeDef {
	d := s.typeName(id)
	switch types.Unname(d.Type).(type) {
	case nil, *types.Resource:
		return d
	}
	for a := s.m.Alias(d); a != nil; a = s.m.Alias(a) {
		if a.Interface != nil && a.Interface.Package != s.pkg {
			s.errorf(s.at(id.Range), CodeBadHandle, "type used in a handle must be a resource").Labelf(a.Span, "`%s` is defined here", a.Name)
			return unresolved()
		}
	}
	s.errorf(s.at(id.Range), CodeBadHandle, "type `%s` used in a handle must be a resource", id.Name).Labelf(d.Span, "`%s` is defined here", id.Name)
	return unresolved()
}

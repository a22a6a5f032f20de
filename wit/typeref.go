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
func (r *resolver) unresolved() *TypeDef {
	d := &TypeDef{Type: new(types.Named)}
	r.m.byType[d.Type] = d
	return d
}

// isUnresolved reports whether t is the type of such a definition.
func isUnresolved(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Of == nil
}

// typeRef resolves a use of a type. A compound type gets a definition without a name, one for each
// structure in the package. The type of a resource is an `own` handle.
func (r *resolver) typeRef(t *syntax.Type, gate Stability) types.ValType {
	if t == nil {
		return nil
	}
	if int(t.Kind) < len(prims) {
		return prims[t.Kind]
	}
	switch t.Kind {
	case syntax.BadType:
		return r.unresolved().Type.(types.ValType)
	case syntax.Named:
		return r.value(r.typeName(t.Name).Type)
	case syntax.Own:
		return r.value(r.resourceName(t.Name).Type)
	}
	return r.intern(r.structure(t, gate).(types.ValType), gate, r.typeSpan(t))
}

// value returns t as the type of a value: the `own` handle of a resource, or t itself.
func (r *resolver) value(t types.Type) types.ValType {
	if _, ok := types.Unname(t).(*types.Resource); !ok {
		return t.(types.ValType)
	}
	h := r.handles[t]
	if h == nil {
		h = &types.Own{Of: t}
		r.handles[t] = h
	}
	return h
}

// defOf returns the definition of a type that is used. For the handle that stands for a resource,
// that is the definition of the resource. It returns nil for a primitive type.
func (r *resolver) defOf(t types.Type) *TypeDef {
	if h, ok := t.(*types.Own); ok && r.handles[h.Of] == h {
		t = h.Of
	}
	return r.m.byType[t]
}

// typeSpan returns the span of a type in messages: its first word, or the resource of a handle.
func (s *source) typeSpan(t *syntax.Type) diag.Span {
	if t.Kind == syntax.Own || t.Kind == syntax.Borrow {
		return s.at(t.Name.Range)
	}
	return s.at(t.Keyword)
}

// form returns the type that a definition describes. For an alias, that is its own type.
func (r *resolver) form(d *TypeDef) types.Type {
	if n, ok := d.Type.(*types.Named); ok && r.m.Alias(d) == nil {
		return n.Of
	}
	return d.Type
}

// inherit returns the gate of a type without a name: its own, or else the first gate among its
// parts.
func (r *resolver) inherit(gate Stability, t types.Type) Stability {
	for part := range types.Parts(t) {
		if d := r.defOf(part); d != nil && gate.IsZero() {
			gate = d.Stability
		}
	}
	return gate
}

// structure returns the type on the right-hand side of a definition. For a name, that is the type
// of another definition.
func (r *resolver) structure(t *syntax.Type, gate Stability) types.Type {
	if int(t.Kind) < len(prims) {
		return prims[t.Kind]
	}
	arg := func(i int) types.ValType {
		if i >= len(t.Args) {
			return nil
		}
		return r.typeRef(t.Args[i], gate)
	}
	switch t.Kind {
	case syntax.Named:
		return r.typeName(t.Name).Type
	case syntax.Own:
		return &types.Own{Of: r.resourceName(t.Name).Type}
	case syntax.Borrow:
		return &types.Borrow{Of: r.resourceName(t.Name).Type}
	case syntax.List:
		return &types.List{Elem: arg(0)}
	case syntax.FixedList:
		return &types.FixedList{Elem: arg(0), Len: t.Len}
	case syntax.Map:
		m := &types.Map{Key: arg(0), Value: arg(1)}
		if !mapKey(m.Key) {
			r.errorf(r.at(t.Keyword), CodeBadMapKey, "invalid map key type: map keys must be bool, u8, u16, u32, u64, s8, s16, s32, s64, char, or string").
				Labelf(r.typeSpan(t.Args[0]), "this type")
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
	return r.unresolved().Type
}

// mapKey reports whether a type can be the key of a map. Only primitive types can, not aliases of
// them.
func mapKey(t types.Type) bool {
	p, ok := t.(types.Prim)
	return ok && p != types.F32 && p != types.F64 && p != types.ErrorContext || isUnresolved(t)
}

// intern returns an existing type without a name that has the structure of t. If there is none, it
// adds a definition for t.
func (r *resolver) intern(t types.ValType, gate Stability, at diag.Span) types.ValType {
	k := r.key(t)
	if prev, ok := r.anon[string(k)]; ok {
		return prev
	}
	r.anon[string(k)] = t
	d := &TypeDef{Type: t, Stability: r.inherit(gate, t), Span: at}
	if r.addType(d) {
		r.referParts(t, at, diag.Span{})
	}
	return t
}

// key returns a text that identifies the structure of a type without a name.
func (r *resolver) key(t types.ValType) []byte {
	k := append(r.keyBuffer[:0], types.Describe(t)...)
	switch t := t.(type) {
	case *types.FixedList:
		k = strconv.AppendUint(k, uint64(t.Len), 10)
	case *types.Result:
		if t.OK == nil {
			k = append(k, '_')
		}
	}
	for part := range types.Parts(t) {
		k = strconv.AppendInt(append(k, ' '), int64(r.number(part)), 10)
	}
	r.keyBuffer = k
	return k
}

// number returns a number that identifies a type. It is negative for a primitive type.
func (r *resolver) number(t types.Type) int {
	if p, ok := t.(types.Prim); ok {
		return -int(p)
	}
	n := r.numbers[t]
	if n == 0 {
		n = len(r.numbers) + 1
		r.numbers[t] = n
	}
	return n
}

// typeName returns the type that a name refers to.
func (r *resolver) typeName(id syntax.Ident) *TypeDef {
	e, ok := r.block.names.Get(id.Name)
	switch {
	case !ok:
		r.unknownType("name", id, r.block.names.Keys(), "")
	case e.def == nil:
		r.errorf(r.at(id.Range), CodeWrongItem, "cannot use %s `%s` as a type", e.what, id.Name).Labelf(e.span, "the %s", e.what)
	default:
		r.uses(r.at(id.Range), e.def)
		return e.def
	}
	return r.unresolved()
}

// unknownType reports a name that does not refer to a type.
func (r *resolver) unknownType(what string, id syntax.Ident, known iter.Seq[string], self string) {
	if r.block.lossy {
		return
	}
	d := r.errorf(r.at(id.Range), CodeUnknownType, "%s `%s` does not exist", what, id.Name).Captionf("not found in this scope")
	r.hintType(d, id, func(yield func(string) bool) {
		for k := range known {
			if k != self && !yield(k) {
				return
			}
		}
	})
}

// resourceName returns the resource, or alias of one, that a handle names.
func (r *resolver) resourceName(id syntax.Ident) *TypeDef {
	d := r.typeName(id)
	switch types.Unname(d.Type).(type) {
	case nil, *types.Resource:
		return d
	}
	for a := r.m.Alias(d); a != nil; a = r.m.Alias(a) {
		if a.Interface != nil && a.Interface.Package != r.pkg {
			r.errorf(r.at(id.Range), CodeBadHandle, "type used in a handle must be a resource").Labelf(a.Span, "`%s` is defined here", a.Name)
			return r.unresolved()
		}
	}
	r.errorf(r.at(id.Range), CodeBadHandle, "type `%s` used in a handle must be a resource", id.Name).Labelf(d.Span, "`%s` is defined here", id.Name)
	return r.unresolved()
}

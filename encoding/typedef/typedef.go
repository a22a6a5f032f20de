// Package typedef writes types as the definitions of a component. It goes the way back from package
// validate, which reads the types that definitions mean.
package typedef

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// Encoder writes types as definitions. It adds the missing definitions to a component, and to the
// instance and component types that it builds.
//
// A named type or a resource cannot be defined again, because an import or export introduced it.
// Announce those that the component already has with [Encoder.Define]. The encoder asks Outer for
// the others. Inside an instance or component type it refers to them with outer aliases, and it
// finds there what that type declares itself. If a named type is unknown, the encoder drops the
// name and defines the type behind it in its place. An unknown resource is an error.
//
// The encoder does not define a type twice in the same scope. It is not safe for concurrent use.
type Encoder struct {
	// Outer returns the index of a [*types.Named] or [*types.Resource] in the component, and adds the
	// definitions it needs. It may be nil.
	Outer func(t types.Type) (encoding.TypeIdx, bool, error)
	// Canonical returns the one pointer to use for a [*types.Named] or [*types.Resource] that several
	// pointers represent. It may be nil.
	Canonical func(t types.Type) types.Type
	root      *scope
}

// space has the common methods of the builder of a component and the builder of a type.
type space interface {
	Type(encoding.DefType) encoding.TypeIdx
	CoreType(encoding.CoreDefType) encoding.CoreTypeIdx
	AliasOuter(count uint32, item encoding.Index) encoding.SortIndex
}

// scope is one scope and the types that are available in it.
type scope struct {
	e      *Encoder
	space  space
	parent *scope
	known  map[types.Type]encoding.TypeIdx
}

// New returns an encoder that adds to b.
func New(b *encoding.Builder) *Encoder {
	e := &Encoder{}
	e.root = &scope{e: e, space: b, known: make(map[types.Type]encoding.TypeIdx)}
	return e
}

// Define announces that t is at index i of the component.
func (e *Encoder) Define(t types.Type, i encoding.TypeIdx) { e.root.known[t] = i }

// Type returns the index of t in the component. It defines t if the component lacks it.
func (e *Encoder) Type(t types.Type) (encoding.TypeIdx, error) { return e.root.typ(t) }

// Extern returns the type for an import. It defines in the component what that type refers to. The
// import of an unknown resource declares a fresh type. The import of any other type declares a type
// equal to it.
func (e *Encoder) Extern(x types.Extern) (encoding.ExternType, error) { return e.root.extern(x) }

// Def returns the definition of a value type or function without its names. It calls part in order
// for each of the [types.Parts], and refers to them by the results; for the resource of a handle,
// that is a reference to its index. The error is the first one of part, or that t is of another
// kind.
func Def(t types.Type, part func(types.Type) (encoding.ValType, error)) (encoding.DefType, error) {
	var err error
	val := func(t types.Type) (v encoding.ValType) {
		if err == nil {
			v, err = part(t)
		}
		return v
	}
	d := define(types.Unname(t), val)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, fmt.Errorf("a type of the form `%s` cannot be defined from its parts", types.Describe(t))
	}
	return d, nil
}

// define returns nil if t is not a value type or function.
func define(t types.Type, val func(types.Type) encoding.ValType) encoding.DefType {
	opt := func(t types.ValType) *encoding.ValType {
		if t == nil {
			return nil
		}
		v := val(t)
		return &v
	}
	switch t := t.(type) {
	case types.Prim:
		return &encoding.PrimType{Prim: t}
	case *types.Record:
		fields := make([]encoding.Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = encoding.Field{Name: f.Name, Type: val(f.Type)}
		}
		return &encoding.Record{Fields: fields}
	case *types.Variant:
		cases := make([]encoding.Case, len(t.Cases))
		for i, c := range t.Cases {
			cases[i] = encoding.Case{Name: c.Name, Type: opt(c.Type)}
		}
		return &encoding.Variant{Cases: cases}
	case *types.Tuple:
		elems := make([]encoding.ValType, len(t.Elems))
		for i, e := range t.Elems {
			elems[i] = val(e)
		}
		return &encoding.Tuple{Elems: elems}
	case *types.Flags:
		return &encoding.Flags{Names: t.Names}
	case *types.Enum:
		return &encoding.Enum{Names: t.Names}
	case *types.List:
		return &encoding.List{Elem: val(t.Elem)}
	case *types.FixedList:
		return &encoding.FixedList{Elem: val(t.Elem), Len: t.Len}
	case *types.Option:
		return &encoding.Option{Elem: val(t.Elem)}
	case *types.Result:
		return &encoding.Result{OK: opt(t.OK), Err: opt(t.Err)}
	case *types.Map:
		return &encoding.Map{Key: val(t.Key), Value: val(t.Value)}
	case *types.Stream:
		return &encoding.Stream{Elem: opt(t.Elem)}
	case *types.Future:
		return &encoding.Future{Elem: opt(t.Elem)}
	case *types.Own:
		return &encoding.Own{Type: val(t.Of).Index}
	case *types.Borrow:
		return &encoding.Borrow{Type: val(t.Of).Index}
	case *types.Func:
		params := make([]encoding.Field, len(t.Params))
		for i, p := range t.Params {
			params[i] = encoding.Field{Name: p.Name, Type: val(p.Type)}
		}
		return &encoding.Func{Async: t.Async, Params: params, Result: opt(t.Result)}
	default:
		return nil
	}
}

func (s *scope) nested(space space) *scope {
	return &scope{e: s.e, space: space, parent: s, known: make(map[types.Type]encoding.TypeIdx)}
}

// find looks a type up in s and, by outer aliases, in the scopes around it.
func (s *scope) find(t types.Type) (encoding.TypeIdx, bool, error) {
	if s.e.Canonical != nil && isNominal(t) {
		t = s.e.Canonical(t)
	}
	if i, ok := s.known[t]; ok {
		return i, true, nil
	}
	count := uint32(0)
	for out := s; out != nil; out = out.parent {
		i, ok := out.known[t]
		if !ok && out.parent == nil && s.e.Outer != nil && isNominal(t) {
			var err error
			if i, ok, err = s.e.Outer(t); err != nil {
				return 0, false, err
			}
			if ok {
				out.known[t] = i
			}
		}
		if ok {
			if count > 0 {
				if !isNominal(t) {
					return 0, false, nil // defining it again is cheaper and clearer
				}
				i = s.space.AliasOuter(count, i).Type()
				s.known[t] = i
			}
			return i, true, nil
		}
		count++
	}
	return 0, false, nil
}

// isNominal reports whether the identity of a type comes from the import or export that introduced
// it.
func isNominal(t types.Type) bool {
	switch t.(type) {
	case *types.Named, *types.Resource:
		return true
	}
	return false
}

func (s *scope) typ(t types.Type) (encoding.TypeIdx, error) {
	if i, ok, err := s.find(t); ok || err != nil {
		return i, err
	}
	switch t := t.(type) {
	case *types.Named:
		return s.typ(t.Of)
	case *types.Resource:
		return 0, fmt.Errorf("resource `%s` is not available: the interface that exports it is neither imported nor instantiated", t.Name)
	}
	d, err := s.def(t)
	if err != nil {
		return 0, err
	}
	i := s.space.Type(d)
	s.known[t] = i
	return i, nil
}

// val returns the reference to a value type or resource. A primitive type needs no definition.
func (s *scope) val(t types.Type) (encoding.ValType, error) {
	if p, ok := t.(types.Prim); ok {
		return encoding.Prim(p), nil
	}
	i, err := s.typ(t)
	return encoding.Ref(i), err
}

func (s *scope) def(t types.Type) (encoding.DefType, error) {
	switch t := t.(type) {
	case *types.Instance:
		return s.instance(t)
	case *types.Component:
		return s.component(t)
	default:
		return Def(t, s.val)
	}
}

func (s *scope) instance(t *types.Instance) (encoding.DefType, error) {
	b := &encoding.TypeBuilder{}
	in := s.nested(b)
	for _, x := range t.Exports.All() {
		if err := in.declare(x, b.Export); err != nil {
			return nil, err
		}
	}
	return b.InstanceType(), nil
}

func (s *scope) component(t *types.Component) (encoding.DefType, error) {
	b := &encoding.TypeBuilder{}
	in := s.nested(b)
	for _, x := range t.Imports.All() {
		if err := in.declare(x, b.Import); err != nil {
			return nil, err
		}
	}
	for _, x := range t.Exports.All() {
		if err := in.declare(x, b.Export); err != nil {
			return nil, err
		}
	}
	return b.ComponentType(), nil
}

// declare adds an import or export. If the item is a type, that type becomes known in s.
func (s *scope) declare(x types.Item, add func(encoding.ExternName, encoding.ExternType) encoding.SortIndex) error {
	et, err := s.extern(x.Type)
	if err != nil {
		return fmt.Errorf("%s: %w", x.Name, err)
	}
	i := add(encoding.NameOf(x), et)
	if b, ok := x.Type.(*types.Bound); ok {
		s.known[b.Type] = i.Type()
	}
	return nil
}

func (s *scope) extern(x types.Extern) (encoding.ExternType, error) {
	switch x := x.(type) {
	case *types.Func:
		i, err := s.typ(x)
		return encoding.ExternFunc{Type: i}, err
	case *types.Instance:
		i, err := s.typ(x)
		return encoding.ExternInstance{Type: i}, err
	case *types.Component:
		i, err := s.typ(x)
		return encoding.ExternComponent{Type: i}, err
	case *types.Value:
		v, err := s.val(x.Type)
		return encoding.ExternValue{Type: v}, err
	case *types.Bound:
		return s.bound(x.Type)
	case *types.Module:
		d, err := s.module(x)
		if err != nil {
			return nil, err
		}
		return encoding.ExternCoreModule{Type: s.space.CoreType(d)}, nil
	default:
		panic(unreachable(x))
	}
}

// bound returns the type of a type import or export: (eq t) for a named type or a known resource,
// otherwise a fresh resource.
func (s *scope) bound(t types.Type) (encoding.ExternType, error) {
	if n, ok := t.(*types.Named); ok {
		i, err := s.typ(n.Of)
		return encoding.ExternTypeEq{Type: i}, err
	}
	if _, ok := t.(*types.Resource); ok {
		i, ok, err := s.find(t)
		if ok || err != nil {
			return encoding.ExternTypeEq{Type: i}, err
		}
		return encoding.ExternSubResource{}, nil
	}
	i, err := s.typ(t)
	return encoding.ExternTypeEq{Type: i}, err
}

// module makes a core module type that defines one type for each function.
func (s *scope) module(t *types.Module) (*encoding.CoreModuleType, error) {
	m := &encoding.CoreModuleType{}
	funcs := core.TypeIdx(0)
	ext := func(x types.CoreExtern) (core.ExternType, error) {
		et, rec, err := core.ExternOf(x, funcs)
		if rec != nil {
			m.Decls = append(m.Decls, &encoding.CoreTypeDecl{Rec: *rec})
			funcs++
		}
		return et, err
	}
	for _, im := range t.Imports {
		et, err := ext(im.Type)
		if err != nil {
			return nil, err
		}
		m.Decls = append(m.Decls, &encoding.CoreImportDecl{Import: core.Import{Module: im.Module, Name: im.Name, Type: et}})
	}
	for _, ex := range t.Exports {
		et, err := ext(ex.Type)
		if err != nil {
			return nil, err
		}
		m.Decls = append(m.Decls, &encoding.CoreExportDecl{Name: ex.Name, Type: et})
	}
	return m, nil
}

func unreachable(x any) string { return fmt.Sprintf("unreachable: %T", x) }

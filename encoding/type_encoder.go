package encoding

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// TypeEncoder turns types back into definitions. It adds the missing definitions to a component,
// and to the instance and component types that it builds.
//
// A named type or a resource cannot be defined again, because an import or export introduced it.
// Announce those that the component already has with [TypeEncoder.Define]. The encoder asks Outer
// for the others. Inside an instance or component type it refers to them with outer aliases, and it
// finds there what that type declares itself. If a named type is unknown, the encoder drops the
// name and defines the type behind it in its place. An unknown resource is an error.
//
// The encoder does not define a type twice in the same scope. It is not safe for concurrent use.
type TypeEncoder struct {
	// Outer returns the index of a [*types.Named] or [*types.Resource] in the component, and adds the
	// definitions it needs. It may be nil.
	Outer func(t types.Type) (TypeIdx, bool, error)
	// Canonical returns the one pointer to use for a [*types.Named] or [*types.Resource] that several
	// pointers represent. It may be nil.
	Canonical func(t types.Type) types.Type
	root      *typeScope
}

// typeSpace has the common methods of the builder of a component and the builder of a type.
type typeSpace interface {
	Type(DefType) TypeIdx
	CoreType(CoreDefType) CoreTypeIdx
	AliasOuter(count uint32, item Index) SortIndex
}

// typeScope is one scope and the types that are available in it.
type typeScope struct {
	e      *TypeEncoder
	space  typeSpace
	parent *typeScope
	known  map[types.Type]TypeIdx
}

// NewTypeEncoder returns an encoder that adds to b.
func NewTypeEncoder(b *Builder) *TypeEncoder {
	e := &TypeEncoder{}
	e.root = &typeScope{e: e, space: b, known: make(map[types.Type]TypeIdx)}
	return e
}

// Define announces that t is at index i of the component.
func (e *TypeEncoder) Define(t types.Type, i TypeIdx) { e.root.known[t] = i }

// Type returns the index of t in the component. It defines t if the component lacks it.
func (e *TypeEncoder) Type(t types.Type) (TypeIdx, error) { return e.root.typ(t) }

// Extern returns the type for an import. It defines in the component what that type refers to. The
// import of an unknown resource declares a fresh type. The import of any other type declares a type
// equal to it.
func (e *TypeEncoder) Extern(x types.Extern) (ExternType, error) { return e.root.extern(x) }

func (s *typeScope) nested(space typeSpace) *typeScope {
	return &typeScope{e: s.e, space: space, parent: s, known: make(map[types.Type]TypeIdx)}
}

// find looks a type up in s and, by outer aliases, in the scopes around it.
func (s *typeScope) find(t types.Type) (TypeIdx, bool, error) {
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

func (s *typeScope) typ(t types.Type) (TypeIdx, error) {
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

// val returns the reference to a value type. A primitive type needs no definition.
func (s *typeScope) val(t types.ValType) (ValType, error) {
	if p, ok := t.(types.Prim); ok {
		return Prim(p), nil
	}
	i, err := s.typ(t)
	return Ref(i), err
}

func (s *typeScope) optional(t types.ValType) (*ValType, error) {
	if t == nil {
		return nil, nil
	}
	v, err := s.val(t)
	return &v, err
}

func (s *typeScope) vals(ts []types.ValType) ([]ValType, error) {
	out := make([]ValType, len(ts))
	for i, t := range ts {
		var err error
		if out[i], err = s.val(t); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *typeScope) def(t types.Type) (DefType, error) {
	switch t := t.(type) {
	case types.Prim:
		return &PrimType{Prim: t}, nil
	case *types.Record:
		fields := make([]Field, len(t.Fields))
		for i, f := range t.Fields {
			v, err := s.val(f.Type)
			if err != nil {
				return nil, err
			}
			fields[i] = Field{Name: f.Name, Type: v}
		}
		return &Record{Fields: fields}, nil
	case *types.Variant:
		cases := make([]Case, len(t.Cases))
		for i, c := range t.Cases {
			v, err := s.optional(c.Type)
			if err != nil {
				return nil, err
			}
			cases[i] = Case{Name: c.Name, Type: v}
		}
		return &Variant{Cases: cases}, nil
	case *types.Tuple:
		elems, err := s.vals(t.Elems)
		return &Tuple{Elems: elems}, err
	case *types.Flags:
		return &Flags{Names: t.Names}, nil
	case *types.Enum:
		return &Enum{Names: t.Names}, nil
	case *types.Result:
		ok, err := s.optional(t.OK)
		if err != nil {
			return nil, err
		}
		e, err := s.optional(t.Err)
		return &Result{OK: ok, Err: e}, err
	case *types.Map:
		k, err := s.val(t.Key)
		if err != nil {
			return nil, err
		}
		v, err := s.val(t.Value)
		return &Map{Key: k, Value: v}, err
	case *types.Func:
		return s.function(t)
	case *types.Instance:
		return s.instance(t)
	case *types.Component:
		return s.component(t)
	default:
		return s.wrapper(t)
	}
}

// wrapper returns the definition of a type that contains one other type.
func (s *typeScope) wrapper(t types.Type) (DefType, error) {
	switch t := t.(type) {
	case *types.List:
		v, err := s.val(t.Elem)
		return &List{Elem: v}, err
	case *types.FixedList:
		v, err := s.val(t.Elem)
		return &FixedList{Elem: v, Len: t.Len}, err
	case *types.Option:
		v, err := s.val(t.Elem)
		return &Option{Elem: v}, err
	case *types.Stream:
		v, err := s.optional(t.Elem)
		return &Stream{Elem: v}, err
	case *types.Future:
		v, err := s.optional(t.Elem)
		return &Future{Elem: v}, err
	case *types.Own:
		i, err := s.typ(t.Of)
		return &Own{Type: i}, err
	case *types.Borrow:
		i, err := s.typ(t.Of)
		return &Borrow{Type: i}, err
	default:
		panic(unreachable(t))
	}
}

func (s *typeScope) function(t *types.Func) (DefType, error) {
	params := make([]Field, len(t.Params))
	for i, p := range t.Params {
		v, err := s.val(p.Type)
		if err != nil {
			return nil, err
		}
		params[i] = Field{Name: p.Name, Type: v}
	}
	r, err := s.optional(t.Result)
	return &Func{Async: t.Async, Params: params, Result: r}, err
}

func (s *typeScope) instance(t *types.Instance) (DefType, error) {
	b := &TypeBuilder{}
	in := s.nested(b)
	for _, x := range t.Exports.All() {
		if err := in.declare(x, b.Export); err != nil {
			return nil, err
		}
	}
	return b.InstanceType(), nil
}

func (s *typeScope) component(t *types.Component) (DefType, error) {
	b := &TypeBuilder{}
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
func (s *typeScope) declare(x types.Item, add func(ExternName, ExternType) SortIndex) error {
	et, err := s.extern(x.Type)
	if err != nil {
		return fmt.Errorf("%s: %w", x.Name, err)
	}
	i := add(NameOf(x), et)
	if b, ok := x.Type.(*types.Bound); ok {
		s.known[b.Type] = i.Type()
	}
	return nil
}

// NameOf returns the name of an item including its attributes.
func NameOf(x types.Item) ExternName {
	n := ExternName{Name: x.Name}
	if x.Implements != "" {
		n.Attrs = append(n.Attrs, Attr{AttrImplements, x.Implements})
	}
	if x.VersionSuffix != "" {
		n.Attrs = append(n.Attrs, Attr{AttrVersionSuffix, x.VersionSuffix})
	}
	if x.HasExternalID {
		n.Attrs = append(n.Attrs, Attr{AttrExternalID, x.ExternalID})
	}
	return n
}

func (s *typeScope) extern(x types.Extern) (ExternType, error) {
	switch x := x.(type) {
	case *types.Func:
		i, err := s.typ(x)
		return ExternFunc{i}, err
	case *types.Instance:
		i, err := s.typ(x)
		return ExternInstance{i}, err
	case *types.Component:
		i, err := s.typ(x)
		return ExternComponent{i}, err
	case *types.Value:
		v, err := s.val(x.Type)
		return ExternValue{v}, err
	case *types.Bound:
		return s.bound(x.Type)
	case *types.Module:
		d, err := s.module(x)
		if err != nil {
			return nil, err
		}
		return ExternCoreModule{s.space.CoreType(d)}, nil
	default:
		panic(unreachable(x))
	}
}

// bound returns the type of a type import or export: (eq t) for a named type or a known resource,
// otherwise a fresh resource.
func (s *typeScope) bound(t types.Type) (ExternType, error) {
	if n, ok := t.(*types.Named); ok {
		i, err := s.typ(n.Of)
		return ExternTypeEq{i}, err
	}
	if _, ok := t.(*types.Resource); ok {
		i, ok, err := s.find(t)
		if ok || err != nil {
			return ExternTypeEq{i}, err
		}
		return ExternSubResource{}, nil
	}
	i, err := s.typ(t)
	return ExternTypeEq{i}, err
}

// module makes a core module type that defines one type for each function.
func (s *typeScope) module(t *types.Module) (*CoreModuleType, error) {
	m := &CoreModuleType{}
	funcs := core.TypeIdx(0)
	ext := func(x types.CoreExtern) (core.ExternType, error) {
		et, rec, err := core.ExternOf(x, funcs)
		if rec != nil {
			m.Decls = append(m.Decls, &CoreTypeDecl{Rec: *rec})
			funcs++
		}
		return et, err
	}
	for _, im := range t.Imports {
		et, err := ext(im.Type)
		if err != nil {
			return nil, err
		}
		m.Decls = append(m.Decls, &CoreImportDecl{Import: core.Import{Module: im.Module, Name: im.Name, Type: et}})
	}
	for _, ex := range t.Exports {
		et, err := ext(ex.Type)
		if err != nil {
			return nil, err
		}
		m.Decls = append(m.Decls, &CoreExportDecl{Name: ex.Name, Type: et})
	}
	return m, nil
}

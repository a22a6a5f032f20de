package validate

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// typeDef adds a type definition to the type index space.
func (s *scope) typeDef(d encoding.DefType, at encoding.Def) error {
	t, err := s.defType(d, at)
	if err != nil {
		return err
	}
	if err := s.v.checkSize(t); err != nil {
		return err
	}
	if _, ok := d.(*encoding.Resource); ok {
		set(&s.visible.private, len(s.Types), true)
	}
	s.Types = append(s.Types, t)
	return nil
}

func (s *scope) defType(d encoding.DefType, at encoding.Def) (types.Type, error) {
	switch d := d.(type) {
	case *encoding.Func:
		return s.funcType(d)
	case *encoding.ComponentType:
		return s.componentTypeDef(d)
	case *encoding.InstanceType:
		return s.instanceTypeDef(d)
	case *encoding.Resource:
		return s.resourceDef(d)
	}
	t, err := s.valTypeDef(d)
	if err != nil {
		return nil, err
	}
	if s.v.layout.ElemSize(t) > abi.MaxElemSize {
		return nil, errorf(CodeLimit, "type exceeds maximum byte size of %d", abi.MaxElemSize)
	}
	return t, nil
}

func (s *scope) valType(v encoding.ValType) (types.ValType, error) {
	if !v.IsPrim() {
		return s.valTypeAt(v.Index)
	}
	if v.Prim == types.ErrorContext {
		s.v.need(feature.ErrorContext, "`error-context`")
	}
	return v.Prim, nil
}

func (s *scope) optValType(v *encoding.ValType) (types.ValType, error) {
	if v == nil {
		return nil, nil
	}
	return s.valType(*v)
}

func (s *scope) valTypeDef(d encoding.DefType) (types.ValType, error) {
	switch d := d.(type) {
	case *encoding.PrimType:
		return s.valType(encoding.Prim(d.Prim))
	case *encoding.Record:
		return s.record(d)
	case *encoding.Variant:
		return s.variant(d)
	case *encoding.List:
		return wrap(s, d.Elem, func(e types.ValType) types.ValType { return &types.List{Elem: e} })
	case *encoding.FixedList:
		s.v.need(feature.FixedLengthLists, "a fixed-length list")
		if d.Len == 0 {
			return nil, errorf(CodeType, "Fixed-length lists must have more than zero elements")
		}
		return wrap(s, d.Elem, func(e types.ValType) types.ValType { return &types.FixedList{Elem: e, Len: d.Len} })
	case *encoding.Tuple:
		return s.tuple(d)
	case *encoding.Flags:
		if len(d.Names) > abi.MaxFlags {
			return nil, errorf(CodeType, "cannot have more than %d flags", abi.MaxFlags)
		}
		if len(d.Names) == 0 {
			return nil, errorf(CodeType, "flags must have at least one entry")
		}
		return &types.Flags{Names: d.Names}, labels("flag", "flag name", "flag name", d.Names)
	case *encoding.Enum:
		if len(d.Names) == 0 {
			return nil, errorf(CodeType, "enum type must have at least one variant")
		}
		return &types.Enum{Names: d.Names}, labels("enum tag", "enum tag name", "tag name", d.Names)
	case *encoding.Option:
		return wrap(s, d.Elem, func(e types.ValType) types.ValType { return &types.Option{Elem: e} })
	case *encoding.Result:
		ok, err := s.optValType(d.OK)
		if err != nil {
			return nil, err
		}
		e, err := s.optValType(d.Err)
		return &types.Result{OK: ok, Err: e}, err
	case *encoding.Own:
		t, _, err := s.resourceAt(d.Type)
		own := &types.Own{Of: t}
		s.visible.hide(own, d.Type)
		return own, err
	case *encoding.Borrow:
		t, _, err := s.resourceAt(d.Type)
		borrow := &types.Borrow{Of: t}
		s.visible.hide(borrow, d.Type)
		return borrow, err
	case *encoding.Stream:
		e, err := s.payload("stream", d.Elem)
		return &types.Stream{Elem: e}, err
	case *encoding.Future:
		e, err := s.payload("future", d.Elem)
		return &types.Future{Elem: e}, err
	case *encoding.Map:
		return s.mapType(d)
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
}

func wrap(s *scope, elem encoding.ValType, make func(types.ValType) types.ValType) (types.ValType, error) {
	e, err := s.valType(elem)
	if err != nil {
		return nil, err
	}
	return make(e), nil
}

// labels checks that names are valid labels and strongly unique.
func labels(desc, conflict, previous string, names []string) error {
	seen := make(map[string]string, len(names))
	for _, n := range names {
		if err := label(desc, n); err != nil {
			return err
		}
		if prev, ok := seen[name.LabelKey(n)]; ok {
			return errorf(CodeName, "%s `%s` conflicts with previous %s `%s`", conflict, n, previous, prev)
		}
		seen[name.LabelKey(n)] = n
	}
	return nil
}

func label(desc, n string) error {
	if n == "" {
		return errorf(CodeName, "%s name cannot be empty", desc)
	}
	if !name.IsLabel(n) {
		return errorf(CodeName, "%s name `%s` is not in kebab case", desc, n)
	}
	return nil
}

func (s *scope) record(d *encoding.Record) (types.ValType, error) {
	if len(d.Fields) == 0 {
		return nil, errorf(CodeType, "record type must have at least one field")
	}
	t := &types.Record{Fields: make([]types.Field, len(d.Fields))}
	names := make([]string, len(d.Fields))
	for i, f := range d.Fields {
		names[i] = f.Name
		v, err := s.valType(f.Type)
		if err != nil {
			return nil, err
		}
		t.Fields[i] = types.Field{Name: f.Name, Type: v}
	}
	return t, labels("record field", "record field name", "field name", names)
}

func (s *scope) variant(d *encoding.Variant) (types.ValType, error) {
	if len(d.Cases) == 0 {
		return nil, errorf(CodeType, "variant type must have at least one case")
	}
	t := &types.Variant{Cases: make([]types.Case, len(d.Cases))}
	names := make([]string, len(d.Cases))
	for i, c := range d.Cases {
		names[i] = c.Name
		v, err := s.optValType(c.Type)
		if err != nil {
			return nil, err
		}
		t.Cases[i] = types.Case{Name: c.Name, Type: v}
	}
	return t, labels("variant case", "variant case name", "case name", names)
}

func (s *scope) tuple(d *encoding.Tuple) (types.ValType, error) {
	if len(d.Elems) == 0 {
		return nil, errorf(CodeType, "tuple type must have at least one type")
	}
	t := &types.Tuple{Elems: make([]types.ValType, len(d.Elems))}
	for i, e := range d.Elems {
		v, err := s.valType(e)
		if err != nil {
			return nil, err
		}
		t.Elems[i] = v
	}
	return t, nil
}

func (s *scope) payload(what string, elem *encoding.ValType) (types.ValType, error) {
	e, err := s.optValType(elem)
	if err != nil {
		return nil, err
	}
	s.v.need(feature.Async, "`"+what+"`")
	if e == nil {
		return nil, nil
	}
	if what == "stream" && types.UnnameVal(e) == types.Char {
		return nil, errorf(CodeType, "`stream<char>` is not valid at this time, use `stream<u8>` with a defined by encoding instead for now")
	}
	if s.v.factsOf(e).borrow {
		return nil, errorf(CodeType, "%s payload type cannot contain a `borrow` type", what)
	}
	return e, nil
}

func (s *scope) mapType(d *encoding.Map) (types.ValType, error) {
	s.v.need(feature.Map, "`map`")
	k, err := s.valType(d.Key)
	if err != nil {
		return nil, err
	}
	v, err := s.valType(d.Value)
	if err != nil {
		return nil, err
	}
	switch types.UnnameVal(k) {
	case types.Bool, types.S8, types.U8, types.S16, types.U16, types.S32, types.U32, types.S64, types.U64, types.Char, types.String:
		return &types.Map{Key: k, Value: v}, nil
	}
	return nil, errorf(CodeType, "invalid map key type `%s`: keys are bool, integers, char or string", types.TypeString(k))
}

func (s *scope) funcType(d *encoding.Func) (*types.Func, error) {
	if d.Async {
		s.v.need(feature.Async, "an `async` function type")
	}
	t := &types.Func{Async: d.Async, Params: make([]types.Param, len(d.Params))}
	names := make([]string, len(d.Params))
	for i, p := range d.Params {
		names[i] = p.Name
		v, err := s.valType(p.Type)
		if err != nil {
			return nil, err
		}
		t.Params[i] = types.Param{Name: p.Name, Type: v}
	}
	if err := labels("function parameter", "function parameter name", "parameter name", names); err != nil {
		return nil, err
	}
	r, err := s.optValType(d.Result)
	if err != nil {
		return nil, err
	}
	if r != nil && s.v.factsOf(r).borrow {
		return nil, errorf(CodeType, "function result cannot contain a `borrow` type")
	}
	t.Result = r
	return t, nil
}

func (s *scope) resourceDef(d *encoding.Resource) (types.Type, error) {
	if s.kind != inComponent {
		return nil, errorf(CodeResource, "resources can only be defined within a concrete component")
	}
	rep, err := s.coreVal(d.Rep)
	if err != nil {
		return nil, err
	}
	if rep == types.I64 {
		s.v.needText(feature.ComponentMemory64, "resources with `i64` require the `cm64` feature to be enabled")
	} else if rep != types.I32 {
		if s.v.features.Has(feature.ComponentMemory64) {
			return nil, errorf(CodeResource, "resources can only be represented by `i32` or `i64`")
		}
		return nil, errorf(CodeResource, "resources can only be represented by `i32`")
	}
	if d.Dtor != nil {
		f, err := s.coreFuncAt(*d.Dtor)
		if err != nil {
			return nil, err
		}
		if len(f.Params) != 1 || f.Params[0] != rep || len(f.Results) != 0 {
			return nil, errorf(CodeResource, "core function %d has wrong signature for a destructor", *d.Dtor)
		}
	}
	r := &types.Resource{Local: true, Rep: rep, HasDtor: d.Dtor != nil}
	set(&s.local, r, true)
	return r, nil
}

// depth returns the number of scopes from s outwards, including s.
func (s *scope) depth() int {
	n := 0
	for p := s; p != nil; p = p.parent {
		n++
	}
	return n
}

func (s *scope) componentTypeDef(d *encoding.ComponentType) (types.Type, error) {
	in := s.v.newScope(inComponentType, s)
	if err := in.decls(d.Decls); err != nil {
		return nil, err
	}
	return in.componentType(), nil
}

func (s *scope) instanceTypeDef(d *encoding.InstanceType) (types.Type, error) {
	in := s.v.newScope(inInstanceType, s)
	if err := in.decls(d.Decls); err != nil {
		return nil, err
	}
	return &types.Instance{Exports: in.exports.items(), Resources: in.exportedRes}, nil
}

func (s *scope) decls(ds []encoding.Decl) error {
	if s.depth() > encoding.MaxNesting {
		return errorf(CodeLimit, "type nesting is too deep")
	}
	exports := 0
	for _, d := range ds {
		if _, ok := d.(*encoding.ExportDecl); ok {
			exports++
		}
	}
	s.exports.expect(exports)
	for _, d := range ds {
		if err := s.decl(d); err != nil {
			return locate(d.Offsets(), err)
		}
	}
	return nil
}

func (s *scope) decl(d encoding.Decl) error {
	switch d := d.(type) {
	case *encoding.CoreType:
		return s.coreType(d)
	case *encoding.Type:
		return s.typeDef(d.Def, d)
	case *encoding.Alias:
		return s.aliasDecl(d)
	case *encoding.Import:
		return s.importDef(d.Name, d.Type)
	case *encoding.ExportDecl:
		return s.exportDecl(d)
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
}

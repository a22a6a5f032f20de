package componentize

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// interfaceEncoder builds a component type from interfaces, functions and types of a model. Named
// types are imported or exported at their first use, so that the order is that of the model.
type interfaceEncoder struct {
	outer *encoding.TypeBuilder
	// inner is the instance type under construction, or nil.
	inner *encoding.TypeBuilder
	// root is the scope of the component type, and scope that of the type under construction.
	root, scope *scope
	// instances maps interfaces to their imports and exports so far. An export replaces the import,
	// because later exports use the export.
	instances map[*wit.Interface]encoding.InstanceIdx
	aliases   map[aliasKey]encoding.TypeIdx
}

// aliasKey is a type of an instance.
type aliasKey struct {
	instance encoding.InstanceIdx
	def      *wit.TypeDef
}

func newInterfaceEncoder(m *wit.Model) *interfaceEncoder {
	e := &interfaceEncoder{
		outer: &encoding.TypeBuilder{}, instances: map[*wit.Interface]encoding.InstanceIdx{}, aliases: map[aliasKey]encoding.TypeIdx{},
	}
	e.root = e.newScope(m, typeNumbers{}, e.outer, e.outer.Import, nil)
	e.scope = e.root
	return e
}

// newScope returns the scope of a type under construction, which declares named types.
func (e *interfaceEncoder) newScope(m *wit.Model, n typeNumbers, b *encoding.TypeBuilder, declare declareFunc, current *wit.Interface) *scope {
	return &scope{
		m: m, numbers: n, known: newKnownTypes(), current: current, define: b.Type, foreign: e.alias,
		named: func(d *wit.TypeDef, i encoding.TypeIdx) encoding.TypeIdx {
			return declare(typeName(d), encoding.ExternTypeEq{Type: i}).Type()
		},
		resource: func(d *wit.TypeDef) encoding.TypeIdx {
			return declare(typeName(d), encoding.ExternSubResource{}).Type()
		},
	}
}

// declareFunc adds an import or an export.
type declareFunc = func(encoding.ExternName, encoding.ExternType) encoding.SortIndex

// typeName returns the name under which a type is imported and exported.
func typeName(d *wit.TypeDef) encoding.ExternName {
	return externName(d.Name, "", d.ExternalID, d.HasExternalID)
}

// addInstance records that the instance at index i has the types of an interface.
func (e *interfaceEncoder) addInstance(of *wit.Interface, i encoding.InstanceIdx) {
	e.instances[of] = i
}

// instance defines the instance type of an interface, with all of its types and, if funcs is set,
// its functions.
func (e *interfaceEncoder) instance(i *wit.Interface, funcs bool) (encoding.TypeIdx, error) {
	b := &encoding.TypeBuilder{}
	s := e.newScope(e.root.m, e.root.numbers, b, b.Export, i)
	e.inner, e.scope = b, s
	defer func() { e.inner, e.scope = nil, e.root }()
	for _, t := range i.Types {
		if _, err := s.typ(t.Type); err != nil {
			return 0, err
		}
	}
	if funcs {
		for _, f := range resourcesFirst(i) {
			t, err := s.function(f)
			if err != nil {
				return 0, err
			}
			b.Export(externName(f.Name, "", f.ExternalID, f.HasExternalID), encoding.ExternFunc{Type: t})
		}
	}
	return e.outer.Type(b.InstanceType()), nil
}

// resourcesFirst returns the functions of an interface in the order of the text: those of
// resources, and then the others.
func resourcesFirst(i *wit.Interface) []*wit.Func {
	place := make(map[*wit.TypeDef]int, len(i.Types))
	for n, t := range i.Types {
		place[t] = n
	}
	order := func(f *wit.Func) int {
		if f.Resource == nil {
			return len(i.Types)
		}
		if n, ok := place[f.Resource]; ok {
			return n
		}
		return -1
	}
	list := slices.Clone(i.Funcs)
	slices.SortStableFunc(list, func(a, b *wit.Func) int { return order(a) - order(b) })
	return list
}

// alias adds an alias of a type of an interface that is imported or exported already.
func (e *interfaceEncoder) alias(d *wit.TypeDef) (encoding.TypeIdx, error) {
	at, ok := e.instances[d.Interface]
	if !ok {
		return 0, fmt.Errorf("type `%s` is used, but not its interface `%s`", d.Name, d.Interface.ID())
	}
	key := aliasKey{at, d}
	i, ok := e.aliases[key]
	if !ok {
		i = e.outer.AliasExport(at, encoding.SortType, d.Name).Type()
		e.aliases[key] = i
	}
	if e.inner != nil {
		return e.inner.AliasOuter(1, i).Type(), nil
	}
	return i, nil
}

// defType returns the definition of a type with the shape of t and the element types vals.
func defType(t types.Type, vals []*encoding.ValType) (encoding.DefType, error) {
	switch t := t.(type) {
	case *types.Record:
		fields := make([]encoding.Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = encoding.Field{Name: f.Name, Type: *vals[i]}
		}
		return &encoding.Record{Fields: fields}, nil
	case *types.Variant:
		cases := make([]encoding.Case, len(t.Cases))
		for i, c := range t.Cases {
			cases[i] = encoding.Case{Name: c.Name, Type: vals[i]}
		}
		return &encoding.Variant{Cases: cases}, nil
	case *types.Tuple:
		elems := make([]encoding.ValType, len(vals))
		for i, v := range vals {
			elems[i] = *v
		}
		return &encoding.Tuple{Elems: elems}, nil
	case *types.Flags:
		return &encoding.Flags{Names: t.Names}, nil
	case *types.Enum:
		return &encoding.Enum{Names: t.Names}, nil
	case *types.List:
		return &encoding.List{Elem: *vals[0]}, nil
	case *types.FixedList:
		return &encoding.FixedList{Elem: *vals[0], Len: t.Len}, nil
	case *types.Option:
		return &encoding.Option{Elem: *vals[0]}, nil
	case *types.Result:
		return &encoding.Result{OK: vals[0], Err: vals[1]}, nil
	case *types.Map:
		return &encoding.Map{Key: *vals[0], Value: *vals[1]}, nil
	case *types.Own:
		return &encoding.Own{Type: vals[0].Index}, nil
	case *types.Borrow:
		return &encoding.Borrow{Type: vals[0].Index}, nil
	case *types.Stream:
		return &encoding.Stream{Elem: vals[0]}, nil
	case *types.Future:
		return &encoding.Future{Elem: vals[0]}, nil
	default:
		return nil, fmt.Errorf("a %s cannot be defined here", types.Describe(t))
	}
}

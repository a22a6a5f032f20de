package componentize

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// interfaceEncoder makes a component type out of interfaces, functions and types of a model. Named types are imported or exported where they
// are reached first, so that the order is that of the model.
type interfaceEncoder struct {
	m     *wit.Model
	outer *encoding.TypeBuilder
	known *knownTypes
	// inner is the instance type that is being made, of interface current, and innerKnown its types; nil outside of one.
	inner      *encoding.TypeBuilder
	innerKnown *knownTypes
	current    *wit.Interface
	// instances are the imports and exports so far, an export taking the place of the import: it is what later exports use.
	instances map[*wit.Interface]encoding.InstanceIdx
	aliases   map[aliasKey]encoding.TypeIdx
	numbers   map[types.Type]int
}

// aliasKey is a type of an instance.
type aliasKey struct {
	instance encoding.InstanceIdx
	def      *wit.TypeDef
}

// knownTypes are the types and function types that a scope has already.
type knownTypes struct {
	defs map[*wit.TypeDef]encoding.TypeIdx
	// shapes are types without names, and funcs are function types, by what tells them apart.
	shapes, funcs map[string]encoding.TypeIdx
}

func newKnownTypes() *knownTypes {
	return &knownTypes{map[*wit.TypeDef]encoding.TypeIdx{}, map[string]encoding.TypeIdx{}, map[string]encoding.TypeIdx{}}
}

func newInterfaceEncoder(m *wit.Model) *interfaceEncoder {
	return &interfaceEncoder{
		m: m, outer: &encoding.TypeBuilder{}, known: newKnownTypes(), instances: map[*wit.Interface]encoding.InstanceIdx{},
		aliases: map[aliasKey]encoding.TypeIdx{}, numbers: map[types.Type]int{},
	}
}

// scope returns where types are defined at the moment.
func (e *interfaceEncoder) scope() (*encoding.TypeBuilder, *knownTypes) {
	if e.inner != nil {
		return e.inner, e.innerKnown
	}
	return e.outer, e.known
}

// bring announces that the instance at index i has the types of an interface.
func (e *interfaceEncoder) bring(of *wit.Interface, i encoding.InstanceIdx) { e.instances[of] = i }

// instance defines the instance type of an interface, with all of its types and, if asked for, functions.
func (e *interfaceEncoder) instance(i *wit.Interface, funcs bool) (encoding.TypeIdx, error) {
	b := &encoding.TypeBuilder{}
	e.inner, e.innerKnown, e.current = b, newKnownTypes(), i
	defer func() { e.inner, e.innerKnown, e.current = nil, nil, nil }()
	for _, t := range i.Types {
		if _, err := e.typ(t.Type); err != nil {
			return 0, err
		}
	}
	if funcs {
		for _, f := range resourcesFirst(i) {
			t, err := e.function(f)
			if err != nil {
				return 0, err
			}
			b.Export(externName(f.Name, "", f.ExternalID, f.HasExternalID), encoding.ExternFunc{Type: t})
		}
	}
	return e.outer.Type(b.InstanceType()), nil
}

// resourcesFirst returns the functions of an interface in the order of its text: those of resources, and then the others.
func resourcesFirst(i *wit.Interface) []*wit.Func {
	order := func(f *wit.Func) int {
		if f.Resource == nil {
			return len(i.Types)
		}
		return slices.Index(i.Types, f.Resource)
	}
	list := slices.Clone(i.Funcs)
	slices.SortStableFunc(list, func(a, b *wit.Func) int { return order(a) - order(b) })
	return list
}

// number identifies a type within a key.
func (e *interfaceEncoder) number(t types.Type) string {
	if t == nil {
		return "-"
	}
	n, ok := e.numbers[t]
	if !ok {
		n = len(e.numbers)
		e.numbers[t] = n
	}
	return strconv.Itoa(n)
}

func (e *interfaceEncoder) function(f *wit.Func) (encoding.TypeIdx, error) {
	var key strings.Builder
	fmt.Fprint(&key, f.Async, " ", e.number(part(f.Result)))
	for _, p := range f.Params {
		key.WriteString(" " + p.Name + " " + e.number(p.Type))
	}
	b, known := e.scope()
	if i, ok := known.funcs[key.String()]; ok {
		return i, nil
	}
	t := &encoding.Func{Async: f.Async, Params: make([]encoding.Field, len(f.Params))}
	for i, p := range f.Params {
		v, err := e.val(p.Type)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", f.Name, err)
		}
		t.Params[i] = encoding.Field{Name: p.Name, Type: v}
	}
	var err error
	if t.Result, err = e.optional(part(f.Result)); err != nil {
		return 0, fmt.Errorf("%s: %w", f.Name, err)
	}
	i := b.Type(t)
	known.funcs[key.String()] = i
	return i, nil
}

func (e *interfaceEncoder) val(t types.Type) (encoding.ValType, error) {
	if p, ok := t.(types.Prim); ok {
		return encoding.Prim(p), nil
	}
	i, err := e.typ(t)
	return encoding.Ref(i), err
}

func (e *interfaceEncoder) optional(t types.Type) (*encoding.ValType, error) {
	if t == nil {
		return nil, nil
	}
	v, err := e.val(t)
	return &v, err
}

// typ returns the index of a type of the model in the scope at hand, and brings it there if needed.
func (e *interfaceEncoder) typ(t types.Type) (encoding.TypeIdx, error) {
	d := e.m.Def(t)
	if d == nil {
		return 0, fmt.Errorf("the model does not list the type %s", types.Describe(t))
	}
	b, known := e.scope()
	if i, ok := known.defs[d]; ok {
		return i, nil
	}
	key := ""
	if d.Name == "" {
		s, parts := shape(t)
		key = s
		for _, p := range parts {
			key += " " + e.number(p)
		}
		if i, ok := known.shapes[key]; ok {
			known.defs[d] = i
			return i, nil
		}
	}
	i, err := e.bringType(b, d)
	if err != nil {
		return 0, err
	}
	known.defs[d] = i
	if d.Name == "" {
		known.shapes[key] = i
	}
	return i, nil
}

// bringType adds a type to the scope: by an alias if it belongs to another interface, else with its name if it has one.
func (e *interfaceEncoder) bringType(b *encoding.TypeBuilder, d *wit.TypeDef) (encoding.TypeIdx, error) {
	if d.Interface != nil && d.Interface != e.current {
		return e.alias(d)
	}
	declare := b.Import
	if e.inner != nil {
		declare = b.Export
	}
	name := externName(d.Name, "", d.ExternalID, d.HasExternalID)
	if _, ok := d.Type.(*types.Resource); ok {
		return declare(name, encoding.ExternSubResource{}).Type(), nil
	}
	n, ok := d.Type.(*types.Named)
	if !ok {
		return e.define(b, d.Type)
	}
	var i encoding.TypeIdx
	var err error
	switch p, prim := n.Of.(types.Prim); {
	case prim:
		i = b.Type(&encoding.PrimType{Prim: p})
	case e.m.Def(n.Of) != nil:
		i, err = e.typ(n.Of)
	default:
		i, err = e.define(b, n.Of)
	}
	if err != nil {
		return 0, err
	}
	return declare(name, encoding.ExternTypeEq{Type: i}).Type(), nil
}

// alias refers to a type of an interface that is there already.
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

// define adds the definition of a type, which is neither a resource nor another name.
func (e *interfaceEncoder) define(b *encoding.TypeBuilder, t types.Type) (encoding.TypeIdx, error) {
	_, parts := shape(t)
	vals := make([]*encoding.ValType, len(parts))
	for i, p := range parts {
		var err error
		if vals[i], err = e.optional(p); err != nil {
			return 0, err
		}
	}
	def, err := defType(t, vals)
	if err != nil {
		return 0, err
	}
	return b.Type(def), nil
}

// defType returns the definition of a type whose parts are vals.
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

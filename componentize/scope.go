package componentize

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// typeNumbers numbers types for use in keys.
type typeNumbers map[types.Type]int

// number returns the number of a type in a key, or "-" for nil.
func (n typeNumbers) number(t types.Type) string {
	if t == nil {
		return "-"
	}
	i, ok := n[t]
	if !ok {
		i = len(n)
		n[t] = i
	}
	return strconv.Itoa(i)
}

// shapeKey returns a key for a type that has a shape.
func (n typeNumbers) shapeKey(t types.Type) string {
	key, parts := shape(t)
	for _, p := range parts {
		key += " " + n.number(p)
	}
	return key
}

// funcKey returns a key for the type of a function.
func (n typeNumbers) funcKey(f *wit.Func) string {
	var key strings.Builder
	fmt.Fprint(&key, f.Async, " ", n.number(optionalType(f.Result)))
	for _, p := range f.Params {
		key.WriteString(" " + p.Name + " " + n.number(p.Type))
	}
	return key.String()
}

// scope is a type index space to which types of the model are added when they are needed. It
// belongs to a component, or to an instance type or component in it. Scopes differ in how they
// treat named types.
type scope struct {
	m       *wit.Model
	numbers typeNumbers
	known   *knownTypes
	// current is the interface whose types are defined here. Types of other interfaces come from
	// foreign.
	current *wit.Interface

	define func(encoding.DefType) encoding.TypeIdx
	// named gives the definition at an index its name, and returns the index to use from then on.
	named    func(d *wit.TypeDef, i encoding.TypeIdx) encoding.TypeIdx
	resource func(d *wit.TypeDef) encoding.TypeIdx
	foreign  func(d *wit.TypeDef) (encoding.TypeIdx, error)
}

// knownTypes holds the types and function types that a scope already has.
type knownTypes struct {
	defs map[*wit.TypeDef]encoding.TypeIdx
	// shapes holds types without names, and funcs function types, by their keys.
	shapes, funcs map[string]encoding.TypeIdx
}

func newKnownTypes() *knownTypes {
	return &knownTypes{map[*wit.TypeDef]encoding.TypeIdx{}, map[string]encoding.TypeIdx{}, map[string]encoding.TypeIdx{}}
}

// clone returns a copy to which types can be added.
func (k *knownTypes) clone() *knownTypes {
	return &knownTypes{maps.Clone(k.defs), maps.Clone(k.shapes), maps.Clone(k.funcs)}
}

func (s *scope) function(f *wit.Func) (encoding.TypeIdx, error) {
	key := s.numbers.funcKey(f)
	if i, ok := s.known.funcs[key]; ok {
		return i, nil
	}
	t := &encoding.Func{Async: f.Async, Params: make([]encoding.Field, len(f.Params))}
	for i, p := range f.Params {
		v, err := s.val(p.Type)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", f.Name, err)
		}
		t.Params[i] = encoding.Field{Name: p.Name, Type: v}
	}
	var err error
	if t.Result, err = s.optional(optionalType(f.Result)); err != nil {
		return 0, fmt.Errorf("%s: %w", f.Name, err)
	}
	i := s.define(t)
	s.known.funcs[key] = i
	return i, nil
}

func (s *scope) val(t types.Type) (encoding.ValType, error) {
	if p, ok := t.(types.Prim); ok {
		return encoding.Prim(p), nil
	}
	i, err := s.typ(t)
	return encoding.Ref(i), err
}

func (s *scope) optional(t types.Type) (*encoding.ValType, error) {
	if t == nil {
		return nil, nil
	}
	v, err := s.val(t)
	return &v, err
}

// typ returns the index of a type of the model, which it adds on first use.
func (s *scope) typ(t types.Type) (encoding.TypeIdx, error) {
	d := s.m.Def(t)
	if d == nil {
		return 0, fmt.Errorf("the model does not list the type %s", types.Describe(t))
	}
	if i, ok := s.known.defs[d]; ok {
		return i, nil
	}
	key := ""
	if d.Name == "" {
		key = s.numbers.shapeKey(t)
		if i, ok := s.known.shapes[key]; ok {
			// Do not record the definition as known: the shape is removed once an interface is exported that
			// names such a type.
			return i, nil
		}
	}
	i, err := s.add(d)
	if err != nil {
		return 0, err
	}
	s.known.defs[d] = i
	if d.Name == "" {
		s.known.shapes[key] = i
	}
	return i, nil
}

// add adds a type: from another interface, or else with its name if it has one.
func (s *scope) add(d *wit.TypeDef) (encoding.TypeIdx, error) {
	if d.Interface != nil && d.Interface != s.current {
		return s.foreign(d)
	}
	if _, ok := d.Type.(*types.Resource); ok {
		return s.resource(d), nil
	}
	n, ok := d.Type.(*types.Named)
	if !ok {
		return s.addDefinition(d.Type)
	}
	var i encoding.TypeIdx
	var err error
	switch p, prim := n.Of.(types.Prim); {
	case prim:
		i = s.define(&encoding.PrimType{Prim: p})
	case s.m.Def(n.Of) != nil:
		i, err = s.typ(n.Of)
	default:
		i, err = s.addDefinition(n.Of)
	}
	if err != nil {
		return 0, err
	}
	return s.named(d, i), nil
}

// addDefinition adds the definition of a type that is neither a resource nor another name.
func (s *scope) addDefinition(t types.Type) (encoding.TypeIdx, error) {
	_, parts := shape(t)
	vals := make([]*encoding.ValType, len(parts))
	for i, p := range parts {
		var err error
		if vals[i], err = s.optional(p); err != nil {
			return 0, err
		}
	}
	def, err := defType(t, vals)
	if err != nil {
		return 0, err
	}
	return s.define(def), nil
}

// unit defines a stream or future without elements, on first use.
func (s *scope) unit(t types.ValType) (encoding.TypeIdx, error) {
	key := "unit " + s.numbers.shapeKey(t)
	if i, ok := s.known.shapes[key]; ok {
		return i, nil
	}
	i, err := s.addDefinition(t)
	if err == nil {
		s.known.shapes[key] = i
	}
	return i, err
}

// Package scope writes types of WIT models as definitions in the type index spaces of components:
// each type on its first use, after the types that it consists of. Named types become imports or
// exports there, as the user of the package decides.
package scope

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/typedef"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// Numbers numbers types for use in keys.
type Numbers map[types.Type]int

// number returns the number of a type in a key, or "-" for nil.
func (n Numbers) number(t types.Type) string {
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

// key returns a key for a type without a name. Types with equal keys are equal.
func (n Numbers) key(t types.Type) string {
	var b strings.Builder
	b.WriteString(types.Describe(t))
	add := func(t types.Type) { b.WriteString(" " + n.number(t)) }
	if r, ok := t.(*types.Result); ok { // either part can be missing
		add(r.OK)
		add(r.Err)
		return b.String()
	}
	if l, ok := t.(*types.FixedList); ok {
		fmt.Fprint(&b, " ", l.Len)
	}
	if types.HasMembers(t) {
		for name, typ := range types.Members(t) {
			b.WriteString(" " + name)
			add(typ)
		}
		return b.String()
	}
	for p := range types.Parts(t) {
		add(p)
	}
	return b.String()
}

// funcKey returns a key for the type of a function.
func (n Numbers) funcKey(f *wit.Func) string {
	var key strings.Builder
	fmt.Fprint(&key, f.Async, " ", n.number(f.Result))
	for _, p := range f.Params {
		key.WriteString(" " + p.Name + " " + n.number(p.Type))
	}
	return key.String()
}

// Scope is a type index space to which types of the model are added when they are needed. It
// belongs to a component, or to an instance type or component in it. Scopes differ in how they
// treat named types.
type Scope struct {
	Model   *wit.Model
	Numbers Numbers
	Known   *Known
	// Current is the interface whose types are defined here. Types of other interfaces come from
	// Foreign.
	Current *wit.Interface

	// Define adds a definition.
	Define func(encoding.DefType) encoding.TypeIdx
	// Named gives the definition at an index its name, and returns the index to use from then on.
	Named func(d *wit.TypeDef, i encoding.TypeIdx) encoding.TypeIdx
	// Resource adds a resource of the current interface.
	Resource func(d *wit.TypeDef) encoding.TypeIdx
	// Foreign adds a type of another interface.
	Foreign func(d *wit.TypeDef) (encoding.TypeIdx, error)
}

// Known holds the types and function types that a scope already has.
type Known struct {
	// Defs holds the types of the model.
	Defs map[*wit.TypeDef]encoding.TypeIdx
	// shapes holds types without names, and funcs function types, by their keys.
	shapes, funcs map[string]encoding.TypeIdx
}

// NewKnown returns a set without types.
func NewKnown() *Known {
	return &Known{map[*wit.TypeDef]encoding.TypeIdx{}, map[string]encoding.TypeIdx{}, map[string]encoding.TypeIdx{}}
}

// Forget removes a type without a name, so that the scope defines it again on its next use.
func (k *Known) Forget(n Numbers, t types.Type) { delete(k.shapes, n.key(t)) }

// Clone returns a copy to which types can be added.
func (k *Known) Clone() *Known {
	return &Known{maps.Clone(k.Defs), maps.Clone(k.shapes), maps.Clone(k.funcs)}
}

// Func returns the index of the type of a function, which it adds on first use.
func (s *Scope) Func(f *wit.Func) (encoding.TypeIdx, error) {
	key := s.Numbers.funcKey(f)
	if i, ok := s.Known.funcs[key]; ok {
		return i, nil
	}
	t, err := typedef.Def(f.Type(), s.val)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", f.Name, err)
	}
	i := s.Define(t)
	s.Known.funcs[key] = i
	return i, nil
}

func (s *Scope) val(t types.Type) (encoding.ValType, error) {
	if p, ok := t.(types.Prim); ok {
		return encoding.Prim(p), nil
	}
	i, err := s.Type(t)
	return encoding.Ref(i), err
}

// Optional returns a type as part of a definition, or nil for nil.
func (s *Scope) Optional(t types.ValType) (*encoding.ValType, error) {
	if t == nil {
		return nil, nil
	}
	v, err := s.val(t)
	return &v, err
}

// Type returns the index of a type of the model, which it adds on first use.
func (s *Scope) Type(t types.Type) (encoding.TypeIdx, error) {
	d := s.Model.Def(t)
	if d == nil {
		return 0, fmt.Errorf("the model does not list the type %s", types.Describe(t))
	}
	if i, ok := s.Known.Defs[d]; ok {
		return i, nil
	}
	key := ""
	if d.Name == "" {
		key = s.Numbers.key(t)
		if i, ok := s.Known.shapes[key]; ok {
			// Do not record the definition as known: the shape is removed once an interface is exported that
			// names such a type.
			return i, nil
		}
	}
	i, err := s.add(d)
	if err != nil {
		return 0, err
	}
	s.Known.Defs[d] = i
	if d.Name == "" {
		s.Known.shapes[key] = i
	}
	return i, nil
}

// add adds a type: from another interface, or else with its name if it has one.
func (s *Scope) add(d *wit.TypeDef) (encoding.TypeIdx, error) {
	if d.Interface != nil && d.Interface != s.Current {
		return s.Foreign(d)
	}
	if _, ok := d.Type.(*types.Resource); ok {
		return s.Resource(d), nil
	}
	n, ok := d.Type.(*types.Named)
	if !ok {
		return s.addDefinition(d.Type)
	}
	var i encoding.TypeIdx
	var err error
	switch p, prim := n.Of.(types.Prim); {
	case prim:
		i = s.Define(&encoding.PrimType{Prim: p})
	case s.Model.Def(n.Of) != nil:
		i, err = s.Type(n.Of)
	default:
		i, err = s.addDefinition(n.Of)
	}
	if err != nil {
		return 0, err
	}
	return s.Named(d, i), nil
}

// addDefinition adds the definition of a type that is neither a resource nor another name.
func (s *Scope) addDefinition(t types.Type) (encoding.TypeIdx, error) {
	def, err := typedef.Def(t, s.val)
	if err != nil {
		return 0, err
	}
	return s.Define(def), nil
}

// Unit defines a stream or future without elements, on first use.
func (s *Scope) Unit(t types.ValType) (encoding.TypeIdx, error) {
	key := "unit " + s.Numbers.key(t)
	if i, ok := s.Known.shapes[key]; ok {
		return i, nil
	}
	i, err := s.addDefinition(t)
	if err == nil {
		s.Known.shapes[key] = i
	}
	return i, err
}

package binary

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// find returns the definition of a type, or of the type that it is another name of, or nil.
func (d *decoder) find(t types.Type) *wit.TypeDef {
	for {
		if def := d.defs[t]; def != nil {
			return def
		}
		n, ok := t.(*types.Named)
		if !ok {
			return nil
		}
		t = n.Of
	}
}

// add adds the definition of t.
func (d *decoder) add(t types.Type, def *wit.TypeDef) {
	d.defs[t], d.own[def.Type] = def, def
	d.m.Types = append(d.m.Types, def)
}

// typeExport reads a named type: another name of a known type, or a new type.
func (d *decoder) typeExport(o *owner, x types.Item, b *types.Bound) (*wit.TypeDef, error) {
	def := &wit.TypeDef{Name: x.Name, Interface: o.iface, World: o.world, ExternalID: x.ExternalID, HasExternalID: x.HasExternalID}
	var of types.Type
	if prev := d.find(b.Type); prev != nil {
		of = prev.Type
	} else {
		t := types.Unname(b.Type)
		switch t := t.(type) {
		case types.Prim:
			of = t
		case *types.Resource:
			def.Type = &types.Resource{Name: x.Name, Home: o.home}
			d.defs[t] = def
		case types.ValType:
			v, err := d.rebuild(t)
			if err != nil {
				return nil, err
			}
			of = v
			def.Members = newMembers(of)
		default:
			return nil, fmt.Errorf("a %s type has no place in WIT", types.Describe(t))
		}
	}
	if def.Type == nil {
		def.Type = &types.Named{Name: x.Name, Of: of, Home: o.home}
	}
	d.add(b.Type, def)
	o.types[x.Name] = def
	return def, nil
}

// newMembers returns the members of a type, without documentation, or nil if it has none.
func newMembers(t types.Type) []wit.Member {
	var list []wit.Member
	for range types.Labels(t) {
		list = append(list, wit.Member{})
	}
	return list
}

// val returns the model's type for a type that is used in a function or another type.
func (d *decoder) val(t types.ValType) (types.ValType, error) {
	if p, ok := t.(types.Prim); ok {
		return p, nil
	}
	if def := d.find(t); def != nil {
		v, ok := types.AsVal(def.Type)
		if !ok {
			return nil, fmt.Errorf("`%s` is not a type of values", def.Name)
		}
		return v, nil
	}
	of := types.UnnameVal(t)
	switch of := of.(type) {
	case types.Prim:
		return of, nil
	case *types.Record, *types.Variant, *types.Flags, *types.Enum:
		return nil, fmt.Errorf("a %s without a name has no place in WIT", types.Describe(of))
	}
	v, err := d.rebuild(of)
	if err != nil {
		return nil, err
	}
	d.add(t, &wit.TypeDef{Type: v})
	return v, nil
}

// rebuild returns the model's type for t, which is a type of values without a name. The result is
// new, because the model tells definitions apart by their pointers.
func (d *decoder) rebuild(t types.ValType) (types.ValType, error) {
	var failed error
	out := types.MapParts(t, func(p types.Type) types.Type {
		if failed != nil {
			return p
		}
		own, err := d.part(t, p)
		if err != nil {
			failed = inMember(t, p, err)
			return p
		}
		return own
	})
	if failed != nil {
		return nil, failed
	}
	fresh := reflect.New(reflect.TypeOf(out).Elem())
	fresh.Elem().Set(reflect.ValueOf(out).Elem())
	return fresh.Interface().(types.ValType), nil
}

// part returns the model's type for a part of t.
func (d *decoder) part(t types.ValType, p types.Type) (types.Type, error) {
	switch t.(type) {
	case *types.Own, *types.Borrow:
		def := d.find(p)
		if def == nil {
			return nil, unknownResource(p)
		}
		return def.Type, nil
	}
	return d.val(p.(types.ValType))
}

func unknownResource(t types.Type) error {
	r, ok := types.Unname(t).(*types.Resource)
	if !ok {
		return fmt.Errorf("a handle of a %s has no place in WIT", types.Describe(t))
	}
	if r.Name == "" {
		return errors.New("there is a handle of a resource that nothing exports")
	}
	return fmt.Errorf("there is a handle of resource `%s`, which nothing exports", r.Name)
}

// inMember adds the label of the member of t that has type p to an error.
func inMember(t, p types.Type, err error) error {
	for label, typ := range types.Members(t) {
		if typ == p {
			return fmt.Errorf("`%s`: %w", label, err)
		}
	}
	return err
}

// same records that t, and the unnamed types in it, stand for def, which an interface has under the
// same name. It returns an error if the types differ.
func (d *decoder) same(def *wit.TypeDef, t types.Type) error {
	d.defs[t] = def
	if r, ok := types.Unname(t).(*types.Resource); ok {
		if _, ok := def.Type.(*types.Resource); ok {
			d.defs[r] = def
		}
		return nil
	}
	of := def.Type
	if n, ok := of.(*types.Named); ok {
		of = n.Of
	}
	if d.own[of] != nil && of != def.Type {
		return nil // another name: the types are compared where they are defined
	}
	return d.compare(of, types.Unname(t))
}

// compare compares a type of the model with one of the component.
func (d *decoder) compare(own, t types.Type) error {
	want, got := shape(own), shape(t)
	if want != got {
		return fmt.Errorf("expected %s, found %s", want, got)
	}
	if !types.Equal(skeleton(own), skeleton(t)) {
		return fmt.Errorf("expected %s with the same parts", want)
	}
	next, stop := iter.Pull(types.Parts(own))
	defer stop()
	for p := range types.Parts(t) {
		part, _ := next()
		if d.defs[p] != nil {
			continue
		}
		def := d.own[part]
		if def == nil || def.Name != "" {
			continue
		}
		d.defs[p] = def
		if err := d.compare(def.Type, types.Unname(p)); err != nil {
			return err
		}
	}
	return nil
}

// shape describes a type without its parts: "record a b".
func shape(t types.Type) string {
	words := []string{types.Describe(t)}
	if l, ok := t.(*types.FixedList); ok {
		words = []string{"list", strconv.FormatUint(uint64(l.Len), 10)}
	}
	return strings.Join(slices.AppendSeq(words, types.Labels(t)), " ")
}

// skeleton returns t with the same type in place of each part.
func skeleton(t types.Type) types.Type {
	return types.MapParts(t, func(types.Type) types.Type { return types.Bool })
}

// finish completes the model: each package follows its dependencies, and the main package comes
// last.
func (d *decoder) finish() *wit.Model {
	m := wit.NewModel(d.m)
	seen := map[*wit.Package]bool{m.Main: true}
	var visit func(p *wit.Package)
	visit = func(p *wit.Package) {
		if seen[p] {
			return
		}
		seen[p] = true
		for _, i := range p.Interfaces {
			for _, t := range i.Types {
				if a := m.Alias(t); a != nil && a.Interface != nil && a.Interface.Package != nil {
					visit(a.Interface.Package)
				}
			}
		}
		m.Packages = append(m.Packages, p)
	}
	for _, p := range d.pkgs.All() {
		visit(p)
	}
	m.Packages = append(m.Packages, m.Main)
	return m
}

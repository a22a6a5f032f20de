package binary

import (
	"errors"
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/scope"
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
		default:
			if s, _ := scope.Shape(t); s == "" {
				return nil, fmt.Errorf("a %s type has no place in WIT", types.Describe(t))
			}
			v, err := d.rebuild(t)
			if err != nil {
				return nil, err
			}
			of = v
			def.Members = newMembers(of)
		}
	}
	if def.Type == nil {
		def.Type = &types.Named{Name: x.Name, Of: of, Home: o.home}
	}
	d.add(b.Type, def)
	o.types[x.Name] = def
	return def, nil
}

func newMembers(t types.Type) []wit.Member {
	if n := scope.Members(t); n > 0 {
		return make([]wit.Member, n)
	}
	return nil
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
	of := types.Unname(t)
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

// rebuild returns the model's type with the shape of t.
func (d *decoder) rebuild(t types.Type) (types.ValType, error) {
	_, parts := scope.Shape(t)
	out := make([]types.Type, len(parts))
	for i, p := range parts {
		switch p := p.(type) {
		case nil:
		case types.ValType:
			if def := d.find(p); def != nil {
				out[i] = def.Type // a resource, if p is another name of one
				continue
			}
			if _, ok := types.Unname(p).(*types.Resource); ok {
				return nil, unknownResource(p)
			}
			v, err := d.val(p)
			if err != nil {
				return nil, inMember(t, i, err)
			}
			out[i] = v
		default:
			def := d.find(p)
			if def == nil {
				return nil, unknownResource(p)
			}
			out[i] = def.Type
		}
	}
	return scope.Rebuild(t, out), nil
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

func inMember(t types.Type, i int, err error) error {
	if scope.Members(t) == 0 {
		return err
	}
	return fmt.Errorf("`%s`: %w", scope.Member(t, i), err)
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
	a, ownParts := scope.Shape(own)
	b, parts := scope.Shape(t)
	if a != b || len(ownParts) != len(parts) {
		return fmt.Errorf("expected %s, found %s", a, b)
	}
	for i, p := range parts {
		if p == nil && ownParts[i] == nil || d.defs[p] != nil {
			continue
		}
		def := d.own[ownParts[i]]
		if p == nil || ownParts[i] == nil {
			return fmt.Errorf("expected %s with the same parts", a)
		}
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

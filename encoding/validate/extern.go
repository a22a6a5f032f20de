package validate

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// namespace is the list of the imports or exports of a scope.
type namespace struct {
	kind string
	list []types.Item
	keys map[string]string
	// resources maps the types of the resources among the items to their names, and labels is the set
	// of these names. A type is keyed as it stands in the index space.
	resources map[types.Type]string
	labels    map[string]bool
}

func newNamespace(kind string) *namespace {
	return &namespace{kind: kind}
}

// expect makes room for count items.
func (n *namespace) expect(count int) {
	n.list = slices.Grow(n.list, count)
	if n.keys == nil {
		n.keys = make(map[string]string, count)
	}
}

// set sets an entry of a map and makes the map if it is nil. Most scopes need few of their maps.
func set[K comparable, V any](m *map[K]V, k K, v V) {
	if *m == nil {
		*m = make(map[K]V)
	}
	(*m)[k] = v
}

func (n *namespace) items() types.Items { return types.NewItems(n.list) }

// claim checks the grammar of a name and that it is strongly unique (Explainer.md, "Name
// Uniqueness").
func (n *namespace) claim(s *scope, x encoding.ExternName) (name.Extern, error) {
	o := name.Options{NestedNames: s.v.features.Has(feature.NestedNames), CanonVersions: s.v.features.Has(feature.CanonNames)}
	if o.VersionSuffix, o.HasVersionSuffix = x.Attr(encoding.AttrVersionSuffix); o.HasVersionSuffix {
		s.v.need(feature.CanonNames, "`versionsuffix`")
	}
	parsed, err := name.Parse(x.Name, o)
	if err != nil {
		p := &problem{code: CodeName, text: fmt.Sprintf("%s name `%s` is not a valid extern name: %v", n.kind, x.Name, err)}
		gated, gate := parseGated(x.Name, o)
		if gate == 0 {
			return name.Extern{}, p
		}
		p.help = fmt.Sprintf("enable it with --features=%s", gate)
		s.v.report(s.v.def.at, p)
		parsed = gated
	}
	if n.kind == "export" && parsed.Kind.IsImplementation() {
		return name.Extern{}, errorf(CodeName, "name `%s` is not a valid export name", x.Name)
	}
	key := parsed.Key()
	if prev, ok := n.keys[key]; ok {
		return name.Extern{}, errorf(CodeName, "%s name `%s` conflicts with previous name `%s`", n.kind, x.Name, prev)
	}
	set(&n.keys, key, x.Name)
	return parsed, nil
}

// parseGated parses a name that o does not allow. It returns the first feature that would allow the
// name, or 0 if none would.
func parseGated(text string, o name.Options) (name.Extern, feature.Feature) {
	nested, canon := o, o
	nested.NestedNames, canon.CanonVersions = true, true
	if n, err := name.Parse(text, nested); err == nil {
		return n, feature.NestedNames
	}
	if n, err := name.Parse(text, canon); err == nil {
		return n, feature.CanonNames
	}
	return name.Extern{}, 0
}

func (n *namespace) add(x encoding.ExternName, t types.Extern) {
	it := types.Item{Name: x.Name, Type: t}
	for _, a := range x.Attrs {
		switch a.Kind {
		case encoding.AttrImplements:
			it.Implements = a.Value
		case encoding.AttrVersionSuffix:
			it.VersionSuffix = a.Value
		case encoding.AttrExternalID:
			it.ExternalID, it.HasExternalID = a.Value, true
		}
	}
	n.list = append(n.list, it)
}

// attributes checks the attributes of a name (Binary.md, "nameattributes").
func (s *scope) attributes(x encoding.ExternName, parsed name.Extern, t types.Extern) error {
	_, isInstance := t.(*types.Instance)
	seen := make(map[encoding.AttrKind]bool)
	for _, a := range x.Attrs {
		if seen[a.Kind] {
			return errorf(CodeName, "duplicate '%s' option in name `%s`", a.Kind, x.Name)
		}
		seen[a.Kind] = true
		switch a.Kind {
		case encoding.AttrImplements:
			s.v.need(feature.Implements, "`implements`")
			if !parsed.Kind.IsPlain() {
				return errorf(CodeName, "name `%s` is not valid with `implements`", x.Name)
			}
			if !isInstance {
				return errorf(CodeName, "only instances can have an `implements`")
			}
			switch in, err := name.Parse(a.Value, name.Options{NestedNames: s.v.features.Has(feature.NestedNames)}); {
			case err != nil:
				return errorf(CodeName, "`%s` is not a valid name: %v; it must be an interface", a.Value, err)
			case in.Kind != name.KindInterface:
				return errorf(CodeName, "name `%s` must be an interface", a.Value)
			}
		case encoding.AttrExternalID:
			s.v.need(feature.Implements, "`external-id`")
		case encoding.AttrVersionSuffix:
			if !isInstance {
				return errorf(CodeName, "only instances can have an `versionsuffix`")
			}
		}
	}
	return nil
}

// importDef adds an import of a component or of a component type.
func (s *scope) importDef(x encoding.ExternName, et encoding.ExternType) error {
	parsed, err := s.imports.claim(s, x)
	if err != nil {
		return err
	}
	t, fresh, err := s.externType(x.Name, et)
	if err != nil {
		return err
	}
	s.importedRes = append(s.importedRes, fresh...)
	return s.add(s.imports, x, parsed, t)
}

// add checks an import or export of a known type, and adds it to the scope.
func (s *scope) add(n *namespace, x encoding.ExternName, parsed name.Extern, t types.Extern) error {
	if err := s.attributes(x, parsed, t); err != nil {
		return err
	}
	n.register(x.Name, t)
	if err := s.checkAnnotation(n, parsed, t); err != nil {
		return err
	}
	if err := s.checkVisible(n.kind, t); err != nil {
		return err
	}
	if s.size32 = min(s.size32+s.v.externFacts(t).size, maxTypeSize); s.size32 >= maxTypeSize {
		return errorf(CodeLimit, "effective type size exceeds the limit of %d", maxTypeSize)
	}
	n.add(x, t)
	s.push(t)
	return nil
}

func (s *scope) exportDecl(d *encoding.ExportDecl) error {
	parsed, err := s.exports.claim(s, d.Name)
	if err != nil {
		return err
	}
	t, fresh, err := s.externType(d.Name.Name, d.Type)
	if err != nil {
		return err
	}
	s.exportedRes = append(s.exportedRes, fresh...)
	return s.add(s.exports, d.Name, parsed, t)
}

// externType resolves the type of an import or export declaration with the given name. It also
// returns the abstract resources that the type introduces.
func (s *scope) externType(label string, et encoding.ExternType) (types.Extern, []*types.Resource, error) {
	switch et := et.(type) {
	case encoding.ExternCoreModule:
		t, err := s.coreTypeAt(et.Type)
		if err == nil && t.Module == nil {
			err = errorf(CodeKind, "core type index %d is not a module type", et.Type)
		}
		return t.Module, nil, err
	case encoding.ExternFunc:
		t, err := s.funcTypeAt(et.Type)
		return t, nil, err
	case encoding.ExternValue:
		t, err := s.valType(et.Type)
		s.v.need(feature.Values, "a value import or export")
		return &types.Value{Type: t}, nil, err
	case encoding.ExternValueEq:
		t, err := at(s.Values, et.Value, "value", "value")
		s.v.need(feature.Values, "a value import or export")
		return &types.Value{Type: t}, nil, err
	case encoding.ExternTypeEq:
		t, err := s.typeAt(et.Type)
		return &types.Bound{Type: &types.Named{Name: label, Of: t}}, nil, err
	case encoding.ExternSubResource:
		r := &types.Resource{Name: label}
		return &types.Bound{Type: r}, []*types.Resource{r}, nil
	case encoding.ExternComponent:
		t, err := s.typeAt(et.Type)
		if err != nil {
			return nil, nil, err
		}
		if c, ok := types.Unname(t).(*types.Component); ok {
			return c, nil, nil
		}
		return nil, nil, errorf(CodeKind, "type index %d is not a component type", et.Type)
	case encoding.ExternInstance:
		t, err := s.typeAt(et.Type)
		if err != nil {
			return nil, nil, err
		}
		if i, ok := types.Unname(t).(*types.Instance); ok {
			if len(i.Resources) > 0 {
				err = s.v.charge(s.v.factsOf(i).size)
			}
			inst, fresh := types.Fresh(i, label)
			return inst, fresh, err
		}
		return nil, nil, errorf(CodeKind, "type index %d is not an instance type", et.Type)
	default:
		panic(fmt.Sprintf("unreachable: %T", et))
	}
}

func first(errs ...error) error {
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	return nil
}

// push adds an import, an export or an aliased export to its index space.
func (s *scope) push(t types.Extern) {
	switch t := t.(type) {
	case *types.Func:
		s.Funcs = append(s.Funcs, t)
	case *types.Instance:
		s.Instances = append(s.Instances, t)
	case *types.Component:
		s.Components = append(s.Components, t)
	case *types.Module:
		s.CoreModules = append(s.CoreModules, t)
	case *types.Value:
		s.Values = append(s.Values, t.Type)
	case *types.Bound:
		s.Types = append(s.Types, t.Type)
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

// exportDef adds an export of a component. The new index has the ascribed type if the export has
// one.
func (s *scope) exportDef(d *encoding.Export) error {
	t, err := s.item(d.Item)
	if err != nil {
		return err
	}
	parsed, err := s.exports.claim(s, d.Name)
	if err != nil {
		return err
	}
	if d.Item.Sort == encoding.SortValue {
		// The export itself uses the value at the index that it adds.
		s.markUsed(uint32(len(s.Values)))
	}
	if d.Type != nil {
		if t, err = s.ascribe(d.Name.Name, t, d.Type); err != nil {
			return err
		}
	} else if b, ok := t.(*types.Bound); ok {
		t = &types.Bound{Type: s.nameType(d.Name.Name, b.Type)}
	}
	return s.add(s.exports, d.Name, parsed, t)
}

// nameType gives an exported type its name. A resource that the component defines takes the name of
// its first export.
func (s *scope) nameType(label string, t types.Type) types.Type {
	if r, ok := t.(*types.Resource); ok && s.local[r] && r.Name == "" {
		r.Name = label
		return r
	}
	return &types.Named{Name: label, Of: t}
}

// ascribe gives an export its declared type. The type of the item must be a subtype of it.
// Resources that the declared type leaves abstract are new types from here on.
func (s *scope) ascribe(label string, have types.Extern, et encoding.ExternType) (types.Extern, error) {
	want, fresh, err := s.externType(label, et)
	if err != nil {
		return nil, err
	}
	given := func(string) types.Extern { return have }
	if err := s.v.charge(s.v.externFacts(want).size); err != nil {
		return nil, err
	}
	if _, m := types.Match(given, types.NewItems([]types.Item{{Name: label, Type: want}}), fresh, "export"); m != nil {
		m.Path = slices.Insert(m.Path, 0, "ascribed type of export is not compatible with item's type")
		return nil, mismatchError(CodeMismatch, m)
	}
	return want, nil
}

package wit

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// Component returns the type of the components that the world describes. Each interface is
// instantiated once for each import and once for each export: resources of an import and of an
// export are different types, even if they come from the same interface. An export that uses a type
// of another interface uses that of its export, if there is one, and that of its import otherwise.
func (w *World) Component() *types.Component {
	b := &componentBuilder{imported: map[*types.Resource]types.Type{}, exported: map[*types.Resource]types.Type{}}
	c := &types.Component{}
	// Resources of the world itself belong to its imports.
	for _, i := range w.Imports {
		if i.Type != nil {
			if r, ok := i.Type.Type.(*types.Resource); ok {
				c.ImportedResources = append(c.ImportedResources, b.bind(b.imported, r, ""))
			}
			continue
		}
		if i.Interface != nil {
			c.ImportedResources = append(c.ImportedResources, b.bindInterface(b.imported, i)...)
		}
	}
	for _, i := range w.Exports {
		if i.Interface != nil {
			c.ExportedResources = append(c.ExportedResources, b.bindInterface(b.exported, i)...)
		}
	}
	c.Imports = b.items(w.Imports, false)
	c.Exports = b.items(w.Exports, true)
	return c
}

// componentBuilder maps the resources of interfaces as written to the resources of a component.
type componentBuilder struct {
	imported, exported map[*types.Resource]types.Type
	// own maps each item with a label to its resources. No other interface uses them.
	own map[*WorldItem]map[*types.Resource]types.Type
}

func (b *componentBuilder) bind(to map[*types.Resource]types.Type, r *types.Resource, home string) *types.Resource {
	fresh := &types.Resource{Name: r.Name, Home: home}
	to[r] = fresh
	return fresh
}

func (b *componentBuilder) bindInterface(to map[*types.Resource]types.Type, i *WorldItem) (fresh []*types.Resource) {
	if i.Implements() != "" {
		if b.own == nil {
			b.own = map[*WorldItem]map[*types.Resource]types.Type{}
		}
		to = map[*types.Resource]types.Type{}
		b.own[i] = to
	}
	for _, t := range i.Interface.Types {
		if r, ok := t.Type.(*types.Resource); ok {
			fresh = append(fresh, b.bind(to, r, i.ExternName()))
		}
	}
	return fresh
}

// subst returns the substitution for an item. The item's own resources take precedence over those
// of exports, if it is an export, and those of imports.
func (b *componentBuilder) subst(i *WorldItem, exports bool) *types.Subst {
	all := map[*types.Resource]types.Type{}
	s := &types.Subst{}
	add := func(m map[*types.Resource]types.Type) {
		for r, t := range m {
			if _, ok := all[r]; !ok {
				all[r] = t
				s.Bind(r, t)
			}
		}
	}
	add(b.own[i])
	if exports {
		add(b.exported)
	}
	add(b.imported)
	return s
}

func (b *componentBuilder) items(items []*WorldItem, exports bool) types.Items {
	list := make([]types.Item, 0, len(items))
	imported, interfaces := b.subst(nil, false), b.subst(nil, exports)
	for _, i := range items {
		it := types.Item{Name: i.ExternName(), Implements: i.Implements(), ExternalID: i.ExternalID, HasExternalID: i.HasExternalID}
		switch {
		case i.Type != nil:
			it.Type = &types.Bound{Type: imported.Type(i.Type.Type)}
			it.ExternalID, it.HasExternalID = i.Type.ExternalID, i.Type.HasExternalID
		case i.Func != nil:
			it.Type = imported.Extern(i.Func.Type())
			it.ExternalID, it.HasExternalID = i.Func.ExternalID, i.Func.HasExternalID
		default:
			s := interfaces
			if b.own[i] != nil {
				s = b.subst(i, exports)
			}
			it.Type = i.Interface.instance(s)
		}
		list = append(list, it)
	}
	return types.NewItems(list)
}

// instance returns the type of an instance of the interface.
func (i *Interface) instance(s *types.Subst) *types.Instance {
	list := make([]types.Item, 0, len(i.Types)+len(i.Funcs))
	for _, t := range i.Types {
		list = append(list, types.Item{
			Name: t.Name, Type: &types.Bound{Type: s.Type(t.Type)}, ExternalID: t.ExternalID, HasExternalID: t.HasExternalID,
		})
	}
	for _, f := range i.Funcs {
		list = append(list, types.Item{
			Name: f.Name, Type: s.Extern(f.Type()), ExternalID: f.ExternalID, HasExternalID: f.HasExternalID,
		})
	}
	return &types.Instance{Exports: types.NewItems(list)}
}

// World returns the world that spec names. The spec is a label in the main package, or
// `ns:pkg/world@1.0.0` for any package. The version may be omitted if there is only one. An empty
// spec stands for the only world of the main package. The error is a diagnostic without a place.
func (m *Model) World(spec string) (*World, error) {
	fail := func(format string, args ...any) (*World, error) {
		return nil, diag.Errorf(diag.Span{}, CodeUnknownWorld, format, args...)
	}
	if spec == "" {
		switch {
		case m.Main == nil:
			return fail("there is no main package")
		case len(m.Main.Worlds) == 0:
			return fail("package `%s` has no world", m.Main.Name)
		case len(m.Main.Worlds) == 1:
			return m.Main.Worlds[0], nil
		}
		return nil, diag.Errorf(diag.Span{}, CodeUnknownWorld, "package `%s` has several worlds, and one must be chosen", m.Main.Name).
			Notef("they are %s", enumerate(m.Main.worldNames())).Helpf("choose one: `--world %s`", m.Main.Worlds[0].Name)
	}
	if !strings.Contains(spec, "/") {
		if m.Main == nil {
			return fail("there is no main package")
		}
		if !name.IsLabel(spec) {
			return fail("`%s` is not the name of a world", spec)
		}
		return m.worldIn(m.Main, spec)
	}
	src := diag.NewFile("world", []byte(spec))
	p := syntax.NewParser(src, 0, syntax.Options{NestedNames: true})
	path, ok := p.WholePath()
	if !ok || path.Package == nil {
		return fail("`%s` is not the name of a world", spec)
	}
	id := path.Package.ID
	if pkg := m.Package(id); pkg != nil {
		return m.worldIn(pkg, path.Name.Name)
	}
	var found *Package
	for _, pkg := range m.Packages {
		if pkg.Name.Namespace != id.Namespace || pkg.Name.Name != id.Name || !id.Version.IsZero() {
			continue
		}
		if found != nil {
			return fail("package name `%s` is available at both versions %s and %s but which is not specified", id, found.Name.Version, pkg.Name.Version)
		}
		found = pkg
	}
	if found == nil {
		return fail("unknown package `%s`", id)
	}
	return m.worldIn(found, path.Name.Name)
}

func (m *Model) worldIn(p *Package, label string) (*World, error) {
	if w := p.World(label); w != nil {
		return w, nil
	}
	d := diag.Errorf(diag.Span{}, CodeUnknownWorld, "package `%s` has no world `%s`", p.Name, label)
	names := p.worldNames()
	if len(names) > 0 {
		d.Notef("its worlds: %s", enumerate(names))
	}
	if best, ok := diag.Suggest(label, slices.Values(names)); ok {
		d.Helpf("a similar name exists: `%s`", best)
	}
	return nil, d
}

func (p *Package) worldNames() []string {
	names := make([]string, len(p.Worlds))
	for i, w := range p.Worlds {
		names[i] = w.Name
	}
	return names
}

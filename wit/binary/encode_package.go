package binary

import (
	"errors"
	"slices"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/scope"
)

// PackageOptions controls how a package is encoded. The zero value is the default.
type PackageOptions struct {
	// Producer is the tool that the producers section names as `processed-by`. The zero value is
	// mortise, without a version.
	Producer core.ProducersValue
	// DependencyDocs adds a section `dependency-docs` with the documentation and gates of the included
	// items of other packages. Only this Go package knows the section. Without it, this documentation
	// is lost.
	DependencyDocs bool
}

// EncodePackage returns the binary form of package p of m, or of the main package if p is nil. The
// form exports a component type for each interface, and then for each world, under its name. The
// section `package-docs` and the producers follow. Interfaces of other packages are included as far
// as their types are needed.
//
// The error is a list of diagnostics if the package, or an item that it uses, cannot be part of a
// component: see [wit.Model.Check]. It is a diagnostic if the package is too large. Any other error
// names a type that the model does not list; this does not happen with models made by this module.
func EncodePackage(m *wit.Model, p *wit.Package, o PackageOptions) (*encoding.Component, error) {
	if p == nil {
		p = m.Main
	}
	if p == nil {
		return nil, errors.New("the model has no main package")
	}
	b := &encoding.Builder{}
	foreign := map[*wit.Interface]bool{}
	export := func(label string, t *encoding.ComponentType) {
		b.Export(encoding.Plain(label), b.Type(t), nil)
	}
	deps, err := newTally().pkg(m, p)
	if err != nil {
		return nil, err
	}
	for n, i := range p.Interfaces {
		t, err := encodeInterface(m, i, deps[n], foreign)
		if err != nil {
			return nil, err
		}
		export(i.Name, t)
	}
	for _, w := range p.Worlds {
		t, err := encodeWorld(m, w)
		if err != nil {
			return nil, err
		}
		for _, i := range slices.Concat(w.Imports, w.Exports) {
			if i.Interface != nil {
				foreign[i.Interface] = true
			}
		}
		export(w.Name, wrapWorld(w, t))
	}
	b.Custom(docsSection, append([]byte{docsVersion}, packageDocs(p, nil)...))
	if o.DependencyDocs {
		if docs := dependencyDocs(m, p, foreign); docs != "" {
			b.Custom(dependencyDocsSection, append([]byte{docsVersion}, docs...))
		}
	}
	b.Custom(core.ProducersName, core.ProcessedBy(o.Producer).Append(nil))
	c := b.Component()
	if err := checkEncoded(m, p == m.Main, nil, c); err != nil {
		return nil, err
	}
	return c, nil
}

// wrapWorld returns the type of a component that exports t, the type of w, under the full name of
// the world.
func wrapWorld(w *wit.World, t *encoding.ComponentType) *encoding.ComponentType {
	b := &encoding.TypeBuilder{}
	b.Export(encoding.Plain(w.ID().String()), encoding.ExternComponent{Type: b.Type(t)})
	return b.ComponentType()
}

// encodeInterface returns the type of a component that exports the interface and imports the
// interfaces whose types it needs. These are listed in deps and added to seen.
func encodeInterface(m *wit.Model, i *wit.Interface, deps []*wit.Interface, seen map[*wit.Interface]bool) (*encoding.ComponentType, error) {
	e := newInterfaceEncoder(m)
	for _, dep := range deps {
		if dep == i {
			t, err := e.instance(i, true)
			if err != nil {
				return nil, err
			}
			e.outer.Export(encoding.Plain(i.ID().String()), encoding.ExternInstance{Type: t})
			continue
		}
		seen[dep] = true
		t, err := e.instance(dep, false)
		if err != nil {
			return nil, err
		}
		e.addInstance(dep, e.outer.Import(encoding.Plain(dep.ID().String()), encoding.ExternInstance{Type: t}).Instance())
	}
	return e.outer.ComponentType(), nil
}

// withDeps appends i to list, after all interfaces whose types it needs.
func withDeps(m *wit.Model, i *wit.Interface, list []*wit.Interface, seen map[*wit.Interface]bool) []*wit.Interface {
	if seen[i] {
		return list
	}
	seen[i] = true
	for _, t := range i.Types {
		if a := m.Alias(t); a != nil && a.Interface != nil && a.Interface != i {
			list = withDeps(m, a.Interface, list, seen)
		}
	}
	return append(list, i)
}

// encodeWorld returns the type of the components that w describes.
func encodeWorld(m *wit.Model, w *wit.World) (*encoding.ComponentType, error) {
	e := newInterfaceEncoder(m)
	for _, i := range w.Imports {
		if err := e.item(i, e.outer.Import); err != nil {
			return nil, err
		}
	}
	for _, i := range w.Exports {
		if err := e.item(i, e.outer.Export); err != nil {
			return nil, err
		}
	}
	return e.outer.ComponentType(), nil
}

// item adds an import or export of a world.
func (e *interfaceEncoder) item(i *wit.WorldItem, add func(encoding.ExternName, encoding.ExternType) encoding.SortIndex) error {
	switch {
	case i.Type != nil:
		_, err := e.root.Type(i.Type.Type)
		return err
	case i.Func != nil:
		t, err := e.root.Func(i.Func)
		if err != nil {
			return err
		}
		add(scope.Name(i.Name, "", i.Func.ExternalID, i.Func.HasExternalID), encoding.ExternFunc{Type: t})
		return nil
	}
	t, err := e.instance(i.Interface, true)
	if err != nil {
		return err
	}
	n := scope.Name(i.ExternName(), i.Implements(), i.ExternalID, i.HasExternalID)
	at := add(n, encoding.ExternInstance{Type: t}).Instance()
	// Nothing else uses types of an interface that has a label.
	if i.Implements() == "" {
		e.addInstance(i.Interface, at)
	}
	return nil
}

package binary

import (
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// DecodePackage reads a WIT package in its binary form. It can be used as [wit.Options.Decode],
// except that it reads binaries only. It reads both forms that are in use: one component type for
// each interface and world, and the older form, one component type for the whole package. The
// package becomes the main package of the model. Of other packages, the model has only the
// interfaces and types that are used.
//
// The error is a diagnostic or a list of diagnostics.
func DecodePackage(f *diag.File) (*wit.Model, error) {
	info, err := validated(f)
	if err != nil {
		return nil, err
	}
	if packageForm(info.Type) == notPackage {
		return nil, diag.Errorf(f.Span(0, 0), CodeNotPackage, "%s is a component, but not an encoded WIT package", f.Name)
	}
	return DecodeComponent(f, info)
}

// DecodeWIT reads the WIT in a binary. If the binary is an encoded package, see [DecodePackage].
// For any other component, the result has the component's imports and exports, as world `root` of
// package `root:component`. For a core module, the result has the world that the module is made
// for.
//
// The error is a diagnostic or a list of diagnostics.
func DecodeWIT(f *diag.File) (*wit.Model, error) {
	if encoding.IsCoreModule(f.Data) {
		return decodeModule(f)
	}
	info, err := validated(f)
	if err != nil {
		return nil, err
	}
	return DecodeComponent(f, info)
}

// validated decodes and validates a component with all features.
func validated(f *diag.File) (*validate.Info, error) {
	c, err := encoding.Decode(f)
	if err != nil {
		return nil, err
	}
	return validate.Component(f, c, validate.Options{Features: feature.All()})
}

// form is the way in which a component encodes a WIT package.
type form uint8

const (
	notPackage form = iota
	wholeForm       // one component type exports the whole package
	itemForm        // a component type for each item
)

// packageForm recognizes packages by their exports: there is at least one, and all are component
// types.
func packageForm(t *types.Component) form {
	if t.Imports.Len() > 0 || t.Exports.Len() == 0 {
		return notPackage
	}
	for _, x := range t.Exports.All() {
		if componentOf(x) == nil {
			return notPackage
		}
	}
	n, err := parseName(t.Exports.At(0))
	switch {
	case err != nil:
		return notPackage
	case n.Kind == name.KindLabel:
		return itemForm
	case n.Kind == name.KindInterface && n.Interface.Name == "wit":
		return wholeForm
	}
	return notPackage
}

// componentOf returns the component type that an item exports, or nil.
func componentOf(x types.Item) *types.Component {
	b, ok := x.Type.(*types.Bound)
	if !ok {
		return nil
	}
	c, _ := types.Unname(b.Type).(*types.Component)
	return c
}

// parseName parses the name of an item with its attributes.
func parseName(x types.Item) (name.Extern, error) {
	n, err := name.Parse(x.Name, name.Options{
		NestedNames: true, CanonVersions: true, VersionSuffix: x.VersionSuffix, HasVersionSuffix: x.VersionSuffix != "",
	})
	if err == nil && n.Kind == name.KindInterface && n.FullVersion != (name.Version{}) {
		n.Interface.Package.Version = n.FullVersion
	}
	return n, err
}

// DecodeComponent is like [DecodeWIT] for a component that has already been decoded from f and
// validated.
func DecodeComponent(f *diag.File, info *validate.Info) (*wit.Model, error) {
	d := newDecoder()
	var err error
	switch packageForm(info.Type) {
	case itemForm:
		err = d.items(info.Type.Exports)
	case wholeForm:
		err = d.whole(info.Type.Exports)
	default:
		err = d.root(info.Type)
	}
	if err != nil {
		return nil, diag.Errorf(f.Span(0, 0), CodeNotInWIT, "%s", err.Error())
	}
	m := d.finish()
	return m, describe(f, m, info.Component)
}

// describe reads the documentation sections of a component into its model.
func describe(f *diag.File, m *wit.Model, c *encoding.Component) error {
	seen := false
	for _, d := range c.Defs {
		s, ok := d.(*encoding.Custom)
		if !ok {
			continue
		}
		var err error
		switch s.Name {
		case docsSection:
			if seen {
				err = fmt.Errorf("multiple sections %q", docsSection)
			} else {
				err = readDocs(s.Data, m.Main)
			}
			seen = true
		case dependencyDocsSection:
			err = readDependencyDocs(s.Data, m)
		}
		if err != nil {
			return diag.Errorf(f.Span(s.Start, s.End), CodeBadDocs, "section %q cannot be read: %s", s.Name, err.Error())
		}
	}
	return nil
}

// decodeModule reads the world of a core module. If the module has several worlds, it returns their
// union.
func decodeModule(f *diag.File) (*wit.Model, error) {
	m, err := core.Decode(f.Data)
	if err != nil {
		return nil, core.Diagnose(f, err)
	}
	list, err := EmbeddedWorlds(f, m)
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, diag.Errorf(f.Span(0, 0), CodeNoWIT, "the core module has no section that starts with %q: it does not say which world it is made for", WorldSection).
			Helpf("add one with `compose embed`")
	case len(list) == 1:
		return list[0].Model, nil
	}
	u := wit.NewUnion()
	for _, d := range list {
		if err := u.Add(d.Model, d.World); err != nil {
			return nil, diag.Errorf(f.Span(0, 0), CodeBadWorld, "section %q: %s", d.Section, err.Error())
		}
	}
	out, _, err := u.Finish(wit.UnionOptions{})
	return out, err
}

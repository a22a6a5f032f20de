package compose

import (
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/typedef"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// EncodeOptions controls how a composition is written. The zero value is the default.
type EncodeOptions struct {
	// NoNames leaves the name section out.
	NoNames bool
	// Features are the proposals to validate the composition with. The zero Set means
	// [feature.Default], and [feature.None] means none.
	Features feature.Set
}

// Encode returns the composition as a validated component. The error is a [*diag.Diagnostic] or a
// [diag.List]: types do not fit, open imports cannot be merged, instances form a cycle, or the
// packages need proposals that are not enabled.
func (g *Graph) Encode(o EncodeOptions) (*validate.Info, error) {
	c, err := g.component(o)
	if err != nil {
		return nil, err
	}
	const name = "the composition"
	info, err := validate.Component(diag.NewBinary(name, nil), c, validate.Options{Features: o.Features})
	if err == nil {
		return info, nil
	}
	// Only the binary has places to report the errors at.
	_, err = NewPackage(name, diag.NewBinary(name, c.Append(nil)), o.Features)
	return nil, err
}

// component returns the composition as a tree.
func (g *Graph) component(o EncodeOptions) (*encoding.Component, error) {
	order, err := g.order()
	if err != nil {
		return nil, err
	}
	im, err := collect(order)
	if err != nil {
		return nil, err
	}
	e := &encoder{b: &encoding.Builder{}, imports: im, packages: make(map[*Package]encoding.ComponentIdx),
		instances: make(map[*node]encoding.InstanceIdx), exports: make(map[*node]types.Items), owners: make(map[types.Type]owner),
		state: make(map[*openImport]importState), index: make(map[*openImport]encoding.SortIndex), same: make(map[types.Type]types.Type)}
	e.types = typedef.New(e.b)
	e.types.Outer = e.outer
	e.types.Canonical = func(t types.Type) types.Type {
		if c, ok := e.same[t]; ok {
			return c
		}
		return t
	}
	if err := e.encode(order, g.exports); err != nil {
		return nil, err
	}
	if !o.NoNames {
		e.b.Custom(encoding.NameSection, e.names(order).Append(nil))
	}
	return e.b.Component(), nil
}

type importState uint8

const (
	importing importState = iota + 1
	imported
)

// owner is the open import that declares a type, and the type's name in the import. The name is ""
// if the import is the type itself.
type owner struct {
	im   *openImport
	name string
}

type encoder struct {
	b         *encoding.Builder
	types     *typedef.Encoder
	imports   *imports
	packages  map[*Package]encoding.ComponentIdx
	instances map[*node]encoding.InstanceIdx
	exports   map[*node]types.Items // the types of each instance's exports
	owners    map[types.Type]owner
	state     map[*openImport]importState
	index     map[*openImport]encoding.SortIndex
	// same maps the types that members of an import declare to the types of the merged import.
	same map[types.Type]types.Type
}

func (e *encoder) encode(order []*node, exports []export) error {
	for _, o := range e.imports.list {
		e.own(o, o.item.Type)
		for _, m := range o.members {
			e.mergeTypes(m.item.Type, o.item.Type)
			e.mergeTypes(e.imports.subst[m.node].Extern(m.item.Type), o.item.Type)
		}
	}
	for _, o := range e.imports.list {
		if err := e.importOnce(o); err != nil {
			return err
		}
	}
	for _, n := range order {
		if err := e.instantiate(n); err != nil {
			return err
		}
	}
	return e.export(exports)
}

// export writes the exports of the graph. A function that comes after exported types is ascribed a
// type in terms of these types: an export may mention only types that are exported by name
// (Explainer.md, "Import and Export Definitions"), and the types of the instance are not.
func (e *encoder) export(exports []export) error {
	named := false
	for _, x := range exports {
		t := e.exports[x.from.Instance.n].Get(x.from.Export)
		var ascribed encoding.ExternType
		if _, ok := t.(*types.Func); ok && named {
			var err error
			if ascribed, err = e.types.Extern(t); err != nil {
				return diag.Errorf(diag.Span{}, CodeOpen, "%v cannot be exported: %v", x.from, err)
			}
		}
		i := e.b.Export(encoding.Plain(x.name), e.alias(x.from), ascribed)
		if b, ok := t.(*types.Bound); ok {
			named = true
			e.types.Define(b.Type, i.Type())
		}
	}
	return nil
}

// own records which names and resources an import declares.
func (e *encoder) own(o *openImport, t types.Extern) {
	note := func(t types.Type, name string) {
		if _, ok := e.owners[t]; !ok {
			e.owners[t] = owner{o, name}
		}
	}
	switch t := t.(type) {
	case *types.Bound:
		note(t.Type, "")
	case *types.Instance:
		for _, x := range t.Exports.All() {
			if b, ok := x.Type.(*types.Bound); ok {
				note(b.Type, x.Name)
			}
		}
	}
}

// mergeTypes records that the types of a member stand for those of the merged import.
func (e *encoder) mergeTypes(member, merged types.Extern) {
	switch m := member.(type) {
	case *types.Bound:
		if to := merged.(*types.Bound).Type; m.Type != to {
			e.same[m.Type] = to
		}
	case *types.Instance:
		for _, x := range m.Exports.All() {
			e.mergeTypes(x.Type, merged.(*types.Instance).Exports.Get(x.Name))
		}
	}
}

// outer returns the type index for a type that one import uses from another. It writes the other
// import first.
func (e *encoder) outer(t types.Type) (encoding.TypeIdx, bool, error) {
	w, ok := e.owners[t]
	if !ok || e.state[w.im] == importing {
		return 0, false, nil
	}
	if err := e.importOnce(w.im); err != nil {
		return 0, false, err
	}
	at := e.index[w.im]
	if w.name == "" {
		return at.Type(), true, nil
	}
	return e.b.AliasType(at.Instance(), w.name), true, nil
}

func (e *encoder) importOnce(o *openImport) error {
	if e.state[o] != 0 {
		return nil
	}
	e.state[o] = importing
	et, err := e.types.Extern(o.item.Type)
	if err != nil {
		d := diag.Errorf(diag.Span{}, CodeOpen, "import `%s` of %s cannot be left open: %v", o.item.Name, o.members[0].node.label, err)
		d.Helpf("plug in a component that exports `%s` together with the interfaces that it uses", o.item.Name)
		return d
	}
	e.index[o] = e.b.Import(encoding.NameOf(o.item), et)
	e.state[o] = imported
	return nil
}

// argument returns the type of the argument that an instance gets for an import, and whether the
// instance gets one.
func (e *encoder) argument(n *node, name string) (types.Extern, bool) {
	if from, ok := n.args[name]; ok {
		return e.exports[from.Instance.n].Get(from.Export), true
	}
	return e.imports.byKey[key(name)].item.Type, false
}

func (e *encoder) instantiate(n *node) error {
	c := n.pkg.Type
	supplied := func(name string) types.Extern {
		t, _ := e.argument(n, name)
		return t
	}
	sub, mm := types.Match(supplied, c.Imports, c.ImportedResources, "import")
	if mm != nil {
		return e.mismatch(n, mm)
	}
	for _, r := range c.ExportedResources {
		sub.Bind(r, &types.Resource{Name: r.Name, Home: r.Home})
	}
	e.exports[n] = sub.Items(c.Exports)

	idx, ok := e.packages[n.pkg]
	if !ok {
		idx = e.b.Nested(n.pkg.Component)
		e.packages[n.pkg] = idx
	}
	args := make([]encoding.InstantiateArg, 0, c.Imports.Len())
	for _, x := range c.Imports.All() {
		arg := encoding.InstantiateArg{Name: x.Name}
		if from, ok := n.args[x.Name]; ok {
			arg.Item = e.alias(from)
		} else {
			arg.Item = e.index[e.imports.byKey[key(x.Name)]]
		}
		args = append(args, arg)
	}
	e.instances[n] = e.b.Instantiate(idx, args...)
	return nil
}

// mismatch returns an error that names the connection that does not fit, and the reason.
func (e *encoder) mismatch(n *node, mm *types.Mismatch) error {
	d := diag.Errorf(diag.Span{}, CodeMismatch, "%s cannot be instantiated: %s", n.label, mm.Error())
	for _, x := range n.pkg.Type.Imports.All() {
		if from, ok := n.args[x.Name]; ok && len(mm.Path) > 0 && mm.Path[0] == fmt.Sprintf("type mismatch for import `%s`", x.Name) {
			d.Notef("the import is connected to %v", from)
		}
	}
	if mm.Found != "" || mm.Expected != "" {
		d.Notef("expected: %s", mm.Expected)
		d.Notef("found:    %s", mm.Found)
	}
	if mm.Identity() {
		d.Helpf("the two resources come from different interfaces or instances: connect the interface that defines the resource too, " +
			"from the same instance")
	}
	return d
}

// alias adds an alias of an instance's export.
func (e *encoder) alias(from Source) encoding.SortIndex {
	return e.b.AliasExport(e.instances[from.Instance.n], encoding.SortOf(e.exports[from.Instance.n].Get(from.Export)), from.Export)
}

// names returns the labels of instances and packages as a name section.
func (e *encoder) names(order []*node) *encoding.Names {
	components := encoding.SortNames{Sort: encoding.SortComponent}
	instances := encoding.SortNames{Sort: encoding.SortInstance}
	seen := make(map[*Package]bool)
	for _, n := range order {
		if !seen[n.pkg] {
			seen[n.pkg] = true
			components.Names = append(components.Names, encoding.IndexName{Index: uint32(e.packages[n.pkg]), Name: n.pkg.Name})
		}
		instances.Names = append(instances.Names, encoding.IndexName{Index: uint32(e.instances[n]), Name: n.label})
	}
	return &encoding.Names{Sorts: []encoding.SortNames{components, instances}}
}

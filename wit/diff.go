package wit

import (
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// Bump is the smallest version step that allows a change. The zero value requires no step.
type Bump uint8

// The version steps, by their promises. How a step changes a version depends on that version: see
// [Bump.Next].
const (
	// Patch means that nothing that users rely on changed.
	Patch Bump = iota + 1
	// Minor means that existing users can ignore the additions.
	Minor
	// Major means that existing users break.
	Major
)

// String returns "none", "patch", "minor" or "major".
func (b Bump) String() string {
	switch b {
	case 0:
		return "none"
	case Patch:
		return "patch"
	case Minor:
		return "minor"
	case Major:
		return "major"
	}
	return fmt.Sprintf("Bump(%d)", uint8(b))
}

// Behind finds removed items that only moved behind a feature that was off when the new package was
// read. The parameter all is the new package read with all features. Behind sets the Feature of
// these changes and completes their Text.
func (c *Comparison) Behind(all *Package) {
	features := map[string]string{}
	for _, ch := range Diff(c.Old, all).Changes {
		if ch.Feature != "" {
			features[strings.Join(ch.Path, "\n")] = ch.Feature
		}
	}
	for i := range c.Changes {
		ch := &c.Changes[i]
		if f := features[strings.Join(ch.Path, "\n")]; f != "" && ch.Feature == "" && !ch.New.IsValid() {
			ch.Feature = f
			ch.Text += fmt.Sprintf(": it moved behind the feature `%s`, which is off", f)
		}
	}
}

// Next returns the smallest version after v that allows the step. A major step increments the
// second number in `0.y.z` and the third in `0.0.z`: compatible versions must share these numbers.
// Next returns the zero version and pre-releases unchanged, because they promise nothing.
func (b Bump) Next(v name.Version) name.Version {
	switch {
	case b == 0 || v.IsZero() || v.Pre() != "":
		return v
	case b == Major && v.Major() > 0:
		return name.NewVersion(v.Major()+1, 0, 0)
	case b == Major && v.Minor() > 0 || b == Minor && v.Major() > 0:
		return name.NewVersion(v.Major(), v.Minor()+1, 0)
	}
	return name.NewVersion(v.Major(), v.Minor(), v.Patch()+1)
}

// Allowed reports whether the step from version old to version new is large enough for b.
func (b Bump) Allowed(old, new name.Version) bool {
	if old.IsZero() || new.IsZero() || old.Pre() != "" && old.Compare(new) != 0 {
		return true
	}
	return new.Compare(b.Next(old)) >= 0
}

// Change is one difference between two versions of a package.
type Change struct {
	// Path locates the change: "interface types", "func now".
	Path []string
	// Text describes the change: "parameter `a` changed from `u32` to `u64`".
	Text string
	// BreaksImporters reports whether the change breaks those who import and call the item.
	// BreaksExporters reports whether it breaks those who export the item, because they must provide
	// something new.
	BreaksImporters, BreaksExporters bool
	// Bump is the version step that allows the change.
	Bump Bump
	// Feature is the feature that gates the item now and did not before.
	Feature string
	// Old and New are the spans of the item, or of the parameter, field, case or flag that changed.
	// One of them is invalid if the item was added or removed.
	Old, New diag.Span
}

// String returns the path and the text, separated by colons.
func (c Change) String() string {
	return strings.Join(append(append([]string(nil), c.Path...), c.Text), ": ")
}

// Comparison is the result of [Diff].
type Comparison struct {
	Old, New *Package
	Changes  []Change
}

// Bump returns the largest step that any change needs.
func (c *Comparison) Bump() Bump {
	var b Bump
	for _, ch := range c.Changes {
		b = max(b, ch.Bump)
	}
	return b
}

// Allowed reports whether the versions of the packages allow the changes.
func (c *Comparison) Allowed() bool { return c.Bump().Allowed(c.Old.Name.Version, c.New.Name.Version) }

// Next returns the smallest version that the new package may have.
func (c *Comparison) Next() name.Version { return c.Bump().Next(c.Old.Name.Version) }

// Diff compares two versions of a package. They may be in the same model or in two. Types of other
// packages count as the same if they have the same name and compatible versions.
//
// Removing an item or changing its type breaks importers and needs a major step. Adding an item to
// an interface breaks only those who export the interface, and needs a minor step. A world is a
// promise to the components built for it: they may import less than the world allows and export
// more than it requires. So adding imports and removing exports needs a minor step. Removing
// imports, adding exports or adding functions to an exported interface needs a major step.
//
// The packages are compared as they were read, without items whose feature was off. An item that
// moves behind a feature counts as removed if the feature was off and as unchanged if it was on.
// [Comparison.Behind] distinguishes the former from other removals.
func Diff(old, new *Package) *Comparison {
	d := &differ{c: &Comparison{Old: old, New: new}, shapes: newShapes(old.Name.Unversioned())}
	if old.Docs != new.Docs {
		d.patch(nil, "documentation changed", old.Span, new.Span)
	}
	for _, i := range old.Interfaces {
		path := []string{"interface " + i.Name}
		n := new.Interface(i.Name)
		if n == nil {
			d.removed(path, "interface", i.Span)
			continue
		}
		d.iface(path, i, n)
	}
	for _, n := range new.Interfaces {
		if old.Interface(n.Name) == nil {
			// The interface is new, so nobody exports it yet.
			d.add(Change{Path: []string{"interface " + n.Name}, Text: "interface added", Bump: Minor, New: n.Span})
		}
	}
	for _, w := range old.Worlds {
		path := []string{"world " + w.Name}
		n := new.World(w.Name)
		if n == nil {
			d.removed(path, "world", w.Span)
			continue
		}
		d.world(path, w, n)
	}
	for _, n := range new.Worlds {
		if old.World(n.Name) == nil {
			d.add(Change{Path: []string{"world " + n.Name}, Text: "world added", Bump: Minor, New: n.Span})
		}
	}
	return d.c
}

type differ struct {
	*shapes
	c *Comparison
}

func (d *differ) add(c Change) { d.c.Changes = append(d.c.Changes, c) }

func (d *differ) patch(path []string, text string, old, new diag.Span) {
	d.add(Change{Path: path, Text: text, Bump: Patch, Old: old, New: new})
}

func (d *differ) removed(path []string, what string, at diag.Span) {
	d.add(Change{Path: path, Text: what + " removed", BreaksImporters: true, Bump: Major, Old: at})
}

func (d *differ) added(path []string, what string, at diag.Span) {
	d.add(Change{Path: path, Text: what + " added", BreaksExporters: true, Bump: Minor, New: at})
}

func (d *differ) changed(path []string, text string, old, new diag.Span) {
	d.add(Change{Path: path, Text: text, BreaksImporters: true, BreaksExporters: true, Bump: Major, Old: old, New: new})
}

// in returns a path with one more step.
func in(path []string, step string) []string { return append(append([]string(nil), path...), step) }

// annotations compares documentation and gates, which bind nobody.
func (d *differ) annotations(path []string, old, new Docs, og, ng Stability, os, ns diag.Span) {
	if old != new {
		d.patch(path, "documentation changed", os, ns)
	}
	if og.Deprecated != ng.Deprecated {
		switch {
		case og.Deprecated.IsZero():
			d.patch(path, "deprecated since "+ng.Deprecated.String(), os, ns)
		default:
			d.patch(path, "deprecation changed", os, ns)
		}
	}
	og.Deprecated, ng.Deprecated = name.Version{}, name.Version{}
	switch {
	case og == ng:
	case ng.Feature != "" && og.Feature == "":
		d.add(Change{
			Path: path, Text: fmt.Sprintf("moved behind the feature `%s`, which is on", ng.Feature), Bump: Patch, Feature: ng.Feature, Old: os, New: ns,
		})
	default:
		d.patch(path, fmt.Sprintf("gate changed from `%s` to `%s`", orNone(og), orNone(ng)), os, ns)
	}
}

func orNone(s Stability) string {
	if s.IsZero() {
		return "none"
	}
	return s.String()
}

func (d *differ) iface(path []string, old, new *Interface) {
	d.annotations(path, old.Docs, new.Docs, old.Stability, new.Stability, old.Span, new.Span)
	for _, t := range old.Types {
		step := in(path, "type "+t.Name)
		if n := new.Type(t.Name); n != nil {
			d.typeDef(step, t, n)
		} else {
			d.removed(step, types.Describe(t.Type), t.Span)
		}
	}
	for _, n := range new.Types {
		if old.Type(n.Name) == nil {
			c := Change{Path: in(path, "type "+n.Name), Text: types.Describe(n.Type) + " added", Bump: Minor, New: n.Span}
			// A plain type requires nothing of exporters, but they must define a resource.
			_, c.BreaksExporters = n.Type.(*types.Resource)
			d.add(c)
		}
	}
	for _, f := range old.Funcs {
		step := in(path, "func "+f.Name)
		if n := new.Func(f.Name); n != nil {
			d.function(step, f, n)
		} else {
			d.removed(step, "function", f.Span)
		}
	}
	for _, n := range new.Funcs {
		if old.Func(n.Name) == nil {
			d.added(in(path, "func "+n.Name), "function", n.Span)
		}
	}
}

func (d *differ) function(path []string, old, new *Func) {
	d.annotations(path, old.Docs, new.Docs, old.Stability, new.Stability, old.Span, new.Span)
	change := func(from, to diag.Span, format string, args ...any) {
		d.changed(path, fmt.Sprintf(format, args...), placeOf(from, old.Span), placeOf(to, new.Span))
	}
	if old.Async != new.Async {
		change(old.Span, new.Span, "became %s", map[bool]string{true: "async", false: "sync"}[new.Async])
	}
	for i := range max(len(old.Params), len(new.Params)) {
		switch {
		case i >= len(new.Params):
			change(old.Params[i].Span, new.Span, "parameter `%s` removed", old.Params[i].Name)
		case i >= len(old.Params):
			change(old.Span, new.Params[i].Span, "parameter `%s` added", new.Params[i].Name)
		default:
			o, n := old.Params[i], new.Params[i]
			if o.Name != n.Name {
				change(o.Span, n.Span, "parameter `%s` renamed to `%s`", o.Name, n.Name)
			}
			if !d.same(o.Type, n.Type) {
				change(o.Span, n.Span, "parameter `%s` %s", n.Name, d.change(o.Type, n.Type))
			}
		}
	}
	if !d.same(old.Result, new.Result) {
		change(old.Span, new.Span, "result %s", d.change(old.Result, new.Result))
	}
	if old.ExternalID != new.ExternalID || old.HasExternalID != new.HasExternalID {
		d.patch(path, "external id changed", old.Span, new.Span)
	}
}

// placeOf returns the span of a part, or that of the whole if the part has none, as in a package
// read from a binary.
func placeOf(part, whole diag.Span) diag.Span {
	if part.IsValid() {
		return part
	}
	return whole
}

func (d *differ) typeDef(path []string, old, new *TypeDef) {
	d.annotations(path, old.Docs, new.Docs, old.Stability, new.Stability, old.Span, new.Span)
	change := func(text string) { d.changed(path, text, old.Span, new.Span) }
	if a, b := d.kindOf(old.Type), d.kindOf(new.Type); a != b {
		change(fmt.Sprintf("changed from %s to %s", a, b))
		return
	}
	a, aliasA := spelledOut(old)
	b, aliasB := spelledOut(new)
	if aliasA || aliasB {
		if !d.same(old.Type, new.Type) && !(d.isNameOf(old) && d.isNameOf(new)) {
			change(d.change(old.Type, new.Type))
		}
		return
	}
	was, what := membersOf(old, a)
	is, _ := membersOf(new, b)
	if what == "" {
		if _, resource := a.(*types.Resource); !resource && !d.same(a, b) {
			change(d.change(a, b))
		}
		return
	}
	d.members(path, was, is, what, old.Span, new.Span)
}

// spelledOut returns the right-hand side of a definition, and reports whether it is another
// definition or a primitive type.
func spelledOut(t *TypeDef) (types.Type, bool) {
	n, ok := t.Type.(*types.Named)
	if !ok {
		return t.Type, false
	}
	switch n.Of.(type) {
	case types.Prim, *types.Named, *types.Resource:
		return n.Of, true
	}
	return n.Of, false
}

// isNameOf reports whether nameOf identifies the type of a definition by the name of the
// definition.
func (d *differ) isNameOf(t *TypeDef) bool {
	n := d.nameOf(t.Type)
	return n == t.Name || strings.HasSuffix(n, "."+t.Name)
}

// typeMember is a field, case or flag.
type typeMember struct {
	name string
	typ  types.ValType
	docs Docs
	span diag.Span
}

// membersOf returns the members of a definition with the right-hand side t, and the word for a
// member.
func membersOf(def *TypeDef, t types.Type) (list []typeMember, what string) {
	add := func(name string, t types.ValType) {
		m := typeMember{name: name, typ: t, span: def.Span}
		if i := len(list); i < len(def.Members) {
			m.docs, m.span = def.Members[i].Docs, placeOf(def.Members[i].Span, def.Span)
		}
		list = append(list, m)
	}
	switch t := t.(type) {
	case *types.Record:
		for _, f := range t.Fields {
			add(f.Name, f.Type)
		}
		return list, "field"
	case *types.Variant:
		for _, c := range t.Cases {
			add(c.Name, c.Type)
		}
		return list, "case"
	case *types.Enum:
		for _, n := range t.Names {
			add(n, nil)
		}
		return list, "case"
	case *types.Flags:
		for _, n := range t.Names {
			add(n, nil)
		}
		return list, "flag"
	}
	return nil, ""
}

// members compares the members of two definitions. The definitions are at from and to.
func (d *differ) members(path []string, old, new []typeMember, what string, from, to diag.Span) {
	index := func(list []typeMember) map[string]int {
		m := make(map[string]int, len(list))
		for i, e := range list {
			m[e.name] = i
		}
		return m
	}
	was, is := index(old), index(new)
	moved := false
	for i, o := range old {
		j, ok := is[o.name]
		switch {
		case !ok:
			d.changed(path, fmt.Sprintf("%s `%s` removed", what, o.name), o.span, to)
		case !d.same(o.typ, new[j].typ):
			d.changed(path, fmt.Sprintf("%s `%s` %s", what, o.name, d.change(o.typ, new[j].typ)), o.span, new[j].span)
		case i != j:
			moved = true
		}
	}
	added := false
	for _, n := range new {
		if _, ok := was[n.name]; !ok {
			added = true
			d.changed(path, fmt.Sprintf("%s `%s` added", what, n.name), from, n.span)
		}
	}
	if moved && !added && len(old) == len(new) {
		d.changed(path, what+"s changed their order", from, to)
	}
	for i := range min(len(old), len(new)) {
		if o, n := old[i], new[i]; o.docs != n.docs && o.name == n.name && d.same(o.typ, n.typ) {
			d.patch(path, fmt.Sprintf("documentation of %s `%s` changed", what, n.name), o.span, n.span)
		}
	}
}

func (d *differ) world(path []string, old, new *World) {
	d.annotations(path, old.Docs, new.Docs, old.Stability, new.Stability, old.Span, new.Span)
	oldImports, newImports := d.tracks(old.Imports), d.tracks(new.Imports)
	for _, i := range old.Imports {
		step := in(path, "import "+d.trackOf(i))
		if n := newImports[d.trackOf(i)]; n != nil {
			d.worldItem(step, i, n)
		} else {
			d.removed(step, "import", i.Span)
		}
	}
	for _, n := range new.Imports {
		if oldImports[d.trackOf(n)] == nil {
			d.added(in(path, "import "+d.trackOf(n)), "import", n.Span)
		}
	}
	oldExports, newExports := d.tracks(old.Exports), d.tracks(new.Exports)
	for _, i := range old.Exports {
		step := in(path, "export "+d.trackOf(i))
		n := newExports[d.trackOf(i)]
		if n == nil {
			d.add(Change{Path: step, Text: "export removed", BreaksImporters: true, Bump: Minor, Old: i.Span})
			continue
		}
		d.worldItem(step, i, n)
		if i.Interface != nil && n.Interface != nil {
			d.exported(step, i, n)
		}
	}
	for _, n := range new.Exports {
		if oldExports[d.trackOf(n)] == nil {
			d.add(Change{Path: in(path, "export "+d.trackOf(n)), Text: "export added", BreaksExporters: true, Bump: Major, New: n.Span})
		}
	}
}

// exported finds functions that components that export the interface would have to add.
func (d *differ) exported(path []string, old, new *WorldItem) {
	for _, f := range new.Interface.Funcs {
		if old.Interface.Func(f.Name) == nil {
			d.add(Change{
				Path: path, Text: fmt.Sprintf("components must now provide function `%s`", f.Name), BreaksExporters: true, Bump: Major,
				Old: old.Span, New: f.Span,
			})
		}
	}
}

func (d *differ) worldItem(path []string, old, new *WorldItem) {
	switch {
	case old.Func != nil && new.Func != nil:
		d.function(path, old.Func, new.Func)
	case old.Type != nil && new.Type != nil:
		d.typeDef(path, old.Type, new.Type)
	case old.Interface != nil && new.Interface != nil:
		d.annotations(path, old.Docs, new.Docs, old.Stability, new.Stability, old.Span, new.Span)
		if old.Interface.Name == "" && new.Interface.Name == "" {
			d.iface(path, old.Interface, new.Interface)
		} else if a, b := d.trackID(old.Interface), d.trackID(new.Interface); a != b {
			d.changed(path, fmt.Sprintf("changed from interface `%s` to `%s`", a, b), old.Span, new.Span)
		}
	default:
		d.changed(path, "changed its kind", old.Span, new.Span)
	}
}

// trackOf returns the name of an item, with its version cut to the part that compatible versions
// share.
func (d *differ) trackOf(i *WorldItem) string {
	if i.Name != "" {
		return i.Name
	}
	return d.trackID(i.Interface)
}

func (d *differ) trackID(i *Interface) string {
	if i.Name == "" {
		return ""
	}
	return d.track(i.ID())
}

// tracks indexes the items of a world by trackOf.
func (d *differ) tracks(items []*WorldItem) map[string]*WorldItem {
	m := make(map[string]*WorldItem, len(items))
	for _, i := range items {
		if n := d.trackOf(i); m[n] == nil {
			m[n] = i
		}
	}
	return m
}

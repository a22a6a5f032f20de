package inspect

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// A Report is what `inspect FILE` finds out; with --format json it is written as one object. The shape is stable: fields are added, but
// they do not change or go away. Sizes are in bytes, offsets count from the start of the file, and shares are fractions of the file's size
// from 0 to 1. Lists that are empty are [] and not null, save those of an Item, which are left out.
type Report struct {
	// File is the name as it was given, <stdin> for standard input.
	File string `json:"file"`
	// Kind is "component", "module" for a core module, or "wit-package" for a component that only exports component types.
	Kind string `json:"kind"`
	// Role says what the binary is good for, where its world tells: "command (WASI 0.2.3)".
	Role string `json:"role,omitempty"`
	// Valid tells that no violation was found. Function bodies are not looked at.
	Valid bool `json:"valid"`
	// Size is the length of the file.
	Size int `json:"size"`
	// Package is the name of a WIT package; its interfaces and worlds are the exports.
	Package string `json:"package,omitempty"`
	// Imports and Exports are in file order. Those of a component that is not valid have no types.
	Imports []Item `json:"imports"`
	Exports []Item `json:"exports"`
	// Worlds are the world of a component, those of a WIT package, or the one that a core module is made for. The list is empty where there is no
	// WIT for what is imported or exported, and if Truncated is set.
	Worlds []World `json:"worlds"`
	// Truncated tells that imports and exports are left out, or their types, because there is too much of them.
	Truncated bool `json:"truncated,omitempty"`
	// Contents is the file itself, with what is nested in it.
	Contents Part `json:"contents"`
}

// A World is the world of a binary.
type World struct {
	// Name is the full name: "demo:shop/seller@1.2.0"; that of a component is "root:component/root".
	Name string `json:"name"`
	// WIT is its text, without documentation. What an interface with a name holds stands in a comment.
	WIT string `json:"wit"`
}

// An Item is an import or export.
type Item struct {
	// Module is the first part of the name of a core import.
	Module string `json:"module,omitempty"`
	// Name is the name as it stands in the binary: "[method]card.text".
	Name string `json:"name"`
	// Kind is "func", "interface", "type", "resource", "value", "component", "core module", and in WIT packages "world"; for a core
	// module it is "func", "table", "memory", "global" or "tag".
	Kind string `json:"kind"`
	// Type is the type of a func, type or value as WIT, or the type of a core item as WebAssembly text.
	Type string `json:"type,omitempty"`
	// Implements is the interface that stands behind a plain name.
	Implements string `json:"implements,omitempty"`
	// Items are the exports of an interface; Imports and Exports are those of a component or world.
	Items   []Item `json:"items,omitempty"`
	Imports []Item `json:"imports,omitempty"`
	Exports []Item `json:"exports,omitempty"`
}

// A Part is a component or core module: the file itself, or one that is nested in it.
type Part struct {
	// Item is what the part around it calls it, "core module 2", and "" for the file itself. The items from the outermost part on, joined by
	// " > ", are the path that diagnostics have.
	Item string `json:"item"`
	// Kind is "component" or "module".
	Kind string `json:"kind"`
	// Name is what its own name section calls it, or else that of the component around it.
	Name   string  `json:"name,omitempty"`
	Offset int     `json:"offset"`
	Size   int     `json:"size"`
	Share  float64 `json:"share"`
	// Imports and Exports are how many there are.
	Imports int `json:"imports"`
	Exports int `json:"exports"`
	// Names is the number of definitions (in a core module: of functions) that the name section names.
	Names int `json:"names"`
	// Producers is what its first producers section says, in the order of the section.
	Producers []Producer `json:"producers"`
	// Custom are its custom sections, without those of its parts.
	Custom []Section `json:"custom"`
	// Module is set for a core module that can be read.
	Module *Module `json:"module,omitempty"`
	// Parts are the components and core modules nested directly in it.
	Parts []Part `json:"parts"`
}

// A Producer is a tool or language that had a part in making a binary.
type Producer struct {
	// Field is "language", "processed-by", "sdk", or another word.
	Field   string `json:"field"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// A Section is one section with its contents, id and size aside. Name is that of a custom section, else the kind of the section.
type Section struct {
	Name   string  `json:"name"`
	Offset int     `json:"offset"`
	Size   int     `json:"size"`
	Share  float64 `json:"share"`
}

// newReport looks at a binary. When there is an error, the report may still say what can be said; it is nil if the file cannot be decoded.
func newReport(f *diag.File, features feature.Set) (*Report, error) {
	r := &Report{File: f.Name, Size: len(f.Data), Imports: []Item{}, Exports: []Item{}, Worlds: []World{}}
	if encoding.IsCoreModule(f.Data) {
		return r.module(f)
	}
	return r.component(f, features)
}

func (r *Report) component(f *diag.File, features feature.Set) (*Report, error) {
	c, err := encoding.Decode(f)
	if err != nil {
		return nil, err
	}
	info, err := validate.Component(f, c, validate.Options{Features: features})
	r.Kind, r.Valid = "component", err == nil
	r.Contents = r.componentPart(c, info)
	if info == nil {
		r.Imports, r.Exports = writtenItems(c.Defs)
	} else {
		r.typed(info.Type)
		if r.Valid && !r.Truncated && inWIT(r.Imports) && inWIT(r.Exports) {
			if m, err := componentize.DecodeComponent(f, info); err == nil {
				r.worlds(m)
			}
		}
	}
	r.Role = componentRole(r.Exports)
	return r, err
}

// worlds fills in the worlds of the main package.
func (r *Report) worlds(m *wit.Model) {
	for _, w := range m.Main.Worlds {
		text := wit.AppendWorld(nil, m, w, wit.PrintOptions{NoDocs: true, Note: func(it *wit.WorldItem) string { return contentsOf(interfaceItems(it.Interface)) }})
		r.Worlds = append(r.Worlds, World{w.ID().String(), string(text)})
	}
}

// inWIT tells whether WIT has words for all of the items. It has none for core modules, components and values.
func inWIT(list []Item) bool {
	return !slices.ContainsFunc(list, func(x Item) bool {
		return !slices.Contains([]string{"func", "interface", "type", "resource", "world"}, x.Kind)
	})
}

// interfaceItems lists what is in an interface as far as a summary needs it.
func interfaceItems(i *wit.Interface) []Item {
	list := []Item{}
	for _, t := range i.Types {
		it := Item{Name: t.Name, Kind: "type"}
		if _, ok := t.Type.(*types.Resource); ok {
			it.Kind = "resource"
		}
		list = append(list, it)
	}
	for _, f := range i.Funcs {
		list = append(list, Item{Name: f.Name, Kind: "func"})
	}
	return list
}

// typed fills in what the component's type tells.
func (r *Report) typed(t *types.Component) {
	l := newLister()
	if id, items := l.packageItems(t); items != nil {
		r.Kind, r.Package, r.Exports = "wit-package", id, items
	} else {
		r.Imports, r.Exports = l.items(t.Imports), l.items(t.Exports)
	}
	r.Truncated = l.left < 0
}

// share is the part of the file that size is, to four digits.
func (r *Report) share(size int) float64 {
	if r.Size == 0 {
		return 0
	}
	return float64(int64(float64(size)/float64(r.Size)*10000+0.5)) / 10000
}

func (r *Report) section(name string, start, end int) Section {
	return Section{Name: name, Offset: start, Size: end - start, Share: r.share(end - start)}
}

// componentPart describes c and all that is nested in it. Info is nil if it could not be validated.
func (r *Report) componentPart(c *encoding.Component, info *validate.Info) Part {
	names := c.Names()
	p := Part{
		Kind: "component", Name: names.Component, Offset: c.Start, Size: c.End - c.Start, Share: r.share(c.End - c.Start),
		Producers: producers(c.Producers()), Custom: []Section{}, Parts: []Part{},
	}
	for _, s := range names.Sorts {
		p.Names += len(s.Names)
	}
	modules, components := names.Of(encoding.SortCoreModule), names.Of(encoding.SortComponent)
	items := c.ItemNames()
	var spaces encoding.Spaces
	for i, d := range c.Defs {
		switch d := d.(type) {
		case *encoding.Custom:
			p.Custom = append(p.Custom, r.section(d.Name, d.Start, d.End))
		case *encoding.Import:
			p.Imports++
		case *encoding.Export:
			p.Exports++
		case *encoding.CoreModule:
			var m *core.Module
			if info != nil {
				m = info.Module(d)
			}
			if m == nil {
				// What is wrong with a module that cannot be read is for validation to say.
				m, _ = core.Decode(d.Bytes)
			}
			part := r.modulePart(m, d.Start, len(d.Bytes))
			p.add(part, items[i], modules[spaces.Len(encoding.SortCoreModule)])
		case *encoding.NestedComponent:
			var nested *validate.Info
			if info != nil {
				nested = info.Nested(d)
			}
			p.add(r.componentPart(d.Component, nested), items[i], components[spaces.Len(encoding.SortComponent)])
		}
		spaces.Add(d)
	}
	return p
}

// add adds a nested part, which p knows by item and name.
func (p *Part) add(q Part, item, name string) {
	if q.Name == "" {
		q.Name = name
	}
	q.Item = item
	p.Parts = append(p.Parts, q)
}

func producers(p *core.Producers) []Producer {
	list := []Producer{}
	if p == nil {
		return list
	}
	for _, f := range p.Fields {
		for _, v := range f.Values {
			list = append(list, Producer{f.Name, v.Name, v.Version})
		}
	}
	return list
}

// maxItems is about how many bytes of items a report may hold: types are graphs, and a small file can spell out to gigabytes.
const maxItems = 32 << 20

// itemSize is about what an item takes without its type.
const itemSize = 200

// lister turns types into items. A resource is one where it first appears, and from then on a type like others: an interface that uses it
// exports another name for it.
type lister struct {
	seen map[*types.Resource]bool
	left int // of maxItems; negative when something had to be left out
}

func newLister() *lister { return &lister{seen: map[*types.Resource]bool{}, left: maxItems} }

// pays tells whether there is room for one more item, and takes it.
func (l *lister) pays() bool {
	l.left -= itemSize
	return l.left >= 0
}

func (l *lister) items(it types.Items) []Item {
	list := []Item{}
	for _, x := range it.All() {
		if !l.pays() {
			break
		}
		x := l.item(x)
		l.left -= len(x.Type)
		list = append(list, x)
	}
	return list
}

func (l *lister) item(x types.Item) Item {
	it := Item{Name: x.Name, Kind: types.KindOf(x.Type), Implements: x.Implements}
	switch t := x.Type.(type) {
	case *types.Instance:
		it.Kind, it.Items = "interface", l.items(t.Exports)
	case *types.Component:
		it.Imports, it.Exports = l.items(t.Imports), l.items(t.Exports)
	case *types.Module:
		it.Kind = "core module"
	case *types.Value:
		it.Type = types.TypeString(t.Type)
	case *types.Bound:
		if r, ok := types.Unname(t.Type).(*types.Resource); ok && !l.seen[r] {
			l.seen[r] = true
			it.Kind = "resource"
			break
		}
		it.Type = strings.TrimPrefix(types.ExternString(t), "type ")
		if it.Type == x.Name {
			// A component inside gave the type the same name.
			it.Type = types.Definition(t.Type)
		}
	default:
		it.Type = types.ExternString(t)
	}
	return it
}

// packageItems returns the name of the package and the interfaces and worlds that a component stands for whose exports are all component
// types, and nil if it is any other component. Each of these types exports just one thing, under its full name.
func (l *lister) packageItems(t *types.Component) (id string, items []Item) {
	if t.Imports.Len() > 0 {
		return "", nil
	}
	for _, x := range t.Exports.All() {
		b, ok := x.Type.(*types.Bound)
		if !ok {
			return "", nil
		}
		wrapper, ok := types.Unname(b.Type).(*types.Component)
		if !ok || wrapper.Imports.Len() > 0 || wrapper.Exports.Len() != 1 {
			return "", nil
		}
		full := wrapper.Exports.At(0)
		if !l.pays() {
			break
		}
		it := l.item(full)
		switch it.Kind {
		case "component":
			it.Kind = "world"
		case "interface":
		default:
			return "", nil
		}
		it.Name = x.Name
		items = append(items, it)
		id = packageOf(full.Name)
	}
	return id, items
}

// packageOf returns ns:pkg@1.2.3 for ns:pkg/iface@1.2.3.
func packageOf(full string) string {
	bare, version, versioned := strings.Cut(full, "@")
	if slash := strings.LastIndexByte(bare, '/'); slash >= 0 {
		bare = bare[:slash]
	}
	if versioned {
		bare += "@" + version
	}
	return bare
}

// writtenItems lists the imports and exports of a component without their types, for one whose types could not be found. Of an interface whose
// type is written in the component itself it lists what that exports.
func writtenItems(defs []encoding.Def) (imports, exports []Item) {
	imports, exports = []Item{}, []Item{}
	var spaces encoding.Spaces
	written := map[encoding.TypeIdx]*encoding.InstanceType{}
	item := func(n encoding.ExternName, sort encoding.Sort, t encoding.ExternType) Item {
		it := Item{Name: n.Name, Kind: sortKind(sort)}
		it.Implements, _ = n.Attr(encoding.AttrImplements)
		switch t := t.(type) {
		case encoding.ExternSubResource:
			it.Kind = "resource"
		case encoding.ExternInstance:
			if in := written[t.Type]; in != nil {
				it.Items = declaredItems(in)
			}
		}
		return it
	}
	for _, d := range defs {
		switch d := d.(type) {
		case *encoding.Type:
			if in, ok := d.Def.(*encoding.InstanceType); ok {
				written[encoding.TypeIdx(spaces.Len(encoding.SortType))] = in
			}
		case *encoding.Import:
			imports = append(imports, item(d.Name, d.Type.Sort(), d.Type))
		case *encoding.Export:
			exports = append(exports, item(d.Name, d.Item.Sort, d.Type))
		}
		spaces.Add(d)
	}
	return imports, exports
}

func declaredItems(t *encoding.InstanceType) []Item {
	var list []Item
	for _, d := range t.Decls {
		if x, ok := d.(*encoding.ExportDecl); ok {
			it := Item{Name: x.Name.Name, Kind: sortKind(x.Type.Sort())}
			if _, ok := x.Type.(encoding.ExternSubResource); ok {
				it.Kind = "resource"
			}
			list = append(list, it)
		}
	}
	return list
}

func sortKind(s encoding.Sort) string {
	if s == encoding.SortInstance {
		return "interface"
	}
	return s.String()
}

// componentRoles says what a component is good for that exports an interface, its version aside.
var componentRoles = []struct{ iface, role string }{
	{"wasi:cli/run", "command"},
	{"wasi:http/incoming-handler", "HTTP service"},
	{"wasi:http/handler", "HTTP service"},
}

func componentRole(exports []Item) string {
	for _, role := range componentRoles {
		i := slices.IndexFunc(exports, func(x Item) bool {
			bare, _, _ := strings.Cut(x.Name, "@")
			return x.Kind == "interface" && bare == role.iface
		})
		if i < 0 {
			continue
		}
		if _, version, ok := strings.Cut(exports[i].Name, "@"); ok {
			return role.role + " (WASI " + version + ")"
		}
		return role.role
	}
	return ""
}

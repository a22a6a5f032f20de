package inspect

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// A Report is the report of `inspect FILE`. With --format json it is written as one object. Its
// shape is stable: fields may be added, but do not change or disappear. Sizes are in bytes, offsets
// count from the start of the file, and shares are fractions of the size of the file, from 0 to 1.
// Empty lists are [] and not null, except those of an Item, which are omitted.
type Report struct {
	// File is the name as given, or <stdin> for standard input.
	File string `json:"file"`
	// Kind is "component", "module" for a core module, or "wit-package" for a component that only
	// exports component types.
	Kind string `json:"kind"`
	// Role is the purpose of the binary if its world determines one, such as
	// "command (WASI 0.2.3)".
	Role string `json:"role,omitempty"`
	// Valid reports whether no violation was found. Function bodies are not checked.
	Valid bool `json:"valid"`
	// Size is the length of the file.
	Size int `json:"size"`
	// Package is the name of a WIT package; its interfaces and worlds are the exports.
	Package string `json:"package,omitempty"`
	// Imports and Exports are in file order. Those of an invalid component have no types.
	Imports []Item `json:"imports"`
	Exports []Item `json:"exports"`
	// Worlds holds the world of a component, the worlds of a WIT package, or the world that a core
	// module is made for. It is empty if WIT cannot express an import or export, or if Truncated is
	// set.
	Worlds []World `json:"worlds"`
	// Truncated reports whether imports, exports or their types are omitted because there are too
	// many.
	Truncated bool `json:"truncated,omitempty"`
	// Contents is the file itself, with its nested parts.
	Contents Part `json:"contents"`
}

// A World is the world of a binary.
type World struct {
	// Name is the full name, as in "demo:shop/seller@1.2.0". The world of a component is called
	// "root:component/root".
	Name string `json:"name"`
	// WIT is the text of the world, without documentation. A comment summarizes each named
	// interface.
	WIT string `json:"wit"`
}

// An Item is an import or export.
type Item struct {
	// Module is the first part of the name of a core import.
	Module string `json:"module,omitempty"`
	// Name is the name in the binary, such as "[method]card.text".
	Name string `json:"name"`
	// Kind is "func", "interface", "type", "resource", "value", "component" or "core module", or in
	// a WIT package "world". For a core module it is "func", "table", "memory", "global" or "tag".
	Kind string `json:"kind"`
	// Type is the type of a func, type or value as WIT, or the type of a core item as WebAssembly
	// text.
	Type string `json:"type,omitempty"`
	// Implements is the interface that an item with a plain name implements.
	Implements string `json:"implements,omitempty"`
	// Items are the exports of an interface. Imports and Exports belong to a component or world.
	Items   []Item `json:"items,omitempty"`
	Imports []Item `json:"imports,omitempty"`
	Exports []Item `json:"exports,omitempty"`
}

// A Part is a component or core module: the file itself, or a part nested in it.
type Part struct {
	// Item identifies the part in the enclosing part, as in "core module 2"; it is "" for the file
	// itself. The items from the outermost part on, joined by " > ", form the path in diagnostics.
	Item string `json:"item"`
	// Kind is "component" or "module".
	Kind string `json:"kind"`
	// Name is the name from the part's own name section, or else from that of the enclosing
	// component.
	Name   string  `json:"name,omitempty"`
	Offset int     `json:"offset"`
	Size   int     `json:"size"`
	Share  float64 `json:"share"`
	// Imports and Exports are the numbers of imports and exports.
	Imports int `json:"imports"`
	Exports int `json:"exports"`
	// Names is the number of definitions, or in a core module of functions, in the name section.
	Names int `json:"names"`
	// Producers are the entries of the first producers section, in order.
	Producers []Producer `json:"producers"`
	// Custom lists the custom sections, without those of nested parts.
	Custom []Section `json:"custom"`
	// Module is set for a core module that can be read.
	Module *Module `json:"module,omitempty"`
	// Parts are the components and core modules nested directly in the part.
	Parts []Part `json:"parts"`
}

// A Producer is a tool or language that was used to make a binary.
type Producer struct {
	// Field is "language", "processed-by", "sdk", or another word.
	Field   string `json:"field"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// A Section is a section. Offset and Size are those of its contents, without the section's id and
// size. Name is the name of a custom section, or else the kind of the section.
type Section struct {
	Name   string  `json:"name"`
	Offset int     `json:"offset"`
	Size   int     `json:"size"`
	Share  float64 `json:"share"`
}

// newReport reports on a binary. If there is an error, the report is incomplete, or nil if the file
// cannot be decoded.
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
			if m, err := binary.DecodeComponent(f, info); err == nil {
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

// inWIT reports whether WIT can express all of the items. It cannot express core modules,
// components and values.
func inWIT(list []Item) bool {
	return !slices.ContainsFunc(list, func(x Item) bool {
		return !slices.Contains([]string{"func", "interface", "type", "resource", "world"}, x.Kind)
	})
}

// interfaceItems lists the types and functions of an interface, as needed for a summary.
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

// typed fills in the imports and exports from the component's type.
func (r *Report) typed(t *types.Component) {
	l := newLister()
	if id, items := l.packageItems(t); items != nil {
		r.Kind, r.Package, r.Exports = "wit-package", id, items
	} else {
		r.Imports, r.Exports = l.items(t.Imports), l.items(t.Exports)
	}
	r.Truncated = l.left < 0
}

// share returns size as a fraction of the size of the file, rounded to four digits.
func (r *Report) share(size int) float64 {
	if r.Size == 0 {
		return 0
	}
	return float64(int64(float64(size)/float64(r.Size)*10000+0.5)) / 10000
}

func (r *Report) section(name string, start, end int) Section {
	return Section{Name: name, Offset: start, Size: end - start, Share: r.share(end - start)}
}

// componentPart describes c and its nested parts. info is nil if c could not be validated.
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
				// Validation reports the errors of a module that cannot be read.
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

// maxItems is the approximate limit for the bytes of items in a report. Types are graphs, and those
// of a small file can expand to gigabytes.
const maxItems = 32 << 20

// itemSize is the approximate size of an item without its type.
const itemSize = 200

// A lister turns types into items. A resource has the kind "resource" where it first appears, and
// after that "type": an interface that uses it exports another name for it.
type lister struct {
	seen map[*types.Resource]bool
	left int // bytes left of maxItems; negative after something was omitted
}

func newLister() *lister { return &lister{seen: map[*types.Resource]bool{}, left: maxItems} }

// pays reports whether there is room for another item, and reserves it.
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
			// A nested component gave the type the same name.
			it.Type = types.Definition(t.Type)
		}
	default:
		it.Type = types.ExternString(t)
	}
	return it
}

// packageItems returns the name, interfaces and worlds of the WIT package that a component encodes,
// or nil items for any other component. All exports of a WIT package are component types, each of
// which exports one interface or world under its full name.
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

// writtenItems lists the imports and exports of a component whose types could not be determined.
// The items have no types. If the type of an interface is defined in the component itself, its
// exports are listed too.
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

// componentRoles maps interfaces without their versions to the role of a component that exports
// them.
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

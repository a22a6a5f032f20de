package lsp

import (
	"cmp"
	"slices"
	"sort"

	"github.com/mortise-wasm/mortise/wit/syntax"
)

// tree is a text of a package with all its names.
type tree struct {
	// path is the path of the file, or "" for a text printed from an encoded package.
	path string
	file *syntax.File
	text *text
	// names are in source order. They do not overlap.
	names []name
}

// name is an identifier, or a package identifier.
type name struct {
	syntax.Range
	// node is the node that the name belongs to: a node of the tree, or a *syntax.Member,
	// *syntax.Param, *syntax.Rename or *syntax.Path.
	node any
	// owner is the parent of node where that matters: the definition of a member, the function of a
	// parameter, the resource of a function, or the use or include of a rename.
	owner any
}

func newTree(path string, file *syntax.File) *tree {
	t := &tree{path: path, file: file, text: newText(file.Source.Data)}
	c := collector{}
	if file.Package != nil {
		c.add(file.Package.PackageID.Range, file.Package, nil)
	}
	c.items(file.Items)
	slices.SortStableFunc(c.names, func(a, b name) int { return cmp.Compare(a.Start, b.Start) })
	t.names = c.names
	return t
}

// at returns the name at an offset. A name that starts at the offset takes precedence over one that
// ends there.
func (t *tree) at(offset int) (name, bool) {
	i := sort.Search(len(t.names), func(i int) bool { return int(t.names[i].Start) > offset })
	if i == 0 || int(t.names[i-1].End) < offset {
		return name{}, false
	}
	return t.names[i-1], true
}

// src returns the text of a range.
func (t *tree) src(r syntax.Range) string { return string(t.file.Source.Data[r.Start:r.End]) }

type collector struct{ names []name }

func (c *collector) add(r syntax.Range, node, owner any) {
	if r.End > r.Start {
		c.names = append(c.names, name{r, node, owner})
	}
}

func (c *collector) path(p *syntax.Path) {
	if p.Package != nil {
		c.add(p.Package.Range, p, nil)
	}
	c.add(p.Name.Range, p, nil)
}

func (c *collector) renames(list []syntax.Rename, owner any) {
	for i := range list {
		c.add(list[i].Name.Range, &list[i], owner)
		c.add(list[i].As.Range, &list[i], owner)
	}
}

func (c *collector) items(items []syntax.Item) {
	for _, it := range items {
		switch it := it.(type) {
		case *syntax.Interface:
			c.add(it.Name.Range, it, nil)
			c.interfaceItems(it.Items, it)
		case *syntax.World:
			c.add(it.Name.Range, it, nil)
			c.worldItems(it)
		case *syntax.TopUse:
			c.path(&it.Path)
			c.add(it.As.Range, it, nil)
		case *syntax.NestedPackage:
			c.add(it.PackageID.Range, it, nil)
			c.items(it.Items)
		}
	}
}

func (c *collector) interfaceItems(items []syntax.InterfaceItem, owner any) {
	for _, it := range items {
		switch it := it.(type) {
		case *syntax.Use:
			c.path(&it.From)
			c.renames(it.Names, it)
		case *syntax.TypeDef:
			c.typeDef(it, owner)
		case *syntax.Func:
			c.fn(it, owner)
		}
	}
}

func (c *collector) worldItems(w *syntax.World) {
	for _, it := range w.Items {
		switch it := it.(type) {
		case *syntax.Use:
			c.path(&it.From)
			c.renames(it.Names, it)
		case *syntax.Include:
			c.path(&it.From)
			c.renames(it.With, it)
		case *syntax.TypeDef:
			c.typeDef(it, w)
		case *syntax.Extern:
			c.add(it.Name.Range, it, w)
			switch {
			case it.Func != nil:
				c.signature(it.Func)
			case it.Interface != nil:
				c.interfaceItems(it.Interface.Items, it)
			case it.Path != nil:
				c.path(it.Path)
			}
		}
	}
}

func (c *collector) typeDef(t *syntax.TypeDef, owner any) {
	c.add(t.Name.Range, t, owner)
	c.typ(t.Type)
	for i := range t.Members {
		c.add(t.Members[i].Name.Range, &t.Members[i], t)
		c.typ(t.Members[i].Type)
	}
	for _, f := range t.Funcs {
		c.fn(f, t)
	}
}

func (c *collector) fn(f *syntax.Func, owner any) {
	c.add(f.Name.Range, f, owner)
	c.signature(f)
}

func (c *collector) signature(f *syntax.Func) {
	for i := range f.Params {
		c.add(f.Params[i].Name.Range, &f.Params[i], f)
		c.typ(f.Params[i].Type)
	}
	c.typ(f.Result)
}

func (c *collector) typ(t *syntax.Type) {
	if t == nil {
		return
	}
	c.add(t.Name.Range, t, nil)
	for _, a := range t.Args {
		c.typ(a)
	}
}

package lsp

import (
	"path"
	"strings"

	"github.com/mortise-wasm/mortise/wit/syntax"
)

// group is the part of one package that one text holds.
type group struct {
	pkg   string
	tree  *tree
	items []syntax.Item
}

// groups returns the items of all packages of k. The user's package comes first.
func (k *pack) groups() (out []group) {
	add := func(t *tree) {
		out = append(out, group{k.packageOf(t), t, t.file.Items})
		for _, it := range t.file.Items {
			if n, ok := it.(*syntax.NestedPackage); ok {
				out = append(out, group{n.PackageID.ID.String(), t, n.Items})
			}
		}
	}
	for _, dep := range []bool{false, true} {
		for _, t := range k.trees {
			if k.isDep(t.path) == dep {
				add(t)
			}
		}
	}
	for _, t := range k.texts() {
		add(t)
	}
	return out
}

// packageOf returns the identifier of the package of a text, as one file of its folder declares it,
// or "".
func (k *pack) packageOf(t *tree) string {
	if t.file.Package != nil {
		return t.file.Package.PackageID.ID.String()
	}
	for _, u := range k.trees {
		if u.file.Package != nil && path.Dir(u.path) == path.Dir(t.path) {
			return u.file.Package.PackageID.ID.String()
		}
	}
	return ""
}

// item returns the item that a path in text t refers to: `a`, or `ns:pkg/a@1.0.0`.
func (k *pack) item(t *tree, p string) (*tree, syntax.Item) {
	pkg, label := k.packageOf(t), p
	if left, right, ok := strings.Cut(p, "/"); ok {
		var version string
		label, version, ok = strings.Cut(right, "@")
		if pkg = left; ok {
			pkg += "@" + version
		}
	} else {
		for _, it := range t.file.Items {
			if u, ok := it.(*syntax.TopUse); ok && u.Local().Name == strings.TrimPrefix(p, "%") {
				label = u.Path.Name.Name
				if u.Path.Package != nil {
					pkg = u.Path.Package.ID.String()
				}
			}
		}
	}
	label = strings.TrimPrefix(label, "%")
	for _, g := range k.groups() {
		if g.pkg != pkg {
			continue
		}
		for _, it := range g.items {
			if id, ok := itemName(it); ok && id.Name == label {
				return g.tree, it
			}
		}
	}
	return nil, nil
}

// members returns the types that an interface or world defines or uses.
func members(node any) (out []name) {
	var uses []*syntax.Use
	var defs []*syntax.TypeDef
	sort := func(n syntax.Node) {
		switch n := n.(type) {
		case *syntax.Use:
			uses = append(uses, n)
		case *syntax.TypeDef:
			defs = append(defs, n)
		}
	}
	switch n := node.(type) {
	case *syntax.Extern:
		if n.Interface != nil {
			return members(n.Interface)
		}
	case *syntax.Interface:
		for _, it := range n.Items {
			sort(it)
		}
	case *syntax.World:
		for _, it := range n.Items {
			sort(it)
		}
	}
	for _, u := range uses {
		for i := range u.Names {
			out = append(out, name{u.Names[i].Local().Range, &u.Names[i], u})
		}
	}
	for _, d := range defs {
		out = append(out, name{d.Name.Range, d, node})
	}
	return out
}

// labelsOf returns the labels of the imports and exports of a world.
func labelsOf(w *syntax.World) (out []name) {
	for _, it := range w.Items {
		if e, ok := it.(*syntax.Extern); ok && e.Name.Name != "" {
			out = append(out, name{e.Name.Range, e, w})
		}
	}
	return out
}

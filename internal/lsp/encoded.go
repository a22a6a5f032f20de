package lsp

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// texts returns the encoded packages as text. It caches the result.
func (k *pack) texts() []*tree {
	if k.encoded != nil {
		return k.encoded
	}
	for _, m := range k.models {
		for _, p := range m.Packages {
			f, _ := syntax.Parse(diag.NewFile(p.Name.String(), wit.Append(nil, m, p, wit.PrintOptions{})), syntax.Options{NestedNames: true})
			if f.Package != nil {
				k.encoded = append(k.encoded, newTree("", f))
			}
		}
	}
	return k.encoded
}

// findEncoded returns the definition of an object of an encoded package in the package's text.
func (k *pack) findEncoded(o *wit.Object) (*tree, name, bool) {
	chain := []*wit.Object{o}
	for chain[0].Parent != nil {
		chain = append([]*wit.Object{chain[0].Parent}, chain...)
	}
	for _, t := range k.texts() {
		if t.file.Package.PackageID.ID.String() != chain[0].Name {
			continue
		}
		if len(chain) == 1 {
			return t, name{Range: t.file.Package.PackageID.Range, node: t.file.Package}, true
		}
		for _, it := range t.file.Items {
			id, ok := itemName(it)
			if !ok || id.Name != chain[1].Name {
				continue
			}
			if len(chain) == 2 {
				return t, name{Range: id.Range, node: it}, true
			}
			for _, n := range t.names {
				if d, ok := n.node.(*syntax.TypeDef); ok && n.owner == any(it) && d.Name.Name == chain[2].Name {
					return t, n, true
				}
				if r, ok := n.node.(*syntax.Rename); ok && within(it, n.Range) && r.As.Range == n.Range && r.As.Name == chain[2].Name {
					return t, n, true
				}
			}
		}
	}
	return nil, name{}, false
}

func within(n syntax.Node, r syntax.Range) bool {
	return n.Pos().Start <= r.Start && r.End <= n.Pos().End
}

// itemName returns the name of an interface or world. It returns false for other items.
func itemName(it syntax.Item) (syntax.Ident, bool) {
	switch it := it.(type) {
	case *syntax.Interface:
		return it.Name, true
	case *syntax.World:
		return it.Name, true
	}
	return syntax.Ident{}, false
}

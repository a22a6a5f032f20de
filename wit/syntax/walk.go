package syntax

import "fmt"

// Walk calls visit for n. If visit returns true, Walk continues with the children of n, in source
// order.
func Walk(n Node, visit func(Node) bool) {
	if !visit(n) {
		return
	}
	switch n := n.(type) {
	case *File:
		if n.Package != nil {
			Walk(n.Package, visit)
		}
		for _, i := range n.Items {
			Walk(i, visit)
		}
	case *NestedPackage:
		for _, i := range n.Items {
			Walk(i, visit)
		}
	case *Interface:
		for _, i := range n.Items {
			Walk(i, visit)
		}
	case *World:
		for _, i := range n.Items {
			Walk(i, visit)
		}
	case *Extern:
		switch {
		case n.Func != nil:
			Walk(n.Func, visit)
		case n.Interface != nil:
			Walk(n.Interface, visit)
		}
	case *TypeDef:
		walkType(n.Type, visit)
		for i := range n.Members {
			walkType(n.Members[i].Type, visit)
		}
		for _, f := range n.Funcs {
			Walk(f, visit)
		}
	case *Func:
		for i := range n.Params {
			walkType(n.Params[i].Type, visit)
		}
		walkType(n.Result, visit)
	case *Type:
		for _, a := range n.Args {
			walkType(a, visit)
		}
	case *PackageDecl, *TopUse, *Use, *Include:
	default:
		panic(fmt.Sprintf("unreachable: %T", n))
	}
}

func walkType(t *Type, visit func(Node) bool) {
	if t != nil {
		Walk(t, visit)
	}
}

package encoding

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// Instance defines an instance (Binary.md, "instance").
type Instance struct {
	Span
	Expr InstanceExpr
}

// InstanceExpr is an [*Instantiate] or an [*InlineExports].
type InstanceExpr interface{ isInstanceExpr() }

// Instantiate is the instantiation of a component.
type Instantiate struct {
	Component ComponentIdx
	Args      []InstantiateArg
}

// InstantiateArg supplies the import named Name.
type InstantiateArg struct {
	Name string
	Item SortIndex
}

// InlineExports is an instance made of existing definitions.
type InlineExports struct{ Exports []InlineExport }

// InlineExport is one export of [InlineExports].
type InlineExport struct {
	Name ExternName
	Item SortIndex
}

func (*Instantiate) isInstanceExpr()   {}
func (*InlineExports) isInstanceExpr() {}

func readInstance(r *raw.Reader) *Instance {
	start := r.Pos()
	d := &Instance{}
	switch b := r.Byte(); b {
	case 0x00:
		d.Expr = &Instantiate{Component: raw.Index[ComponentIdx](r), Args: raw.Vec(r, readInstantiateArg)}
	case 0x01:
		d.Expr = &InlineExports{Exports: raw.Vec(r, readInlineExport)}
	default:
		r.BadByte(b, "instance")
	}
	d.Span = spanFrom(r, start)
	return d
}

func readInstantiateArg(r *raw.Reader) InstantiateArg {
	return InstantiateArg{Name: r.Name(), Item: readSortIndex(r)}
}

func readInlineExport(r *raw.Reader) InlineExport {
	return InlineExport{Name: readExternName(r), Item: readSortIndex(r)}
}

func appendInstance(w *raw.Writer, d *Instance) {
	switch x := d.Expr.(type) {
	case *Instantiate:
		w.Byte(0x00)
		appendIndex(w, x.Component)
		appendVec(w, x.Args, func(w *raw.Writer, a InstantiateArg) {
			w.Name(a.Name)
			appendSortIndex(w, a.Item)
		})
	case *InlineExports:
		w.Byte(0x01)
		appendVec(w, x.Exports, func(w *raw.Writer, e InlineExport) {
			appendExternName(w, e.Name)
			appendSortIndex(w, e.Item)
		})
	default:
		panic(unreachable(x))
	}
}

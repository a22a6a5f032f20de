package encoding

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// CoreInstance defines a core instance (Binary.md, "core:instance").
type CoreInstance struct {
	Span
	Expr CoreInstanceExpr
}

// CoreInstanceExpr is a [*CoreInstantiate] or a [*CoreInlineExports].
type CoreInstanceExpr interface{ isCoreInstanceExpr() }

// CoreInstantiate is the instantiation of a core module.
type CoreInstantiate struct {
	Module CoreModuleIdx
	Args   []CoreInstantiateArg
}

// CoreInstantiateArg supplies all imports whose module name is Name.
type CoreInstantiateArg struct {
	Name     string
	Instance CoreInstanceIdx
}

// CoreInlineExports is a core instance made of existing definitions.
type CoreInlineExports struct{ Exports []CoreInlineExport }

// CoreInlineExport is one export of [CoreInlineExports]. Its sort is a core sort.
type CoreInlineExport struct {
	Name string
	Item SortIndex
}

func (*CoreInstantiate) isCoreInstanceExpr()   {}
func (*CoreInlineExports) isCoreInstanceExpr() {}

// instanceArgSort is the byte of the only sort that a core instantiation accepts as an argument.
const instanceArgSort = 0x12

func readCoreInstance(r *raw.Reader) *CoreInstance {
	start := r.Pos()
	d := &CoreInstance{}
	switch b := r.Byte(); b {
	case 0x00:
		d.Expr = &CoreInstantiate{Module: raw.Index[CoreModuleIdx](r), Args: raw.Vec(r, readCoreInstantiateArg)}
	case 0x01:
		d.Expr = &CoreInlineExports{Exports: raw.Vec(r, readCoreInlineExport)}
	default:
		r.BadByte(b, "core instance")
	}
	d.Span = spanFrom(r, start)
	return d
}

func readCoreInstantiateArg(r *raw.Reader) CoreInstantiateArg {
	name := r.Name()
	if b := r.Byte(); b != instanceArgSort {
		r.BadByte(b, "instantiation arg kind")
	}
	return CoreInstantiateArg{Name: name, Instance: raw.Index[CoreInstanceIdx](r)}
}

func readCoreInlineExport(r *raw.Reader) CoreInlineExport {
	name := r.Name()
	b := r.Byte()
	sort := sortByCode(true, b)
	if sort == 0 {
		r.BadByte(b, "external kind")
	}
	return CoreInlineExport{Name: name, Item: SortIndex{Sort: sort, Index: r.U32()}}
}

func appendCoreInstance(w *raw.Writer, d *CoreInstance) {
	switch x := d.Expr.(type) {
	case *CoreInstantiate:
		w.Byte(0x00)
		appendIndex(w, x.Module)
		appendVec(w, x.Args, func(w *raw.Writer, a CoreInstantiateArg) {
			w.Name(a.Name)
			w.Byte(instanceArgSort)
			appendIndex(w, a.Instance)
		})
	case *CoreInlineExports:
		w.Byte(0x01)
		appendVec(w, x.Exports, func(w *raw.Writer, e CoreInlineExport) {
			if !e.Item.Sort.Core() {
				panic("a core instance exports a " + e.Item.Sort.String())
			}
			w.Name(e.Name)
			w.Byte(sorts[e.Item.Sort].code)
			w.U32(e.Item.Index)
		})
	default:
		panic(unreachable(x))
	}
}

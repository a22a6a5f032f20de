package encoding

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// Export is an export of a component. It also adds an index to the index space of its sort. Type is
// the ascribed type, or nil.
type Export struct {
	Span
	Name ExternName
	Item SortIndex
	Type ExternType
}

// ExportDecl declares an export of a component type or instance type.
type ExportDecl struct {
	Span
	Name ExternName
	Type ExternType
}

func readExport(r *raw.Reader) *Export {
	start := r.Pos()
	e := &Export{Name: readExternName(r), Item: readSortIndex(r)}
	switch b := r.Byte(); b {
	case 0x00:
	case 0x01:
		e.Type = readExternType(r)
	default:
		r.BadByte(b, "optional component export type")
	}
	e.Span = spanFrom(r, start)
	return e
}

func appendExport(w *raw.Writer, e *Export) {
	appendExternName(w, e.Name)
	appendSortIndex(w, e.Item)
	w.Bool(e.Type != nil)
	if e.Type != nil {
		appendExternType(w, e.Type)
	}
}

package encoding

import (
	"slices"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// Value defines a value (Binary.md, "Value Definitions"). Bytes is its encoding, which can be
// decoded only with the type.
type Value struct {
	Span
	Type  ValType
	Bytes []byte
}

func readValue(r *raw.Reader) *Value {
	start := r.Pos()
	v := &Value{Type: readValType(r)}
	v.Bytes = slices.Clone(r.Skip(r.Count()))
	v.Span = spanFrom(r, start)
	return v
}

func appendValue(w *raw.Writer, v *Value) {
	appendValType(w, v.Type)
	w.U32(uint32(len(v.Bytes)))
	w.Bytes(v.Bytes)
}

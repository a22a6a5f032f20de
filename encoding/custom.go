package encoding

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// Custom is a custom section. Data is the payload after the name. In a decoded component, Data
// aliases the file.
type Custom struct {
	Span
	Name string
	Data []byte
}

func readCustom(r *raw.Reader) *Custom {
	start := r.Pos()
	c := &Custom{Name: r.Name()}
	c.Data = r.Skip(r.Len())
	c.Span = spanFrom(r, start)
	return c
}

func appendCustom(w *raw.Writer, c *Custom) {
	w.Name(c.Name)
	w.Bytes(c.Data)
}

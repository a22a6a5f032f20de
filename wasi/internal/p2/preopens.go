package p2

import (
	"context"

	"github.com/mortise-wasm/mortise/model/value"
)

// preopens is wasi:filesystem/preopens.
func (h *Host) preopens() *iface {
	i := newInterface("wasi:filesystem/preopens")
	i.fn("get-directories", func(context.Context, []value.Value) (value.Value, error) {
		list := make([]value.Value, len(h.Preopens))
		for n, p := range h.Preopens {
			list[n] = value.Tuple([]value.Value{value.Own(&descriptor{h: h, dir: p.Dir, keep: true}), value.String(p.Name)})
		}
		return value.List(list), nil
	})
	return i
}

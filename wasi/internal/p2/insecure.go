package p2

import (
	"context"

	"github.com/mortise-wasm/mortise/model/value"
)

// insecure is wasi:random/insecure.
func (h *Host) insecure() *iface {
	i := newInterface("wasi:random/insecure")
	i.fn("get-insecure-random-bytes", randomBytes(h.Insecure), value.KindU64)
	i.fn("get-insecure-random-u64", randomU64(h.Insecure))
	return i
}

// insecureSeed is wasi:random/insecure-seed.
func (h *Host) insecureSeed() *iface {
	i := newInterface("wasi:random/insecure-seed")
	i.fn("insecure-seed", func(context.Context, []value.Value) (value.Value, error) {
		a, err := readU64(h.Insecure)
		if err != nil {
			return value.Value{}, err
		}
		b, err := readU64(h.Insecure)
		return value.Tuple([]value.Value{value.U64(a), value.U64(b)}), err
	})
	return i
}

package p2

import (
	"context"

	"github.com/mortise-wasm/mortise/model/value"
)

// instanceNetwork is wasi:sockets/instance-network.
func instanceNetwork() *iface {
	i := newInterface("wasi:sockets/instance-network")
	i.fn("instance-network", func(context.Context, []value.Value) (value.Value, error) {
		return value.Own(&netHandle{}), nil
	})
	return i
}

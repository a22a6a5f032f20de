package p2

import (
	"context"
	"errors"

	"github.com/mortise-wasm/mortise/model/value"
)

// accessDenied is the case of `error-code` in wasi:sockets/network for denied access.
const accessDenied = 1

// denied is the result of every operation that guests may not use.
var denied = value.Err(value.Enum(accessDenied))

// netHandle is the resource `network`. It grants no access.
type netHandle struct{}

// noSocket is the value type of socket resources that no guest ever obtains.
type noSocket struct{}

// noMethods defines such a resource and its methods, so that components link.
func (i *iface) noMethods(resourceName string, names ...string) {
	resource[*noSocket](i, resourceName, nil)
	for _, n := range names {
		i.funcs["[method]"+resourceName+"."+n] = func(context.Context, []value.Value) (value.Value, error) {
			return value.Value{}, errors.New("the socket does not exist: sockets are not permitted")
		}
	}
}

// network is wasi:sockets/network.
func network() *iface {
	i := newInterface("wasi:sockets/network")
	resource[*netHandle](i, "network", nil)
	// No stream error comes from the network.
	i.fn("network-error-code", just(value.None()), value.KindBorrow)
	return i
}

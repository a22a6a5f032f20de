package p2

import (
	"context"
	"errors"

	"github.com/mortise-wasm/mortise/model/value"
)

// accessDenied is the case of `error-code` in wasi:sockets/network that denies the use of the network.
const accessDenied = 1

// denied is the result of what a guest may not do.
var denied = value.Err(value.Enum(accessDenied))

// netHandle is the resource `network`. It gives access to nothing.
type netHandle struct{}

// noSocket is a resource of wasi:sockets that no guest ever gets hold of.
type noSocket struct{}

// noMethods defines the methods of such a resource, so that components link.
func (i *iface) noMethods(resourceName string, names ...string) {
	resource[*noSocket](i, resourceName, nil)
	for _, n := range names {
		i.funcs["[method]"+resourceName+"."+n] = func(context.Context, []value.Value) (value.Value, error) {
			return value.Value{}, errors.New("there is no such socket: sockets are not permitted")
		}
	}
}

// network is wasi:sockets/network.
func network() *iface {
	i := newInterface("wasi:sockets/network")
	resource[*netHandle](i, "network", nil)
	// No error of a stream is one of the network.
	i.fn("network-error-code", just(value.None()), value.KindBorrow)
	return i
}

package p2

import "github.com/mortise-wasm/mortise/model/value"

// ipNameLookup is wasi:sockets/ip-name-lookup.
func ipNameLookup() *iface {
	i := newInterface("wasi:sockets/ip-name-lookup")
	i.fn("resolve-addresses", just(denied), value.KindBorrow, value.KindString)
	i.noMethods("resolve-address-stream", "resolve-next-address", "subscribe")
	return i
}

package p2

import "github.com/mortise-wasm/mortise/model/value"

// udpCreateSocket is wasi:sockets/udp-create-socket.
func udpCreateSocket() *iface {
	i := newInterface("wasi:sockets/udp-create-socket")
	i.fn("create-udp-socket", just(denied), value.KindEnum)
	return i
}

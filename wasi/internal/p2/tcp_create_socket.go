package p2

import "github.com/mortise-wasm/mortise/model/value"

// tcpCreateSocket is wasi:sockets/tcp-create-socket.
func tcpCreateSocket() *iface {
	i := newInterface("wasi:sockets/tcp-create-socket")
	i.fn("create-tcp-socket", just(denied), value.KindEnum)
	return i
}

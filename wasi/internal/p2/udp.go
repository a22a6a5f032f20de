package p2

// udp is wasi:sockets/udp.
func udp() *iface {
	i := newInterface("wasi:sockets/udp")
	i.noMethods("udp-socket",
		"start-bind", "finish-bind", "stream", "local-address", "remote-address", "address-family",
		"unicast-hop-limit", "set-unicast-hop-limit", "receive-buffer-size", "set-receive-buffer-size",
		"send-buffer-size", "set-send-buffer-size", "subscribe")
	i.noMethods("incoming-datagram-stream", "receive", "subscribe")
	i.noMethods("outgoing-datagram-stream", "check-send", "send", "subscribe")
	return i
}

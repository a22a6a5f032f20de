package p2

// tcp is wasi:sockets/tcp.
func tcp() *iface {
	i := newInterface("wasi:sockets/tcp")
	i.noMethods("tcp-socket",
		"start-bind", "finish-bind", "start-connect", "finish-connect", "start-listen", "finish-listen", "accept",
		"local-address", "remote-address", "is-listening", "address-family", "set-listen-backlog-size",
		"keep-alive-enabled", "set-keep-alive-enabled", "keep-alive-idle-time", "set-keep-alive-idle-time",
		"keep-alive-interval", "set-keep-alive-interval", "keep-alive-count", "set-keep-alive-count",
		"hop-limit", "set-hop-limit", "receive-buffer-size", "set-receive-buffer-size", "send-buffer-size", "set-send-buffer-size",
		"subscribe", "shutdown")
	return i
}

package p2

import "github.com/mortise-wasm/mortise/model/value"

// environment is wasi:cli/environment.
func (h *Host) environment() *iface {
	env := make([]value.Value, len(h.Env))
	for n, e := range h.Env {
		env[n] = value.Tuple([]value.Value{value.String(e[0]), value.String(e[1])})
	}
	args := make([]value.Value, len(h.Args))
	for n, a := range h.Args {
		args[n] = value.String(a)
	}
	cwd := value.None()
	if h.Cwd != "" {
		cwd = value.Some(value.String(h.Cwd))
	}
	i := newInterface("wasi:cli/environment")
	i.fn("get-environment", just(value.List(env)))
	i.fn("get-arguments", just(value.List(args)))
	i.fn("initial-cwd", just(cwd))
	return i
}

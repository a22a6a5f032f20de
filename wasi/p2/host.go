package p2

import (
	"context"
	"io"
	"time"

	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// version is the version of WASI that the interfaces are defined at.
const version = "0.2.12"

// Host is what guests are given. Every field but the slices has to be set. A Host serves any number of instances at
// the same time, if its functions and readers can be used concurrently.
type Host struct {
	Args []string
	// Env is names and values.
	Env [][2]string
	// Cwd is the initial working directory, or "".
	Cwd string

	Stdin                                         *sysfs.Input
	Stdout, Stderr                                *sysfs.Output
	StdinTerminal, StdoutTerminal, StderrTerminal bool

	Preopens []Preopen

	Now              func() time.Time
	Clock            Clock
	Random, Insecure io.Reader
}

// Clock is a monotonic clock. It is documented at the Clock of package wasi.
type Clock interface {
	Now() time.Duration
	Wait(ctx context.Context, t time.Duration, alone bool)
}

// Preopen is a directory that guests are given, under a name.
type Preopen struct {
	Dir  *sysfs.Dir
	Name string
}

// AddTo defines the interfaces.
func (h *Host) AddTo(l *runner.Linker) {
	for _, i := range h.interfaces() {
		to := l.Instance(i.name + "@" + version)
		for name, f := range i.funcs {
			to.Func(name, f)
		}
		for name, drop := range i.resources {
			to.Resource(name, drop)
		}
	}
}

func (h *Host) interfaces() []*iface {
	return []*iface{
		h.environment(), h.exit(), h.stdin(), h.stdout(), h.stderr(),
		terminalInput(), terminalOutput(), h.terminalStdin(), h.terminalStdout(), h.terminalStderr(),
		h.monotonicClock(), h.wallClock(), timezone(),
		h.random(), h.insecure(), h.insecureSeed(),
		ioErrors(), polling(), streams(),
		h.types(), h.preopens(),
		network(), instanceNetwork(), ipNameLookup(), tcp(), tcpCreateSocket(), udp(), udpCreateSocket(),
	}
}

package p2

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// version is the WASI version that the interfaces are defined at.
const version = "0.2.12"

// Host holds everything that guests may use. Stdin, Stdout, Stderr, Now, Clock, Random and Insecure
// must be set. A Host serves any number of instances at the same time if its functions and readers
// may be used concurrently.
type Host struct {
	Args []string
	// Env holds names and values.
	Env [][2]string
	// Cwd is the initial working directory, or "".
	Cwd string

	Stdin                                         *sysfs.Input
	Stdout, Stderr                                *sysfs.Output
	StdinTerminal, StdoutTerminal, StderrTerminal bool

	Preopens []Preopen
	// MaxOpen limits the files and directories that guests have open at the same time. 0 means no
	// limit.
	MaxOpen int
	open    atomic.Int64

	Now              func() time.Time
	Clock            Clock
	Random, Insecure io.Reader
}

// Clock is a monotonic clock. See the Clock of package wasi.
type Clock interface {
	Now() time.Duration
	Wait(ctx context.Context, t time.Duration, alone bool)
}

// Preopen is a directory for guests and the name they see it by.
type Preopen struct {
	Dir  *sysfs.Dir
	Name string
}

// AddTo defines the interfaces of WASI in a linker.
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

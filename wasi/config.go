package wasi

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
	"github.com/mortise-wasm/mortise/wasi/p2"
)

// Config says what guests are given. The zero value gives them no arguments, no environment, empty standard input,
// and no directories, discards their output, and leaves them the clocks and random numbers.
type Config struct {
	// Args are the arguments, the first being the name of the program by custom.
	Args []string
	// Env is the environment: "NAME=value". A later value for a name replaces an earlier one.
	Env []string
	// Stdin is read when a guest first asks for input, by a goroutine that may still be reading when the guest has ended.
	Stdin io.Reader
	// Stdout and Stderr are written one write at a time, even if they are the same. A writer with a method `Flush() error` is flushed
	// when a guest asks for it, before it exits, and by Close.
	Stdout, Stderr io.Writer
	// StdinIsTerminal and the others tell guests that a stream is a terminal.
	StdinIsTerminal, StdoutIsTerminal, StderrIsTerminal bool
	// Dirs are the directories that guests can use.
	Dirs []Dir
	// InitialCwd is the working directory that a guest is to start in, or "".
	InitialCwd string

	// Now is the wall clock; nil is the system's.
	Now func() time.Time
	// Clock is the monotonic clock, by which guests also wait; nil is the system's, from AddTo on.
	Clock Clock

	// Random is where random numbers come from, and InsecureRandom where those come from that need not be secure; nil is the system's
	// secure random numbers.
	Random, InsecureRandom io.Reader
	// Seed makes all random numbers follow from it, the same in each run, in place of both, unless it is empty.
	Seed []byte
}

// Dir is a directory that guests can use.
type Dir struct {
	// Host is its path on the host.
	Host string
	// Guest is the path that guests know it by; "" is Host.
	Guest string
	// ReadOnly refuses to change anything in it.
	ReadOnly bool
}

// DirError is the error of [Config.AddTo] for a directory that cannot be used.
type DirError struct {
	Dir Dir
	Err error
}

// Error names the directory.
func (e *DirError) Error() string { return fmt.Sprintf("directory %q: %v", e.Dir.Host, e.Err) }

// Unwrap returns the reason.
func (e *DirError) Unwrap() error { return e.Err }

// AddTo defines the interfaces of WASI 0.2 in a linker. What it opened for that stays open until Close is called on the result, which also
// flushes the output. Any number of instances can be made with the linker; they share the standard streams.
func (c Config) AddTo(l *runner.Linker) (io.Closer, error) {
	env, err := splitEnv(c.Env)
	if err != nil {
		return nil, err
	}
	for _, a := range append([]string{c.InitialCwd}, c.Args...) {
		if !utf8.ValidString(a) {
			return nil, fmt.Errorf("argument %q is not UTF-8", a)
		}
	}
	h := &p2.Host{Args: c.Args, Env: env, Cwd: c.InitialCwd,
		Stdin: sysfs.NewInput(c.Stdin), StdinTerminal: c.StdinIsTerminal,
		StdoutTerminal: c.StdoutIsTerminal, StderrTerminal: c.StderrIsTerminal,
		Now: c.Now, Clock: c.Clock}
	h.Stdout, h.Stderr = sysfs.NewOutputs(c.Stdout, c.Stderr)
	if h.Now == nil {
		h.Now = time.Now
	}
	if h.Clock == nil {
		h.Clock = systemClock{start: time.Now()}
	}
	h.Random, h.Insecure = c.random()
	if h.Preopens, err = openDirs(c.Dirs); err != nil {
		return nil, err
	}
	h.AddTo(l)
	return &closer{h: h}, nil
}

// splitEnv separates names from values.
func splitEnv(env []string) ([][2]string, error) {
	var out [][2]string
	index := make(map[string]int)
	for _, e := range env {
		k, v, ok := strings.Cut(e, "=")
		switch {
		case !ok || k == "":
			return nil, fmt.Errorf("environment variable %q is not of the form NAME=value", e)
		case !utf8.ValidString(e):
			return nil, fmt.Errorf("environment variable %q is not UTF-8", e)
		}
		if n, again := index[k]; again {
			out[n][1] = v
			continue
		}
		index[k] = len(out)
		out = append(out, [2]string{k, v})
	}
	return out, nil
}

func openDirs(dirs []Dir) ([]p2.Preopen, error) {
	var out []p2.Preopen
	for _, d := range dirs {
		name := d.Guest
		if name == "" {
			name = d.Host
		}
		dir, err := sysfs.OpenDir(d.Host, d.ReadOnly)
		if err == nil && !utf8.ValidString(name) {
			err = errors.Join(fmt.Errorf("the name %q is not UTF-8", name), dir.Close())
		}
		if err != nil {
			return nil, errors.Join(&DirError{d, err}, closeDirs(out))
		}
		out = append(out, p2.Preopen{Dir: dir, Name: name})
	}
	return out, nil
}

func closeDirs(dirs []p2.Preopen) error {
	var err error
	for _, d := range dirs {
		err = errors.Join(err, d.Dir.Close())
	}
	return err
}

type closer struct {
	h    *p2.Host
	once sync.Once
	err  error
}

func (c *closer) Close() error {
	c.once.Do(func() {
		ctx := context.Background()
		c.err = errors.Join(c.h.Stdout.Flush(ctx), c.h.Stderr.Flush(ctx), closeDirs(c.h.Preopens))
	})
	return c.err
}

// random returns the sources of random numbers.
func (c Config) random() (secure, insecure io.Reader) {
	if len(c.Seed) > 0 {
		r := seeded(c.Seed)
		return r, r
	}
	source := func(r io.Reader) io.Reader {
		if r == nil {
			return rand.Reader
		}
		return &sharedReader{r: r}
	}
	return source(c.Random), source(c.InsecureRandom)
}

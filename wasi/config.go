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
	"github.com/mortise-wasm/mortise/wasi/internal/p2"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// Config says what guests may use. The zero value gives them no arguments, no environment, no
// directories and an empty standard input, and discards their output. It does give them the
// system's clocks and random numbers.
type Config struct {
	// Args are the arguments. By convention, the first is the name of the program.
	Args []string
	// Env is the environment: "NAME=value". A later value for a name replaces an earlier one.
	Env []string
	// Stdin is read when a guest first asks for input. A goroutine reads it and may still be reading
	// after the guest has ended.
	Stdin io.Reader
	// Stdout and Stderr receive one write at a time, even if they are the same writer. A writer with a
	// method `Flush() error` is flushed when a guest asks for it, before the guest exits, and by
	// Close.
	Stdout, Stderr io.Writer
	// These report to guests that a stream is a terminal.
	StdinIsTerminal, StdoutIsTerminal, StderrIsTerminal bool
	// Dirs are the directories that guests can use.
	Dirs []Dir
	// MaxOpen limits the files and directories that all guests together have open at the same time.
	// Opening more is a trap, whose cause is a [*runner.LimitError]. 0 means 1,000.
	MaxOpen int
	// InitialCwd is the initial working directory that guests are told, or "".
	InitialCwd string

	// Now is the wall clock. Nil means the system's.
	Now func() time.Time
	// Clock is the monotonic clock, which guests also wait for. Nil means the system's, starting at
	// zero when AddTo is called.
	Clock Clock

	// Random is the source of secure random numbers, and InsecureRandom that of random numbers that
	// need not be secure. Nil means the system's secure random numbers.
	Random, InsecureRandom io.Reader
	// Seed, if not empty, replaces both sources with a generator seeded from it, so that every run
	// sees the same numbers.
	Seed []byte
}

const defaultMaxOpen = 1000

// Dir is a directory that guests can use.
type Dir struct {
	// Host is the path on the host.
	Host string
	// Guest is the path that guests see. "" means Host.
	Guest string
	// ReadOnly forbids any change in the directory.
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

// AddTo defines the interfaces of WASI 0.2 in a linker. Close the result to flush the output and to
// close what AddTo opened. The linker may make any number of instances; they share the standard
// streams.
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
		Now: c.Now, Clock: c.Clock, MaxOpen: c.MaxOpen}
	if h.MaxOpen == 0 {
		h.MaxOpen = defaultMaxOpen
	}
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

// splitEnv splits environment variables into names and values.
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

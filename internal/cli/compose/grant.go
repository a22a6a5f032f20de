package compose

import (
	"encoding/binary"
	"errors"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wasi"
)

// wasi returns the WASI configuration: what the guest may use.
func (o *runOptions) wasi() (wasi.Config, error) {
	argv0 := o.argv0
	if argv0 == "" {
		argv0 = filepath.Base(o.component)
	}
	cfg := wasi.Config{Args: append([]string{argv0}, o.args...), Stdin: o.std.In, Stdout: o.std.Out, Stderr: o.std.Err,
		MaxOpen:         int(min(o.limits.open, math.MaxInt)),
		StdinIsTerminal: o.std.InIsTTY, StdoutIsTerminal: o.std.OutIsTTY, StderrIsTerminal: o.std.ErrIsTTY}
	if o.inheritEnv {
		cfg.Env = append(cfg.Env, o.std.Environ...)
	}
	for _, e := range o.env {
		if k, _, ok := strings.Cut(e, "="); ok && k != "" {
			cfg.Env = append(cfg.Env, e)
		} else if ok {
			return cfg, cli.Usagef("--env: `%s` has no name", e)
		} else if v, ok := o.std.LookupEnv(e); ok {
			cfg.Env = append(cfg.Env, e+"="+v)
		}
	}
	for _, d := range o.dirs {
		dir, err := parseDir(d)
		if err != nil {
			return cfg, err
		}
		same := func(other wasi.Dir) bool { return path.Clean(other.Guest) == path.Clean(dir.Guest) }
		if i := slices.IndexFunc(cfg.Dirs, same); i >= 0 {
			return cfg, cli.Usagef("--dir: `%s` and `%s` have the same name for the guest, `%s`", cfg.Dirs[i].Host, dir.Host, dir.Guest)
		}
		cfg.Dirs = append(cfg.Dirs, dir)
	}
	if o.seeded {
		setSeed(&cfg, o.seed)
	}
	return cfg, nil
}

// setSeed makes random numbers and clocks the same in each run. Both clocks advance by a
// millisecond each time they are read, so that a guest that polls a clock makes progress. A guest
// that sleeps does not wait at all.
func setSeed(cfg *wasi.Config, seed uint64) {
	cfg.Seed = binary.LittleEndian.AppendUint64(nil, seed)
	clock := &wasi.VirtualClock{Step: time.Millisecond}
	cfg.Clock = clock
	cfg.Now = func() time.Time { return time.Unix(0, 0).Add(clock.Now()) }
}

// unusableDir turns an error for a folder of --dir into a diagnostic. It returns any other error
// unchanged.
func unusableDir(err error) error {
	var dir *wasi.DirError
	if !errors.As(err, &dir) {
		return err
	}
	d := diag.Errorf(diag.Span{}, cli.CodeUnreadable, "--dir: cannot use `%s`: %s", dir.Dir.Host, cli.Reason(dir.Err))
	d.Cause = err
	return d
}

// parseDir parses HOST[::GUEST][:ro].
func parseDir(s string) (wasi.Dir, error) {
	rest, ro := strings.CutSuffix(s, ":ro")
	host, guest, ok := strings.Cut(rest, "::")
	if !ok {
		guest = host
	}
	if host == "" || guest == "" {
		return wasi.Dir{}, cli.Usagef("--dir: `%s` lacks a folder: write HOST, HOST::GUEST or HOST::GUEST:ro", s)
	}
	return wasi.Dir{Host: host, Guest: guest, ReadOnly: ro}, nil
}

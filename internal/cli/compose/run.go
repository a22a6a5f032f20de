package compose

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wasi"
)

type runOptions struct {
	std       *cli.IO
	component string
	args      []string

	invoke    string
	env       []string
	dirs      []string
	argv0     string
	timeout   time.Duration
	maxMemory string
	unknown   string
	seed      uint64
	seeded    bool
	cacheDir  string
	noCache   bool
	interpret bool
	feats     cli.FeatureFlags
	wasiKeys  []string
	wasmKeys  []string

	// What the compatible spellings add.
	inheritEnv bool
	memory     uint64
}

func newRun(std *cli.IO, runF func(context.Context, *runOptions) error) *cobra.Command {
	o := &runOptions{std: std}
	cmd := &cobra.Command{
		Use:   "run COMPONENT [ARG...]",
		Short: "Run a component",
		Long: `Runs a command, a component that exports wasi:cli/run, with the given arguments; or
with --invoke calls one exported function and prints its result. A core module that is
a program for WASI preview 1 is made a component first.

Nothing is allowed that is not asked for: the component gets its arguments and the
standard streams, and of the environment, the files and the network only what
flags grant. Flags stand before the component; what follows it goes to the guest.

Compiled code is kept in the user's cache folder, so that a component starts
faster the second time.`,
		Args: cli.Args,
		Example: `
# Run a command with arguments
$ compose run tool.wasm

# Run a program for WASI preview 1, as GOOS=wasip1 GOARCH=wasm go build writes it
$ compose run hello.wat

# Call an exported function with arguments in WAVE
$ compose run --invoke 'add(40, 2)' calc.wasm

# Call one that belongs to an exported interface
$ compose run --invoke 'demo:calc/math.half(84)' calc.wasm

# Stop a guest that takes too long (exits 134)
$ compose run --timeout 100ms --invoke 'spin()' calc.wasm
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.component, o.args = args[0], args[1:]
			o.seeded = cmd.Flags().Changed("seed")
			if err := o.resolve(); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runAbandonable(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.SetInterspersed(false)
	f.StringVar(&o.invoke, "invoke", "", "call an export instead of running the command: `CALL` in WAVE, as in 'add(1, 2)'")
	f.StringArrayVar(&o.env, "env", nil, "set a variable of the environment, or with its name alone pass it on: `NAME[=VALUE]`")
	f.StringArrayVar(&o.dirs, "dir", nil, "let the guest use a folder, under another name, or for reading only: `HOST[::GUEST][:ro]`")
	f.StringVar(&o.argv0, "argv0", "", "the guest's name for itself is `NAME` instead of the file's")
	f.DurationVar(&o.timeout, "timeout", 0, "stop the guest with a trap after `DURATION`, as in 1.5s")
	f.StringVar(&o.maxMemory, "max-memory", "", "bound each memory of the guest to `BYTES`, as in 64M")
	cli.ChoiceVar(cmd, f, &o.unknown, "unknown-imports", "error", []string{"error", "trap"}, "treat imports that nothing satisfies as")
	f.Uint64Var(&o.seed, "seed", 0, "fix random numbers and clocks: the same `N` gives the same run")
	f.StringVar(&o.cacheDir, "cache-dir", "", "keep compiled code in `DIR`")
	f.BoolVar(&o.noCache, "no-cache", false, "keep no compiled code")
	f.BoolVar(&o.interpret, "interpret", false, "interpret the code instead of compiling it: slow, but quick to start")
	f.StringArrayVarP(&o.wasiKeys, "wasi", "S", nil, "wasmtime's spelling of what the guest may use: `KEY[=VALUE],...`")
	f.StringArrayVarP(&o.wasmKeys, "wasm", "W", nil, "wasmtime's spelling of limits and features: `KEY[=VALUE],...`")
	o.feats.Register(cmd)
	cli.GroupFlags(cmd, "Permissions", "env", "dir", "argv0", "wasi")
	cli.GroupFlags(cmd, "Limits", "timeout", "max-memory", "unknown-imports", "seed", "wasm", "features", "all-features")
	cli.GroupFlags(cmd, "Engine", "cache-dir", "no-cache", "interpret")
	cli.DocumentExit(cmd, "N", "the guest's own code")
	cli.DocumentExit(cmd, "1", "the component cannot be run, or its run function returned an error")
	cli.DocumentExit(cmd, "134", "the guest trapped or ran out of time")
	return cmd
}

// resolve checks the flags that need it, and takes in the compatible spellings.
func (o *runOptions) resolve() error {
	if err := o.compatible(); err != nil {
		return err
	}
	if o.maxMemory != "" {
		n, err := parseBytes(o.maxMemory)
		if err != nil {
			return cli.Usagef("--max-memory: %w", err)
		}
		o.memory = n
	}
	if o.timeout < 0 {
		return cli.Usagef("--timeout: the duration is negative")
	}
	return nil
}

// parseBytes reads a number of bytes with an optional unit: k, M or G, powers of 1024.
func parseBytes(s string) (uint64, error) {
	num, shift := s, 0
	if i := strings.IndexByte("kmg", strings.ToLower(s[len(s)-1:])[0]); i >= 0 {
		num, shift = s[:len(s)-1], 10*(i+1)
	}
	n, err := strconv.ParseUint(num, 10, 64)
	if err != nil || n == 0 || n<<shift>>shift != n {
		return 0, fmt.Errorf("`%s` is not a number of bytes, as 1048576, 64k, 16M or 1G are", s)
	}
	return n << shift, nil
}

// grace is how long a guest that was interrupted, or whose time is up, may take to end.
const grace = 300 * time.Millisecond

// runAbandonable is [runRun] for a process that ends afterwards: a guest that cannot be stopped is left behind. The engine stops a
// guest only where it looks, which is in the loops of the component instance that was called.
func runAbandonable(ctx context.Context, o *runOptions) error {
	ctx, cancel := o.deadline(ctx)
	defer cancel()
	type ending struct {
		err      error
		panicked any
	}
	done := make(chan ending, 1)
	go func() {
		// A panic belongs to the goroutine of the command, which reports it.
		defer func() {
			if r := recover(); r != nil {
				done <- ending{panicked: r}
			}
		}()
		done <- ending{err: runRun(ctx, o)}
	}()
	end := func(e ending) error {
		if e.panicked != nil {
			panic(e.panicked)
		}
		return e.err
	}
	select {
	case e := <-done:
		return end(e)
	case <-ctx.Done():
	}
	select {
	case e := <-done:
		return end(e)
	case <-time.After(grace):
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return o.outcome(&runner.Trap{Message: "timed out", Cause: context.DeadlineExceeded})
	}
	return ctx.Err()
}

func runRun(ctx context.Context, o *runOptions) (err error) {
	f, err := o.std.ReadBinary(o.component)
	if err != nil {
		return err
	}
	if encoding.IsCoreModule(f.Data) {
		if f, err = ofModule(f); err != nil {
			return err
		}
	}
	feats, err := o.feats.Parse(feature.Default())
	if err != nil {
		return err
	}
	eng, err := o.engine(ctx, feats)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, eng.Close(context.WithoutCancel(ctx))) }()
	stop := o.progress("compiling " + filepath.Base(f.Name))
	prog, err := eng.Compile(ctx, f.Name, f.Data)
	stop()
	if err != nil {
		return err
	}
	inst, closeWASI, err := o.instantiate(ctx, f, prog)
	if err != nil {
		return o.outcome(err)
	}
	defer func() {
		cerr := inst.Close(context.WithoutCancel(ctx))
		err = errors.Join(err, cerr, closeWASI.Close())
	}()
	if o.invoke != "" {
		return o.outcome(o.call(ctx, f, inst))
	}
	return o.outcome(o.command(ctx, f, inst))
}

// ofModule makes a component of a core module that is a program for WASI preview 1. It is the one that `compose new` makes, so the code that was
// compiled for one is of use for the other.
func ofModule(f *diag.File) (*diag.File, error) {
	isPreview1 := func(i core.Import) bool { return i.Module == preview1.Module }
	// What is wrong with a malformed one is said below.
	if m, err := core.Decode(f.Data); err == nil && !slices.ContainsFunc(m.Imports, isPreview1) {
		return nil, diag.Errorf(diag.Span{}, CodeRunModule, "`%s` is a core module that imports nothing of WASI preview 1; a component is needed", f.Name).
			Helpf("make a component of it first, with `compose new`")
	}
	c, err := componentize.New(f, componentize.Options{DefaultAdapter: preview1.Adapter, Producer: producer()})
	if err != nil {
		return nil, err
	}
	return diag.NewBinary(f.Name, c.Append(nil)), nil
}

func (o *runOptions) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.timeout > 0 {
		return context.WithTimeout(ctx, o.timeout)
	}
	return context.WithCancel(ctx)
}

func (o *runOptions) engine(ctx context.Context, feats feature.Set) (*runner.Engine, error) {
	opts := runner.Options{Features: feats, MaxMemory: o.memory, Interpreter: o.interpret, Timeouts: o.timeout > 0}
	if dir := o.cache(); dir != "" && !o.interpret {
		opts.CacheDir = dir
	}
	eng, err := runner.NewEngine(ctx, opts)
	if err != nil && o.cacheDir == "" && opts.CacheDir != "" {
		// A cache that nobody asked for must not stand in the way.
		opts.CacheDir = ""
		eng, err = runner.NewEngine(ctx, opts)
	}
	return eng, err
}

// instantiate links the component with WASI and makes an instance.
func (o *runOptions) instantiate(ctx context.Context, f *diag.File, prog *runner.Program) (*runner.Instance, io.Closer, error) {
	l := runner.NewLinker()
	if o.unknown == "trap" {
		l.TrapUnknown()
	}
	cfg, err := o.wasi()
	if err != nil {
		return nil, nil, err
	}
	closeWASI, err := cfg.AddTo(l)
	if err != nil {
		return nil, nil, err
	}
	linked, err := l.Link(prog)
	var inst *runner.Instance
	if err == nil {
		inst, err = linked.Instantiate(ctx)
	}
	if err != nil {
		return nil, nil, errors.Join(unmet(f, err), closeWASI.Close())
	}
	return inst, closeWASI, nil
}

// wasi is what the guest may use.
func (o *runOptions) wasi() (wasi.Config, error) {
	argv0 := o.argv0
	if argv0 == "" {
		argv0 = filepath.Base(o.component)
	}
	cfg := wasi.Config{Args: append([]string{argv0}, o.args...), Stdin: o.std.In, Stdout: o.std.Out, Stderr: o.std.Err,
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
		cfg.Dirs = append(cfg.Dirs, dir)
	}
	if o.seeded {
		fix(&cfg, o.seed)
	}
	return cfg, nil
}

// fix makes random numbers and clocks the same in each run. Both clocks go on by a millisecond each time they are read, so that a guest that
// waits for time to pass does not wait for ever.
func fix(cfg *wasi.Config, seed uint64) {
	cfg.Seed = binary.LittleEndian.AppendUint64(nil, seed)
	var reads atomic.Int64
	cfg.Monotonic = func() time.Duration { return time.Duration(reads.Add(1)) * time.Millisecond }
	cfg.Now = func() time.Time { return time.Unix(0, 0).Add(cfg.Monotonic()) }
}

// parseDir reads HOST[::GUEST][:ro].
func parseDir(s string) (wasi.Dir, error) {
	rest, ro := strings.CutSuffix(s, ":ro")
	host, guest, ok := strings.Cut(rest, "::")
	if !ok {
		guest = host
	}
	if host == "" || guest == "" {
		return wasi.Dir{}, cli.Usagef("--dir: `%s` lacks a folder; write HOST, HOST::GUEST or HOST::GUEST:ro", s)
	}
	return wasi.Dir{Host: host, Guest: guest, ReadOnly: ro}, nil
}

// runInterface is what commands export.
const runInterface = "wasi:cli/run"

// command runs wasi:cli/run.
func (o *runOptions) command(ctx context.Context, f *diag.File, inst *runner.Instance) error {
	for _, n := range inst.Type().Exports.Names() {
		in, err := name.ParseInterface(n, name.Options{})
		if err != nil || in.Unversioned() != runInterface {
			continue
		}
		run := inst.Func(n, "run")
		if run == nil || !isRun(run.Type()) {
			continue
		}
		v, err := run.Call(ctx)
		if err != nil {
			return err
		}
		if !v.IsOK() {
			return &cli.ExitError{Code: cli.ExitInput}
		}
		return nil
	}
	d := diag.Errorf(diag.Span{}, CodeNoRun, "`%s` exports no `%s`, so it is not a command", f.Name, runInterface)
	for _, s := range signatures(inst.Type()) {
		d.Notef("it exports %s", s)
	}
	d.Helpf("call a function with --invoke 'NAME(ARGUMENTS)'")
	return d
}

// isRun tells whether a function has the type of a command's: func() -> result.
func isRun(t *types.Func) bool {
	return len(t.Params) == 0 && t.Result != nil && types.Equal(t.Result, &types.Result{})
}

// outcome turns how a guest ended into how the command ends.
func (o *runOptions) outcome(err error) error {
	var exit *runner.ExitError
	if errors.As(err, &exit) {
		if exit.Code == 0 {
			return nil
		}
		return &cli.ExitError{Code: exit.Code}
	}
	var trap *runner.Trap
	if !errors.As(err, &trap) {
		return err
	}
	d := diag.Errorf(diag.Span{}, CodeTrap, "the guest trapped: %s", trap.Message)
	if trap.Export != "" {
		d.Notef("in a call of `%s`", trap.Export)
	}
	if bt := trap.Backtrace(); bt != "" {
		d.Notef("backtrace, innermost frame first:\n%s", strings.TrimRight(bt, "\n"))
	}
	if errors.Is(err, context.DeadlineExceeded) {
		d.Helpf("give it more time with --timeout")
	}
	return &cli.ExitError{Code: cli.ExitTrap, Err: d}
}

// call is --invoke.
func (o *runOptions) call(ctx context.Context, f *diag.File, inst *runner.Instance) error {
	call, err := value.ParseCallNamed("--invoke", o.invoke)
	if err != nil {
		return err
	}
	path, err := findExport(f, inst, call)
	if err != nil {
		return err
	}
	fn := inst.Func(path...)
	args, err := call.Args(fn.Type().Params)
	if err != nil {
		return err
	}
	v, err := fn.Call(ctx, args...)
	if err != nil {
		return err
	}
	out := []byte("()")
	if t := fn.Type().Result; t != nil {
		out = value.Append(nil, v, t)
	}
	_, err = o.std.Out.Write(append(out, '\n'))
	return err
}

package compose

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
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
	trace     bool
	record    string
	profile   string
	feats     cli.FeatureFlags
	wasiKeys  []string
	wasmKeys  []string

	// Set by wasmtime's spellings.
	inheritEnv bool
	limits     limits
}

func newRun(std *cli.IO, runF func(context.Context, *runOptions) error) *cobra.Command {
	o := &runOptions{std: std, limits: limits{Limits: defaultLimits()}}
	cmd := &cobra.Command{
		Use:   "run COMPONENT [ARG...]",
		Short: "Run a component",
		Long: `Runs a command, a component that exports wasi:cli/run, with the given arguments. With
--invoke, calls one exported function instead and prints its result. A core module for
WASI preview 1 is made into a component first.

The guest gets its arguments and the standard streams. It has no access to environment
variables, folders or the network unless flags grant it. Flags come before COMPONENT;
everything after it is passed to the guest.

Compiled code is kept in the user's cache folder, so that a component starts faster the
second time.`,
		Args: o.positional,
		Example: `
# Run a command with arguments (exits 3: it returns their number)
$ compose run tool.wasm copy --from here

# Run a program for WASI preview 1, as built with GOOS=wasip1 GOARCH=wasm
$ compose run hello.wat

# Call an exported function, with arguments in WAVE
$ compose run --invoke 'add(40, 2)' calc.wasm

# Call a function of an exported interface
$ compose run --invoke 'demo:calc/math.half(84)' calc.wasm

# Stop a guest that takes too long (exits 134)
$ compose run --timeout 100ms --invoke 'spin()' calc.wasm

# See what the guest calls (exits 1: it is the number of arguments)
$ compose run --trace tool.wasm copy
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.wantsKeys() {
				return o.listKeys(std.Out)
			}
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
	f.StringVar(&o.invoke, "invoke", "", "call an exported function instead of running the command; `CALL` is in WAVE, as in 'add(1, 2)'")
	f.StringArrayVar(&o.env, "env", nil, "set an environment variable, or pass on the host's if there is no VALUE: `NAME[=VALUE]`")
	f.StringArrayVar(&o.dirs, "dir", nil,
		"let the guest use the folder HOST, under the name GUEST if given, and read-only with :ro: `HOST[::GUEST][:ro]`")
	f.StringVar(&o.argv0, "argv0", "", "pass `NAME` as the program name instead of the file name")
	f.Var((*durationFlag)(&o.timeout), "timeout", "stop the guest with a trap after `DURATION`, as in 1.5s")
	f.StringVar(&o.maxMemory, "max-memory", "", "limit the memory of the guest to `BYTES`, as in 64M")
	f.Uint64Var(&o.limits.Fuel, "fuel", 0, "stop the guest with a trap after `N` units of work, about one instruction each")
	f.Var(limitFlag{&o.limits}, "limit", "set a limit: `KEY=N,...`, where KEY is table-elements, core-instances, handles, lifted, stack or open")
	cli.ChoiceVar(cmd, f, &o.unknown, "unknown-imports", "error", []string{"error", "trap"}, "take `ACTION` for unsatisfied imports")
	f.Uint64Var(&o.seed, "seed", 0, "make random numbers and clocks reproducible: the same `N` gives the same run")
	f.StringVar(&o.cacheDir, "cache-dir", "", "keep compiled code in `DIR`")
	f.BoolVar(&o.noCache, "no-cache", false, "do not keep compiled code")
	f.BoolVar(&o.interpret, "interpret", false, "interpret the code instead of compiling it, which is slow but starts quickly")
	f.StringArrayVarP(&o.wasiKeys, "wasi", "S", nil, "grant permissions in wasmtime's spelling; -S help lists the keys: `KEY[=VALUE],...`")
	f.StringArrayVarP(&o.wasmKeys, "wasm", "W", nil, "set limits and features in wasmtime's spelling; -W help lists the keys: `KEY[=VALUE],...`")
	f.BoolVar(&o.trace, "trace", false, "print each call of an export, of the host and between components, with values and times")
	f.StringVar(&o.record, "record", "", "record the run in `FILE`, for compose replay")
	f.StringVar(&o.profile, "profile", "", "write a profile of calls and guest functions to `FILE`, for go tool pprof")
	o.feats.Register(cmd)
	cli.GroupFlags(cmd, "Permissions", "env", "dir", "argv0", "wasi")
	cli.GroupFlags(cmd, "Limits", "timeout", "fuel", "max-memory", "limit", "unknown-imports", "seed", "wasm", "features", "all-features")
	cli.GroupFlags(cmd, "Debugging", "trace", "record", "profile")
	cli.GroupFlags(cmd, "Engine", "cache-dir", "no-cache", "interpret")
	cli.DocumentExit(cmd, "N", "the exit code of the guest")
	cli.DocumentExit(cmd, "1", "the component cannot be run, or its run function returned an error")
	cli.DocumentExit(cmd, "134", "the guest trapped, ran out of time or exceeded a limit")
	return cmd
}

// resolve applies wasmtime's spellings and parses the flags that need it.
func (o *runOptions) resolve() error {
	if err := o.compatible(); err != nil {
		return err
	}
	if o.maxMemory != "" {
		n, err := parseBytes(o.maxMemory)
		if err != nil {
			return cli.Usagef("--max-memory: %w", err)
		}
		o.limits.MaxMemory = n
	}
	return nil
}

package compose

import (
	"context"
	"fmt"
	"strconv"
	"strings"
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
# Run a command with an argument (exits 1, the number of arguments)
$ compose run tool.wasm hello

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

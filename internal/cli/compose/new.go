package compose

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/internal/cli"
)

type newOptions struct {
	std    *cli.IO
	module string
	worldFlags
	encoderFlags
	renames []string
	output  cli.Output
}

func newNew(std *cli.IO, runF func(context.Context, *newOptions) error) *cobra.Command {
	o := &newOptions{std: std}
	cmd := &cobra.Command{
		Use:   "new MODULE",
		Short: "Make a component of a core module",
		Long: `Makes a component of a core module. Its world is either embedded in the module, as
bindings and compose embed do, or given with --wit. The component imports what the module
uses of that world, and exports everything that the world exports. The result is valid.

An adapter is a core module that implements the functions that MODULE imports from NAME.
It has a world of its own. Only the parts of it that are used become part of the
component. Without NAME, an adapter provides the module named like its file, up to the
first dot. WASI preview 1, which most compilers target, needs no --adapt: its adapter is
built in.`,
		Args: cli.Args,
		Example: `
# Embed a world in a core module, and make a component of it
$ compose embed add.wat --wit add.wit -o core.wasm
$ compose new core.wasm -o add.wasm

# Make one of a program for WASI preview 1, as built with GOOS=wasip1 GOARCH=wasm
$ compose new hello.wat -o hello.wasm
$ compose run hello.wasm

# Leave the version of an import open until the component is composed
$ compose new logs.wat --wit logs.wit --import-name 'demo:log/log@1.0.0=unlocked-dep=<demo:log/log@{>=1.0.0}>' -t

# Take the world from a file, and run the result
$ compose new add.wat --wit add.wit | compose run --invoke 'add(40, 2)' -
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.module = args[0]
			for _, f := range []string{"world", "encoding"} {
				if o.path == "" && cmd.Flags().Changed(f) {
					return cli.Usagef("--%s needs --wit", f)
				}
			}
			for _, r := range o.renames {
				old, other, ok := strings.Cut(r, "=")
				if !ok || old == "" || other == "" {
					return cli.Usagef("--import-name must be OLD=NEW, not `%s`", r)
				}
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runNew(cmd.Context(), o)
		},
	}
	o.worldFlags.register(cmd)
	o.encoderFlags.register(cmd)
	cmd.Flags().StringArrayVar(&o.renames, "import-name", nil, "import the interface OLD under the name NEW (repeatable): `OLD=NEW`")
	o.output.Register(cmd, true)
	return cmd
}

func runNew(_ context.Context, o *newOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	f, err := o.std.ReadBinary(o.module)
	if err != nil {
		return err
	}
	c, err := o.options(o.std)
	if err != nil {
		return err
	}
	for _, r := range o.renames {
		old, other, _ := strings.Cut(r, "=")
		c.ImportNames = append(c.ImportNames, componentize.ImportName{Old: old, New: other})
	}
	if o.path != "" {
		if c.Model, c.World, err = o.load(o.std); err != nil {
			return err
		}
		c.Strings = o.kind()
	}
	made, err := componentize.New(f, c)
	if err != nil {
		return err
	}
	return o.std.WriteComponent(o.output, made.Component)
}

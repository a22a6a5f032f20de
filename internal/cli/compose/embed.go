package compose

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

type embedOptions struct {
	std    *cli.IO
	module string
	worldFlags
	dummy         bool
	dummyNames    string
	asyncCallback bool
	asyncStackful bool
	onlyCustom    bool
	output        cli.Output
}

func newEmbed(std *cli.IO, runF func(context.Context, *embedOptions) error) *cobra.Command {
	o := &embedOptions{std: std}
	cmd := &cobra.Command{
		Use:   "embed [MODULE] --wit=PATH",
		Short: "Embed the world that a core module is made for",
		Long: `Adds a section to a core module that describes the world it is made for. compose new
needs this section to make a component of the module. The bindings of most languages
write it themselves.

With --dummy, no MODULE is read. The result is a module that imports everything that the
world imports, and exports functions that trap.`,
		Args: cli.Args,
		Example: `
# Embed the only world of a package in a core module
$ compose embed add.wat --wit add.wit -o add.wasm

# Print a dummy component, to see what a component for this world looks like
$ compose embed --dummy --wit add.wit | compose new - -t
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.module = args[0]
			}
			if err := o.check(cmd); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runEmbed(cmd.Context(), o)
		},
	}
	o.worldFlags.register(cmd)
	f := cmd.Flags()
	f.BoolVar(&o.dummy, "dummy", false, "make a module with dummy functions instead of reading MODULE")
	cli.ChoiceVar(cmd, f, &o.dummyNames, "dummy-names", "standard32", []string{"standard32", "legacy"},
		"name the imports and exports of the dummy in `STYLE`")
	f.BoolVar(&o.asyncCallback, "async-callback", false,
		"make a dummy whose async functions have a callback (implies --dummy-names=legacy)")
	f.BoolVar(&o.asyncStackful, "async-stackful", false,
		"make a dummy whose async functions have no callback (implies --dummy-names=legacy)")
	f.BoolVar(&o.onlyCustom, "only-custom", false, "write only the contents of the section; MODULE is not needed")
	cli.GroupFlags(cmd, "Dummy modules", "dummy", "dummy-names", "async-callback", "async-stackful")
	o.output.Register(cmd, true)
	return cmd
}

// check returns a usage error for missing or contradictory flags and arguments. It also sets the
// flags that others imply.
func (o *embedOptions) check(cmd *cobra.Command) error {
	async := o.asyncCallback || o.asyncStackful
	names := cmd.Flags().Changed("dummy-names")
	if names && o.dummyNames == "standard32" && async {
		return cli.Usagef("standard32 has no names for async functions: use --dummy-names=legacy")
	}
	if async {
		o.dummyNames = "legacy"
	}
	o.dummy = o.dummy || async || names
	switch {
	case o.path == "":
		return cli.Usagef("--wit is missing: give the WIT with the world")
	case o.asyncCallback && o.asyncStackful:
		return cli.Usagef("--async-callback and --async-stackful cannot be used together")
	case o.dummy && o.module != "":
		return cli.Usagef("a dummy needs no MODULE, but `%s` is given", o.module)
	case o.onlyCustom && o.dummy:
		return cli.Usagef("--only-custom writes no module, so it cannot make a dummy")
	case !o.dummy && !o.onlyCustom && o.module == "":
		return cli.Usagef("MODULE is missing")
	}
	return nil
}

func runEmbed(_ context.Context, o *embedOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	m, w, err := o.load(o.std)
	if err != nil {
		return err
	}
	settings := binary.WorldOptions{Strings: o.kind(), Producer: producer()}
	if o.onlyCustom {
		c, err := binary.EncodeWorld(m, w, settings)
		if err != nil {
			return err
		}
		return o.std.WriteBinary(o.output, c.Append(nil))
	}
	f, err := o.input(w)
	if err != nil {
		return err
	}
	data, err := binary.Embed(f, m, w, settings)
	if err != nil {
		return err
	}
	return o.std.WriteBinary(o.output, data)
}

// input returns the module to embed the world in.
func (o *embedOptions) input(w *wit.World) (*diag.File, error) {
	if !o.dummy {
		return o.std.ReadBinary(o.module)
	}
	d := componentize.DummyOptions{}
	if o.dummyNames == "legacy" {
		d.Names = componentize.LegacyNames
	}
	switch {
	case o.asyncCallback:
		d.ABI = componentize.DummyCallback
	case o.asyncStackful:
		d.ABI = componentize.DummyStackful
	}
	data, err := componentize.Dummy(w, d)
	return diag.NewBinary("the dummy", data), err
}

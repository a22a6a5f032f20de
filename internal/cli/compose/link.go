package compose

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/internal/cli"
)

type linkOptions struct {
	std       *cli.IO
	libraries []string
	openable  []string
	stackSize uint32
	stub      bool
	builtinDL bool
	encoderFlags
	output cli.Output
}

func newLink(std *cli.IO, runF func(context.Context, *linkOptions) error) *cobra.Command {
	o := &linkOptions{std: std}
	cmd := &cobra.Command{
		Use:   "link [NAME=]MODULE...",
		Short: "Make a component of shared libraries",
		Long: `Makes a component of core modules that are made for dynamic linking, with code that is
independent of its position. They share a memory, and get their symbols from each other;
where several have one, the first counts. The world is that of all of them together: each
says its own, as embed writes it. Libraries that nothing needs are left out.

The name of a library is what others need it by: that of its file, unless it is given.`,
		Args: cli.Args,
		Example: `
# Link two libraries, one of which calls the other, and run the result
$ compose embed lib-times.wat --wit times.wit -o times.wasm
$ compose link times.wasm adder=lib-adder.wat | compose run --invoke 'quadruple(3)' -
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.libraries = args
			if len(args)+len(o.openable) == 0 {
				return cli.Usagef("MODULE is missing")
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runLink(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.openable, "dl-openable", nil, "link a library and let dlopen find it: `[NAME=]MODULE`; may be given more than once")
	f.BoolVar(&o.builtinDL, "use-built-in-libdl", false, "link a library libdl.so that has dlopen and dlsym")
	f.BoolVar(&o.stub, "stub-missing-functions", false, "let functions trap that no library has, instead of refusing to link")
	f.Uint32Var(&o.stackSize, "stack-size", 0, "reserve `BYTES` for the stack (default 1 MiB)")
	cli.GroupFlags(cmd, "Libraries", "dl-openable", "use-built-in-libdl", "stub-missing-functions", "stack-size")
	o.encoderFlags.register(cmd)
	o.output.Register(cmd, true)
	return cmd
}

func runLink(_ context.Context, o *linkOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	c, err := o.options(o.std)
	if err != nil {
		return err
	}
	var libs []componentize.SharedLibrary
	for i, arg := range append(o.libraries[:len(o.libraries):len(o.libraries)], o.openable...) {
		name, path := nameAndFile(arg)
		f, err := o.std.ReadBinary(path)
		if err != nil {
			return err
		}
		libs = append(libs, componentize.SharedLibrary{Name: name, File: f, Openable: i >= len(o.libraries)})
	}
	if o.builtinDL {
		libs = append(libs, componentize.BuiltinDL())
	}
	made, err := componentize.Link(libs, componentize.LinkOptions{Options: c, StackSize: o.stackSize, StubMissing: o.stub})
	if err != nil {
		return err
	}
	return o.std.WriteComponent(o.output, made)
}

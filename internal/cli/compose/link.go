package compose

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/componentize/link"
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
		Long: `Makes a component of core modules with position-independent code, built for dynamic
linking. The modules share one memory and get symbols from each other. If several define
a symbol, the first one wins. The world of the component combines the worlds of the
modules, which compose embed writes into them. Libraries that nothing needs are left out.

Other modules find a library by its name: NAME, or else the name of its file.`,
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
	f.StringArrayVar(&o.openable, "dl-openable", nil, "link a library that dlopen can open (repeatable): `[NAME=]MODULE`")
	f.BoolVar(&o.builtinDL, "use-built-in-libdl", false, "link a built-in libdl.so with dlopen and dlsym")
	f.BoolVar(&o.stub, "stub-missing-functions", false, "make missing functions trap instead of refusing to link")
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
	var libs []link.SharedLibrary
	for i, arg := range append(o.libraries[:len(o.libraries):len(o.libraries)], o.openable...) {
		name, path := nameAndFile(arg)
		f, err := o.std.ReadBinary(path)
		if err != nil {
			return err
		}
		libs = append(libs, link.SharedLibrary{Name: name, File: f, Openable: i >= len(o.libraries)})
	}
	if o.builtinDL {
		libs = append(libs, link.BuiltinDL())
	}
	made, err := link.New(libs, link.Options{Component: c, StackSize: o.stackSize, StubMissing: o.stub})
	if err != nil {
		return err
	}
	return o.std.WriteComponent(o.output, made.Component)
}

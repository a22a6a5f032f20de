package wit

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit/binary"
)

type encodeOptions struct {
	source
	std       *cli.IO
	path      string
	output    cli.Output
	noDepDocs bool
}

func newEncode(std *cli.IO, runF func(context.Context, *encodeOptions) error) *cobra.Command {
	o := &encodeOptions{std: std}
	cmd := &cobra.Command{
		Use:   "encode PATH",
		Short: "Write a package as a WebAssembly binary",
		Long: `Writes a package in its binary form, as stored in registries: a component that exports a
type for each interface and world, with their documentation. The documentation of items
that it uses from other packages is added in a section that other tools ignore. The verbs
check, diff, doc, json and print also read this form.`,
		Args: cli.Args,
		Example: `
# Encode a package
$ wit encode shop -o shop.wasm

# Print the binary as WebAssembly text
$ wit encode shop -t
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.path = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runEncode(cmd.Context(), o)
		},
	}
	o.output.Register(cmd, true)
	cmd.Flags().BoolVar(&o.noDepDocs, "no-dependency-docs", false, "leave out the documentation of other packages, to write the same bytes as wasm-tools")
	o.register(cmd)
	return cmd
}

func runEncode(_ context.Context, o *encodeOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	m, err := o.load(o.std, o.path)
	if err != nil {
		return err
	}
	c, err := binary.EncodePackage(m, nil, binary.PackageOptions{
		Producer:       core.ProducersValue{Name: "mortise", Version: cli.Version()},
		DependencyDocs: !o.noDepDocs,
	})
	if err != nil {
		return err
	}
	return o.std.WriteBinary(o.output, c.Append(nil))
}

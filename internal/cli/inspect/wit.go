package inspect

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

type witOptions struct {
	std    *cli.IO
	file   string
	output cli.Output
	noDocs bool
	deps   bool
	json   bool
}

func newWIT(std *cli.IO, runF func(context.Context, *witOptions) error) *cobra.Command {
	o := &witOptions{std: std}
	cmd := &cobra.Command{
		Use:   "wit FILE",
		Short: "Print the WIT of a component, package or core module",
		Long: `Writes WIT text: the imports and exports of a component, a WIT package in binary form, or the
world that a core module is made for. With --deps, also writes the used parts of the packages
that it depends on, so that the text is complete.`,
		Args: cli.Args,
		Example: `
# Print the imports and exports of a component
$ inspect wit words.wasm

# Print them with the interfaces that they use
$ inspect wit --deps words.wasm -o words.wit
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runWIT(cmd.Context(), o)
		},
	}
	o.output.Register(cmd, false)
	cmd.Flags().BoolVar(&o.noDocs, "no-docs", false, "leave out documentation")
	cmd.Flags().BoolVar(&o.deps, "deps", false, "also print the packages that it depends on")
	cmd.Flags().BoolVarP(&o.json, "json", "j", false, "print the resolved packages as JSON, as wit json does")
	cmd.MarkFlagsMutuallyExclusive("json", "deps")
	cmd.MarkFlagsMutuallyExclusive("json", "no-docs")
	cli.DocumentExit(cmd, "1", "the file cannot be read or has no WIT; the error is on standard error")
	return cmd
}

func runWIT(_ context.Context, o *witOptions) error {
	f, err := o.std.ReadBinary(o.file)
	if err != nil {
		return err
	}
	m, err := binary.DecodeWIT(f)
	if err != nil {
		return adviseProgram(f, err)
	}
	if o.json {
		return o.std.Write(o.output, append(bytes.TrimSuffix(wit.AppendJSON(nil, m, wit.JSONOptions{}), []byte("\n")), '\n'))
	}
	opts := wit.PrintOptions{NoDocs: o.noDocs}
	if o.deps {
		opts.Nested = m.Dependencies()
	}
	return o.std.Write(o.output, wit.Append(nil, m, m.Main, opts))
}

// adviseProgram replaces the help for a core module without a world if it is a program for WASI
// preview 1, which needs no world to become a component.
func adviseProgram(f *diag.File, err error) error {
	var d *diag.Diagnostic
	if !errors.As(err, &d) || d.Code != binary.CodeNoWIT {
		return err
	}
	m, decodeErr := core.Decode(f.Data)
	if decodeErr == nil && slices.ContainsFunc(m.Imports, func(i core.Import) bool { return i.Module == preview1 }) {
		d.Help = nil
		d.Helpf("it is a program for WASI preview 1: `compose new` makes a component of it")
	}
	return err
}

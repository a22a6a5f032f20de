package inspect

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/cli"
)

type printOptions struct {
	std    *cli.IO
	file   string
	output cli.Output
	wat.PrintOptions
}

// maxIndent limits the number of blanks for each level.
const maxIndent = 64

func newPrint(std *cli.IO, runF func(context.Context, *printOptions) error) *cobra.Command {
	o := &printOptions{std: std}
	var indent uint
	cmd := &cobra.Command{
		Use:     "print FILE",
		Aliases: []string{"wasm2wat"},
		Short:   "Print a component or core module as text",
		Long: `Writes the text format of a component or core module, with the names in its name
sections. inspect parse turns the text back into the same binary.`,
		Args: cli.Args,
		Example: `
# Print a component
$ inspect print words.wasm

# Print the structure of a component, without code
$ inspect print --skeleton words.wasm -o words.wat
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			if cmd.Flags().Changed("indent") {
				if indent > maxIndent {
					return cli.Usagef("--indent must be at most %d", maxIndent)
				}
				o.Indent, o.NoIndent = strings.Repeat(" ", int(indent)), indent == 0
			}
			if cmd.Flags().Changed("indent-text") && o.Indent == "" {
				o.NoIndent = true
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runPrint(cmd.Context(), o)
		},
	}
	o.output.Register(cmd, false)
	cmd.Flags().BoolVar(&o.Skeleton, "skeleton", false, "leave out function bodies, elements and data")
	cmd.Flags().BoolVarP(&o.Offsets, "print-offsets", "p", false, "show the offset of each line in the binary")
	cmd.Flags().BoolVar(&o.NameUnnamed, "name-unnamed", false, "make up names for definitions without a name")
	cmd.Flags().BoolVar(&o.Operands, "print-operand-stack", false, "show the types on the operand stack after each instruction")
	cmd.Flags().UintVar(&indent, "indent", 2, "indent by `N` blanks for each level")
	cmd.Flags().StringVar(&o.Indent, "indent-text", "", "indent by `TEXT` for each level instead")
	cmd.MarkFlagsMutuallyExclusive("indent", "indent-text")
	return cmd
}

func runPrint(_ context.Context, o *printOptions) error {
	f, err := o.std.ReadBinary(o.file)
	if err != nil {
		return err
	}
	text, err := wat.PrintBinary(nil, f, o.PrintOptions)
	if err != nil {
		return err
	}
	return o.std.Write(o.output, text)
}

type parseOptions struct {
	std    *cli.IO
	file   string
	output cli.Output
	debug  bool
	dwarf  string
}

func newParse(std *cli.IO, runF func(context.Context, *parseOptions) error) *cobra.Command {
	o := &parseOptions{std: std}
	cmd := &cobra.Command{
		Use:     "parse FILE",
		Aliases: []string{"wat2wasm"},
		Short:   "Turn WebAssembly text into a binary",
		Long: `Reads the text format of a component or core module and writes the binary. Names are
kept in name sections. Gated syntax is always accepted; inspect validate checks the gates.`,
		Args: cli.Args,
		Example: `
# Assemble a component
$ inspect parse words.wat -o words.wasm

# Assemble a module so that backtraces show the lines of the text
$ inspect parse -g module.wat -o module.wasm
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			o.debug = o.debug || cmd.Flags().Changed("generate-dwarf")
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runParse(cmd.Context(), o)
		},
	}
	o.output.Register(cmd, true)
	cmd.Flags().BoolVarP(&o.debug, "debug", "g", false, "add debugging information (DWARF): the line and column of each function and instruction")
	cli.ChoiceVar(cmd, cmd.Flags(), &o.dwarf, "generate-dwarf", "lines", []string{"lines", "full"},
		"do the same as -g, in wasm-tools' spelling, for any `KIND`")
	return cmd
}

func runParse(_ context.Context, o *parseOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	f, err := o.std.ReadFile(o.file)
	if err != nil {
		return err
	}
	if !f.Binary {
		if f, err = wat.Assemble(f); err != nil {
			return err
		}
	} else if err := cli.CheckBinary(f); err != nil {
		return err
	}
	if o.debug {
		data, err := addDwarf(f)
		if err != nil {
			return err
		}
		return o.std.WriteBinary(o.output, data)
	}
	return o.std.WriteBinary(o.output, f.Data)
}

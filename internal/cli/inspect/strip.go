package inspect

import (
	"context"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/edit"
	"github.com/mortise-wasm/mortise/internal/cli"
)

type stripOptions struct {
	std     *cli.IO
	input   string
	all     bool
	deletes []string
	output  cli.Output

	patterns []*regexp.Regexp
}

func newStrip(std *cli.IO, runF func(context.Context, *stripOptions) error) *cobra.Command {
	o := &stripOptions{std: std}
	cmd := &cobra.Command{
		Use:   "strip FILE",
		Short: "Remove custom sections from a binary",
		Long: `Removes custom sections, such as debugging information, from a component or core module
and all its nested parts. The bytes of everything else are unchanged.

Without --all or --delete, keeps the sections that other tools need (component-type...
and dylink.0) and the names of functions, which stack traces show (name).`,
		Args: cli.Args,
		Example: `
# Remove the sections that are not needed to run or link a module
$ inspect strip module.wasm -o small.wasm

# Remove all custom sections
$ inspect strip --all greeter.wasm -o smallest.wasm

# Remove sections by name
$ inspect strip --delete '^producers$' --delete '^name$' service.wasm -o anonymous.wasm
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			if o.all && len(o.deletes) > 0 {
				return cli.Usagef("--all and --delete cannot be used together")
			}
			for _, text := range o.deletes {
				p, err := regexp.Compile(text)
				if err != nil {
					return cli.Usagef("--delete: %w", err)
				}
				o.patterns = append(o.patterns, p)
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runStrip(o)
		},
	}
	cmd.Flags().BoolVarP(&o.all, "all", "a", false, "remove all custom sections")
	cmd.Flags().StringArrayVarP(&o.deletes, "delete", "d", nil, "remove only custom sections whose name matches `REGEX` (repeatable)")
	o.output.Register(cmd, true)
	cli.DocumentExit(cmd, "1", "the file cannot be read; the error is on standard error")
	return cmd
}

func runStrip(o *stripOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	tree, err := newTree(f)
	if err != nil {
		return err
	}
	if err := tree.checkReadable(); err != nil {
		return err
	}
	data, err := edit.Customs(f, func(_ int, c *encoding.Custom) *encoding.Custom {
		if o.removes(c.Name) {
			return nil
		}
		return c
	})
	if err != nil {
		return err
	}
	return o.std.WriteBinary(o.output, data)
}

// removes reports whether custom sections with the given name are removed.
func (o *stripOptions) removes(name string) bool {
	if len(o.patterns) > 0 {
		for _, p := range o.patterns {
			if p.MatchString(name) {
				return true
			}
		}
		return false
	}
	return o.all || name != "name" && name != "dylink.0" && !strings.HasPrefix(name, "component-type")
}

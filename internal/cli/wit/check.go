package wit

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
)

type checkOptions struct {
	source
	std    *cli.IO
	paths  []string
	format string
}

func newCheck(std *cli.IO, runF func(context.Context, *checkOptions) error) *cobra.Command {
	o := &checkOptions{std: std}
	cmd := &cobra.Command{
		Use:   "check PATH...",
		Short: "Check WIT packages",
		Long: `Reads packages and reports every error: malformed WIT, and valid WIT that no component can
express, such as a record without fields. Prints nothing if there are no errors.

Each PATH is a file or a folder. The dependencies of a folder are in its folder deps or, if they
have a version, in folders beside it.`,
		Args: cli.Args,
		Example: `
# Check a package in a folder
$ wit check shop

# Show the errors in a file (exits 1)
$ wit check broken.wit
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.paths = args
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runCheck(cmd.Context(), o)
		},
	}
	cli.AddFormat(cmd, &o.format, "text", "json")
	o.register(cmd)
	return cmd
}

func runCheck(_ context.Context, o *checkOptions) error {
	var all diag.List
	for _, path := range o.paths {
		m, err := o.load(o.std, path)
		var list diag.List
		switch {
		case err == nil:
			all.Add(m.Check(false)...)
		case errors.As(err, &list):
			all.Add(list...)
		default:
			return err
		}
	}
	return all.Err()
}

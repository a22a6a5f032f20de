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
		Long: `Reads packages, each a file or a folder with its dependencies in the folder deps, or beside it
if they have a version, and reports all errors in them: what is no WIT, and what WIT can say and
no component can have, such as a record without fields. Nothing is printed when there are none.`,
		Args: cli.Args,
		Example: `
# Check a package in a folder
$ wit check shop

# See what is wrong with a file (exits 1)
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

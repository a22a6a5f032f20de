package compose

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
)

type plugOptions struct {
	std     *cli.IO
	socket  string
	plugs   []string
	output  cli.Output
	verbose bool
	feats   cli.FeatureFlags
}

func newPlug(std *cli.IO, runF func(context.Context, *plugOptions) error) *cobra.Command {
	o := &plugOptions{std: std}
	cmd := &cobra.Command{
		Use:   "plug SOCKET --plug=FILE...",
		Short: "Satisfy a component's imports with other components",
		Long: `Composes several components into one. The exports of the plugs satisfy the imports of
the socket that have the same name or are interfaces on the same semver track. The result
imports what is still missing, and exports what the socket exports.

On a terminal, or with -v, standard error shows which plug satisfies which import.`,
		Args: cli.Args,
		Example: `
# Give the greeter the interface that it imports
$ compose plug greeter.wasm --plug words.wasm -o composed.wasm

# Run the result at once
$ compose plug greeter.wasm --plug words.wasm | compose run --invoke 'greet({name: "Ada", times: 2})' -
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.socket = args[0]
			if len(o.plugs) == 0 {
				return cli.Usagef("--plug is missing: give at least one component to plug in")
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runPlug(cmd.Context(), o)
		},
	}
	cmd.Flags().StringArrayVar(&o.plugs, "plug", nil, "plug in the component in `FILE` (repeatable)")
	cmd.Flags().BoolVarP(&o.verbose, "verbose", "v", false, "report which plug satisfies which import")
	o.output.Register(cmd, true)
	o.feats.Register(cmd)
	return cmd
}

func runPlug(_ context.Context, o *plugOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	feats, err := o.feats.Parse(feature.Default())
	if err != nil {
		return err
	}
	labels := make(map[string]int)
	socket, err := o.load(o.socket, labels, feats)
	if err != nil {
		return err
	}
	var plugs []*compose.Package
	for _, path := range o.plugs {
		p, err := o.load(path, labels, feats)
		if err != nil {
			return err
		}
		plugs = append(plugs, p)
	}
	g, report, err := compose.Plug(socket, plugs)
	if err != nil {
		return err
	}
	info, err := g.Encode(compose.EncodeOptions{Features: feats})
	if err != nil {
		return err
	}
	if err := o.std.WriteBinary(o.output, info.Append(nil)); err != nil {
		return err
	}
	if o.verbose || o.std.ErrIsTTY {
		o.report(socket, report, info.Type.Imports.Names())
	}
	return nil
}

// load reads a component. Its label is the name of its file, with a number if it is not the first
// of that name.
func (o *plugOptions) load(path string, labels map[string]int, feats feature.Set) (*compose.Package, error) {
	f, err := o.std.ReadBinary(path)
	if err != nil {
		return nil, err
	}
	label := strings.TrimSuffix(filepath.Base(f.Name), filepath.Ext(f.Name))
	if path == "-" {
		label = "stdin"
	}
	if labels[label]++; labels[label] > 1 {
		label = fmt.Sprintf("%s-%d", label, labels[label])
	}
	return compose.NewPackage(label, f, feats)
}

// report lists which plug satisfies which import, and what the result still imports.
func (o *plugOptions) report(socket *compose.Package, r *compose.PlugReport, open []string) {
	for _, c := range r.Connections {
		fmt.Fprintf(o.std.Err, "%s: `%s` comes from %s\n", socket.Name, c.Import, c.Plug)
	}
	for _, name := range open {
		fmt.Fprintf(o.std.Err, "still imported: `%s`\n", name)
	}
}

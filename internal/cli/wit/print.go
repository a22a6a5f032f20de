package wit

import (
	"bytes"
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit"
)

type jsonOptions struct {
	source
	std    *cli.IO
	path   string
	output cli.Output
	noDocs bool
}

func newJSON(std *cli.IO, runF func(context.Context, *jsonOptions) error) *cobra.Command {
	o := &jsonOptions{std: std}
	cmd := &cobra.Command{
		Use:   "json PATH",
		Short: "Print resolved packages as JSON",
		Long: `Writes a resolved package and all its dependencies as JSON, in the format of
wasm-tools component wit --json.`,
		Args: cli.Args,
		Example: `
# Print a package as JSON
$ wit json shop
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.path = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runJSON(cmd.Context(), o)
		},
	}
	o.output.Register(cmd, false)
	cmd.Flags().BoolVar(&o.noDocs, "no-docs", false, "leave out documentation")
	o.register(cmd)
	return cmd
}

func runJSON(_ context.Context, o *jsonOptions) error {
	m, err := o.load(o.std, o.path)
	if err != nil {
		return err
	}
	out := wit.AppendJSON(nil, m, wit.JSONOptions{NoDocs: o.noDocs})
	if !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, '\n')
	}
	return o.std.Write(o.output, out)
}

type printOptions struct {
	source
	std    *cli.IO
	path   string
	output cli.Output
	dir    string
	noDocs bool
	deps   bool
	turn   turnOptions
}

func newPrint(std *cli.IO, runF func(context.Context, *printOptions) error) *cobra.Command {
	o := &printOptions{std: std}
	cmd := &cobra.Command{
		Use:   "print PATH",
		Short: "Print a package as WIT text",
		Long: `Writes a resolved package as WIT text, with everything that its worlds import. With --out-dir
the package goes to a folder, and its dependencies to the folder deps in it.

--importize turns the exports of a world into imports; the result is the world of a program that
calls such a component. --exportize turns the imports into exports; the result is the world of a
component that provides what this world needs.`,
		Args: cli.Args,
		Example: `
# Print a package
$ wit print shop

# Write a package and its dependencies to a folder
$ wit print shop --out-dir copy

# Print the world of a program that calls components of the world shop
$ wit print shop --importize-world shop
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.path = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runPrint(cmd.Context(), o)
		},
	}
	o.output.Register(cmd, false)
	cmd.Flags().StringVar(&o.dir, "out-dir", "", "write the package and its dependencies to the folder `DIR`")
	cmd.Flags().BoolVar(&o.noDocs, "no-docs", false, "leave out documentation")
	cmd.Flags().BoolVar(&o.deps, "deps", false, "also print the dependencies of the package, in braces after it")
	cmd.MarkFlagsMutuallyExclusive("deps", "out-dir")
	o.turn.register(cmd)
	o.register(cmd)
	return cmd
}

func runPrint(_ context.Context, o *printOptions) error {
	m, err := o.load(o.std, o.path)
	if err != nil {
		return err
	}
	if m, err = o.turn.apply(m); err != nil {
		return err
	}
	opts := wit.PrintOptions{NoDocs: o.noDocs}
	if o.dir == "" {
		if o.deps {
			opts.Nested = m.Dependencies()
		}
		return o.std.Write(o.output, wit.Append(nil, m, m.Main, opts))
	}
	for _, p := range m.Packages {
		dir := o.dir
		if p != m.Main {
			dir = filepath.Join(o.dir, "deps")
		}
		if err := cli.MakeFolder(dir); err != nil {
			return err
		}
		if err := cli.WriteFile(filepath.Join(dir, fileName(p)), wit.Append(nil, m, p, opts)); err != nil {
			return err
		}
	}
	return nil
}

// fileName returns the file name for a package: its name with the namespace and the version, so
// that the packages in deps have different names.
func fileName(p *wit.Package) string {
	s := p.Name.Namespace + "-" + p.Name.Name
	if !p.Name.Version.IsZero() {
		s += "-" + p.Name.Version.String()
	}
	return s + ".wit"
}

package wit

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit/doc"
)

type docOptions struct {
	source
	std    *cli.IO
	path   string
	out    string
	format string
	// chosen reports whether --format was given.
	chosen bool
	title  string
	noDeps bool
}

func newDoc(std *cli.IO, runF func(context.Context, *docOptions) error) *cobra.Command {
	o := &docOptions{std: std}
	cmd := &cobra.Command{
		Use:   "doc PATH",
		Short: "Write reference documentation of a package",
		Long: `Documents a package and its dependencies: worlds, interfaces, types and functions with
their comments, each name linked to its definition.

In a folder, Markdown consists of a file for each package and a README.md; HTML is one
page, index.html, with search and without external resources. If the name of the output
ends in .html or .md, everything goes to that file, in that format unless --format is given.`,
		Args: cli.Args,
		Example: `
# Print documentation as Markdown
$ wit doc shop

# Write a page for a browser
$ wit doc shop -o shop.html

# Write Markdown to a folder, a file for each package
$ wit doc shop -o reference

# Document a binary, which can be a package or a component
$ wit encode shop | wit doc - --format html > shop.html
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.path, o.chosen = args[0], cmd.Flags().Changed("format")
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runDoc(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "write to the folder `DIR`, or to a file if the name ends in .html or .md, instead of standard output")
	cli.ChoiceVar(cmd, cmd.Flags(), &o.format, "format", "markdown", []string{"markdown", "html"}, "write the documentation in `FORMAT`")
	cmd.Flags().StringVar(&o.title, "title", "", "use `TITLE` instead of the name of the package")
	cmd.Flags().BoolVar(&o.noDeps, "no-deps", false, "leave out the dependencies of the package")
	o.register(cmd)
	return cmd
}

func runDoc(_ context.Context, o *docOptions) error {
	m, err := o.load(o.std, o.path)
	if err != nil {
		return err
	}
	form, isFile := docFile(o.out)
	if o.chosen || form == "" {
		form = o.format
	}
	opts := doc.Options{Title: o.title, NoDeps: o.noDeps}
	switch {
	case !isFile && form == "html":
		return o.folder([]doc.File{{Name: "index.html", Data: doc.HTML(m, opts)}})
	case !isFile:
		return o.folder(doc.MarkdownFiles(m, opts))
	case form == "html":
		return o.std.Write(cli.Output{Path: o.out}, doc.HTML(m, opts))
	default:
		return o.std.Write(cli.Output{Path: o.out}, doc.Markdown(m, opts))
	}
}

// docFile reports whether an output is a file or standard output, and not a folder. It returns the
// format of a file by its name, or "" for standard output.
func docFile(out string) (form string, isFile bool) {
	if out == "" || out == "-" {
		return "", true
	}
	if info, err := os.Stat(out); err == nil && info.IsDir() || os.IsPathSeparator(out[len(out)-1]) {
		return "", false
	}
	switch strings.ToLower(filepath.Ext(out)) {
	case ".html", ".htm":
		return "html", true
	case ".md", ".markdown":
		return "markdown", true
	}
	return "", false
}

func (o *docOptions) folder(files []doc.File) error {
	if err := cli.MakeFolder(o.out); err != nil {
		return err
	}
	for _, f := range files {
		if err := cli.WriteFile(filepath.Join(o.out, f.Name), f.Data); err != nil {
			return err
		}
	}
	return nil
}

// Package inspect is the command line of the binary inspect.
package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
)

// NewRoot returns the command tree.
func NewRoot(std *cli.IO) *cobra.Command { return newRoot(std, nil) }

type options struct {
	std    *cli.IO
	input  string
	output cli.Output
	format string
	feats  cli.FeatureFlags
}

// newRoot returns the command tree. If runF is not nil, it runs instead of reading the file.
func newRoot(std *cli.IO, runF func(context.Context, *options) error) *cobra.Command {
	o := &options{std: std}
	root := cli.NewRoot(std, cli.Root{
		Name:  "inspect",
		Short: "Look into WebAssembly binaries",
		Long: `Summarizes a component, WIT package or core module on one screen: its world, its nested
parts and their sizes, and the tools that made it.

For an invalid component, shows what can be read, and then reports the errors. Function
bodies are not checked. With --format json the report is one object, whose fields keep
their names and meanings in future versions.`,
		Example: `
# Look at a component
$ inspect greeter.wasm

# Write the report as JSON, for scripts
$ inspect --format json greeter.wasm -o report.json

# Look at an invalid component (exits 1)
$ inspect invalid.wasm

# Complete commands in bash
$ inspect completion bash > inspect.bash
`,
	})
	root.Use = "inspect FILE"
	root.ValidArgsFunction = completeFile
	help := root.RunE
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 && cmd.Flags().NFlag() == 0 {
			return help(cmd, args)
		}
		if err := cli.FileArgs(cmd, args); err != nil {
			return err
		}
		o.input = args[0]
		if runF != nil {
			return runF(cmd.Context(), o)
		}
		return notFile(cmd, o.input, run(o))
	}
	root.AddCommand(
		newSections(std, nil), newSize(std, nil), newValidate(std, nil), newMetadata(std, nil), newStrip(std, nil), newUnbundle(std, nil),
	)
	o.output.Register(root, false)
	o.feats.Register(root)
	cli.AddFormat(root, &o.format, "text", "json")
	cli.DocumentExit(root, "1", "the file cannot be read or is invalid; the errors are on standard error")
	root.AddCommand(newParse(std, nil), newPrint(std, nil), newWIT(std, nil), newDump(std, nil), newDemangle(std, nil), newAddr2line(std, nil))
	return root
}

// completeFile completes a file name, in addition to the verbs of a command.
func completeFile(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// Main runs a command line and returns its exit code.
func Main(ctx context.Context, args []string, std *cli.IO) int {
	return cli.Execute(ctx, std, NewRoot(std), args)
}

func run(o *options) error {
	features, err := o.feats.Parse(feature.Default())
	if err != nil {
		return err
	}
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	r, invalid := newReport(f, features)
	if r == nil {
		return invalid
	}
	out, err := o.print(r)
	if err != nil {
		return err
	}
	if err := o.std.Write(o.output, out); err != nil {
		return err
	}
	return invalid
}

func (o *options) print(r *Report) ([]byte, error) {
	return encodeReport(o.std, o.output, o.format, r, func(s *screen) { s.report(r) })
}

// reportOptions are the options of verbs that report on the contents of a file.
type reportOptions struct {
	std    *cli.IO
	input  string
	output cli.Output
	format string
}

func (o *reportOptions) register(cmd *cobra.Command) {
	o.output.Register(cmd, false)
	cli.AddFormat(cmd, &o.format, "text", "json")
	cli.DocumentExit(cmd, "1", "the file cannot be read; the error is on standard error")
}

// A renderer is a report that can be shown as text.
type renderer interface{ render(*screen) }

// run reads the file and writes the report that build makes of it.
func (o *reportOptions) run(build func(file string, tree *node) renderer) error {
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	tree, err := newTree(f)
	if err != nil {
		return err
	}
	r := build(f.Name, tree)
	out, err := encodeReport(o.std, o.output, o.format, r, r.render)
	if err != nil {
		return err
	}
	return o.std.Write(o.output, out)
}

// encodeReport returns a report as JSON, or as the text that render writes.
func encodeReport(std *cli.IO, output cli.Output, format string, report any, render func(*screen)) ([]byte, error) {
	if format != "json" {
		toStdout := output.Path == "" || output.Path == "-"
		s := &screen{color: toStdout && std.ColorOut(), width: cli.FileColumns}
		if toStdout {
			s.width = std.OutColumns()
		}
		render(s)
		return []byte(s.b.String()), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(report)
	return b.Bytes(), err
}

// notFile adds help to the error about a file that does not exist if its name is similar to that of
// a command.
func notFile(cmd *cobra.Command, name string, err error) error {
	var d *diag.Diagnostic
	if !errors.As(err, &d) || d.Code != cli.CodeUnreadable || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	names := func(yield func(string) bool) {
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() && !yield(c.Name()) {
				return
			}
		}
	}
	if similar, ok := diag.Suggest(name, names); ok {
		d.Helpf("a command with a similar name exists: %s", similar)
	}
	return err
}

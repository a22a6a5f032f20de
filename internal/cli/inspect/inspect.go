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

// newRoot returns the command tree. RunF, if not nil, takes the place of looking at the file.
func newRoot(std *cli.IO, runF func(context.Context, *options) error) *cobra.Command {
	o := &options{std: std}
	root := cli.NewRoot(std, cli.Root{
		Name:  "inspect",
		Short: "Look into WebAssembly binaries",
		Long: `Says in one screen what a WebAssembly binary, component, WIT package or core module,
holds: its world, what is nested in it and how large that is, and who made it.

Of a component that is not valid it says what can be said, then what is wrong.
Function bodies are not looked at. With --format json the report is one object,
whose fields keep their names and meanings.`,
		Example: `
# Look at a component
$ inspect greeter.wasm

# Write the report in a form that scripts can read
$ inspect --format json greeter.wasm -o report.json

# See what can be seen of a component that is not valid (exits 1)
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
	cli.DocumentExit(root, "1", "the file cannot be read or is not valid; what is wrong is on standard error")
	root.AddCommand(newParse(std, nil), newPrint(std, nil), newWIT(std, nil), newDump(std, nil), newDemangle(std, nil), newAddr2line(std, nil))
	return root
}

// completeFile completes a file beside the verbs of a command.
func completeFile(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// Main runs a command line and returns the exit code.
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

// reportOptions are those of the verbs that report what is in a file.
type reportOptions struct {
	std    *cli.IO
	input  string
	output cli.Output
	format string
}

func (o *reportOptions) register(cmd *cobra.Command) {
	o.output.Register(cmd, false)
	cli.AddFormat(cmd, &o.format, "text", "json")
	cli.DocumentExit(cmd, "1", "the file cannot be read; what is wrong is on standard error")
}

// A renderer is a report that can be shown as text.
type renderer interface{ render(*screen) }

// run reads the file and writes the report that is built of it.
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

// notFile adds a hint to the error about a file that does not exist, when its name looks like that of a command.
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

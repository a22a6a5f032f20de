package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
)

// newDemo returns the root command of demo, a binary that exists only in tests. Its
// verb copy is an example of how to write a verb; fail ends in all possible ways.
func newDemo(std *cli.IO) *cobra.Command {
	root := cli.NewRoot(std, cli.Root{
		Name:  "demo",
		Short: "Show how to write a command line",
		Long:  "Has one verb that works and one that fails.",
		Example: `
# Copy a binary
$ demo copy in.wasm -o out.wasm

# Copy a file that does not exist (exits 1)
$ demo copy no-such-file.wasm -o out.wasm

# Read the output of another command
$ demo copy in.wasm | demo copy - > out.wasm
`,
	})
	root.AddGroup(&cobra.Group{ID: "work", Title: "Work"})
	root.AddCommand(newCopy(std, nil), newFail(std))
	return root
}

func demoMain(ctx context.Context, args []string, std *cli.IO) int {
	return cli.Execute(ctx, std, newDemo(std), args)
}

type copyOptions struct {
	std    *cli.IO
	input  string
	output cli.Output
	format string
	feats  cli.FeatureFlags
	limit  int
}

func newCopy(std *cli.IO, runF func(context.Context, *copyOptions) error) *cobra.Command {
	o := &copyOptions{std: std}
	cmd := &cobra.Command{
		Use:     "copy FILE",
		Short:   "Copy a WebAssembly binary",
		Long:    "Reads a binary and writes it, or with -t its bytes as text.",
		GroupID: "work",
		Args:    cli.Args,
		Example: `
# Print the bytes of a binary
$ demo copy -t in.wasm
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runCopy(cmd.Context(), o)
		},
	}
	o.output.Register(cmd, true)
	o.feats.Register(cmd)
	cli.AddFormat(cmd, &o.format, "text", "json")
	cmd.Flags().IntVar(&o.limit, "limit", 0, "copy at most `N` bytes")
	cli.GroupFlags(cmd, "Limits", "limit")
	cli.DocumentExit(cmd, "134", "never happens; an example of a documented code")
	cli.DocumentExit(cmd, "1", "the file cannot be copied")
	return cmd
}

func runCopy(_ context.Context, o *copyOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	if _, err := o.feats.Parse(feature.Default()); err != nil {
		return err
	}
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	data := f.Data
	if o.limit > 0 {
		data = data[:min(o.limit, len(data))]
	}
	if o.output.Wat {
		var b bytes.Buffer
		fmt.Fprintf(&b, "% x\n", data)
		return o.std.Write(o.output, b.Bytes())
	}
	return o.std.WriteBinary(o.output, data)
}

func newFail(std *cli.IO) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:       "fail HOW",
		Short:     "End in one of the ways a command can end",
		Long:      "Ends in the way that HOW names.",
		Args:      cli.Args,
		ValidArgs: []string{"many", "plain", "trap", "guest", "usage", "panic", "pipe", "warn"},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch args[0] {
			case "many":
				var l diag.List
				f := diag.NewFile("many.wit", []byte("interface a {}\n"))
				for i := range 13 {
					l.Errorf(f.Span(12-i, 13), "demo/many", "trouble number %d", i)
				}
				return l.Err()
			case "plain":
				return errors.New("something is wrong")
			case "trap":
				return &cli.ExitError{Code: cli.ExitTrap, Err: errors.New("wasm trap: unreachable")}
			case "guest":
				return &cli.ExitError{Code: 7}
			case "usage":
				return cli.Usagef("this and that do not go together")
			case "panic":
				panic("a fault")
			case "pipe":
				return fmt.Errorf("write: %w", syscall.EPIPE)
			case "wait":
				<-cmd.Context().Done()
				return context.Cause(cmd.Context())
			case "warn":
				l := diag.List{diag.Warningf(diag.Span{}, "demo/warn", "this is odd")}
				if err := std.Report(l, diag.Text); err != nil {
					return err
				}
				_, err := io.WriteString(std.Out, "result\n")
				return err
			}
			return fmt.Errorf("unknown way to end: `%s`", args[0])
		},
	}
	cli.AddFormat(cmd, &format, "text", "json")
	return cmd
}

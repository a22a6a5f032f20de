package wit

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/lsp"
)

type lspOptions struct {
	source
	std *cli.IO
}

func newLSP(std *cli.IO, runF func(context.Context, *lspOptions) error) *cobra.Command {
	o := &lspOptions{std: std}
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Run a language server on standard input and output",
		Long: `Serves an editor over the Language Server Protocol: diagnostics while you type, hover,
definition, references, rename, completion, formatting and symbols. It works on the package
of each open file, with the packages in its folder deps. Editors start the server;
docs/editors.md shows how.`,
		Args: cobra.NoArgs,
		Example: `
# Start the server as an editor does; here the input is empty (exits 1)
$ wit lsp
`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runLSP(cmd.Context(), o)
		},
	}
	// Clients based on vscode-languageclient pass this flag to every server.
	cmd.Flags().Bool("stdio", true, "use standard input and output, the only way of communication")
	o.register(cmd)
	cli.DocumentExit(cmd, "1", "the editor disconnected without a shutdown request")
	return cmd
}

func runLSP(ctx context.Context, o *lspOptions) error {
	opts, err := o.Options()
	if err != nil {
		return err
	}
	err = lsp.Serve(ctx, o.std.In, o.std.Out, lsp.Options{Version: cli.Version(), Dir: dirFS, Load: opts, Log: o.std.Err})
	if errors.Is(err, lsp.ErrNoShutdown) {
		return &cli.ExitError{Code: cli.ExitInput}
	}
	return err
}

// dirFS returns the folder at a path of the protocol, which has slashes and on Windows also one
// before the drive.
func dirFS(path string) fs.FS {
	if len(path) > 2 && path[2] == ':' && filepath.Separator == '\\' {
		path = strings.TrimPrefix(path, "/")
		if strings.HasSuffix(path, ":") {
			path += "/"
		}
	}
	return os.DirFS(filepath.FromSlash(path))
}

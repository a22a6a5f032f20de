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
		Long: `Speaks the Language Server Protocol with an editor: diagnostics while you type, hover,
definition, references, rename, completion, formatting and symbols, for the package of each
open file with all that is in its folder deps. Editors start it; docs/editors.md shows how.`,
		Args: cobra.NoArgs,
		Example: `
# What an editor runs; here nobody speaks with it (exits 1)
$ wit lsp
`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runLSP(cmd.Context(), o)
		},
	}
	// Clients written for vscode-languageclient add the flag to every server.
	cmd.Flags().Bool("stdio", true, "speak over standard input and output; there is no other way")
	o.register(cmd)
	cli.DocumentExit(cmd, "1", "the editor went away without a shutdown")
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

// dirFS returns the folder at a path as the protocol has it: with slashes, and on Windows with one before the drive.
func dirFS(path string) fs.FS {
	if len(path) > 2 && path[2] == ':' && filepath.Separator == '\\' {
		path = strings.TrimPrefix(path, "/")
		if strings.HasSuffix(path, ":") {
			path += "/"
		}
	}
	return os.DirFS(filepath.FromSlash(path))
}

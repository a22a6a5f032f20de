// Package inspect is the command line of the binary inspect.
package inspect

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
)

// NewRoot returns the command tree.
func NewRoot(std *cli.IO) *cobra.Command {
	root := cli.NewRoot(std, cli.Root{
		Name:  "inspect",
		Short: "Look into WebAssembly binaries",
		Long: `Says what a WebAssembly binary, core module or component, holds: its world, its
parts and their sizes, and whether it is valid.`,
		Example: `
# Complete commands in bash
$ inspect completion bash > inspect.bash
`,
	})
	return root
}

// Main runs a command line and returns the exit code.
func Main(ctx context.Context, args []string, std *cli.IO) int {
	return cli.Execute(ctx, std, NewRoot(std), args)
}

// Package wit is the command line of the binary wit.
package wit

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
)

// NewRoot returns the command tree.
func NewRoot(std *cli.IO) *cobra.Command {
	root := cli.NewRoot(std, cli.Root{
		Name:  "wit",
		Short: "Author WIT packages",
		Long: `Works on WIT, the interface language of the WebAssembly component model: text in
files and folders, and packages in binary form.`,
		Example: `
# Check a package
$ wit check shop

# List what a new version changes, and whom it breaks (exits 1)
$ wit diff shop shop-next.wit

# Complete commands in bash
$ wit completion bash > wit.bash
`,
	})
	root.AddCommand(newCheck(std, nil), newDiff(std, nil), newDoc(std, nil), newEncode(std, nil), newFmt(std, nil), newJSON(std, nil), newLSP(std, nil), newPrint(std, nil))
	return root
}

// Main runs a command line and returns its exit code.
func Main(ctx context.Context, args []string, std *cli.IO) int {
	return cli.Execute(ctx, std, NewRoot(std), args)
}

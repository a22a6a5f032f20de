// Package compose is the command line of the binary compose.
package compose

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
)

// NewRoot returns the command tree.
func NewRoot(std *cli.IO) *cobra.Command {
	root := cli.NewRoot(std, cli.Root{
		Name:  "compose",
		Short: "Build, compose and run WebAssembly components",
		Long: `Works on components, the unit of the WebAssembly component model: makes them from
core modules, connects them, and runs the result.`,
		Example: `
# Make a component of a core module, and call its function
$ compose embed add.wat --wit add.wit | compose new - -o add.wasm
$ compose run --invoke 'add(40, 2)' add.wasm

# Run a program for WASI preview 1
$ compose run hello.wat

# Satisfy the imports of a component, and run the result
$ compose plug greeter.wasm --plug words.wasm | compose run --invoke 'greet({name: "Ada", times: 2})' -
`,
	})
	root.AddCommand(newEmbed(std, nil), newLink(std, nil), newNew(std, nil), newPlug(std, nil), newReplay(std, nil), newRun(std, nil), newTargets(std, nil),
		newTest(std, nil), newWastJSON(std, nil))
	return root
}

// Main runs a command line and returns its exit code.
func Main(ctx context.Context, args []string, std *cli.IO) int {
	return cli.Execute(ctx, std, NewRoot(std), args)
}

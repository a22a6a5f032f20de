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
core modules, wires them together, and runs the result.`,
		Example: `
# Make a component of a program for WASI preview 1, and run it
$ compose new hello.wat -o hello.wasm
$ compose run hello.wasm

# Make one component of two
$ compose plug greeter.wasm --plug words.wasm -o whole.wasm

# Complete commands in bash
$ compose completion bash > compose.bash
`,
	})
	root.AddCommand(newEmbed(std, nil), newLink(std, nil), newNew(std, nil), newPlug(std, nil), newRun(std, nil), newTargets(std, nil),
		newTest(std, nil))
	return root
}

// Main runs a command line and returns the exit code.
func Main(ctx context.Context, args []string, std *cli.IO) int {
	return cli.Execute(ctx, std, NewRoot(std), args)
}

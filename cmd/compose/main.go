// Compose builds, composes and runs WebAssembly components.
//
// Making components:
//
//	compose embed MODULE --wit PATH     embed a world in a core module, or make a dummy for it
//	compose new MODULE                  make a component of a core module
//	compose link MODULE...              make a component of shared libraries
//
// Wiring and checking them:
//
//	compose plug SOCKET --plug FILE...  satisfy imports of a component with exports of others
//	compose targets FILE --wit PATH     check that a component fits a world
//
// Running them:
//
//	compose run FILE [ARG...]           run a command, or call an export with --invoke
//	compose replay RECORDING           replay a recorded run and report where it deviates
//	compose test FILE.wast...           run component-model test scripts
//	compose json-from-wast FILE.wast    convert a test script to JSON and binaries
//
// Run compose help for all commands and flags, compose COMMAND --help for one of them, and
// compose completion for a script that completes them in a shell.
package main

import (
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/compose"
)

func main() { cli.Exit(compose.Main) }

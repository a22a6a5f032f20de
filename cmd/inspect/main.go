// Inspect looks into WebAssembly binaries. Run `inspect help` for its commands.
package main

import (
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/inspect"
)

func main() { cli.Exit(inspect.Main) }

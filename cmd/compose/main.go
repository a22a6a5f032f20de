// Compose builds, composes and runs WebAssembly components. Run `compose help` for
// its commands.
package main

import (
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/compose"
)

func main() { cli.Exit(compose.Main) }

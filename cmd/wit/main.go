// Wit works on WIT packages. Run `wit help` for its commands.
package main

import (
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/wit"
)

func main() { cli.Exit(wit.Main) }

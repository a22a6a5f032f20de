// Inspect looks into WebAssembly binaries: components, WIT packages and core modules.
//
//	inspect FILE                 what the file is, on one screen
//
// Looking closer:
//
//	inspect validate FILE        check that it is valid
//	inspect size FILE            what makes it large
//	inspect sections FILE        its sections
//	inspect dump FILE            each of its bytes, with what it stands for
//	inspect metadata FILE        what it says about itself; metadata add changes that
//	inspect wit FILE             its WIT
//	inspect addr2line FILE ADDR  the source line of an offset
//
// Text and other binaries:
//
//	inspect print FILE           as WebAssembly text
//	inspect parse FILE           the binary that a text stands for
//	inspect strip FILE           without custom sections
//	inspect demangle FILE        with readable names of functions; or NAME...
//	inspect unbundle FILE        without its core modules, which become files
//
// Run inspect help for all commands and flags, inspect COMMAND --help for one of them, and inspect
// completion for a script that completes them in a shell.
package main

import (
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/inspect"
)

func main() { cli.Exit(inspect.Main) }

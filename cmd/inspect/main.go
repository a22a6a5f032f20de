// Inspect looks into WebAssembly binaries: components, WIT packages and core modules.
//
//	inspect FILE                 summarize the file on one screen
//
// Looking closer:
//
//	inspect validate FILE        check that the file is valid
//	inspect size FILE            list what makes the file large
//	inspect sections FILE        list the sections
//	inspect dump FILE            show every byte with its meaning
//	inspect metadata FILE        show the metadata; metadata add extends it
//	inspect wit FILE             print the WIT
//	inspect addr2line FILE ADDR  print the source line of an offset
//
// Text and other binaries:
//
//	inspect print FILE           print the file as WebAssembly text
//	inspect parse FILE           convert WebAssembly text to a binary
//	inspect strip FILE           remove custom sections
//	inspect demangle FILE        make function names readable; or NAME...
//	inspect unbundle FILE        move the core modules to files of their own
//
// Run inspect help for all commands and flags, inspect COMMAND --help for one of them, and inspect
// completion for a script that completes them in a shell.
package main

import (
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/inspect"
)

func main() { cli.Exit(inspect.Main) }

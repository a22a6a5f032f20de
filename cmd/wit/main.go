// Wit works on WIT packages, the interfaces of WebAssembly components.
//
//	wit check PATH...     check packages: text in files and folders, and binaries
//	wit fmt PATH...       format text, keeping comments
//	wit print PATH        print a package as text, or with exports turned into imports or back
//	wit json PATH         print resolved packages as JSON
//	wit encode PATH       write a package as a binary
//	wit diff OLD NEW      compare two versions of a package and report breaking changes
//	wit doc PATH          write reference documentation, Markdown or HTML
//	wit lsp               run a language server on standard input and output
//
// Run wit help for all commands and flags, wit COMMAND --help for one of them, and wit completion
// for a script that completes them in a shell.
package main

import (
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/wit"
)

func main() { cli.Exit(wit.Main) }

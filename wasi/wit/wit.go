// Package wit holds the signatures of WASI 0.2.12 and 0.3.0 in WIT, without documentation, for
// tools that need their types. The file NOTICE names their source and license.
package wit

import "embed"

// FS has a folder for each version: 0.2.12 and 0.3.0. Each is a package `mortise:wasi` whose worlds
// are for tools. Its folder deps contains the packages of WASI.
//
//go:embed 0.2.12 0.3.0
var FS embed.FS

// Package wit holds the signatures of WASI 0.2.12 and 0.3.0 as WIT, without prose, for tools that need its types.
package wit

import "embed"

// FS has a folder for each version, 0.2.12 and 0.3.0: a package `mortise:wasi`, which has worlds for tools, with the packages of
// WASI in its folder deps.
//
//go:embed 0.2.12 0.3.0
var FS embed.FS

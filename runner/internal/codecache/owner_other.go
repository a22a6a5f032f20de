//go:build !unix

package codecache

import "io/fs"

// unsafeReason returns "": permission bits say nothing here.
func unsafeReason(string, fs.FileInfo) (reason, remedy string) { return "", "" }

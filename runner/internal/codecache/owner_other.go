//go:build !unix

package codecache

import "io/fs"

// unsafeReason returns "" because permission bits mean nothing on this platform.
func unsafeReason(string, fs.FileInfo) (reason, remedy string) { return "", "" }

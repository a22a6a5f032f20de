//go:build !windows

package cli

import (
	"errors"
	"syscall"
)

// isBrokenPipe reports whether err says that the reader of a pipe went away. On
// Unix a write to such a standard stream ends the process before anybody asks.
func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

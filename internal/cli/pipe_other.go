//go:build !windows

package cli

import (
	"errors"
	"syscall"
)

// isBrokenPipe reports whether err says that the reader closed a pipe. On Unix,
// a write to such a standard stream usually ends the process with a signal first.
func isBrokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

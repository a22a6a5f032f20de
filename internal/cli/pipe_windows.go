package cli

import (
	"errors"
	"syscall"
)

// errorNoData is what Windows reports for a write to a pipe that is being closed.
const errorNoData syscall.Errno = 232

// isBrokenPipe reports whether err says that the reader of a pipe went away.
func isBrokenPipe(err error) bool {
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, errorNoData)
}

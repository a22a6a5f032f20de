package cli

import (
	"errors"
	"syscall"
)

// errorNoData is the error of Windows for a write to a pipe that is being closed.
const errorNoData syscall.Errno = 232

// isBrokenPipe reports whether err says that the reader closed a pipe.
func isBrokenPipe(err error) bool {
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, errorNoData)
}

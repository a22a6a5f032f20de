package cli

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
)

// Exit codes. `compose run` also passes on any code of the guest.
const (
	ExitOK        = 0
	ExitInput     = 1   // the input is wrong
	ExitUsage     = 2   // the invocation is wrong
	ExitInternal  = 70  // the tool has a bug
	ExitInterrupt = 130 // an interrupt stopped the command
	ExitTrap      = 134 // the guest trapped
	ExitPipe      = 141 // the reader closed the output
)

// exitMeanings is the table in `help exit-codes`, in order.
var exitMeanings = []struct {
	code    int
	meaning string
}{
	{ExitOK, "success"},
	{ExitInput, "the input has errors, which are reported on standard error"},
	{ExitUsage, "the command line is wrong"},
	{ExitInternal, "the tool has a bug; please report it"},
	{ExitInterrupt, "an interrupt stopped the command"},
	{ExitTrap, "the guest trapped or ran out of time (compose run)"},
	{ExitPipe, "the reader closed the output (broken pipe)"},
}

// An ExitError ends the command with Code. Err is reported unless it is nil.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string {
	if e.Err == nil {
		return "exit status " + strconv.Itoa(e.Code)
	}
	return e.Err.Error()
}

// Unwrap returns e.Err.
func (e *ExitError) Unwrap() error { return e.Err }

// A usageError is an error in the invocation. It is reported with the usage line.
type usageError struct {
	err  error
	hint string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// Usagef returns an error that ends the command with [ExitUsage]. Its message is
// reported with the command's usage line.
func Usagef(format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...)}
}

// Hint adds a help line, which tells the user what to do, to a usage error.
func Hint(err error, format string, args ...any) error { return withHint(err, format, args...) }

// withHint is Hint.
func withHint(err error, format string, args ...any) error {
	var u *usageError
	if errors.As(err, &u) {
		return &usageError{err: u.err, hint: fmt.Sprintf(format, args...)}
	}
	return err
}

// exitAnnotation is the prefix of the annotations in which a command keeps its
// own exit codes.
const exitAnnotation = "exit:"

// DocumentExit adds an exit code to the "Exit status" part of a command's help,
// or replaces the meaning of one. The code is text so that it can be a range.
func DocumentExit(cmd *cobra.Command, code, meaning string) {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[exitAnnotation+code] = meaning
}

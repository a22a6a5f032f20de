package compose

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/runner"
)

// timedOut is the start of the runner's message for a passed deadline.
const timedOut = "timed out"

// outcome turns the error of a guest into the error of the command.
func (o *runOptions) outcome(err error) error {
	var exit *runner.ExitError
	if errors.As(err, &exit) {
		if exit.Code == 0 {
			return nil
		}
		return &cli.ExitError{Code: exit.Code}
	}
	var trap *runner.Trap
	if !errors.As(err, &trap) {
		return err
	}
	message := "the guest trapped: " + trap.Message
	if where, ok := strings.CutPrefix(trap.Message, timedOut); ok && errors.Is(err, context.DeadlineExceeded) {
		message = "timed out after " + duration(o.timeout) + where
	}
	limited, flag := exceeded(err)
	if flag != "" {
		message = "the guest trapped: " + limited
	}
	d := diag.Errorf(diag.Span{}, CodeTrap, "%s", message)
	if trap.Export != "" {
		d.Notef("in a call of `%s`", trap.Export)
	}
	if bt := trap.Backtrace(); bt != "" {
		d.Notef("backtrace, innermost frame first:\n%s", strings.TrimRight(bt, "\n"))
	}
	if flag != "" {
		d.Helpf("raise it with %s", flag)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		d.Helpf("give it more time with --timeout")
	}
	return &cli.ExitError{Code: cli.ExitTrap, Err: d}
}

// duration formats a duration without the trailing zero units of its String method: 1m, not 1m0s.
func duration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

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

// timedOut is how the runner's message begins when the deadline has passed.
const timedOut = "timed out"

// outcome turns how a guest ended into how the command ends.
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
	d := diag.Errorf(diag.Span{}, CodeTrap, "%s", message)
	if trap.Export != "" {
		d.Notef("in a call of `%s`", trap.Export)
	}
	if bt := trap.Backtrace(); bt != "" {
		d.Notef("backtrace, innermost frame first:\n%s", strings.TrimRight(bt, "\n"))
	}
	if errors.Is(err, context.DeadlineExceeded) {
		d.Helpf("give it more time with --timeout")
	}
	return &cli.ExitError{Code: cli.ExitTrap, Err: d}
}

// duration writes a duration without the zeros that its String method appends: 1m and not 1m0s.
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

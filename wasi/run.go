package wasi

import (
	"context"
	"errors"
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner"
)

// runInterface is the interface that commands export, at any version on its track.
const runInterface = "wasi:cli/run@0.2.0"

// Run runs a command, which is a component that exports `wasi:cli/run`, and returns its exit code:
// the code that the guest exits with, 0 if it returns ok, or 1 if it returns an error. An exit is
// not an error, whatever its code. If err is not nil, the command did not run to its end, and code
// is 1. If the component is not a command, err wraps [runner.ErrNoFunc].
//
// An instance that has exited cannot be entered again.
func Run(ctx context.Context, inst *runner.Instance) (code int, err error) {
	run := inst.Func(runInterface, "run")
	if run == nil {
		return 1, fmt.Errorf("the component is not a command: it does not export `wasi:cli/run@0.2`: %w", runner.ErrNoFunc)
	}
	if t := run.Type(); len(t.Params) != 0 || t.Result == nil || !types.Equal(t.Result, &types.Result{}) {
		return 1, fmt.Errorf("the component is not a command: its `run` is %s, not func() -> result: %w", types.TypeString(t), runner.ErrNoFunc)
	}
	v, err := run.Call(ctx)
	var exit *runner.ExitError
	switch {
	case errors.As(err, &exit):
		return exit.Code, nil
	case err != nil:
		return 1, err
	case v.IsOK():
		return 0, nil
	default:
		return 1, nil
	}
}

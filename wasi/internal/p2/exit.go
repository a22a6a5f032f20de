package p2

import (
	"context"
	"errors"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// exit is wasi:cli/exit. It flushes buffered output first.
func (h *Host) exit() *iface {
	exit := func(ctx context.Context, code int) (value.Value, error) {
		// The guest has ended, so nobody is left to receive a write error.
		_ = errors.Join(h.Stdout.Flush(ctx), h.Stderr.Flush(ctx))
		return value.Value{}, &runner.ExitError{Code: code}
	}
	i := newInterface("wasi:cli/exit")
	i.fn("exit", func(ctx context.Context, args []value.Value) (value.Value, error) {
		if args[0].IsOK() {
			return exit(ctx, 0)
		}
		return exit(ctx, 1)
	}, value.KindResult)
	i.fn("exit-with-code", func(ctx context.Context, args []value.Value) (value.Value, error) {
		return exit(ctx, int(args[0].U8()))
	}, value.KindU8)
	return i
}

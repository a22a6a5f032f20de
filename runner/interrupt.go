package runner

import (
	"context"
	"fmt"
)

// interruptible runs compile and returns as soon as ctx ends, even if compile does not notice: the
// validator never checks ctx, and the engine does only between functions. A program compiled too
// late is released later; [Engine.Close] waits for that, as for every compilation.
func (e *Engine) interruptible(ctx context.Context, compile func() (*Program, error)) (*Program, error) {
	if err := ended(ctx); err != nil {
		return nil, err
	}
	if err := e.startCompiling(); err != nil {
		return nil, err
	}
	if ctx.Done() == nil {
		defer e.endCompiling()
		return compile()
	}
	type result struct {
		prog     *Program
		err      error
		panicked any
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			// Panic on the goroutine of the caller.
			r.panicked = recover()
			done <- r
		}()
		r.prog, r.err = compile()
	}()
	select {
	case r := <-done:
		e.endCompiling()
		if r.panicked != nil {
			panic(r.panicked)
		}
		if r.err != nil {
			if err := ended(ctx); err != nil {
				return nil, err
			}
		}
		return r.prog, r.err
	case <-ctx.Done():
		go func() {
			defer e.endCompiling()
			if r := <-done; r.prog != nil {
				// Nobody is left to receive the error.
				_ = r.prog.Close(context.WithoutCancel(ctx))
			}
		}()
		return nil, ended(ctx)
	}
}

// ended returns an error if ctx has ended.
func ended(ctx context.Context) error {
	if err := checkContext(ctx); err != nil {
		return fmt.Errorf("compiling was stopped: %w", err)
	}
	return nil
}

package p2

import (
	"context"
	"errors"
	"io"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// stdin is wasi:cli/stdin. All streams returned by get-stdin share one input: each byte goes to one
// of them.
func (h *Host) stdin() *iface {
	i := newInterface("wasi:cli/stdin")
	i.fn("get-stdin", func(context.Context, []value.Value) (value.Value, error) {
		return value.Own(&inputStream{from: stdinSource{h.Stdin}}), nil
	})
	return i
}

// stdout is wasi:cli/stdout.
func (h *Host) stdout() *iface {
	i := newInterface("wasi:cli/stdout")
	i.fn("get-stdout", getOutput(h.Stdout))
	return i
}

// stderr is wasi:cli/stderr.
func (h *Host) stderr() *iface {
	i := newInterface("wasi:cli/stderr")
	i.fn("get-stderr", getOutput(h.Stderr))
	return i
}

func getOutput(o *sysfs.Output) func(context.Context, []value.Value) (value.Value, error) {
	return func(context.Context, []value.Value) (value.Value, error) {
		return value.Own(&outputStream{to: stdioSink{o}}), nil
	}
}

type stdinSource struct{ in *sysfs.Input }

func (s stdinSource) read(n int) ([]byte, error) {
	b, err := s.in.Read(n)
	switch {
	case err == io.EOF:
		err = errClosed
	case err != nil:
		err = &ioError{err: err}
	}
	return b, err
}

func (s stdinSource) event() event { return stdinEvent(s) }

// stdinEvent is the event that standard input has data or has ended.
type stdinEvent struct{ in *sysfs.Input }

func (e stdinEvent) ready() bool                               { return e.in.Ready() }
func (e stdinEvent) notify(wake chan<- struct{}) (stop func()) { return e.in.Notify(wake) }

type stdioSink struct{ out *sysfs.Output }

func (s stdioSink) write(ctx context.Context, b []byte) error {
	return stdioError(ctx, s.out.Write(ctx, b))
}
func (s stdioSink) flush(ctx context.Context) error { return stdioError(ctx, s.out.Flush(ctx)) }

// stdioError distinguishes the end of the call, a closed pipe, and other failures.
func stdioError(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		return err
	}
	if code, _ := sysfs.CodeOf(err); code == sysfs.Pipe {
		return errClosed
	}
	return &ioError{err: err}
}

package p2

import (
	"context"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// ioError is the resource `error`: the failure of an operation on a stream.
type ioError struct {
	err error
	// file reports that the stream belongs to a file.
	file bool
}

// Error returns the reason without any path of the host.
func (e *ioError) Error() string { return sysfs.Reason(e.err) }

// ioErrors is wasi:io/error.
func ioErrors() *iface {
	i := newInterface("wasi:io/error")
	resource[*ioError](i, "error", nil)
	method(i, "error.to-debug-string", (*ioError).toDebugString)
	return i
}

func (e *ioError) toDebugString(context.Context, []value.Value) (value.Value, error) {
	return value.String(e.Error()), nil
}

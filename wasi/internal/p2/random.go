package p2

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// maxRandomBytes is the most random bytes that one call returns. The guest needs memory for them,
// but the host has to allocate them first.
const maxRandomBytes = 64 << 20

// random is wasi:random/random.
func (h *Host) random() *iface {
	i := newInterface("wasi:random/random")
	i.fn("get-random-bytes", randomBytes(h.Random), value.KindU64)
	i.fn("get-random-u64", randomU64(h.Random))
	return i
}

func randomBytes(r io.Reader) runner.HostFunc {
	return func(_ context.Context, args []value.Value) (value.Value, error) {
		n := args[0].U64()
		if n > maxRandomBytes {
			return value.Value{}, fmt.Errorf("%d random bytes are too many for one call: the limit is %d", n, maxRandomBytes)
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			return value.Value{}, fmt.Errorf("reading random bytes: %w", err)
		}
		return value.Bytes(b), nil
	}
}

func randomU64(r io.Reader) runner.HostFunc {
	return func(context.Context, []value.Value) (value.Value, error) {
		n, err := readU64(r)
		return value.U64(n), err
	}
}

func readU64(r io.Reader) (uint64, error) {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, fmt.Errorf("reading random bytes: %w", err)
	}
	return binary.LittleEndian.Uint64(b[:]), nil
}

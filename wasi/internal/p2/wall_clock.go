package p2

import (
	"context"
	"time"

	"github.com/mortise-wasm/mortise/model/value"
)

// wallClock is wasi:clocks/wall-clock.
func (h *Host) wallClock() *iface {
	i := newInterface("wasi:clocks/wall-clock")
	i.fn("now", func(context.Context, []value.Value) (value.Value, error) {
		return datetime(h.Now()), nil
	})
	i.fn("resolution", just(value.Record([]value.Value{value.U64(0), value.U32(1)})))
	return i
}

// datetime returns a `datetime`. It cannot represent times before 1970, which become 1970.
func datetime(t time.Time) value.Value {
	if t.Unix() < 0 {
		t = time.Unix(0, 0)
	}
	return value.Record([]value.Value{value.U64(uint64(t.Unix())), value.U32(uint32(t.Nanosecond()))})
}

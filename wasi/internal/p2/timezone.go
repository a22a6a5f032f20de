package p2

import "github.com/mortise-wasm/mortise/model/value"

// timezone is wasi:clocks/timezone, which is unstable. The time zone is always UTC.
func timezone() *iface {
	i := newInterface("wasi:clocks/timezone")
	i.fn("display", just(value.Record([]value.Value{value.S32(0), value.String("UTC"), value.Bool(false)})), value.KindRecord)
	i.fn("utc-offset", just(value.S32(0)), value.KindRecord)
	return i
}

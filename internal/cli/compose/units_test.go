package compose

import (
	"testing"
	"time"
)

func TestParseBytes(t *testing.T) {
	const k, m, g = 1 << 10, 1 << 20, 1 << 30
	for in, want := range map[string]uint64{
		"1": 1, "100": 100, "7b": 7, "64k": 64 * k, "64K": 64 * k, "64KB": 64 * k, "64Ki": 64 * k, "64KiB": 64 * k,
		"16M": 16 * m, "16mb": 16 * m, "128MiB": 128 * m, "1G": g, "4GiB": 4 * g, "17179869183G": (1<<34 - 1) * g,
		"18446744073709551615": 1<<64 - 1,
	} {
		if got, err := parseBytes(in); err != nil || got != want {
			t.Errorf("%s: %d, %v, want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "0", "0k", "k", "KiB", "-1", "1.5M", "1 M", "1T", "1kk", "1iB", "M1", "17179869184G", "18446744073709551616", "1e3", "0x10"} {
		if got, err := parseBytes(in); err == nil {
			t.Errorf("%q is %d", in, got)
		}
	}
}

func TestDurationFlag(t *testing.T) {
	for in, want := range map[string]time.Duration{"1s": time.Second, "1.5s": 1500 * time.Millisecond, "2m": 2 * time.Minute, "0": 0, "1ns": 1} {
		var d durationFlag
		if err := d.Set(in); err != nil || time.Duration(d) != want {
			t.Errorf("%s: %v, %v", in, time.Duration(d), err)
		}
	}
	for in, want := range map[string]string{
		"1":    "`1` has no unit: write 1s",
		"0.5":  "`0.5` has no unit: write 0.5s",
		"":     "`` is not a duration: write 1.5s, 200ms or 2m",
		"1sec": "`1sec` is not a duration: write 1.5s, 200ms or 2m",
		"-1ns": "`-1ns` is negative",
	} {
		var d durationFlag
		if err := d.Set(in); err == nil || err.Error() != want || d != 0 {
			t.Errorf("%q: %v, want %s", in, err, want)
		}
	}
}

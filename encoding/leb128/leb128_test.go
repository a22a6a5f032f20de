package leb128

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

func TestDecode(t *testing.T) {
	u32 := func(b []byte) (int64, int, error) { v, n, err := Uint32(b); return int64(v), n, err }
	u64 := func(b []byte) (int64, int, error) { v, n, err := Uint64(b); return int64(v), n, err }
	s32 := func(b []byte) (int64, int, error) { v, n, err := Int32(b); return int64(v), n, err }
	tests := []struct {
		kind string
		read func([]byte) (int64, int, error)
		in   string
		want int64
		n    int
		err  error
	}{
		{"u32", u32, "\x00", 0, 1, nil},
		{"u32", u32, "\x7f\xff", 127, 1, nil},
		{"u32", u32, "\x80\x01", 128, 2, nil},
		{"u32", u32, "\x83\x80\x80\x80\x00", 3, 5, nil},
		{"u32", u32, "\xff\xff\xff\xff\x0f", math.MaxUint32, 5, nil},
		{"u32", u32, "", 0, 0, ErrUnexpectedEnd},
		{"u32", u32, "\x80\x80", 0, 2, ErrUnexpectedEnd},
		{"u32", u32, "\x80\x80\x80\x80\x10", 0, 4, ErrTooLarge},
		{"u32", u32, "\x80\x80\x80\x80\x70", 0, 4, ErrTooLarge},
		{"u32", u32, "\x80\x80\x80\x80\x80\x00", 0, 4, ErrTooLong},
		{"u32", u32, "\xff\xff\xff\xff\xff", 0, 4, ErrTooLong},
		{"u64", u64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", -1, 10, nil},
		{"u64", u64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 0, 9, ErrTooLarge},
		{"u64", u64, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80", 0, 9, ErrTooLong},
		{"s32", s32, "\x7f", -1, 1, nil},
		{"s32", s32, "\x40", -64, 1, nil},
		{"s32", s32, "\xc0\x00", 64, 2, nil},
		{"s32", s32, "\xff\xff\xff\xff\x7f", -1, 5, nil},
		{"s32", s32, "\x80\x80\x80\x80\x78", math.MinInt32, 5, nil},
		{"s32", s32, "\xff\xff\xff\xff\x07", math.MaxInt32, 5, nil},
		{"s32", s32, "\x80\x80\x80\x80\x70", 0, 4, ErrTooLarge},
		{"s32", s32, "\xff\xff\xff\xff\x0f", 0, 4, ErrTooLarge},
		{"s32", s32, "\xff\xff\xff\xff\x4f", 0, 4, ErrTooLarge},
		{"s32", s32, "\x80\x80\x80\x80\x80\x00", 0, 4, ErrTooLong},
		{"s33", Int33, "\x40", -64, 1, nil},
		{"s33", Int33, "\xff\xff\xff\xff\x0f", math.MaxUint32, 5, nil},
		{"s33", Int33, "\x80\x80\x80\x80\x70", -1 << 32, 5, nil},
		{"s33", Int33, "\xff\xff\xff\xff\x1f", 0, 4, ErrTooLarge},
		{"s33", Int33, "\x80\x80\x80\x80\x60", 0, 4, ErrTooLarge},
		{"s64", Int64, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", math.MinInt64, 10, nil},
		{"s64", Int64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", math.MaxInt64, 10, nil},
		{"s64", Int64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 0, 9, ErrTooLarge},
		{"s64", Int64, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7e", 0, 9, ErrTooLarge},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s/%x", tt.kind, tt.in), func(t *testing.T) {
			got, n, err := tt.read([]byte(tt.in))
			if !errors.Is(err, tt.err) || n != tt.n || (err == nil && got != tt.want) {
				t.Errorf("got %d, %d, %v; want %d, %d, %v", got, n, err, tt.want, tt.n, tt.err)
			}
		})
	}
}

func TestAppendPadded(t *testing.T) {
	if got := AppendUintPadded(nil, 3, 5); string(got) != "\x83\x80\x80\x80\x00" {
		t.Errorf("unsigned: got %x", got)
	}
	if got := AppendIntPadded(nil, -1, 5); string(got) != "\xff\xff\xff\xff\x7f" {
		t.Errorf("signed: got %x", got)
	}
}

func FuzzRoundTrip(f *testing.F) {
	for _, v := range []int64{0, 1, -1, 63, 64, -64, -65, math.MaxInt32, math.MinInt32, 1 << 33, math.MaxInt64, math.MinInt64} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v int64) {
		b := AppendInt(nil, v)
		if got, n, err := Int64(b); got != v || n != len(b) || n != IntLen(v) || err != nil {
			t.Errorf("Int64(%x) = %d, %d, %v; want %d", b, got, n, err, v)
		}
		if got, n, err := Int64(AppendIntPadded(nil, v, MaxLen64)); got != v || n != MaxLen64 || err != nil {
			t.Errorf("padded Int64: got %d, %d, %v; want %d", got, n, err, v)
		}
		if got, n, err := Int32(AppendInt(nil, int64(int32(v)))); got != int32(v) || err != nil {
			t.Errorf("Int32: got %d, %d, %v; want %d", got, n, err, int32(v))
		}
		u := uint64(v)
		b = AppendUint(nil, u)
		if got, n, err := Uint64(b); got != u || n != len(b) || n != UintLen(u) || err != nil {
			t.Errorf("Uint64(%x) = %d, %d, %v; want %d", b, got, n, err, u)
		}
		if got, n, err := Uint64(AppendUintPadded(nil, u, MaxLen64)); got != u || n != MaxLen64 || err != nil {
			t.Errorf("padded Uint64: got %d, %d, %v; want %d", got, n, err, u)
		}
		if got, _, err := Int33(AppendInt(nil, int64(uint32(u)))); got != int64(uint32(u)) || err != nil {
			t.Errorf("Int33: got %d, %v; want %d", got, err, uint32(u))
		}
	})
}

// FuzzDecode checks that decoding arbitrary bytes does not panic, and that every accepted integer
// survives a second round trip.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, n, err := Uint32(b); err == nil {
			if w, _, err := Uint32(AppendUintPadded(nil, uint64(v), n)); w != v || err != nil {
				t.Errorf("Uint32: %d became %d, %v", v, w, err)
			}
		}
		if v, n, err := Int64(b); err == nil {
			if w, _, err := Int64(AppendIntPadded(nil, v, n)); w != v || err != nil {
				t.Errorf("Int64: %d became %d, %v", v, w, err)
			}
		}
		_, _, _ = Int33(b)
	})
}

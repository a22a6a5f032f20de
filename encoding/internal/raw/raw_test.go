package raw

import (
	"bytes"
	"math"
	"testing"
)

// Whatever the estimate, the size is written in its shortest form and the contents are kept.
func TestSized(t *testing.T) {
	for _, size := range []int{0, 1, 127, 128, 16383, 16384, 2097151, 2097152} {
		for _, estimate := range []int{0, 127, 128, 16384, size, 1 << 28} {
			body := bytes.Repeat([]byte{0xa5}, size)
			w := &Writer{Buf: []byte("x")}
			s := w.Begin(estimate)
			w.Bytes(body)
			w.End(s)
			w.Byte('y')

			r := NewReader(w.Buf, 1, len(w.Buf))
			r.Rec = &Recorder{}
			sub := r.Sub(r.U32())
			if got := sub.Skip(sub.Len()); !bytes.Equal(got, body) || r.Byte() != 'y' || r.Len() != 0 || len(r.Rec.Notes) != 0 {
				t.Errorf("size %d, estimate %d: error %v, notes %v", size, estimate, r.Err(), r.Rec.Notes)
			}
		}
	}
}

// A writer reproduces the forms that a reader noted.
func TestNotes(t *testing.T) {
	data := []byte{0x05, 0x85, 0x80, 0x00, 0x7f, 0xff, 0x7f, 0x80, 0x01, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01}
	r := NewReader(data, 0, len(data))
	r.Rec = &Recorder{}
	u, v := r.U32(), r.U32()
	s, p := r.S33(), r.S33()
	r.Choice(false)
	r.Choice(true)
	x, y := r.U32(), r.U64()
	b := r.Byte()
	r.Close()
	if !r.OK() || u != 5 || v != 5 || s != -1 || p != -1 || x != 128 || y != 0 || b != 1 {
		t.Fatalf("read %d %d %d %d %d %d %d: %v", u, v, s, p, x, y, b, r.Err())
	}
	w := &Writer{Notes: r.Rec.Notes}
	w.U32(u)
	w.U32(v)
	w.S33(s)
	w.S33(p)
	if first, second := w.Choice(), w.Choice(); first || !second {
		t.Errorf("choices %v, %v", first, second)
	}
	w.U32(x)
	w.U64(y)
	w.Byte(b)
	if !bytes.Equal(w.Buf, data) {
		t.Errorf("wrote % x, want % x", w.Buf, data)
	}
}

// A writer ignores notes of another tree where they do not fit.
func TestForeignNotes(t *testing.T) {
	w := &Writer{Notes: []Note{{0, Alternative}, {1, 10}, {2, 1}, {3, 3}}}
	w.U32(1)
	w.U32(1)
	w.U32(math.MaxUint32)
	if w.Choice() {
		t.Error("a width was taken for a choice")
	}
	if want := []byte{1, 1, 0xff, 0xff, 0xff, 0xff, 0x0f}; !bytes.Equal(w.Buf, want) {
		t.Errorf("wrote % x, want % x", w.Buf, want)
	}
}

// After an error, all reads return zero and the first error stays.
func TestSticky(t *testing.T) {
	r := NewReader([]byte{1, 0xff, 2}, 0, 3)
	if r.Name(); r.OK() {
		t.Fatal("no error for a name that is not UTF-8")
	}
	first := r.Err()
	if r.Byte() != 0 || r.U32() != 0 || r.U64() != 0 || r.S33() != 0 || r.S32() != 0 || r.S64() != 0 || r.Skip(1) != nil || r.Len() != 0 || r.Peek() != 0 ||
		r.Count() != 0 || r.Name() != "" || r.Bool() || r.Sub(1).OK() || r.PeekU32() != 0 {
		t.Error("something was read after an error")
	}
	r.Close()
	if r.Err() != first || first.Offset != 1 {
		t.Errorf("error %v", r.Err())
	}
}

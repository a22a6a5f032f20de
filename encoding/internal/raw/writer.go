package raw

import (
	"slices"

	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// Writer appends to Buf. With the notes of a [Recorder] it writes items in the forms that were
// read, otherwise in the shortest forms.
type Writer struct {
	Buf   []byte
	Notes []Note

	ord  uint32
	next int
}

// take counts one item and returns its noted width, or 0 if it has no note.
func (w *Writer) take() int {
	ord := w.ord
	w.ord++
	for w.next < len(w.Notes) && w.Notes[w.next].Ord < ord {
		w.next++
	}
	if w.next < len(w.Notes) && w.Notes[w.next].Ord == ord {
		width := w.Notes[w.next].Width
		w.next++
		return int(width)
	}
	return 0
}

// width returns the number of bytes for an integer. It ignores a note that does not fit the
// integer, as in a tree that is not the one that was read.
func (w *Writer) width(shortest, longest int) int {
	if n := w.take(); n > shortest && n <= longest {
		return n
	}
	return shortest
}

// Byte appends bytes.
func (w *Writer) Byte(b ...byte) { w.Buf = append(w.Buf, b...) }

// Bytes appends b as it is.
func (w *Writer) Bytes(b []byte) { w.Buf = append(w.Buf, b...) }

// Bool appends 0x01 or 0x00.
func (w *Writer) Bool(b bool) {
	if b {
		w.Byte(1)
	} else {
		w.Byte(0)
	}
}

// U32 appends an unsigned 32-bit integer.
func (w *Writer) U32(v uint32) {
	if v < 0x80 && len(w.Notes) == 0 {
		w.ord++
		w.Buf = append(w.Buf, byte(v))
		return
	}
	w.Buf = leb128.AppendUintPadded(w.Buf, uint64(v), w.width(leb128.UintLen(uint64(v)), leb128.MaxLen32))
}

// U64 appends an unsigned 64-bit integer.
func (w *Writer) U64(v uint64) {
	w.Buf = leb128.AppendUintPadded(w.Buf, v, w.width(leb128.UintLen(v), leb128.MaxLen64))
}

// S33 appends a signed 33-bit integer.
func (w *Writer) S33(v int64) {
	w.Buf = leb128.AppendIntPadded(w.Buf, v, w.width(leb128.IntLen(v), leb128.MaxLen33))
}

// Choice reports whether to write the second of two forms.
func (w *Writer) Choice() bool { return w.take() == Alternative }

// Name appends a name.
func (w *Writer) Name(s string) {
	w.U32(uint32(len(s)))
	w.Buf = append(w.Buf, s...)
}

// Sized is the place of a size that is not known yet.
type Sized struct{ start, reserved, width int }

// Begin reserves space for the size of the bytes up to [Writer.End]. The estimate of that size may
// be wrong: a good one only saves moving the bytes.
func (w *Writer) Begin(estimate int) Sized {
	s := Sized{start: len(w.Buf), width: w.take(), reserved: leb128.UintLen(uint64(estimate))}
	if s.width > leb128.MaxLen32 {
		s.width = 0
	}
	s.reserved = max(s.reserved, s.width)
	for range s.reserved {
		w.Buf = append(w.Buf, 0)
	}
	return s
}

// End fills in the size.
func (w *Writer) End(s Sized) {
	size := len(w.Buf) - s.start - s.reserved
	width := max(leb128.UintLen(uint64(size)), s.width)
	body := s.start + s.reserved
	switch {
	case width > s.reserved:
		w.Buf = slices.Grow(w.Buf, width-s.reserved)
		w.Buf = w.Buf[:len(w.Buf)+width-s.reserved]
		copy(w.Buf[s.start+width:], w.Buf[body:body+size])
	case width < s.reserved:
		copy(w.Buf[s.start+width:], w.Buf[body:])
		w.Buf = w.Buf[:s.start+width+size]
	}
	leb128.AppendUintPadded(w.Buf[:s.start], uint64(size), width)
}

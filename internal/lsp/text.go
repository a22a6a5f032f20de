package lsp

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"go.lsp.dev/protocol"
)

// text is a document with the offsets of its lines. Lines end at LF, CR LF or CR, as in the
// protocol.
type text struct {
	data   []byte
	starts []int
}

func newText(data []byte) *text {
	t := &text{data: data, starts: []int{0}}
	for i := 0; i < len(data); {
		n := bytes.IndexAny(data[i:], "\r\n")
		if n < 0 {
			break
		}
		i += n + 1
		if data[i-1] == '\r' && i < len(data) && data[i] == '\n' {
			i++
		}
		t.starts = append(t.starts, i)
	}
	return t
}

// line returns the bytes of a line without its line ending.
func (t *text) line(n int) []byte {
	end := len(t.data)
	if n+1 < len(t.starts) {
		end = t.starts[n+1]
	}
	return bytes.TrimRight(t.data[t.starts[n]:end], "\r\n")
}

// encoding is the unit in which columns are counted.
type encoding = protocol.PositionEncodingKind

// width returns the number of units and bytes of the character at the start of b.
func width(b []byte, enc encoding) (units, size int) {
	r, size := utf8.DecodeRune(b)
	switch {
	case enc == protocol.PositionEncodingKindUTF8:
		return size, size
	case r > 0xffff:
		return 2, size
	}
	return 1, size
}

// offset returns the byte offset of a position. A position outside the text becomes the nearest one
// inside, and a position inside a character becomes its start.
func (t *text) offset(p protocol.Position, enc encoding) int {
	if int64(p.Line) >= int64(len(t.starts)) {
		return len(t.data)
	}
	line := t.line(int(p.Line))
	at, left := 0, int64(p.Character)
	for at < len(line) {
		units, size := width(line[at:], enc)
		if left < int64(units) {
			break
		}
		left -= int64(units)
		at += size
	}
	return t.starts[p.Line] + at
}

// position is the inverse of offset.
func (t *text) position(offset int, enc encoding) protocol.Position {
	offset = min(max(offset, 0), len(t.data))
	n := sort.SearchInts(t.starts, offset+1) - 1
	line := t.line(n)
	end := min(offset-t.starts[n], len(line))
	col := 0
	for at := 0; at < end; {
		units, size := width(line[at:], enc)
		at += size
		col += units
	}
	return protocol.Position{Line: uint32(n), Character: uint32(col)}
}

func (t *text) rng(start, end int, enc encoding) protocol.Range {
	return protocol.Range{Start: t.position(start, enc), End: t.position(end, enc)}
}

// change returns the text after a change.
func (t *text) change(c protocol.TextDocumentContentChangeEvent, enc encoding) *text {
	switch c := c.(type) {
	case *protocol.TextDocumentContentChangeWholeDocument:
		return newText([]byte(c.Text))
	case *protocol.TextDocumentContentChangePartial:
		start, end := t.offset(c.Range.Start, enc), t.offset(c.Range.End, enc)
		end = max(start, end)
		data := make([]byte, 0, len(t.data)-(end-start)+len(c.Text))
		data = append(data, t.data[:start]...)
		data = append(data, c.Text...)
		return newText(append(data, t.data[end:]...))
	}
	return t
}

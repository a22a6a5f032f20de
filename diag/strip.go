package diag

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A strip is a row in its displayed form: cells of known width, of which a range
// is visible.
type strip struct {
	number   string
	cells    []cell
	from, to int // the visible cells
	cutLeft  bool
	cutRight bool
	ascii    string // the text after the bytes of a binary
}

// A cell is the text shown for the source bytes from offset to the offset of the
// next cell.
type cell struct {
	text   string
	width  int
	offset int
}

// ellipsis marks where a long line is cut.
const ellipsis = "…"

func newStrip(f *File, r row, width int) *strip {
	s := &strip{number: r.number}
	if f.Binary {
		s.fillBytes(f, r)
	} else {
		s.fillLine(f, r, width)
	}
	return s
}

// fillBytes makes a cell of each byte, in groups of eight, followed by the bytes as
// characters:
//
//	00 61 73 6d 0d 00 01 00  07 01 60 00 |.asm......`.|
func (s *strip) fillBytes(f *File, r row) {
	base := r.key
	end := min(base+r.bytes, len(f.Data))
	chars := make([]byte, 0, r.bytes)
	for i := base; i < end; i++ {
		text := fmt.Sprintf("%02x ", f.Data[i])
		if i-base == 7 && r.bytes > 8 {
			text += " "
		}
		s.cells = append(s.cells, cell{text, len(text), i})
		c := f.Data[i]
		if c < 0x20 || c >= 0x7f {
			c = '.'
		}
		chars = append(chars, c)
	}
	s.to = len(s.cells)
	s.ascii = "|" + string(chars) + "|"
	if end == len(f.Data) {
		s.ascii = "   " + s.ascii // room for a mark at the end of the file
	}
}

// fillLine makes cells of a source line. If the line is too long, only the cells
// around the first primary mark are visible.
func (s *strip) fillLine(f *File, r row, width int) {
	line := f.LineSpan(r.key)
	focus := line.First()
	for i, m := range r.marks {
		if i == 0 || m.primary {
			focus = m.span
		}
	}
	// Bytes farther from the focus can never be visible. Skipping them bounds the time for long
	// lines.
	const maxBytesPerColumn = 8
	lo := max(line.Start, focus.Start-maxBytesPerColumn*width)
	hi := min(line.End, focus.Start+maxBytesPerColumn*width)
	for lo > line.Start && lo < focus.Start && !utf8.RuneStart(f.Data[lo]) {
		lo++
	}
	total := 0
	for i := lo; i < hi; {
		r, n := utf8.DecodeRune(f.Data[i:line.End])
		text, w := glyph(r, string(f.Data[i:i+n]))
		s.cells = append(s.cells, cell{text, w, i})
		total += w
		i += n
	}
	s.to = len(s.cells)
	s.cutLeft, s.cutRight = lo > line.Start, hi < line.End
	if total > width || s.cutLeft || s.cutRight {
		s.clip(focus, width)
	}
}

// clip makes at most width columns visible. They include the start of focus and, if
// there is room, cells on both sides of it, most of them after it.
func (s *strip) clip(focus Span, width int) {
	width -= 2 // for an ellipsis on each side
	at := s.index(focus.Start)
	s.from, s.to = at, at
	used := 0
	grow := func(limit int, right bool) {
		for used < limit {
			var w int
			if right {
				if s.to == len(s.cells) {
					return
				}
				w = s.cells[s.to].width
			} else {
				if s.from == 0 {
					return
				}
				w = s.cells[s.from-1].width
			}
			if used+w > limit {
				return
			}
			used += w
			if right {
				s.to++
			} else {
				s.from--
			}
		}
	}
	grow(width*3/4, true)
	grow(width, false)
	grow(width, true)
	s.cutLeft = s.cutLeft || s.from > 0
	s.cutRight = s.cutRight || s.to < len(s.cells)
}

// index returns the index of the cell that shows the byte at offset, or len(cells) if there is
// none.
func (s *strip) index(offset int) int {
	for i := len(s.cells) - 1; i >= 0; i-- {
		if s.cells[i].offset <= offset {
			if i == len(s.cells)-1 && offset > s.cells[i].offset {
				return len(s.cells)
			}
			return i
		}
	}
	return 0
}

func (s *strip) text() string {
	var b strings.Builder
	if s.cutLeft {
		b.WriteString(ellipsis)
	}
	for _, c := range s.cells[s.from:s.to] {
		b.WriteString(c.text)
	}
	if s.cutRight {
		b.WriteString(ellipsis)
	}
	b.WriteString(s.ascii)
	return b.String()
}

// columns returns the marks with their columns. A mark that goes beyond the row
// ends with the row. An empty mark takes one column, or one byte of a binary.
func (s *strip) columns(marks []mark) []placed {
	column := func(cell int) int {
		n := 0
		if s.cutLeft {
			n = 1
		}
		for _, c := range s.cells[s.from:min(max(cell, s.from), s.to)] {
			n += c.width
		}
		return n
	}
	out := make([]placed, len(marks))
	for i, m := range marks {
		first, last := s.index(m.span.Start), s.index(m.span.End)
		start, end := column(first), column(last)
		if s.ascii != "" {
			end = max(end, start+3)
			end-- // the blank after the byte
			if last > 0 && last < len(s.cells) && s.cells[last-1].width > 3 {
				end-- // and the blank between the groups
			}
		}
		out[i] = placed{m, start, max(end, start+1)}
	}
	return out
}

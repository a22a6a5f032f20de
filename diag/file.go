package diag

import (
	"bytes"
	"fmt"
	"sort"
	"strconv"
	"sync"
)

// wasmMagic starts every WebAssembly binary, core module or component.
const wasmMagic = "\x00asm"

// A File is one input: WIT, WAC or WebAssembly text, or a WebAssembly binary.
// Name is what positions print; it is never opened. A File is made as a literal
// or by [NewFile], must not be copied, and its fields must not change once a
// method has been called. All methods may be used concurrently.
type File struct {
	Name   string
	Data   []byte
	Binary bool // positions are byte offsets, not lines

	// Origin, if not nil, returns the place in another file that a span of this one was made from,
	// or the zero Span if it was made from nothing. Renderers show that place instead: a binary
	// assembled from a text is unknown to whoever wrote the text. It must be safe for concurrent use.
	Origin func(Span) Span

	once  sync.Once
	lines []int // offset of the first byte of each line
}

// NewFile returns a File that is binary if data starts as WebAssembly binaries
// do. It keeps data, which must not change afterwards.
func NewFile(name string, data []byte) *File {
	return &File{Name: name, Data: data, Binary: bytes.HasPrefix(data, []byte(wasmMagic))}
}

// NewBinary returns a File whose positions are byte offsets, whatever data
// holds: for readers of binaries whose input may turn out to be something else.
func NewBinary(name string, data []byte) *File {
	return &File{Name: name, Data: data, Binary: true}
}

// Span returns the span of the bytes start to end (exclusive) of f. Offsets
// outside the file are moved to its nearest end, and an end before its start to
// its start.
func (f *File) Span(start, end int) Span {
	start = min(max(start, 0), len(f.Data))
	end = min(max(end, start), len(f.Data))
	return Span{File: f, Start: start, End: end}
}

// A Position is a place in a text file. Line and Column count from 1; Column
// counts bytes.
type Position struct {
	Line, Column int
}

// Position returns the line and column of a byte offset. An offset outside the
// file counts as the nearest one inside; the end of the file is inside.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Data))
	lines := f.lineIndex()
	line := sort.SearchInts(lines, offset+1)
	return Position{Line: line, Column: offset - lines[line-1] + 1}
}

// NumLines returns the number of lines of f, at least 1. A newline at the end
// of the file starts one more, empty, line.
func (f *File) NumLines() int { return len(f.lineIndex()) }

// LineSpan returns the span of a line, counted from 1, without its line ending
// (LF or CR LF). A line the file does not have is the zero Span.
func (f *File) LineSpan(line int) Span {
	lines := f.lineIndex()
	if line < 1 || line > len(lines) {
		return Span{}
	}
	start, end := lines[line-1], len(f.Data)
	if line < len(lines) {
		end = lines[line] - 1
		if end > start && f.Data[end-1] == '\r' {
			end--
		}
	}
	return Span{File: f, Start: start, End: end}
}

func (f *File) lineIndex() []int {
	f.once.Do(func() {
		f.lines = []int{0}
		for i := 0; ; {
			n := bytes.IndexByte(f.Data[i:], '\n')
			if n < 0 {
				return
			}
			i += n + 1
			f.lines = append(f.lines, i)
		}
	})
	return f.lines
}

// A Span is the bytes Start to End (exclusive) of File. The zero Span, and any
// other without a File, is no place at all.
type Span struct {
	File       *File
	Start, End int
}

// IsValid reports whether s is a place.
func (s Span) IsValid() bool { return s.File != nil }

// Shown returns the place that people are shown for s: its origin if the file has
// one for it, else s itself. See [File.Origin].
func (s Span) Shown() Span {
	if s.File != nil && s.File.Origin != nil {
		if o := s.File.Origin(s); o.IsValid() {
			return o
		}
	}
	return s
}

// String returns where s starts, as it is shown: name:line:column, name:0xoffset
// for a binary file, and "" for no place.
func (s Span) String() string {
	s = s.Shown()
	switch {
	case s.File == nil:
		return ""
	case s.File.Binary:
		return s.File.Name + ":0x" + strconv.FormatInt(int64(s.Start), 16)
	}
	p := s.File.Position(s.Start)
	return fmt.Sprintf("%s:%d:%d", s.File.Name, p.Line, p.Column)
}

// Text returns the bytes of s as a string; "" for no place.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	c := s.File.Span(s.Start, s.End)
	return string(c.File.Data[c.Start:c.End])
}

// Join returns the smallest span that covers s and t. If only one of them is a
// place, or they are in different files, it returns the first that is a place.
func (s Span) Join(t Span) Span {
	switch {
	case s.File == nil:
		return t
	case t.File != s.File:
		return s
	}
	return Span{File: s.File, Start: min(s.Start, t.Start), End: max(s.End, t.End)}
}

// First returns the empty span at the start of s.
func (s Span) First() Span { return Span{File: s.File, Start: s.Start, End: s.Start} }

// Last returns the empty span at the end of s.
func (s Span) Last() Span { return Span{File: s.File, Start: s.End, End: s.End} }

package diag

import (
	"bytes"
	"fmt"
	"sort"
	"strconv"
	"sync"
)

// wasmMagic is the start of every WebAssembly binary, both core modules and components.
const wasmMagic = "\x00asm"

// A File is one input: WIT, WAC or WebAssembly text, or a WebAssembly binary.
// Positions print Name; no file of that name is opened. A File is made as a
// literal or by [NewFile] or [NewBinary]. It must not be copied, and its fields must
// not change after a method has been called. All methods may be called concurrently.
type File struct {
	Name   string
	Data   []byte
	Binary bool // positions are byte offsets, not lines

	// Origin, if not nil, returns the place in another file that a span of this file was made from,
	// or the zero Span if there is none. Renderers show that place instead, because the author of a
	// text does not know the binary assembled from it. Origin must be safe for concurrent use.
	Origin func(Span) Span

	once  sync.Once
	lines []int // offset of the first byte of each line
}

// NewFile returns a File that is binary if data starts like a WebAssembly binary.
// It keeps data, which must not change afterwards.
func NewFile(name string, data []byte) *File {
	return &File{Name: name, Data: data, Binary: bytes.HasPrefix(data, []byte(wasmMagic))}
}

// NewBinary returns a File whose positions are byte offsets, whatever its contents.
// It is for readers of binaries whose input may turn out to be something else.
func NewBinary(name string, data []byte) *File {
	return &File{Name: name, Data: data, Binary: true}
}

// Span returns the span of the bytes from start to end (exclusive) of f. It moves
// offsets outside the file to the nearest end of the file, and an end before start
// to start.
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
// file stands for the nearest one inside; the end of the file is inside.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Data))
	lines := f.lineIndex()
	line := sort.SearchInts(lines, offset+1)
	return Position{Line: line, Column: offset - lines[line-1] + 1}
}

// NumLines returns the number of lines of f, which is at least 1. A newline at the
// end of the file starts another, empty line.
func (f *File) NumLines() int { return len(f.lineIndex()) }

// LineSpan returns the span of a line, counted from 1, without its line ending
// (LF or CR LF). If the file has no such line, it returns the zero Span.
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

// A Span is the range of bytes from Start to End (exclusive) of File. The zero
// Span, and any other without a File, is not a place.
type Span struct {
	File       *File
	Start, End int
}

// IsValid reports whether s is a place.
func (s Span) IsValid() bool { return s.File != nil }

// Shown returns the place that is shown to users for s: its origin if the file has
// one for s, or else s itself. See [File.Origin].
func (s Span) Shown() Span {
	if s.File != nil && s.File.Origin != nil {
		if o := s.File.Origin(s); o.IsValid() {
			return o
		}
	}
	return s
}

// String returns the start of s as shown to users: name:line:column, or
// name:0xoffset for a binary file, or "" if s is not a place.
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

// Text returns the bytes of s as a string, or "" if s is not a place.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	c := s.File.Span(s.Start, s.End)
	return string(c.File.Data[c.Start:c.End])
}

// Join returns the smallest span that covers s and t. If only one of them is a
// place, or they are in different files, it returns the first one that is a place.
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

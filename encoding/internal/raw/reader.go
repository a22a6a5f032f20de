// Package raw reads and writes the primitives of the binary format: bytes, variable-length integers
// and names.
//
// A [Reader] numbers every item that can be written in more than one way, and notes each that was
// not written in its shortest form. A [Writer] that numbers the items in the same way and has the
// notes writes the same bytes. In this way, a tree without a copy of its input can be written back
// byte for byte.
package raw

import (
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// Kind is the kind of an error. Packages map it to their diagnostic codes.
type Kind uint8

// The kinds of errors.
const (
	// Truncated means that the bytes end too early.
	Truncated Kind = iota + 1
	// BadPreamble means that the magic, version or layer field has an unexpected value.
	BadPreamble
	// BadSection means that a section id is unknown, or that a section is out of order.
	BadSection
	// BadByte means that a byte that selects a form selects none.
	BadByte
	// BadInteger means that an integer has too many bits or bytes.
	BadInteger
	// BadName means that a name is not UTF-8.
	BadName
	// Trailing means that bytes are left at the end of a section.
	Trailing
	// Nesting means that definitions are nested deeper than the limit.
	Nesting
	// Limit means that a count exceeds a limit.
	Limit
	// Mismatch means that two sections disagree.
	Mismatch
)

// Error is an error in a binary, at an offset.
type Error struct {
	Kind    Kind
	Offset  int
	Message string
	Help    string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Note records that the item numbered Ord was not written in its shortest form: it is an integer of
// Width bytes or, if Width is [Alternative], has the second of two forms.
type Note struct {
	Ord   uint32
	Width uint8
}

// Alternative is the width that stands for the second of two forms.
const Alternative = 0x80

// Recorder numbers the items and collects the notes.
type Recorder struct {
	Notes []Note
	ord   uint32
}

func (r *Recorder) take(width, shortest int) {
	if width > shortest {
		r.Notes = append(r.Notes, Note{r.ord, uint8(width)})
	}
	r.ord++
}

// Reader reads from a range of a file. The first error sticks: after it, every read returns zero
// and Err returns the error. Loops over counts must therefore check [Reader.OK].
type Reader struct {
	// Rec receives the notes. It may be nil.
	Rec *Recorder

	data     []byte // from the start of the file
	pos, end int
	err      *Error

	// text is a copy of the file from textAt on. Short names share it, because names are mostly close
	// together.
	text   string
	textAt int
}

// textLen is the number of bytes copied to text at once.
const textLen = 256

// NewReader returns a reader of data[pos:end]. Its offsets count from the start of data.
func NewReader(data []byte, pos, end int) *Reader { return &Reader{data: data, pos: pos, end: end} }

// OK reports whether no error has occurred yet.
func (r *Reader) OK() bool { return r.err == nil }

// Err returns the first error, or nil.
func (r *Reader) Err() *Error { return r.err }

// Pos returns the offset of the next byte.
func (r *Reader) Pos() int { return r.pos }

// End returns the offset after the last byte.
func (r *Reader) End() int { return r.end }

// Len returns the number of bytes left. After an error it is 0.
func (r *Reader) Len() int {
	if r.err != nil {
		return 0
	}
	return r.end - r.pos
}

// Fail records an error, unless r already has one.
func (r *Reader) Fail(kind Kind, offset int, message string) {
	if r.err == nil {
		r.err = &Error{Kind: kind, Offset: offset, Message: message}
	}
}

// FailHelp is like [Reader.Fail], with an action that the user can take.
func (r *Reader) FailHelp(kind Kind, offset int, message, help string) {
	if r.err == nil {
		r.err = &Error{Kind: kind, Offset: offset, Message: message, Help: help}
	}
}

func (r *Reader) truncated() { r.Fail(Truncated, r.end, "unexpected end-of-file") }

// Byte reads one byte.
func (r *Reader) Byte() byte {
	if r.err != nil || r.pos >= r.end {
		r.truncated()
		return 0
	}
	b := r.data[r.pos]
	r.pos++
	return b
}

// Peek returns the next byte without reading it. It fails if no bytes are left.
func (r *Reader) Peek() byte {
	if r.err != nil || r.pos >= r.end {
		r.truncated()
		return 0
	}
	return r.data[r.pos]
}

// Skip reads n bytes and returns them. The result aliases the file.
func (r *Reader) Skip(n int) []byte {
	if r.err != nil {
		return nil
	}
	if n < 0 || n > r.end-r.pos {
		r.truncated()
		return nil
	}
	b := r.data[r.pos : r.pos+n : r.pos+n]
	r.pos += n
	return b
}

// U32 reads an unsigned 32-bit integer.
func (r *Reader) U32() uint32 {
	if r.err == nil && r.pos < r.end && r.data[r.pos] < 0x80 {
		v := r.data[r.pos]
		r.pos++
		if r.Rec != nil {
			r.Rec.ord++
		}
		return uint32(v)
	}
	if r.err != nil {
		return 0
	}
	v, n, err := leb128.Uint32(r.data[r.pos:r.end])
	r.integer(n, leb128.UintLen(uint64(v)), err, "u32")
	return v
}

// PeekU32 returns the next unsigned 32-bit integer without reading it. It returns 0 if the next
// bytes are not such an integer.
func (r *Reader) PeekU32() uint32 {
	if r.err != nil {
		return 0
	}
	v, _, err := leb128.Uint32(r.data[r.pos:r.end])
	if err != nil {
		return 0
	}
	return v
}

// U64 reads an unsigned 64-bit integer.
func (r *Reader) U64() uint64 {
	if r.err != nil {
		return 0
	}
	v, n, err := leb128.Uint64(r.data[r.pos:r.end])
	r.integer(n, leb128.UintLen(v), err, "u64")
	return v
}

// S33 reads a signed 33-bit integer.
func (r *Reader) S33() int64 {
	if r.err != nil {
		return 0
	}
	v, n, err := leb128.Int33(r.data[r.pos:r.end])
	r.integer(n, leb128.IntLen(v), err, "s33")
	return v
}

// S32 reads a signed 32-bit integer.
func (r *Reader) S32() int32 {
	if r.err != nil {
		return 0
	}
	v, n, err := leb128.Int32(r.data[r.pos:r.end])
	r.integer(n, leb128.IntLen(int64(v)), err, "s32")
	return v
}

// S64 reads a signed 64-bit integer.
func (r *Reader) S64() int64 {
	if r.err != nil {
		return 0
	}
	v, n, err := leb128.Int64(r.data[r.pos:r.end])
	r.integer(n, leb128.IntLen(v), err, "s64")
	return v
}

// integer advances past an integer of n bytes whose shortest form has the given length, or fails.
func (r *Reader) integer(n, shortest int, err error, what string) {
	switch err {
	case nil:
		r.pos += n
		if r.Rec != nil {
			r.Rec.take(n, shortest)
		}
	case leb128.ErrUnexpectedEnd:
		r.truncated()
	default:
		r.Fail(BadInteger, r.pos+n, err.Error()+" for a "+what)
	}
}

// Choice notes which of two forms an item has: the second if alternative is set. The writer must
// call [Writer.Choice] at the same point.
func (r *Reader) Choice(alternative bool) {
	if r.err != nil || r.Rec == nil {
		return
	}
	if alternative {
		r.Rec.take(Alternative, 0)
	} else {
		r.Rec.ord++
	}
}

// Count reads the length of a vector whose elements take at least one byte each. It fails if the
// remaining bytes cannot hold that many elements.
func (r *Reader) Count() int {
	n := r.U32()
	if r.err == nil && uint64(n) > uint64(r.end-r.pos) {
		r.truncated()
		return 0
	}
	return int(n)
}

// Vec reads a vector, calling read for each element. It stops at the first error.
func Vec[T any](r *Reader, read func(*Reader) T) []T {
	n := r.Count()
	if n == 0 {
		return nil
	}
	list := make([]T, 0, min(n, presized))
	for range n {
		if !r.OK() {
			break
		}
		list = append(list, read(r))
	}
	return list
}

// presized limits the capacity that a vector gets before its first element is read. A false count
// can waste no more than that.
const presized = 32

// Index reads an index.
func Index[T ~uint32](r *Reader) T { return T(r.U32()) }

// Name reads a name: a length and that many bytes of UTF-8.
func (r *Reader) Name() string {
	n := r.U32()
	if r.err != nil {
		return ""
	}
	if uint64(n) > uint64(r.end-r.pos) {
		r.truncated()
		return ""
	}
	start := r.pos
	b := r.Skip(int(n))
	if !utf8.Valid(b) {
		r.Fail(BadName, start+firstInvalid(b), "malformed UTF-8 encoding")
		return ""
	}
	if at := start - r.textAt; at >= 0 && at+len(b) <= len(r.text) {
		return r.text[at : at+len(b)]
	}
	if len(b) == 0 || len(b) > textLen/4 {
		return string(b)
	}
	r.text, r.textAt = string(r.data[start:min(start+textLen, r.end)]), start
	return r.text[:len(b)]
}

func firstInvalid(b []byte) int {
	for i := 0; i < len(b); {
		c, n := utf8.DecodeRune(b[i:])
		if c == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// BadByte fails because b, the byte just read, is not valid for desc.
func (r *Reader) BadByte(b byte, desc string) { r.BadByteAt(r.pos-1, b, desc) }

// BadByteAt is like [Reader.BadByte], for a byte at another offset.
func (r *Reader) BadByteAt(offset int, b byte, desc string) {
	r.Fail(BadByte, offset, "invalid leading byte ("+hex(b)+") for "+desc)
}

func hex(b byte) string {
	const digits = "0123456789abcdef"
	if b < 0x10 {
		return "0x" + digits[b:b+1]
	}
	return "0x" + digits[b>>4:b>>4+1] + digits[b&15:b&15+1]
}

// Bool reads a byte that is 0x00 or 0x01.
func (r *Reader) Bool() bool {
	b := r.Byte()
	if b > 1 {
		r.Fail(BadByte, r.pos-1, "invalid boolean value")
	}
	return b == 1
}

// Sub reads n bytes and returns a reader of them that shares the recorder of r.
func (r *Reader) Sub(n uint32) *Reader {
	start := r.pos
	if r.err != nil || uint64(n) > uint64(r.end-r.pos) {
		r.truncated()
		return &Reader{data: r.data, pos: r.end, end: r.end, err: r.err}
	}
	r.pos += int(n)
	return &Reader{Rec: r.Rec, data: r.data, pos: start, end: r.pos}
}

// Join copies the error of s to r, unless r already has one.
func (r *Reader) Join(s *Reader) {
	if r.err == nil {
		r.err = s.err
	}
}

// Close fails if bytes are left.
func (r *Reader) Close() {
	if r.err == nil && r.pos < r.end {
		r.Fail(Trailing, r.pos, "section size mismatch: unexpected data at the end of the section")
	}
}

// Slice returns the bytes of the file from start to end. The result aliases the file.
func (r *Reader) Slice(start, end int) []byte { return r.data[start:end:end] }

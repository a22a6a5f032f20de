package canon

import (
	"encoding/binary"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/model/abi"
)

// utf16Tag marks a latin1+utf16 string as UTF-16.
const utf16Tag = 1 << 31

// source is a string in memory: its bytes in a single encoding.
type source struct {
	bytes []byte
	form  form
}

// form is how a string of a [StringEncoding] is encoded.
type form uint8

const (
	formUTF8 form = iota
	formUTF16
	formLatin1
)

// loadString reads a string of n code units. In latin1+utf16, n is tagged (CanonicalABI.md,
// load_string_from_range).
func (c *Context) loadString(ptr, n uint32) string {
	s := c.source(ptr, n)
	switch s.form {
	case formUTF16:
		c.charge(uint64(len(s.bytes)) + uint64(len(s.bytes))/2)
		return decodeUTF16(s.bytes)
	case formLatin1:
		c.charge(2 * uint64(len(s.bytes)))
		return decodeLatin1(s.bytes)
	}
	c.charge(uint64(len(s.bytes)))
	s.checkUTF8()
	return string(s.bytes)
}

// source finds a string of n code units. It traps unless the string is in bounds, but does not
// check its bytes.
func (c *Context) source(ptr, n uint32) source {
	size, form := uint64(n), formUTF8
	switch {
	case c.Opts.Encoding == UTF16:
		size, form = 2*size, formUTF16
	case c.Opts.Encoding == Latin1UTF16 && n&utf16Tag != 0:
		size, form = 2*uint64(n&^utf16Tag), formUTF16
	case c.Opts.Encoding == Latin1UTF16:
		form = formLatin1
	}
	if size > abi.MaxStringByteLength {
		Trapf("string is too long: it takes %d bytes, and %d is the limit", size, abi.MaxStringByteLength)
	}
	if c.Opts.Encoding != UTF8 && ptr&1 != 0 {
		Trapf("unaligned pointer")
	}
	if uint64(ptr)+size > uint64(len(c.mem)) {
		Trapf("string content out-of-bounds: string pointer/length out of bounds of memory")
	}
	return source{c.mem[ptr : uint64(ptr)+size], form}
}

// checkUTF8 traps unless the bytes are valid UTF-8.
func (s source) checkUTF8() {
	if !utf8.Valid(s.bytes) {
		Trapf("%s", badUTF8(s.bytes))
	}
}

// badUTF8 describes the first error in m. It distinguishes a character cut off by the end from
// invalid bytes.
func badUTF8(m []byte) string {
	for i := 0; i < len(m); {
		r, n := utf8.DecodeRune(m[i:])
		if r == utf8.RuneError && n == 1 {
			if !utf8.FullRune(m[i:]) {
				return fmt.Sprintf("incomplete utf-8 byte sequence from index %d", i)
			}
			return fmt.Sprintf("invalid utf-8 encoding at index %d", i)
		}
		i += n
	}
	return "invalid utf-8 encoding"
}

func decodeUTF16(m []byte) string {
	out := make([]byte, 0, len(m)/2)
	for i := 0; i < len(m); i += 2 {
		r := rune(binary.LittleEndian.Uint16(m[i:]))
		if utf16.IsSurrogate(r) {
			if i += 2; i >= len(m) {
				Trapf("invalid utf-16 encoding")
			}
			if r = utf16.DecodeRune(r, rune(binary.LittleEndian.Uint16(m[i:]))); r == utf8.RuneError {
				Trapf("invalid utf-16 encoding")
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

func decodeLatin1(m []byte) string {
	out := make([]byte, 0, len(m))
	for _, b := range m {
		out = utf8.AppendRune(out, rune(b))
	}
	return string(out)
}

// storeString writes s into new memory and returns its pointer and tagged length
// (store_string_into_range). Go strings are UTF-8, so the calls of realloc are those for a UTF-8
// source.
func (c *Context) storeString(s string) (ptr, n uint32) {
	if len(s) > maxMemory/2 {
		Trapf("string is too long: it takes %d bytes", len(s))
	}
	switch c.Opts.Encoding {
	case UTF16:
		return c.storeUTF16(s)
	case Latin1UTF16:
		return c.storeLatin1(s)
	}
	ptr = c.realloc(0, 0, 1, uint32(len(s)), "string content")
	copy(c.mem[ptr:], s)
	return ptr, uint32(len(s))
}

func (c *Context) storeUTF16(s string) (ptr, n uint32) {
	worst := 2 * uint32(len(s))
	ptr = c.realloc(0, 0, 2, worst, "string content")
	size := putUTF16(c.mem[ptr:], s)
	if size < worst {
		ptr = c.realloc(ptr, worst, 2, size, "string content")
	}
	return ptr, size / 2
}

// putUTF16 writes s as UTF-16 and returns the number of bytes.
func putUTF16(m []byte, s string) (size uint32) {
	for _, r := range s {
		size += putUTF16Rune(m[size:], r)
	}
	return size
}

// putUTF16Rune writes r as UTF-16 and returns the number of bytes.
func putUTF16Rune(m []byte, r rune) uint32 {
	if r >= 0x10000 {
		hi, lo := utf16.EncodeRune(r)
		binary.LittleEndian.PutUint16(m, uint16(hi))
		binary.LittleEndian.PutUint16(m[2:], uint16(lo))
		return 4
	}
	binary.LittleEndian.PutUint16(m, uint16(r))
	return 2
}

// storeLatin1 writes Latin-1 and switches to UTF-16 at the first character that requires it
// (store_string_to_latin1_or_utf16).
func (c *Context) storeLatin1(s string) (ptr, n uint32) {
	units := uint32(len(s))
	ptr = c.realloc(0, 0, 2, units, "string content")
	at := uint32(0)
	for _, r := range s {
		if r >= 0x100 {
			worst := 2 * units
			ptr = c.realloc(ptr, units, 2, worst, "string content")
			size := putUTF16(c.mem[ptr:], s)
			if size < worst {
				ptr = c.realloc(ptr, worst, 2, size, "string content")
			}
			return ptr, size/2 | utf16Tag
		}
		c.mem[ptr+at] = byte(r)
		at++
	}
	if at < units {
		ptr = c.realloc(ptr, units, 2, at, "string content")
	}
	return ptr, at
}

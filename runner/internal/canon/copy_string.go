package canon

import (
	"encoding/binary"
	"iter"
	"unicode/utf16"
	"unicode/utf8"
)

// string copies a string of n code units and returns its pointer and tagged length. The calls of
// realloc are those of store_string_into_range in the specification, which depend on both
// encodings.
func (c copying) string(ptr, n uint32) (uint32, uint32) {
	s := c.from.source(ptr, n)
	s.check()
	switch c.to.Opts.Encoding {
	case UTF16:
		return c.toUTF16(s)
	case Latin1UTF16:
		return c.toLatin1UTF16(s)
	}
	return c.toUTF8(s)
}

// check traps unless the string is valid.
func (s source) check() {
	switch s.form {
	case formUTF8:
		s.checkUTF8()
	case formUTF16:
		for i := 0; i < len(s.bytes); i += 2 {
			if u := s.unit(i); utf16.IsSurrogate(u) {
				if i += 2; i >= len(s.bytes) || utf16.DecodeRune(u, s.unit(i)) == utf8.RuneError {
					Trapf("invalid utf-16 encoding")
				}
			}
		}
	}
}

// unit returns the UTF-16 code unit at byte i.
func (s source) unit(i int) rune { return rune(binary.LittleEndian.Uint16(s.bytes[i:])) }

// units returns the number of code units.
func (s source) units() uint32 {
	if s.form == formUTF16 {
		return uint32(len(s.bytes) / 2)
	}
	return uint32(len(s.bytes))
}

// runes returns the characters of a valid string.
func (s source) runes() iter.Seq[rune] {
	return func(yield func(rune) bool) {
		for i := 0; i < len(s.bytes); {
			var r rune
			switch s.form {
			case formLatin1:
				r = rune(s.bytes[i])
				i++
			case formUTF16:
				r = s.unit(i)
				i += 2
				if utf16.IsSurrogate(r) {
					r = utf16.DecodeRune(r, s.unit(i))
					i += 2
				}
			default:
				var n int
				r, n = utf8.DecodeRune(s.bytes[i:])
				i += n
			}
			if !yield(r) {
				return
			}
		}
	}
}

// narrow reports whether every character fits Latin-1.
func (s source) narrow() bool {
	for r := range s.runes() {
		if r >= 0x100 {
			return false
		}
	}
	return true
}

func (c copying) allocate(align, size uint32) uint32 { return c.reallocate(0, 0, align, size) }

func (c copying) reallocate(old, oldSize, align, size uint32) uint32 {
	return c.to.realloc(old, oldSize, align, size, "string content")
}

// bytes copies a string that keeps its encoding.
func (c copying) bytes(s source, align uint32) uint32 {
	ptr := c.allocate(align, uint32(len(s.bytes)))
	c.to.copyMemory(c.to.mem[ptr:], s.bytes)
	return ptr
}

func (c copying) toUTF8(s source) (ptr, n uint32) {
	units := s.units()
	if s.form == formUTF8 {
		return c.bytes(s, 1), units
	}
	worst := 3 * units
	if s.form == formLatin1 {
		worst = 2 * units
	}
	ptr = c.allocate(1, units)
	m, at, wide := c.to.mem[ptr:ptr+units], 0, false
	for r := range s.runes() {
		if r < utf8.RuneSelf {
			m[at] = byte(r)
			at++
			continue
		}
		if !wide {
			wide = true
			ptr = c.reallocate(ptr, units, 1, worst)
			m = c.to.mem[ptr : ptr+worst]
		}
		at += utf8.EncodeRune(m[at:], r)
	}
	if n = uint32(at); wide && n < worst {
		ptr = c.reallocate(ptr, worst, 1, n)
	}
	return ptr, n
}

func (c copying) toUTF16(s source) (ptr, n uint32) {
	if s.form == formUTF16 {
		return c.bytes(s, 2), s.units()
	}
	worst := 2 * s.units()
	ptr = c.allocate(2, worst)
	size := s.putUTF16(c.to.mem[ptr:])
	if size < worst {
		ptr = c.reallocate(ptr, worst, 2, size)
	}
	return ptr, size / 2
}

// putUTF16 writes the string as UTF-16 and returns the number of bytes.
func (s source) putUTF16(m []byte) (size uint32) {
	for r := range s.runes() {
		size += putUTF16Rune(m[size:], r)
	}
	return size
}

func (c copying) toLatin1UTF16(s source) (ptr, n uint32) {
	units := s.units()
	switch {
	case s.form == formLatin1:
		return c.bytes(s, 2), units
	case s.form == formUTF16 && c.from.Opts.Encoding == Latin1UTF16:
		return c.probablyUTF16(s)
	}
	ptr = c.allocate(2, units)
	at := uint32(0)
	for r := range s.runes() {
		if r >= 0x100 {
			return c.widen(s, ptr)
		}
		c.to.mem[ptr+at] = byte(r)
		at++
	}
	if at < units {
		ptr = c.reallocate(ptr, units, 2, at)
	}
	return ptr, at
}

// widen continues toLatin1UTF16 when Latin-1 turns out not to be enough.
func (c copying) widen(s source, ptr uint32) (uint32, uint32) {
	units := s.units()
	worst := 2 * units
	ptr = c.reallocate(ptr, units, 2, worst)
	size := s.putUTF16(c.to.mem[ptr:])
	if size < worst {
		ptr = c.reallocate(ptr, worst, 2, size)
	}
	return ptr, size/2 | utf16Tag
}

// probablyUTF16 copies a tagged string, which is Latin-1 only if its author did not notice
// (store_probably_utf16_to_latin1_or_utf16).
func (c copying) probablyUTF16(s source) (ptr, n uint32) {
	ptr, n = c.bytes(s, 2), s.units()
	if !s.narrow() {
		return ptr, n | utf16Tag
	}
	m := c.to.mem[ptr:]
	for i := range n {
		m[i] = s.bytes[2*i]
	}
	return c.reallocate(ptr, 2*n, 1, n), n
}

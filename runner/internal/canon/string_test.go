package canon

import (
	"encoding/binary"
	"slices"
	"testing"
	"unicode/utf16"
)

// TestStringsInMemory checks the bytes of strings in each encoding, around the limits between one
// code unit and two.
func TestStringsInMemory(t *testing.T) {
	wide := func(s string) []byte {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}
	latin1 := func(s string) []byte {
		var b []byte
		for _, r := range s {
			b = append(b, byte(r))
		}
		return b
	}
	for _, r := range []struct {
		encoding StringEncoding
		s        string
		want     []byte
		tagged   bool
	}{
		{UTF8, "a\uffff\U00010000", []byte("a\uffff\U00010000"), false},
		{UTF16, "\U00010000", wide("\U00010000"), false},
		{UTF16, "\ufffd\uffff\U00010000\U0010ffff", wide("\ufffd\uffff\U00010000\U0010ffff"), false},
		{UTF16, "\ud7ff\ue000", wide("\ud7ff\ue000"), false},
		{UTF16, "", nil, false},
		{Latin1UTF16, "\x7f\u0080\u00ff", latin1("\x7f\u0080\u00ff"), false},
		{Latin1UTF16, "\u00ff\u0100", wide("\u00ff\u0100"), true},
		{Latin1UTF16, "\u0100", wide("\u0100"), true},
		{Latin1UTF16, "a\uffff\U00010000", wide("a\uffff\U00010000"), true},
	} {
		g := newGuest(t)
		g.fill()
		c := g.context(r.encoding)
		c.View()
		ptr, n := c.storeString(r.s)
		units := n
		if tagged := n&utf16Tag != 0; tagged != r.tagged {
			t.Errorf("%q: tagged: %t", r.s, tagged)
		}
		if units &^= utf16Tag; r.encoding == UTF16 || r.tagged {
			units *= 2
		}
		if got := c.mem[ptr : ptr+units]; !slices.Equal(got, r.want) {
			t.Errorf("%q: memory %x, want %x", r.s, got, r.want)
		}
		if got := c.loadString(ptr, n); got != r.s {
			t.Errorf("%q: read back as %q", r.s, got)
		}
	}
}

package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape returns s in a form that is safe to show on a terminal: control
// characters, bytes that are not UTF-8, and characters that change the
// direction or visibility of what follows are written as \x1b or \u{202e}.
// Newlines are kept.
func Escape(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == '\n' {
			b.WriteByte('\n')
		} else {
			text, _ := glyph(r, s[:n])
			b.WriteString(text)
		}
		s = s[n:]
	}
	return b.String()
}

// oneLine is Escape for text that must stay on one line.
func oneLine(s string) string {
	if strings.Contains(s, "\n") {
		s = strings.Join(strings.Fields(strings.ReplaceAll(s, "\n", " ")), " ")
	}
	return Escape(s)
}

// isPlain reports whether s consists of printable ASCII characters, which is the usual case.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// glyph returns the text to show for a character, whose bytes are src, and the
// number of columns that the text takes on a terminal.
func glyph(r rune, src string) (text string, width int) {
	switch {
	case r == '\t':
		return tabText, len(tabText)
	case r == utf8.RuneError && len(src) == 1:
		text = fmt.Sprintf(`\x%02x`, src[0])
		return text, len(text)
	case r < 0x20 || r == 0x7f:
		text = fmt.Sprintf(`\x%02x`, r)
		return text, len(text)
	case r == 0x200c || r == 0x200d: // joiners, which some scripts and emoji need
		return src, 0
	case unicode.In(r, unicode.C, unicode.Zl, unicode.Zp):
		text = fmt.Sprintf(`\u{%x}`, r)
		return text, len(text)
	case r < 0x300:
		return src, 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return src, 0
	case unicode.Is(wide, r):
		return src, 2
	default:
		return src, 1
	}
}

// tabText replaces a tab, so that columns do not depend on tab stops.
const tabText = "    "

// wide contains the characters that take two columns on a terminal: those that
// are Wide or Fullwidth in UAX #11 (East Asian Width), rounded to whole blocks.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, // Hangul Jamo
		{Lo: 0x231a, Hi: 0x231b, Stride: 1},
		{Lo: 0x23e9, Hi: 0x23ec, Stride: 1},
		{Lo: 0x25fd, Hi: 0x25fe, Stride: 1},
		{Lo: 0x2614, Hi: 0x2615, Stride: 1},
		{Lo: 0x2648, Hi: 0x2653, Stride: 1},
		{Lo: 0x26a1, Hi: 0x26a1, Stride: 1},
		{Lo: 0x26bd, Hi: 0x26be, Stride: 1},
		{Lo: 0x26d4, Hi: 0x26d4, Stride: 1},
		{Lo: 0x2705, Hi: 0x2705, Stride: 1},
		{Lo: 0x2728, Hi: 0x2728, Stride: 1},
		{Lo: 0x274c, Hi: 0x274c, Stride: 1},
		{Lo: 0x2753, Hi: 0x2755, Stride: 1},
		{Lo: 0x2795, Hi: 0x2797, Stride: 1},
		{Lo: 0x2b1b, Hi: 0x2b1c, Stride: 1},
		{Lo: 0x2b50, Hi: 0x2b50, Stride: 1},
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1}, // CJK radicals, Kangxi, CJK symbols
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, // Kana to Yi
		{Lo: 0xa960, Hi: 0xa97f, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, // Hangul syllables
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1},
		{Lo: 0xfe10, Hi: 0xfe19, Stride: 1},
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff00, Hi: 0xff60, Stride: 1}, // Fullwidth forms
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x16fe0, Hi: 0x1b2ff, Stride: 1}, // Tangut to Nushu
		{Lo: 0x1f004, Hi: 0x1f004, Stride: 1},
		{Lo: 0x1f0cf, Hi: 0x1f0cf, Stride: 1},
		{Lo: 0x1f18e, Hi: 0x1f18e, Stride: 1},
		{Lo: 0x1f191, Hi: 0x1f19a, Stride: 1},
		{Lo: 0x1f200, Hi: 0x1f265, Stride: 1},
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1}, // pictographs, emoticons
		{Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1},
		{Lo: 0x1f7e0, Hi: 0x1f7eb, Stride: 1},
		{Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1},
		{Lo: 0x1fa70, Hi: 0x1faff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1}, // CJK extensions
	},
}

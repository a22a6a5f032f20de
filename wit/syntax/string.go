package syntax

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// unquote reads the rest of a string literal whose opening quote is before *pos, and moves *pos
// past the closing quote. If the string is bad, it returns the offset of the error and a message.
func unquote(text string, pos *int) (value string, at int, msg string) {
	var b strings.Builder
	start := *pos
	for i := start; ; {
		if i >= len(text) {
			return "", len(text), "unexpected end of file"
		}
		c := text[i]
		switch {
		case c == '"':
			*pos = i + 1
			if s := b.String(); !utf8.ValidString(s) {
				return "", start, "invalid UTF-8: its escapes do not make characters"
			}
			return b.String(), 0, ""
		case c == '\\':
			n, msg := unescape(text, i+1, &b)
			if msg != "" {
				return "", n, msg
			}
			i = n
		case c == '\n' || c == '\r':
			return "", i, "this string is not closed before the end of the line"
		case c < ' ' || c == 0x7f:
			return "", i, fmt.Sprintf("control character `\\u{%x}` in a string", c)
		default:
			b.WriteByte(c)
			i++
		}
	}
}

// unescape reads an escape after its backslash. It returns the offset after the escape, or the
// offset of the error and a message.
func unescape(text string, i int, b *strings.Builder) (int, string) {
	if i >= len(text) {
		return len(text), "unexpected end of file"
	}
	switch c := text[i]; {
	case c == '"' || c == '\'' || c == '\\':
		b.WriteByte(c)
		return i + 1, ""
	case c == 't':
		b.WriteByte('\t')
		return i + 1, ""
	case c == 'n':
		b.WriteByte('\n')
		return i + 1, ""
	case c == 'r':
		b.WriteByte('\r')
		return i + 1, ""
	case c == 'u':
		return unescapeUnicode(text, i, b)
	case isHex(c):
		if i+1 >= len(text) {
			return len(text), "unexpected end of file"
		}
		if !isHex(text[i+1]) {
			r, _ := utf8.DecodeRuneInString(text[i+1:])
			return i + 1, "invalid hex digit " + quoteRune(r)
		}
		n, _ := strconv.ParseUint(text[i:i+2], 16, 8) // two hexadecimal digits
		b.WriteByte(byte(n))
		return i + 2, ""
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return i, "invalid string escape " + quoteRune(r)
}

func unescapeUnicode(text string, at int, b *strings.Builder) (int, string) {
	i := at + 1
	if i >= len(text) || text[i] != '{' {
		return min(i, len(text)), "expected `{`"
	}
	i++
	first := i
	n, digits, underscore := uint64(0), 0, false
	for ; i < len(text); i++ {
		c := text[i]
		if c == '_' && digits > 0 {
			underscore = true
			continue
		}
		if !isHex(c) {
			break
		}
		d, _ := strconv.ParseUint(text[i:i+1], 16, 8) // a hexadecimal digit
		n = n<<4 | d
		digits++
		underscore = false
		if n > 0xffff_ffff {
			return i, "the number has more than 32 bits"
		}
	}
	switch {
	case i >= len(text):
		return len(text), "unexpected end of file"
	case digits == 0:
		r, _ := utf8.DecodeRuneInString(text[i:])
		return i, "invalid hex digit " + quoteRune(r)
	case underscore:
		return first, "trailing underscore in number"
	case n > utf8.MaxRune || n >= 0xd800 && n < 0xe000:
		return at, fmt.Sprintf("invalid unicode value %#x", n)
	case text[i] != '}':
		return i, "expected `}`"
	}
	b.WriteRune(rune(n))
	return i + 1, ""
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

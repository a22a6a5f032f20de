package lsp

import "bytes"

// scanKind is the kind of a token of scan.
type scanKind uint8

const (
	scanWord scanKind = iota + 1 // an identifier, keyword or number
	scanPunct
	scanString
	scanComment
)

type scanned struct {
	kind       scanKind
	start, end int
	open       bool // a comment or string cut off by the end of the text
}

// scan splits the first n bytes of a text into words, punctuation, strings and comments. Unlike the
// lexer of wit/syntax, it accepts any text and may stop in the middle of it, at the place where the
// user types.
func scan(data []byte, n int) (out []scanned) {
	data = data[:n]
	for i := 0; i < n; {
		start := i
		c := data[i]
		k := scanned{kind: scanPunct, start: start}
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			i++
			continue
		case bytes.HasPrefix(data[i:], []byte("//")):
			k.kind = scanComment
			end := bytes.IndexByte(data[i:], '\n')
			if k.open = end < 0; k.open {
				end = n - i
			}
			i += end
		case bytes.HasPrefix(data[i:], []byte("/*")):
			k.kind = scanComment
			i, k.open = blockComment(data, i)
		case c == '"':
			k.kind = scanString
			i++
			for i < n && data[i] != '"' && data[i] != '\n' {
				if data[i] == '\\' {
					i++
				}
				i++
			}
			k.open = i >= n
			i = min(i+1, n)
		case bytes.HasPrefix(data[i:], []byte("->")):
			i += 2
		case wordByte(c) || c == '%':
			k.kind = scanWord
			for i++; i < n && wordByte(data[i]); i++ {
			}
		default:
			i++
		}
		k.end = i
		out = append(out, k)
	}
	return out
}

// blockComment returns the end of the comment at i, which may contain nested comments. It reports
// whether the comment is unterminated.
func blockComment(data []byte, i int) (end int, open bool) {
	depth := 0
	for i < len(data) {
		switch {
		case bytes.HasPrefix(data[i:], []byte("/*")):
			depth++
			i += 2
		case bytes.HasPrefix(data[i:], []byte("*/")):
			depth--
			i += 2
		default:
			i++
		}
		if depth == 0 {
			return i, false
		}
	}
	return i, true
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c >= 0x80
}

package value

import (
	"strings"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
)

type tokenKind uint8

const (
	tokEnd tokenKind = iota + 1
	tokNumber
	tokLabel // a label or keyword, including its `%`
	tokChar
	tokString
	tokMultiline
	tokOpenBrace
	tokCloseBrace
	tokOpenParen
	tokCloseParen
	tokOpenBracket
	tokCloseBracket
	tokColon
	tokComma
)

var punctuation = [128]tokenKind{
	'{': tokOpenBrace, '}': tokCloseBrace, '(': tokOpenParen, ')': tokCloseParen, '[': tokOpenBracket,
	']': tokCloseBracket, ':': tokColon, ',': tokComma,
}

// token is one token of the source: the bytes from start to end.
type token struct {
	kind       tokenKind
	start, end int
}

// source is the text being read. It makes diagnostics, and creates a file for them only if there
// are any.
type source struct {
	name string
	text string
	file *diag.File
}

func (s *source) span(start, end int) diag.Span {
	if s.file == nil {
		s.file = &diag.File{Name: s.name, Data: []byte(s.text)}
	}
	return s.file.Span(start, end)
}

func (s *source) errorf(start, end int, code diag.Code, format string, args ...any) *diag.Diagnostic {
	return diag.Errorf(s.span(start, end), code, format, args...)
}

// lexer splits the text from pos on into tokens.
type lexer struct {
	*source
	pos     int
	handles bool // a label can be that of a handle, with `#` and a number
}

// skip moves past whitespace and comments.
func (l *lexer) skip() {
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			l.pos++
		case strings.HasPrefix(l.text[l.pos:], "//"):
			if i := strings.IndexByte(l.text[l.pos:], '\n'); i >= 0 {
				l.pos += i
			} else {
				l.pos = len(l.text)
			}
		default:
			return
		}
	}
}

// next returns the next token. The lexer cannot be used after an error.
func (l *lexer) next() (token, *diag.Diagnostic) {
	l.skip()
	start := l.pos
	if start == len(l.text) {
		return token{tokEnd, start, start}, nil
	}
	kind, end := tokenKind(0), start+1
	switch c := l.text[start]; {
	case c < utf8.RuneSelf && punctuation[c] != 0:
		kind = punctuation[c]
	case c == '-' || isDigit(c):
		kind, end = tokNumber, scanNumber(l.text, start)
	case c == '%' || isLetter(c):
		kind, end = tokLabel, scanLabel(l.text, start)
		if rest := l.text[end:]; l.handles && end > start && len(rest) > 1 && rest[0] == '#' && isDigit(rest[1]) {
			end = skipDigits(l.text, end+1)
		}
	case c == '\'':
		var err *diag.Diagnostic
		if end, err = l.char(start); err != nil {
			return token{}, err
		}
		kind = tokChar
	case strings.HasPrefix(l.text[start:], `"""`):
		i := strings.Index(l.text[start+3:], `"""`)
		if i < 0 {
			return token{}, l.errorf(start, start+3, CodeBadString, "the string is not closed").Helpf("close it with `\"\"\"`")
		}
		kind, end = tokMultiline, start+3+i+3
	case c == '"':
		var err *diag.Diagnostic
		if end, err = l.str(start); err != nil {
			return token{}, err
		}
		kind = tokString
	}
	if kind == 0 || end <= start {
		_, n := utf8.DecodeRuneInString(l.text[start:])
		return token{}, l.errorf(start, start+n, CodeBadToken, "unexpected character `%s`", l.text[start:start+n])
	}
	l.pos = end
	return token{kind, start, end}, nil
}

// char returns the end of the char literal at start.
func (l *lexer) char(start int) (int, *diag.Diagnostic) {
	i := start + 1
	rest := l.text[i:]
	switch {
	case rest == "" || rest[0] == '\n':
		return 0, l.errorf(start, i, CodeBadString, "the char is not closed")
	case rest[0] == '\'':
		return 0, l.errorf(start, i+1, CodeBadString, "a char is one character, found none").Helpf("write `'\\''` for a quote")
	case rest[0] == '\\':
		_, n := unescape(rest)
		if n == 0 {
			return 0, l.badEscape(i)
		}
		i += n
	default:
		_, n := utf8.DecodeRuneInString(rest)
		i += n
	}
	if i < len(l.text) && l.text[i] == '\'' {
		return i + 1, nil
	}
	if strings.IndexByte(l.text[i:], '\'') < 0 {
		return 0, l.errorf(start, i, CodeBadString, "the char is not closed")
	}
	return 0, l.errorf(start, i, CodeBadString, "a char is one character, found more").Helpf("write a string with `\"`")
}

// str returns the end of the string literal at start.
func (l *lexer) str(start int) (int, *diag.Diagnostic) {
	for i := start + 1; i < len(l.text); {
		switch l.text[i] {
		case '"':
			return i + 1, nil
		case '\n':
			return 0, l.errorf(start, i, CodeBadString, "the string is not closed").
				Helpf("write `\\n` for a line break, or put the lines between `\"\"\"`")
		case '\\':
			_, n := unescape(l.text[i:])
			if n == 0 {
				return 0, l.badEscape(i)
			}
			i += n
		default:
			i++
		}
	}
	return 0, l.errorf(start, len(l.text), CodeBadString, "the string is not closed")
}

func (s *source) badEscape(at int) *diag.Diagnostic {
	end := min(at+2, len(s.text))
	if strings.HasPrefix(s.text[at:], `\u{`) {
		if i := strings.IndexByte(s.text[at:], '}'); i > 0 && i < len(`\u{12345678}`) {
			end = at + i + 1
		}
	} else if at+1 < len(s.text) {
		_, n := utf8.DecodeRuneInString(s.text[at+1:])
		end = at + 1 + n
	}
	return s.errorf(at, end, CodeBadEscape, "bad escape `%s`", s.text[at:end]).
		Helpf("escapes are `\\'`, `\\\"`, `\\\\`, `\\t`, `\\n`, `\\r`, and `\\u{1f30a}` for any Unicode scalar value")
}

// scanNumber returns the end of the longest number at start, or start if there is no number.
func scanNumber(s string, start int) int {
	i := start
	if s[i] == '-' {
		i++
		if strings.HasPrefix(s[i:], "inf") {
			return i + len("inf")
		}
	}
	switch {
	case i == len(s) || !isDigit(s[i]):
		return start
	case s[i] == '0':
		i++
	default:
		i = skipDigits(s, i)
	}
	if i+1 < len(s) && s[i] == '.' && isDigit(s[i+1]) {
		i = skipDigits(s, i+1)
	}
	if i+1 < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if s[j] == '-' || s[j] == '+' {
			j++
		}
		if j < len(s) && isDigit(s[j]) {
			i = skipDigits(s, j)
		}
	}
	return i
}

func skipDigits(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// scanLabel returns the end of the longest label at start, or start if there is no label.
func scanLabel(s string, start int) int {
	i := start
	if s[i] == '%' {
		i++
	}
	if i == len(s) || !isLetter(s[i]) {
		return start
	}
	i = skipWord(s, i)
	for i+1 < len(s) && s[i] == '-' && (isLetter(s[i+1]) || isDigit(s[i+1])) {
		i = skipWord(s, i+1)
	}
	return i
}

// skipWord returns the end of a word of digits and letters of a single case.
func skipWord(s string, i int) int {
	i = skipDigits(s, i)
	if i == len(s) || !isLetter(s[i]) {
		return i
	}
	upper := s[i] < 'a'
	for i < len(s) && (isDigit(s[i]) || isLetter(s[i]) && (s[i] < 'a') == upper) {
		i++
	}
	return i
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// unescape returns the character of the escape at the start of s, and the length of the escape. The
// length is 0 if the escape is bad.
func unescape(s string) (rune, int) {
	if len(s) < 2 || s[0] != '\\' {
		return 0, 0
	}
	switch s[1] {
	case '\\', '\'', '"':
		return rune(s[1]), 2
	case 't':
		return '\t', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 'u':
		return unescapeNumber(s)
	}
	return 0, 0
}

func unescapeNumber(s string) (rune, int) {
	const maxDigits = 6
	if len(s) < 3 || s[2] != '{' {
		return 0, 0
	}
	var r rune
	i := 3
	for ; i < len(s) && i < 3+maxDigits && s[i] != '}'; i++ {
		d := strings.IndexByte("0123456789abcdef", s[i]|0x20)
		if s[i] < '0' || d < 0 {
			return 0, 0
		}
		r = r<<4 | rune(d)
	}
	if i == 3 || i == len(s) || s[i] != '}' || !utf8.ValidRune(r) {
		return 0, 0
	}
	return r, i + 1
}

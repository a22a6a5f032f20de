package wat

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
)

// maxSource limits the size of a source file, because tokens hold 32-bit offsets.
const maxSource = 1<<31 - 1

// maxDepth limits the nesting of parentheses, so that unclosed parentheses cannot take unlimited
// memory. A function body has room for folded instructions that are nested more deeply, but real
// code is not.
const maxDepth = 1_000_000

// lexer turns a source text into tokens.
type lexer struct {
	file *diag.File
	src  string
	pos  int
	toks []token
	err  *diag.Diagnostic
	// depth is the number of open parentheses.
	depth int
	// anyString makes strings accept characters that show readers a different text.
	anyString bool
	// annotated is set if an annotation was skipped.
	annotated bool
}

// lex reads all tokens. The last one is tokEOF or, after an error, tokBad.
func (l *lexer) lex() {
	src := l.src
	if len(src) > maxSource {
		l.fail(0, 0, CodeBadToken, "source text is larger than %d bytes", maxSource)
	} else {
		// Printed modules have about one token per five bytes.
		l.toks = make([]token, 0, len(src)/5+8)
		l.run()
	}
	kind := tokEOF
	if l.err != nil {
		kind = tokBad
	}
	l.toks = append(l.toks, token{uint32(len(src)), uint32(len(src)), kind})
	if l.err != nil {
		last := &l.toks[len(l.toks)-1]
		last.off, last.end = uint32(l.err.Primary.Start), uint32(l.err.Primary.Start)
	}
}

func (l *lexer) fail(start, end int, code diag.Code, format string, args ...any) {
	if l.err == nil {
		l.err = diag.Errorf(l.file.Span(start, end), code, format, args...)
	}
}

func (l *lexer) run() {
	for l.err == nil {
		l.skipSpace()
		if start := l.pos; strings.HasPrefix(l.src[start:], "(@") {
			l.pos++
			if l.skipAnnotation(start) {
				continue
			}
			l.emit(start, tokLParen)
		} else if !l.next() {
			return
		}
		if l.err == nil && !l.nest(l.toks[len(l.toks)-1]) {
			return
		}
	}
}

// nest counts the open parentheses. It reports false for a token outside all parentheses. The
// parser cannot continue after such a token, so the lexer stops.
func (l *lexer) nest(t token) bool {
	switch t.kind {
	case tokLParen:
		if l.depth++; l.depth > maxDepth {
			l.fail(int(t.off), int(t.end), CodeNestingTooDeep, "parentheses nested too deep: they may be nested %d deep", maxDepth)
		}
		return true
	case tokRParen:
		l.depth--
		return l.depth >= 0
	}
	return l.depth > 0
}

func (l *lexer) skipSpace() {
	for l.pos < len(l.src) && isSpace(l.src[l.pos]) {
		l.pos++
	}
}

func (l *lexer) emit(start int, kind tokenKind) {
	if l.err == nil {
		l.toks = append(l.toks, token{uint32(start), uint32(l.pos), kind})
	}
}

// blockComment skips a comment, which may contain other comments.
func (l *lexer) blockComment() {
	start, depth := l.pos, 1
	i := l.pos + 2
	for depth > 0 {
		n := strings.IndexAny(l.src[i:], "(;")
		if n < 0 || i+n+1 >= len(l.src) {
			l.fail(start, start+2, CodeBadToken, "unterminated block comment")
			return
		}
		i += n
		switch l.src[i : i+2] {
		case "(;":
			depth++
			i += 2
		case ";)":
			depth--
			i += 2
		default:
			i++
		}
	}
	l.checkConfusing(start, i)
	l.pos = i
}

func (l *lexer) lineComment() {
	end := len(l.src)
	if n := strings.IndexAny(l.src[l.pos:], "\n\r"); n >= 0 {
		end = l.pos + n
	}
	l.checkConfusing(l.pos, end)
	l.pos = end
}

// checkConfusing rejects characters that show readers a different text from the one that tools read
// (https://trojansource.codes).
func (l *lexer) checkConfusing(start, end int) {
	for i := start; i < end; {
		n := strings.IndexByte(l.src[i:end], 0xe2) // the first byte of all confusing characters
		if n < 0 {
			return
		}
		i += n
		if r, size := utf8.DecodeRuneInString(l.src[i:end]); isConfusing(r) {
			l.fail(i, i+size, CodeBadToken, "likely-confusing unicode character found '\\u{%x}'", r)
			return
		}
		i++
	}
}

func isConfusing(r rune) bool {
	switch r {
	case 0x202a, 0x202b, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x206c:
		return true
	}
	return false
}

// skipAnnotation skips the annotation that starts with the parenthesis at open, unless it is a
// known one.
func (l *lexer) skipAnnotation(open int) bool {
	start := l.pos
	toks := len(l.toks)
	kind := l.word()
	end := l.pos
	l.pos = start
	if l.err != nil || kind != tokAnnotation {
		return false
	}
	name, ok := l.annotationName(start, end)
	if !ok {
		return false
	}
	if knownAnnotation(name) {
		return false
	}
	l.pos = end
	for depth := 1; depth > 0; {
		if !l.next() {
			l.fail(open, end, CodeBadToken, "unclosed annotation")
			return false
		}
		switch l.toks[len(l.toks)-1].kind {
		case tokLParen:
			depth++
		case tokRParen:
			depth--
		}
		l.toks = l.toks[:toks]
	}
	l.annotated = true
	return true
}

func (l *lexer) annotationName(start, end int) (string, bool) {
	text := l.src[start+1 : end]
	if strings.HasPrefix(text, `"`) {
		b, _ := unquote(text)
		if !utf8.Valid(b) {
			l.fail(start, end, CodeBadToken, "malformed UTF-8 encoding of string-based id")
			return "", false
		}
		text = string(b)
	}
	if text == "" {
		l.fail(start, end, CodeBadToken, "empty annotation id")
		return "", false
	}
	return text, true
}

// next emits one token. It reports false at the end or after an error.
func (l *lexer) next() bool {
	for l.err == nil {
		l.skipSpace()
		if l.pos >= len(l.src) {
			return false
		}
		start := l.pos
		switch c := l.src[start]; {
		case isIDChar(c) || c == '"':
			l.emit(start, l.word())
			return l.err == nil
		case c == '(' && strings.HasPrefix(l.src[start:], "(;"):
			l.blockComment()
		case c == ';' && strings.HasPrefix(l.src[start:], ";;"):
			l.lineComment()
		case c == '(' || c == ')' || strings.IndexByte(";,[]{}", c) >= 0:
			l.pos++
			l.emit(start, punctuation(c))
			return true
		default:
			r, n := utf8.DecodeRuneInString(l.src[start:])
			l.fail(start, start+n, CodeBadToken, "unexpected character '%s'", escapeChar(r))
		}
	}
	return false
}

func punctuation(c byte) tokenKind {
	switch c {
	case '(':
		return tokLParen
	case ')':
		return tokRParen
	}
	return tokReserved
}

// word scans a run of identifier characters and strings, and returns the kind of the token.
func (l *lexer) word() tokenKind {
	src, start := l.src, l.pos
	i := start
	for i < len(src) && isIDChar(src[i]) {
		i++
	}
	if i == len(src) || src[i] != '"' {
		l.pos = i
		return classify(src[start:i])
	}
	chars, quotes := 0, 0
	for i = start; i < len(src); {
		switch c := src[i]; {
		case isIDChar(c):
			chars++
			i++
		case c == '"':
			quotes++
			if i = l.quoted(i); i < 0 {
				return tokReserved
			}
		default:
			l.pos = i
			return quotedKind(src[start], chars, quotes)
		}
	}
	l.pos = i
	return quotedKind(src[start], chars, quotes)
}

func quotedKind(first byte, chars, quotes int) tokenKind {
	switch {
	case chars == 0 && quotes == 1:
		return tokString
	case chars == 1 && quotes == 1 && first == '$':
		return tokID
	case chars == 1 && quotes == 1 && first == '@':
		return tokAnnotation
	}
	return tokReserved
}

// quoted checks the string that starts at i and returns the offset after it, or -1 after an error.
func (l *lexer) quoted(i int) int {
	src, open := l.src, i
	i++
	for i < len(src) {
		switch c := src[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			n, msg := escape(src[i:], nil)
			if msg != "" {
				l.fail(i, i+n, CodeBadString, "%s", msg)
				return -1
			}
			i += n
		case c < 0x20 || c == 0x7f:
			l.fail(i, i+1, CodeBadString, "invalid character in string '%s'", escapeChar(rune(c)))
			return -1
		case c == 0xe2:
			r, size := utf8.DecodeRuneInString(src[i:])
			if !l.anyString && isConfusing(r) {
				l.fail(i, i+size, CodeBadString, "likely-confusing unicode character found '\\u{%x}'", r)
				return -1
			}
			i += size
		default:
			i++
		}
	}
	l.fail(open, open+1, CodeBadString, "unexpected end-of-file: unclosed string")
	return -1
}

// escape reads the escape sequence at the start of s. It returns the length of the sequence and, if
// it is bad, an error message. It appends the value to *out unless out is nil.
func escape(s string, out *[]byte) (int, string) {
	put := func(b ...byte) {
		if out != nil {
			*out = append(*out, b...)
		}
	}
	if len(s) < 2 {
		return len(s), "unexpected end-of-file"
	}
	switch c := s[1]; {
	case c == '"' || c == '\'' || c == '\\':
		put(c)
	case c == 't':
		put('\t')
	case c == 'n':
		put('\n')
	case c == 'r':
		put('\r')
	case c == 'u':
		return unicodeEscape(s, put)
	case isHex(c):
		if len(s) < 3 {
			return len(s), "unexpected end-of-file"
		}
		if !isHex(s[2]) {
			r, n := utf8.DecodeRuneInString(s[2:])
			return 2 + n, fmt.Sprintf("invalid hex digit '%s'", escapeChar(r))
		}
		put(hexValue(c)<<4 | hexValue(s[2]))
		return 3, ""
	default:
		r, n := utf8.DecodeRuneInString(s[1:])
		return 1 + n, fmt.Sprintf("invalid string escape '%s'", escapeChar(r))
	}
	return 2, ""
}

// unicodeEscape reads \u{…}.
func unicodeEscape(s string, put func(...byte)) (int, string) {
	if len(s) < 3 {
		return len(s), "unexpected end-of-file"
	}
	if s[2] != '{' {
		r, n := utf8.DecodeRuneInString(s[2:])
		return 2 + n, fmt.Sprintf("expected '{' but found '%s'", escapeChar(r))
	}
	i, v, underscore := 3, uint64(0), true
	for ; i < len(s); i++ {
		c := s[i]
		if c == '_' && i > 3 {
			underscore = true
			continue
		}
		if !isHex(c) {
			break
		}
		underscore = false
		if v = v<<4 | uint64(hexValue(c)); v > 0xffffffff {
			return i + 1, "number is too big to parse"
		}
	}
	switch {
	case i == len(s):
		return i, "unexpected end-of-file"
	case i == 3:
		r, n := utf8.DecodeRuneInString(s[3:])
		return 3 + n, fmt.Sprintf("invalid hex digit '%s'", escapeChar(r))
	case underscore:
		return i, "bare underscore in numeric literal"
	case v > utf8.MaxRune || v >= 0xd800 && v < 0xe000:
		return i, fmt.Sprintf("invalid unicode scalar value 0x%x", v)
	case s[i] != '}':
		r, n := utf8.DecodeRuneInString(s[i:])
		return i + n, fmt.Sprintf("expected '}' but found '%s'", escapeChar(r))
	}
	put(utf8.AppendRune(nil, rune(v))...)
	return i + 1, ""
}

// unquote returns the bytes of a string token, which the lexer has checked. It also reports whether
// the string has no escapes.
func unquote(text string) ([]byte, bool) {
	body := text[1 : len(text)-1]
	n := strings.IndexByte(body, '\\')
	if n < 0 {
		return []byte(body), true
	}
	out := make([]byte, 0, len(body))
	for n >= 0 {
		out = append(out, body[:n]...)
		size, msg := escape(body[n:], &out)
		if msg != "" {
			break
		}
		body = body[n+size:]
		n = strings.IndexByte(body, '\\')
	}
	return append(out, body...), false
}

func hexValue(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	default:
		return c - 'A' + 10
	}
}

// escapeChar returns a character in the form used in messages.
func escapeChar(r rune) string {
	switch {
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case r == '\n':
		return `\n`
	case r == '\\':
		return `\\`
	case r == '\'':
		return `\'`
	case r >= 0x20 && r < 0x7f:
		return string(r)
	}
	return fmt.Sprintf(`\u{%x}`, r)
}

// classify returns the kind of a run of identifier characters.
func classify(s string) tokenKind {
	switch c := s[0]; {
	case c == '$':
		return tokID
	case c == '@':
		return tokAnnotation
	case isDigit(c) || c == '+' || c == '-':
		return number(s)
	case c == 'i' && s == "inf" || c == 'n' && strings.HasPrefix(s, "nan"):
		if k := number(s); k != tokReserved {
			return k
		}
		return tokKeyword
	case c >= 'a' && c <= 'z':
		return tokKeyword
	}
	return tokReserved
}

// number returns the kind of s: an integer, a floating-point number, or neither (core
// specification, "Values").
func number(s string) tokenKind {
	if s[0] == '+' || s[0] == '-' {
		s = s[1:]
	}
	if s == "inf" || s == "nan" {
		return tokFloat
	}
	if rest, ok := strings.CutPrefix(s, "nan:0x"); ok {
		if n := digits(rest, isHex); n > 0 && n == len(rest) {
			return tokFloat
		}
		return tokReserved
	}
	good, exp := isDigit, byte('e')
	if rest, ok := strings.CutPrefix(s, "0x"); ok {
		s, good, exp = rest, isHex, 'p'
	}
	n := digits(s, good)
	if n <= 0 {
		return tokReserved
	}
	if s = s[n:]; s == "" {
		return tokInt
	}
	if s[0] == '.' {
		s = s[1:]
		if s != "" && good(s[0]) {
			if n = digits(s, good); n <= 0 {
				return tokReserved
			}
			s = s[n:]
		}
	}
	if s != "" && s[0]|0x20 == exp {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if n = digits(s, isDigit); n <= 0 {
			return tokReserved
		}
		s = s[n:]
	}
	if s != "" {
		return tokReserved
	}
	return tokFloat
}

// digits returns the length of the digits at the start of s, which single underscores may separate.
// It returns -1 if there is an extra underscore, and 0 if there are no digits.
func digits(s string, good func(byte) bool) int {
	if s == "" || !good(s[0]) {
		return 0
	}
	underscore := false
	i := 0
	for ; i < len(s); i++ {
		if s[i] == '_' && !underscore {
			underscore = true
			continue
		}
		if !good(s[i]) {
			break
		}
		underscore = false
	}
	if underscore {
		return -1
	}
	return i
}

package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
)

// lexer turns text into tokens, one at a time.
type lexer struct {
	src      *diag.File
	text     string
	pos      int
	comments []Range
	// why makes bad store a diagnostic for the next token of kind bad in diag.
	why  bool
	diag *diag.Diagnostic
}

func (l *lexer) span(start, end int) diag.Span { return l.src.Span(start, end) }

// next returns the next token. At the end of the text it always returns EOF.
func (l *lexer) next() token {
	for {
		start := l.pos
		if start >= len(l.text) {
			return token{start: int32(start), end: int32(start), comments: int32(len(l.comments)), kind: EOF}
		}
		c := l.text[start]
		switch {
		case c == ' ' || c == '\n' || c == '\t':
			l.pos++
			continue
		case c == '\r' && start+1 < len(l.text) && l.text[start+1] == '\n':
			l.pos += 2
			continue
		case start == 0 && strings.HasPrefix(l.text, "\ufeff"):
			l.pos += len("\ufeff")
			continue
		case c == '/' && start+1 < len(l.text) && (l.text[start+1] == '/' || l.text[start+1] == '*'):
			if !l.comment() {
				return l.bad(start, start, start+2, CodeBadComment, "unterminated block comment")
			}
			continue
		}
		return l.token(c)
	}
}

// bad returns a token of kind bad for the text from start. The error is at at..end.
func (l *lexer) bad(start, at, end int, code diag.Code, format string, args ...any) token {
	if l.why {
		l.diag = diag.Errorf(l.span(at, end), code, format, args...)
	}
	if l.pos <= start {
		l.pos = max(end, start+1)
	}
	return token{start: int32(start), end: int32(l.pos), comments: int32(len(l.comments)), kind: bad}
}

// explain returns the diagnostic for the token of kind bad at offset start. Most bad tokens are
// skipped, so the lexer builds a diagnostic only on demand.
func (l *lexer) explain(start int32) *diag.Diagnostic {
	again := lexer{src: l.src, text: l.text, pos: int(start), why: true}
	again.next()
	return again.diag
}

// comment reads a comment and records it. It reports false for an unterminated block comment, which
// takes the rest of the text.
func (l *lexer) comment() bool {
	start := l.pos
	if l.text[start+1] == '/' {
		end := len(l.text)
		if n := strings.IndexByte(l.text[start:], '\n'); n >= 0 {
			end = start + n
		}
		l.pos = end
		if end > start && l.text[end-1] == '\r' {
			end--
		}
		l.comments = append(l.comments, Range{int32(start), int32(end)})
		return true
	}
	depth := 1
	i := start + 2
	for depth > 0 {
		n := strings.IndexAny(l.text[i:], "/*")
		if n < 0 || i+n+1 >= len(l.text) {
			l.pos = len(l.text)
			return false
		}
		i += n
		switch l.text[i : i+2] {
		case "/*":
			depth++
			i += 2
		case "*/":
			depth--
			i += 2
		default:
			i++
		}
	}
	l.pos = i
	l.comments = append(l.comments, Range{int32(start), int32(i)})
	return true
}

var punctuation = [256]Kind{
	'=': Equals, ',': Comma, ':': Colon, '.': Period, ';': Semicolon, '(': LeftParen, ')': RightParen, '{': LeftBrace, '}': RightBrace,
	'<': LessThan, '>': GreaterThan, '*': Star, '@': At, '/': Slash, '+': Plus,
}

// wordByte records which ASCII bytes continue a word.
var wordByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
	}
	return t
}()

func (l *lexer) token(c byte) token {
	start := l.pos
	t := token{start: int32(start), comments: int32(len(l.comments))}
	switch {
	case punctuation[c] != 0:
		l.pos++
		t.kind = punctuation[c]
	case c == '-':
		l.pos++
		t.kind = Minus
		if l.pos < len(l.text) && l.text[l.pos] == '>' {
			l.pos++
			t.kind = Arrow
		}
	case c >= '0' && c <= '9':
		for l.pos < len(l.text) && l.text[l.pos] >= '0' && l.text[l.pos] <= '9' {
			l.pos++
		}
		t.kind = Integer
	case c == '"':
		l.pos++
		if _, at, msg := unquote(l.text, &l.pos); msg != "" {
			// The rest of the line may belong to the string, so skip it.
			if n := strings.IndexByte(l.text[start:], '\n'); n >= 0 {
				l.pos = start + n
			} else {
				l.pos = len(l.text)
			}
			return l.bad(start, at, at+1, CodeBadString, "%s", msg)
		}
		t.kind = String
	case c == '%':
		l.pos++
		if r, n := l.rune(); isWordStart(r) {
			l.pos += n
			l.word()
		}
		t.kind = ExplicitID
	default:
		r, n := l.rune()
		if !isWordStart(r) {
			return l.noise(start, r, n)
		}
		l.pos += n
		l.word()
		t.kind = ID
		if w := l.text[start:l.pos]; len(w) <= len("error-context") {
			if k, ok := keywords[w]; ok {
				t.kind = k
			}
		}
	}
	t.end = int32(l.pos)
	return t
}

// noise returns one token for a run of characters that cannot start a token.
func (l *lexer) noise(start int, first rune, n int) token {
	l.pos += n
	for l.pos < len(l.text) {
		c := l.text[l.pos]
		r, n := l.rune()
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '-' || c == '"' || c == '%' || c < utf8.RuneSelf && (punctuation[c] != 0 || wordByte[c]) || isWordStart(r) {
			break
		}
		l.pos += n
	}
	if !l.why {
		return l.bad(start, start, l.pos, CodeBadCharacter, "")
	}
	what := "character"
	if l.pos > start+utf8.RuneLen(first) {
		what = "characters, the first of which is"
	}
	return l.bad(start, start, l.pos, CodeBadCharacter, "unexpected %s %s", what, quoteRune(first))
}

// word moves to the end of the word.
func (l *lexer) word() {
	for l.pos < len(l.text) {
		c := l.text[l.pos]
		if wordByte[c] {
			l.pos++
			continue
		}
		if c < utf8.RuneSelf {
			return
		}
		r, n := l.rune()
		if !isWordStart(r) && !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc) {
			return
		}
		l.pos += n
	}
}

func (l *lexer) rune() (rune, int) { return utf8.DecodeRuneInString(l.text[l.pos:]) }

// isWordStart accepts more characters than an identifier allows, so that a malformed word is read
// and reported as a whole.
func isWordStart(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)
}

// quoteRune returns a character in backticks, escaped if it is not printable.
func quoteRune(r rune) string {
	switch {
	case r == '`':
		return "'`'"
	case r == '\r':
		return "`\\r`"
	case unicode.IsPrint(r) && r != utf8.RuneError:
		return "`" + string(r) + "`"
	}
	return fmt.Sprintf("`\\u{%x}`", r)
}

// badWord returns the reason why s is not an identifier, or "" if it is one.
func badWord(s string) string {
	const empty = "identifiers must have characters between hyphens"
	start, lower, upper := true, false, false
	for i, r := range s {
		isLetter := false
		switch {
		case r == '-':
			if start {
				return empty
			}
			start, lower, upper = true, false, false
			continue
		case r >= 'a' && r <= 'z':
			isLetter = true
			if upper {
				return "invalid character in identifier " + quoteRune(r)
			}
			lower = true
		case r >= 'A' && r <= 'Z':
			isLetter = true
			if lower {
				return "invalid character in identifier " + quoteRune(r)
			}
			upper = true
		case r >= '0' && r <= '9':
		default:
			return "invalid character in identifier " + quoteRune(r)
		}
		if i == 0 && !isLetter {
			return "invalid character in identifier " + quoteRune(r)
		}
		start = false
	}
	if start {
		return empty
	}
	return ""
}

// checkText reports characters that are not allowed anywhere in a text, not even in comments, with
// one diagnostic for each run. It returns false if the file is not text; it then reports only that.
func checkText(src *diag.File, text string, report func(*diag.Diagnostic)) bool {
	for i := 0; i < len(text); {
		if plainByte[text[i]] {
			i++
			continue
		}
		start := i
		r, n, why := badRune(text, i)
		first := r
		if n == 0 || r == 0 {
			d := diag.Errorf(src.Span(i, i+1), CodeBadCharacter, why, r).Captionf("nothing from here on is read")
			if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
				d.Helpf("the file seems to be in UTF-16: save it as UTF-8")
			}
			report(d)
			return false
		}
		for i += n; why != "" && i < len(text); i += n {
			var more string
			if r, n, more = badRune(text, i); more == "" || n == 0 || r == 0 {
				break
			}
		}
		if why != "" {
			at := src.Span(start, i)
			report(diag.Errorf(at, CodeBadCharacter, why, first).Helpf("remove it").Replace(at, ""))
		}
	}
	return true
}

// plainByte records which bytes are characters that are allowed anywhere.
var plainByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= ' ' && c < 0x7f || c == '\n' || c == '\r' || c == '\t'
	}
	return t
}()

// badRune returns the character at an offset, its length, and the problem with it: a format string
// that takes the character, or "" if there is none. If the bytes do not form a character, the
// length is 0 and the format takes the first byte.
func badRune(text string, i int) (r rune, n int, why string) {
	const control = "control character `\\u{%x}`"
	c := text[i]
	if c < utf8.RuneSelf {
		switch {
		case c == 0:
			why = "the file is not text: it contains byte %#02x"
		case (c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f:
			why = control
		}
		return rune(c), 1, why
	}
	r, n = utf8.DecodeRuneInString(text[i:])
	switch {
	case r == utf8.RuneError && n == 1:
		return rune(c), 0, "the file is not UTF-8 text: byte %#x is not part of a character"
	case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
		why = "character `\\u{%x}`, which changes the direction of writing"
	case discouraged[r]:
		why = "character `\\u{%x}`, which Unicode discourages"
	case unicode.IsControl(r):
		why = control
	}
	return r, n, why
}

// discouraged is the set of letters that Unicode deprecates or discourages (WIT.md, "Lexical
// structure").
var discouraged = map[rune]bool{
	0x149: true, 0x673: true, 0xf77: true, 0xf79: true, 0x17a3: true, 0x17a4: true, 0x17b4: true, 0x17b5: true,
}

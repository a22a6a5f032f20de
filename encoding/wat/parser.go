package wat

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
)

// maxNesting limits the nesting of definitions and types in a text, as in a binary. Folded
// instructions do not count, because they are read without recursion.
const maxNesting = encoding.MaxNesting

// parser reads the tokens of a file from front to back. The first error is kept. It moves the
// parser to the end of the tokens, so that all loops over lists end, and everything read afterwards
// is zero.
type parser struct {
	file *diag.File
	src  string
	toks []token
	pos  int
	// opens lists the tokens of the open parentheses.
	opens []int32
	lexed *diag.Diagnostic // the diagnostic of the tokBad at the end
	err   *diag.Diagnostic
	// legacy accepts references to core definitions without the keyword core. Scripts written for
	// wasm-tools can ask for it.
	legacy bool
	// annotated is set if the text has an annotation that was skipped.
	annotated bool
	// marks records the tokens of definitions. It is nil if they are not needed.
	marks *marks
	// lines is set if core modules get debug information. Placer then finds the places of
	// instructions.
	lines  bool
	placer *placer
	// wants lists what the parser has looked for at token wantsAt.
	wants   []wanted
	wantsAt int
}

func newParser(f *diag.File) *parser {
	l := &lexer{file: f, src: string(f.Data)}
	return l.parser()
}

// parser reads the tokens and returns a parser of them.
func (l *lexer) parser() *parser {
	f := l.file
	p := &parser{file: f, src: l.src}
	if !utf8.ValidString(p.src) {
		i := firstInvalid(p.src)
		p.toks = []token{{uint32(i), uint32(i), tokEOF}}
		p.err = diag.Errorf(f.Span(i, i+1), CodeBadToken, "malformed UTF-8 encoding")
		return p
	}
	l.lex()
	p.toks, p.lexed, p.annotated = l.toks, l.err, l.annotated
	return p
}

func firstInvalid(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return len(s)
}

// fail reports an error unless one was reported before. It returns the diagnostic so that the
// caller can add to it.
func (p *parser) fail(at diag.Span, code diag.Code, format string, args ...any) *diag.Diagnostic {
	d := diag.Errorf(at, code, format, args...)
	if p.err == nil {
		p.err = d
		p.pos = len(p.toks) - 1
	}
	return d
}

// failHere reports an error at the current token.
func (p *parser) failHere(code diag.Code, format string, args ...any) *diag.Diagnostic {
	if p.err == nil && p.cur().kind == tokBad {
		p.err = p.lexed
	}
	outer := p.unclosed()
	d := p.fail(p.span(p.pos), code, format, args...)
	if outer >= 0 {
		d.Labelf(p.span(outer), "this parenthesis is not closed")
	}
	return d
}

// unclosed returns the token of a parenthesis that probably lacks its closing one, or -1. The text
// opens more parentheses than it closes, and a list at the start of a line is indented no deeper
// than the list around it.
func (p *parser) unclosed() int {
	if p.err != nil {
		return -1
	}
	balance := 0
	for _, t := range p.toks {
		switch t.kind {
		case tokLParen:
			balance++
		case tokRParen:
			balance--
		}
	}
	if balance <= 0 {
		return -1
	}
	inner, n := p.pos, len(p.opens)
	if p.cur().kind != tokLParen {
		if n--; n < 0 || int(p.opens[n]) != p.pos-1 {
			return -1
		}
		inner--
	}
	if n == 0 {
		return -1
	}
	outer := int(p.opens[n-1])
	at, around := p.indentation(inner), p.indentation(outer)
	if at < 0 || around < at || p.toks[outer].off == p.toks[inner].off {
		return -1
	}
	return outer
}

// indentation returns the number of spaces and tabs before a token that starts a line, or -1 for
// other tokens.
func (p *parser) indentation(i int) int {
	off := int(p.toks[i].off)
	line := p.src[strings.LastIndexByte(p.src[:off], '\n')+1 : off]
	if strings.Trim(line, " \t") != "" {
		return -1
	}
	return len(line)
}

func (p *parser) ok() bool { return p.err == nil }

func (p *parser) cur() token { return p.toks[p.pos] }

// at returns the token n tokens after the current one.
func (p *parser) at(n int) token { return p.toks[min(p.pos+n, len(p.toks)-1)] }

func (p *parser) text(t token) string { return p.src[t.off:t.end] }

// span returns the place of token i.
func (p *parser) span(i int) diag.Span {
	t := p.toks[min(i, len(p.toks)-1)]
	return p.file.Span(int(t.off), int(t.end))
}

// advance moves to the next token. It stays at the last token.
func (p *parser) advance() {
	if p.pos < len(p.toks)-1 {
		p.pos++
	}
}

// atEnd reports whether the current list has no more tokens.
func (p *parser) atEnd() bool {
	k := p.toks[p.pos].kind
	return k == tokRParen || k == tokEOF || k == tokBad
}

// isKeyword reports whether the token n tokens after the current one is the keyword s.
func (p *parser) isKeyword(n int, s string) bool {
	t := p.at(n)
	return t.kind == tokKeyword && int(t.end-t.off) == len(s) && p.src[t.off:t.end] == s
}

// wanted is something that the parser has looked for: a keyword, a list that starts with a keyword,
// or a description.
type wanted struct {
	text string
	form byte // 'k', '(' or 0
}

func (w wanted) String() string {
	switch w.form {
	case 'k':
		return "`" + w.text + "`"
	case '(':
		return "`(" + w.text + "`"
	}
	return w.text
}

// want records that the parser looked for something at the current token. The message uses this if
// nothing fits.
func (p *parser) want(s string, form byte) {
	if p.wantsAt != p.pos {
		p.wants, p.wantsAt = p.wants[:0], p.pos
	}
	if w := (wanted{s, form}); !slices.Contains(p.wants, w) {
		p.wants = append(p.wants, w)
	}
}

// peek reports whether the current token is the keyword s.
func (p *parser) peek(s string) bool { return p.isKeyword(0, s) }

// peekList reports whether a list that starts with the keyword s comes next.
func (p *parser) peekList(s string) bool {
	return p.toks[p.pos].kind == tokLParen && p.isKeyword(1, s)
}

// accept reads the keyword s if it comes next.
func (p *parser) accept(s string) bool {
	if p.peek(s) {
		p.advance()
		return true
	}
	p.want(s, 'k')
	return false
}

// acceptList reads a parenthesis and the keyword s if both come next.
func (p *parser) acceptList(s string) bool {
	if p.peekList(s) {
		p.open()
		p.advance()
		return true
	}
	p.want(s, '(')
	return false
}

// open reads an opening parenthesis. Each call needs a matching call of close.
func (p *parser) open() bool {
	if p.cur().kind != tokLParen {
		p.failHere(CodeUnexpectedToken, "expected `(`%s", p.found())
		return false
	}
	p.opens = append(p.opens, int32(p.pos))
	p.advance()
	return true
}

// close reads a closing parenthesis.
func (p *parser) close() {
	if p.cur().kind != tokRParen {
		d := p.failHere(CodeUnexpectedToken, "expected `)`%s", p.found())
		if n := len(p.opens); n > 0 && len(d.Labels) == 0 {
			at := int(p.opens[n-1])
			d.Labelf(p.span(at), "this parenthesis is not closed")
		}
		return
	}
	if n := len(p.opens); n > 0 {
		p.opens = p.opens[:n-1]
	}
	p.advance()
}

// parens reads a list. It calls read for the contents.
func (p *parser) parens(read func()) {
	if p.open() {
		read()
		p.close()
	}
}

// nested fails if lists are nested too deeply at this point.
func (p *parser) nested() bool {
	if len(p.opens) <= maxNesting {
		return p.ok()
	}
	p.failHere(CodeNestingTooDeep, "item nesting too deep").Notef("definitions and types may be nested %d deep", maxNesting)
	return false
}

// keyword reads the keyword s.
func (p *parser) keyword(s string) {
	if !p.accept(s) {
		p.unexpected()
	}
}

// found returns ", found …" for the current token.
func (p *parser) found() string { return ", " + p.foundAt(p.pos) }

func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// unexpected fails at the current token, which is not what the parser has looked for.
func (p *parser) unexpected() {
	p.unexpectedAt(0)
}

// mostWanted limits the number of alternatives that a message lists.
const mostWanted = 15

// unexpectedAt is unexpected for the token n tokens after the current one.
func (p *parser) unexpectedAt(n int) {
	var wants []wanted
	if p.wantsAt == p.pos {
		wants = p.wants
	}
	list := make([]string, len(wants))
	for i, w := range wants {
		list[i] = w.String()
	}
	msg := "unexpected token"
	switch len(list) {
	case 0:
		if p.atEnd() {
			msg = "unexpected end of input"
		}
	case 1:
		msg += ", expected " + list[0]
	case 2:
		msg += ", expected " + list[0] + " or " + list[1]
	default:
		if len(list) > mostWanted {
			list = append(list[:mostWanted], "…")
		}
		msg += ", expected one of: " + strings.Join(list, ", ")
	}
	at := p.pos + n
	d := p.failHere(CodeUnexpectedToken, "%s", msg)
	if d != p.err {
		return
	}
	d.Primary = p.span(at)
	d.Captionf("%s", p.foundAt(at))
	if t := p.toks[min(at, len(p.toks)-1)]; t.kind == tokKeyword {
		p.suggest(d, p.text(t), func(yield func(string) bool) {
			for _, w := range wants {
				if w.form != 0 && !yield(w.text) {
					return
				}
			}
		})
	}
}

func (p *parser) foundAt(i int) string {
	t := p.toks[min(i, len(p.toks)-1)]
	if t.kind == tokEOF || t.kind == tokBad {
		return "found the end of the text"
	}
	return fmt.Sprintf("found `%s`", clip(p.text(t)))
}

// suggest adds a help if one of the candidates is similar to name.
func (p *parser) suggest(d *diag.Diagnostic, name string, candidates func(func(string) bool)) {
	if s, ok := diag.Suggest(name, candidates); ok {
		d.Helpf("`%s` has a similar name", s).Replace(d.Primary, s)
	}
}

// id reads an id if one comes next, and returns "" otherwise.
func (p *parser) id() string {
	if p.cur().kind != tokID {
		return ""
	}
	s := p.idText(p.pos)
	p.advance()
	return s
}

// idText returns the id in token i, without the dollar sign.
func (p *parser) idText(i int) string {
	t := p.toks[i]
	s := p.src[t.off+1 : t.end]
	if s == "" {
		p.fail(p.span(i), CodeBadToken, "empty identifier")
		return ""
	}
	if s[0] == '"' {
		b, _ := unquote(s)
		if !utf8.Valid(b) {
			p.fail(p.span(i), CodeBadToken, "malformed UTF-8 encoding of string-based id")
			return ""
		}
		if len(b) == 0 {
			p.fail(p.span(i), CodeBadToken, "empty identifier")
		}
		return string(b)
	}
	return s
}

// name is the name of a definition: its annotation (@name "…") or else its id.
type name struct {
	text string
	ok   bool
}

// nameAnnotation reads (@name "…") if it comes next.
func (p *parser) nameAnnotation() name {
	if !p.peekAnnotation("name") {
		return name{}
	}
	p.open()
	p.advance()
	s := p.str()
	p.close()
	return name{s, true}
}

// peekAnnotation reports whether the annotation (@s …) comes next.
func (p *parser) peekAnnotation(s string) bool {
	if p.cur().kind != tokLParen {
		return false
	}
	t := p.at(1)
	if t.kind != tokAnnotation {
		return false
	}
	text := p.src[t.off+1 : t.end]
	if strings.HasPrefix(text, `"`) {
		b, _ := unquote(text)
		text = string(b)
	}
	return text == s
}

// isIndex reports whether the token n tokens after the current one is an index or id.
func (p *parser) isIndex(n int) bool {
	k := p.at(n).kind
	return k == tokInt || k == tokID
}

// idx is a reference to a definition. If tok is zero, the reference is the index num. Otherwise it
// is the token tok-1, and num is its index unless the token is an id.
type idx struct{ tok, num uint32 }

// numIdx returns the reference to a known index.
func numIdx(n uint32) idx { return idx{num: n} }

// index reads a reference.
func (p *parser) index() idx {
	i := idx{tok: uint32(p.pos + 1)}
	switch p.cur().kind {
	case tokID:
		p.idText(p.pos)
	case tokInt:
		i.num = uint32(p.intAt(32, false, "u32"))
	default:
		p.failHere(CodeUnexpectedToken, "unexpected token, expected an index or an identifier").Captionf("%s", p.foundAt(p.pos))
		return idx{}
	}
	p.advance()
	return i
}

// symbolic reports whether i is an id.
func (p *parser) symbolic(i idx) bool { return i.tok != 0 && p.toks[i.tok-1].kind == tokID }

// idxSpan returns the place of a reference.
func (p *parser) idxSpan(i idx) diag.Span {
	if i.tok == 0 {
		return diag.Span{}
	}
	return p.span(int(i.tok - 1))
}

// intAt returns the value of the current token, which is an integer.
func (p *parser) intAt(width int, signed bool, what string) uint64 {
	v, ok := parseInt(p.text(p.cur()), width, signed)
	if !ok {
		p.failHere(CodeBadNumber, "invalid %s number: constant out of range", what)
	}
	return v
}

// integer reads an integer and returns its bits in two's complement.
func (p *parser) integer(width int, signed bool) uint64 {
	what := fmt.Sprintf("%c%d", "ui"[b2i(signed)], width)
	if p.cur().kind != tokInt {
		p.failHere(CodeUnexpectedToken, "expected a %s%s", what, p.found())
		return 0
	}
	v := p.intAt(width, signed, what)
	p.advance()
	return v
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (p *parser) u32() uint32 { return uint32(p.integer(32, false)) }

// float reads a number and returns the bits of a floating-point number.
func (p *parser) float(width int) uint64 {
	if k := p.cur().kind; k != tokInt && k != tokFloat {
		p.failHere(CodeUnexpectedToken, "expected a float%s", p.found())
		return 0
	}
	v, ok := parseFloat(p.text(p.cur()), width)
	if !ok {
		what := "the number exceeds the largest float of this width"
		if strings.Contains(p.text(p.cur()), "nan:") {
			what = fmt.Sprintf("the payload of a NaN ranges from 0x1 to %#x", uint64(1)<<mantissaBits(width)-1)
		}
		p.failHere(CodeBadNumber, "constant out of range: %s", what)
	}
	p.advance()
	return v
}

// bytes reads a string, which need not be UTF-8.
func (p *parser) bytes() []byte {
	if p.cur().kind != tokString {
		p.failHere(CodeUnexpectedToken, "expected a string%s", p.found())
		return nil
	}
	b, _ := unquote(p.text(p.cur()))
	p.advance()
	return b
}

// str reads a string, which must be UTF-8.
func (p *parser) str() string {
	t := p.cur()
	if t.kind == tokString {
		if s := p.src[t.off+1 : t.end-1]; strings.IndexByte(s, '\\') < 0 {
			p.advance()
			return s
		}
	}
	b := p.bytes()
	if !utf8.Valid(b) {
		p.fail(p.span(p.pos-1), CodeBadString, "malformed UTF-8 encoding")
		return ""
	}
	return string(b)
}

func (p *parser) isString() bool { return p.cur().kind == tokString }

// strings reads strings up to the end of the list and joins them.
func (p *parser) strings() []byte {
	var out []byte
	for !p.atEnd() {
		out = append(out, p.bytes()...)
	}
	return out
}

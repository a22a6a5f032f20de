package wat

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
)

// maxNesting limits how deep definitions and types are nested in each other in a text, as wasm-tools does; decoders of binaries have a limit of
// the same size. Folded instructions are not counted: they are read without recursion.
const maxNesting = 100

// parser reads the tokens of a file from front to back. The first error sticks: it moves the parser to the end of the tokens, so that all loops
// over what a list holds come to their end, and everything read after it is zero.
type parser struct {
	file *diag.File
	src  string
	toks []token
	pos  int
	// opens are the tokens of the parentheses that are open.
	opens []int32
	lexed *diag.Diagnostic // what the tokBad at the end stands for
	err   *diag.Diagnostic
	// legacy accepts references to core definitions without the keyword core, which scripts of another tool can ask for.
	legacy bool
	// annotated is set when the text has an annotation that was skipped.
	annotated bool
	// marks are the tokens of definitions, if they are wanted.
	marks *marks
	// lines says that core modules get debug information, for which placer finds the places of instructions.
	lines  bool
	placer *placer
	// wants are what the parser has looked for at the token wantsAt.
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
		p.err = diag.Errorf(f.Span(i, i+1), BadToken, "malformed UTF-8 encoding")
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

// fail reports an error, unless there was one already, and returns it for additions.
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

// unclosed returns the token of a parenthesis that seems to lack its closing one, -1 if there is none: the text opens more of them than it closes,
// and a list that starts a line is indented no deeper than the one around it.
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

// indentation returns how many spaces and tabs stand before a token that starts a line, -1 for others.
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

// at returns the token n behind the current one.
func (p *parser) at(n int) token { return p.toks[min(p.pos+n, len(p.toks)-1)] }

func (p *parser) text(t token) string { return p.src[t.off:t.end] }

// span returns the place of the token numbered i.
func (p *parser) span(i int) diag.Span {
	t := p.toks[min(i, len(p.toks)-1)]
	return p.file.Span(int(t.off), int(t.end))
}

// advance moves to the next token. The last one stays.
func (p *parser) advance() {
	if p.pos < len(p.toks)-1 {
		p.pos++
	}
}

// atEnd tells whether nothing more stands in the current list.
func (p *parser) atEnd() bool {
	k := p.toks[p.pos].kind
	return k == tokRParen || k == tokEOF || k == tokBad
}

// isKeyword tells whether the token n behind the current one is the keyword s.
func (p *parser) isKeyword(n int, s string) bool {
	t := p.at(n)
	return t.kind == tokKeyword && int(t.end-t.off) == len(s) && p.src[t.off:t.end] == s
}

// wanted is something that the parser has looked for: a keyword, a list that starts with a keyword, or something in words.
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

// want notes that the parser looked for something at the current token, for the message if nothing fits.
func (p *parser) want(s string, form byte) {
	if p.wantsAt != p.pos {
		p.wants, p.wantsAt = p.wants[:0], p.pos
	}
	if w := (wanted{s, form}); !slices.Contains(p.wants, w) {
		p.wants = append(p.wants, w)
	}
}

// peek tells whether the current token is the keyword s.
func (p *parser) peek(s string) bool { return p.isKeyword(0, s) }

// peekList tells whether a list that starts with the keyword s comes next.
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

// open reads a parenthesis; every open has its close.
func (p *parser) open() bool {
	if p.cur().kind != tokLParen {
		p.failHere(UnexpectedToken, "expected `(`%s", p.found())
		return false
	}
	p.opens = append(p.opens, int32(p.pos))
	p.advance()
	return true
}

// close reads the closing parenthesis.
func (p *parser) close() {
	if p.cur().kind != tokRParen {
		d := p.failHere(UnexpectedToken, "expected `)`%s", p.found())
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

// parens reads a list whose contents read reads.
func (p *parser) parens(read func()) {
	if p.open() {
		read()
		p.close()
	}
}

// nested fails if lists are nested too deep at this point.
func (p *parser) nested() bool {
	if len(p.opens) <= maxNesting {
		return p.ok()
	}
	p.failHere(NestingTooDeep, "item nesting too deep").Notef("definitions and types may be nested %d deep", maxNesting)
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

// unexpected fails at the current token, which is none of what the parser has looked for.
func (p *parser) unexpected() {
	p.unexpectedAt(0)
}

// mostWanted is how many things a message lists that could stand in a place.
const mostWanted = 15

// unexpectedAt is unexpected for the token n behind the current one.
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
	d := p.failHere(UnexpectedToken, "%s", msg)
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

// suggest adds a help if one of the candidates is like name.
func (p *parser) suggest(d *diag.Diagnostic, name string, candidates func(func(string) bool)) {
	if s, ok := diag.Suggest(name, candidates); ok {
		d.Helpf("`%s` has a similar name", s).Replace(d.Primary, s)
	}
}

// id reads an id if one comes next; "" if not.
func (p *parser) id() string {
	if p.cur().kind != tokID {
		return ""
	}
	s := p.idText(p.pos)
	p.advance()
	return s
}

// idText returns the id that the token numbered i holds, without the dollar sign.
func (p *parser) idText(i int) string {
	t := p.toks[i]
	s := p.src[t.off+1 : t.end]
	if s == "" {
		p.fail(p.span(i), BadToken, "empty identifier")
		return ""
	}
	if s[0] == '"' {
		b, _ := unquote(s)
		if !utf8.Valid(b) {
			p.fail(p.span(i), BadToken, "malformed UTF-8 encoding of string-based id")
			return ""
		}
		if len(b) == 0 {
			p.fail(p.span(i), BadToken, "empty identifier")
		}
		return string(b)
	}
	return s
}

// name is the name of a definition: its id or, which counts more, its annotation (@name "…").
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

// peekAnnotation tells whether the annotation (@s …) comes next.
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

// isIndex tells whether the token n behind the current one is an index or id.
func (p *parser) isIndex(n int) bool {
	k := p.at(n).kind
	return k == tokInt || k == tokID
}

// idx is a reference to a definition: the index num, or, when tok is not zero, the token at tok-1, which num counts only if it is no id.
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
		p.failHere(UnexpectedToken, "unexpected token, expected an index or an identifier").Captionf("%s", p.foundAt(p.pos))
		return idx{}
	}
	p.advance()
	return i
}

// symbolic tells whether i is an id.
func (p *parser) symbolic(i idx) bool { return i.tok != 0 && p.toks[i.tok-1].kind == tokID }

// idxSpan returns the place of a reference.
func (p *parser) idxSpan(i idx) diag.Span {
	if i.tok == 0 {
		return diag.Span{}
	}
	return p.span(int(i.tok - 1))
}

// intAt returns the value of the current token, an integer.
func (p *parser) intAt(width int, signed bool, what string) uint64 {
	v, ok := parseInt(p.text(p.cur()), width, signed)
	if !ok {
		p.failHere(BadNumber, "invalid %s number: constant out of range", what)
	}
	return v
}

// integer reads an integer: its bits as a two's complement number.
func (p *parser) integer(width int, signed bool) uint64 {
	what := fmt.Sprintf("%c%d", "ui"[b2i(signed)], width)
	if p.cur().kind != tokInt {
		p.failHere(UnexpectedToken, "expected a %s%s", what, p.found())
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

// float reads a number as the bits of a floating-point number.
func (p *parser) float(width int) uint64 {
	if k := p.cur().kind; k != tokInt && k != tokFloat {
		p.failHere(UnexpectedToken, "expected a float%s", p.found())
		return 0
	}
	v, ok := parseFloat(p.text(p.cur()), width)
	if !ok {
		what := "no float of this width is as large"
		if strings.Contains(p.text(p.cur()), "nan:") {
			what = fmt.Sprintf("the payload of a NaN is from 0x1 to %#x", uint64(1)<<mantissaBits(width)-1)
		}
		p.failHere(BadNumber, "constant out of range: %s", what)
	}
	p.advance()
	return v
}

// bytes reads a string that need not be UTF-8.
func (p *parser) bytes() []byte {
	if p.cur().kind != tokString {
		p.failHere(UnexpectedToken, "expected a string%s", p.found())
		return nil
	}
	b, _ := unquote(p.text(p.cur()))
	p.advance()
	return b
}

// str reads a string.
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
		p.fail(p.span(p.pos-1), BadString, "malformed UTF-8 encoding")
		return ""
	}
	return string(b)
}

func (p *parser) isString() bool { return p.cur().kind == tokString }

// strings reads strings up to the end of the list, joined.
func (p *parser) strings() []byte {
	var out []byte
	for !p.atEnd() {
		out = append(out, p.bytes()...)
	}
	return out
}

package wat

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
)

// ParseScript reads a script. A text without directives that is a single module or component, or
// the fields of a module, is a script with one directive. ParseScript does not parse the modules
// and components in the script: see [Source.Unit].
//
// A script with the comment `;; RUN: WAST_STRICT_COMPONENT_INDICES=0 …` may refer to core
// definitions without the keyword core. One script of wasm-tools has this comment.
//
// Strings may contain characters that change the direction of text, which [Parse] rejects, because
// scripts test names with these characters.
//
// The error is a [*diag.Diagnostic] with a place in f.
func ParseScript(f *diag.File) (*Script, error) {
	l := &lexer{file: f, src: string(f.Data), anyString: true}
	p := l.parser()
	p.legacy = bytes.Contains(f.Data, []byte(";; RUN: WAST_STRICT_COMPONENT_INDICES=0 "))
	s := &Script{}
	if p.ok() && p.cur().kind == tokLParen && slices.Contains(fieldWords, p.word(1)) {
		src := &Source{Span: p.span(p.pos), Form: Text, p: p, start: 0, end: len(p.toks) - 1, bare: true}
		s.Directives = append(s.Directives, &Module{At{p.span(1)}, src})
		if p.toks[len(p.toks)-1].kind == tokBad {
			return nil, p.lexed
		}
		return s, nil
	}
	for p.ok() && p.cur().kind != tokEOF {
		if p.cur().kind == tokLParen && p.at(1).kind == tokAnnotation {
			p.skipList()
			continue
		}
		p.parens(func() {
			if d := p.directive(); d != nil {
				s.Directives = append(s.Directives, d)
			}
		})
	}
	if p.err != nil {
		return nil, p.err
	}
	return s, nil
}

// directiveWords are the keywords of directives.
var directiveWords = []string{
	"module", "component", "assert_malformed", "assert_malformed_custom", "assert_invalid", "assert_invalid_custom", "register", "invoke",
	"assert_trap", "assert_return", "assert_exhaustion", "assert_unlinkable", "assert_exception", "assert_suspension", "thread", "wait",
}

// skipList skips a list and its contents.
func (p *parser) skipList() {
	depth := 0
	for p.ok() {
		switch p.cur().kind {
		case tokLParen:
			depth++
		case tokRParen:
			depth--
		case tokEOF, tokBad:
			p.failHere(CodeUnexpectedToken, "expected `)`%s", p.found())
			return
		}
		if p.advance(); depth == 0 {
			return
		}
	}
}

// source reads the module or component that comes next, including keyword and parentheses.
func (p *parser) source() *Source {
	start := p.pos
	switch {
	case p.peekList("component"), p.peekList("module"):
	default:
		p.open()
		p.wantWords([]string{"component", "module"})
		p.unexpected()
		return nil
	}
	s := &Source{IsComponent: p.isKeyword(1, "component"), Form: Text, p: p, start: start}
	n := 2
	if p.at(n).kind == tokID {
		s.Name = p.idText(p.pos + n)
		n++
	}
	switch p.word(n) {
	case "binary":
		s.Form = Binary
	case "quote":
		s.Form = Quote
	}
	p.skipList()
	s.end = p.pos
	s.Span = p.file.Span(int(p.toks[start].off), int(p.toks[max(start, p.pos-1)].end))
	return s
}

// sourceHere is source for a form whose opening parenthesis has been read. It does not read the
// closing one.
func (p *parser) sourceHere(skip int) *Source {
	start := p.pos
	s := &Source{IsComponent: p.peek("component"), Form: Text, p: p}
	n := skip
	if p.at(n).kind == tokID {
		s.Name = p.idText(p.pos + n)
		n++
	}
	switch p.word(n) {
	case "binary":
		s.Form = Binary
	case "quote":
		s.Form = Quote
	}
	p.pos--
	p.skipList()
	if p.ok() {
		p.pos--
	}
	s.start, s.end = start-1, p.pos+1
	s.Span = p.file.Span(int(p.toks[start-1].off), int(p.toks[p.pos].end))
	return s
}

// Unit parses the source. The error is a [*diag.Diagnostic] in the file of the script or, for a
// quoted text, in a separate file. Unit may be called more than once, and returns a new result each
// time.
func (s *Source) Unit() (*Unit, error) {
	if s.Form == Quote {
		return s.quoted()
	}
	return parseUnit(func() *parser {
		sub := &parser{file: s.p.file, src: s.p.src, lexed: s.p.lexed, legacy: s.p.legacy}
		sub.toks = append(sub.toks, s.p.toks[s.start:s.end]...)
		end := s.p.toks[s.end-1].end
		sub.toks = append(sub.toks, token{end, end, tokEOF})
		if !s.bare {
			sub.dropDefinition()
		}
		return sub
	})
}

// dropDefinition removes the second word of (module definition …).
func (p *parser) dropDefinition() {
	if p.isKeyword(2, "definition") {
		p.toks = append(p.toks[:2], p.toks[3:]...)
	}
}

// quotedName returns the name of the file that holds a quoted text.
func (s *Source) quotedName() string {
	return fmt.Sprintf("%s:%d: quote", s.p.file.Name, s.p.file.Position(s.Span.Start).Line)
}

// Quoted returns the text of a quoted source, in the form that is parsed, and false for other
// forms.
func (s *Source) Quoted() ([]byte, bool) {
	if s.Form != Quote {
		return nil, false
	}
	var out []byte
	if s.IsComponent {
		out = append(out, "(component"...)
	}
	for _, t := range s.p.toks[s.start:s.end] {
		if t.kind == tokString {
			b, _ := unquote(s.p.text(t))
			out = append(append(out, b...), ' ')
		}
	}
	if s.IsComponent {
		out = append(out, ')')
	}
	return out, true
}

func (s *Source) quoted() (*Unit, error) {
	text, _ := s.Quoted()
	f := diag.NewFile(s.quotedName(), text)
	for _, t := range s.p.toks[s.start+2 : s.end-1] {
		if t.kind == tokKeyword || t.kind == tokString || t.kind == tokID {
			continue
		}
		return nil, diag.Errorf(s.p.file.Span(int(t.off), int(t.end)), CodeUnexpectedToken, "expected a string")
	}
	if !utf8.Valid(text) {
		return nil, diag.Errorf(s.Span, CodeBadToken, "malformed UTF-8 encoding")
	}
	u, err := Parse(f)
	if err != nil {
		return nil, err
	}
	u.Name = s.Name
	return u, nil
}

// directive reads a directive inside its parentheses.
func (p *parser) directive() Directive {
	at := At{p.span(p.pos)}
	word := p.word(0)
	switch word {
	case "module", "component":
		return p.moduleDirective(at)
	case "assert_malformed", "assert_malformed_custom":
		p.advance()
		d := &AssertMalformed{At: at, Source: p.source(), Custom: word == "assert_malformed_custom"}
		d.Message = p.str()
		return d
	case "assert_invalid", "assert_invalid_custom":
		p.advance()
		d := &AssertInvalid{At: at, Source: p.source(), Custom: word == "assert_invalid_custom"}
		d.Message = p.str()
		return d
	case "assert_unlinkable":
		p.advance()
		d := &AssertUnlinkable{At: at, Source: p.source()}
		d.Message = p.str()
		return d
	case "register":
		p.advance()
		d := &Register{At: at, Name: p.str()}
		d.Of = p.id()
		return d
	case "invoke":
		return p.invoke(at)
	case "thread":
		return p.thread(at)
	case "wait":
		p.advance()
		return &Wait{at, p.needID()}
	}
	if d := p.assertion(at, word); d != nil {
		return d
	}
	for _, w := range directiveWords {
		p.want(w, 'k')
	}
	p.unexpected()
	return nil
}

// assertion reads an assertion about an action.
func (p *parser) assertion(at At, word string) Directive {
	switch word {
	case "assert_return":
		p.advance()
		d := &AssertReturn{At: at, Action: p.action()}
		for !p.atEnd() {
			p.parens(func() { d.Results = append(d.Results, p.value(true)) })
		}
		return d
	case "assert_trap":
		p.advance()
		d := &AssertTrap{At: at, Action: p.action()}
		d.Message = p.str()
		return d
	case "assert_suspension":
		p.advance()
		d := &AssertSuspension{At: at, Action: p.action()}
		d.Message = p.str()
		return d
	case "assert_exception":
		p.advance()
		return &AssertException{At: at, Action: p.action()}
	case "assert_exhaustion":
		p.advance()
		d := &AssertExhaustion{At: at}
		p.parens(func() {
			if !p.peek("invoke") {
				p.want("invoke", 'k')
				p.unexpected()
				return
			}
			d.Call = p.invoke(At{p.span(p.pos)})
		})
		d.Message = p.str()
		return d
	}
	return nil
}

func (p *parser) moduleDirective(at At) Directive {
	switch p.word(1) {
	case "definition":
		return &Definition{at, p.sourceHere(2)}
	case "instance":
		d := &Instance{At: at, IsComponent: p.peek("component")}
		p.advance()
		p.advance()
		d.Name = p.id()
		d.Of = p.id()
		return d
	}
	return &Module{at, p.sourceHere(1)}
}

func (p *parser) needID() string {
	if p.cur().kind != tokID {
		p.failHere(CodeUnexpectedToken, "expected an identifier%s", p.found())
	}
	return p.id()
}

func (p *parser) thread(at At) Directive {
	if !p.nested() {
		return nil
	}
	p.advance()
	d := &Thread{At: at, Name: p.needID()}
	if p.acceptList("shared") {
		p.parens(func() {
			p.keyword("module")
			d.Shared = p.needID()
		})
		p.close()
	}
	for !p.atEnd() {
		p.parens(func() {
			if x := p.directive(); x != nil {
				d.Directives = append(d.Directives, x)
			}
		})
	}
	return d
}

// action reads an action, including its parentheses.
func (p *parser) action() Action {
	if p.peekList("module") || p.peekList("component") {
		return p.source()
	}
	var a Action
	p.parens(func() {
		at := At{p.span(p.pos)}
		switch {
		case p.peek("invoke"):
			a = p.invoke(at)
		case p.accept("get"):
			g := &Get{At: at, Of: p.id()}
			g.Name = p.str()
			a = g
		default:
			p.wantWords([]string{"invoke", "module", "component", "get"})
			p.unexpected()
		}
	})
	return a
}

func (p *parser) invoke(at At) *Invoke {
	p.advance()
	d := &Invoke{At: at, Of: p.id()}
	d.Name = p.str()
	for !p.atEnd() {
		p.parens(func() { d.Args = append(d.Args, p.value(false)) })
	}
	return d
}

var valueKinds = func() map[string]ValueKind {
	m := map[string]ValueKind{}
	for k, w := range valueWords {
		if w != "" {
			m[w] = ValueKind(k)
		}
	}
	return m
}()

// value reads a value inside its parentheses. For a result, it also accepts a pattern.
func (p *parser) value(result bool) Value {
	v := Value{Span: p.span(p.pos)}
	if !p.nested() {
		return v
	}
	k, ok := valueKinds[p.word(0)]
	if !ok || !result && k >= KindRefFunc && k <= KindEither {
		d := p.failHere(CodeUnexpectedToken, "expected a [type].const expression%s", p.found())
		if d == p.err {
			p.suggest(d, p.word(0), yieldAll(valueWords[1:]))
		}
		return v
	}
	p.advance()
	v.Kind = k
	if k <= KindEither {
		p.coreValue(&v, result)
	} else {
		p.componentValue(&v)
	}
	return v
}

func (p *parser) coreValue(v *Value, result bool) {
	switch v.Kind {
	case KindI32:
		v.Bits = p.integer(32, true)
	case KindI64:
		v.Bits = p.integer(64, true)
	case KindF32:
		p.floatPattern(v, 32)
	case KindF64:
		p.floatPattern(v, 64)
	case KindV128:
		p.vectorPattern(v)
	case KindRefNull:
		switch {
		case result && p.atEnd():
			v.Any = true
		case p.isIndex(0):
			p.index()
		default:
			h := p.heapType().t.Ref.Heap
			v.Heap = &h
		}
	case KindRefExtern, KindRefHost, KindRefFunc:
		if p.cur().kind == tokInt {
			v.Bits = uint64(p.u32())
		} else if v.Any = true; p.cur().kind == tokID {
			p.id()
		}
	case KindEither:
		for !p.atEnd() {
			p.parens(func() { v.Elems = append(v.Elems, p.value(result)) })
		}
	}
}

func (p *parser) floatPattern(v *Value, width int) {
	switch {
	case p.accept("nan:canonical"):
		v.NaN = CanonicalNaN
	case p.accept("nan:arithmetic"):
		v.NaN = ArithmeticNaN
	default:
		v.Bits = p.float(width)
	}
}

func (p *parser) vectorPattern(v *Value) {
	for _, s := range []struct {
		word  string
		bits  int
		kind  ValueKind
		lanes int
	}{
		{"i8x16", 8, KindI32, 16}, {"i16x8", 16, KindI32, 8}, {"i32x4", 32, KindI32, 4}, {"i64x2", 64, KindI64, 2},
		{"f32x4", 32, KindF32, 4}, {"f64x2", 64, KindF64, 2},
	} {
		if !p.accept(s.word) {
			continue
		}
		v.LaneBits = s.bits
		for range s.lanes {
			lane := Value{Span: p.span(p.pos), Kind: s.kind}
			if s.kind == KindF32 || s.kind == KindF64 {
				p.floatPattern(&lane, s.bits)
			} else {
				lane.Bits = p.integer(s.bits, true)
			}
			v.Vector = append(v.Vector, lane)
		}
		return
	}
	p.unexpected()
}

// intWidths holds the widths of the integer kinds.
var intWidths = map[ValueKind]struct {
	bits   int
	signed bool
}{
	KindU8: {8, false}, KindS8: {8, true}, KindU16: {16, false}, KindS16: {16, true}, KindU32: {32, false}, KindS32: {32, true},
	KindU64: {64, false}, KindS64: {64, true},
}

func (p *parser) componentValue(v *Value) {
	if w, ok := intWidths[v.Kind]; ok {
		v.Bits = p.integer(w.bits, w.signed)
		if w.signed {
			shift := 64 - w.bits
			v.Bits = uint64(int64(v.Bits<<shift) >> shift)
		}
		return
	}
	switch v.Kind {
	case KindBool:
		switch {
		case p.accept("true"):
			v.Bits = 1
		case p.accept("false"):
		default:
			p.unexpected()
		}
	case KindChar:
		s := p.str()
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case p.ok() && s == "":
			p.failHere(CodeBadString, "empty string")
		case n < len(s):
			p.failHere(CodeBadString, "more than one character")
		}
		v.Bits = uint64(r)
	case KindString:
		v.Text = p.str()
	case KindEnum:
		v.Text = p.str()
	case KindFlags:
		for !p.atEnd() {
			v.Names = append(v.Names, p.str())
		}
	case KindRecord:
		for !p.atEnd() {
			p.parens(func() {
				p.keyword("field")
				v.Names = append(v.Names, p.str())
				p.elem(v)
			})
		}
	case KindVariant:
		v.Text = p.str()
		p.elems(v, 1)
	case KindSome:
		p.parens(func() { v.Elems = append(v.Elems, p.value(false)) })
	case KindOK, KindErr:
		p.elems(v, 1)
	case KindList, KindTuple:
		p.elems(v, -1)
	}
}

// elem reads the value of a field: either a value in parentheses, or a keyword and operands without
// parentheses.
func (p *parser) elem(v *Value) {
	if p.cur().kind == tokLParen {
		p.parens(func() { v.Elems = append(v.Elems, p.value(false)) })
		return
	}
	v.Elems = append(v.Elems, p.value(false))
}

// elems reads at most n values in parentheses, or all values if n is negative.
func (p *parser) elems(v *Value, n int) {
	for ; !p.atEnd() && n != 0; n-- {
		p.parens(func() { v.Elems = append(v.Elems, p.value(false)) })
	}
}

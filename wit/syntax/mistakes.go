package syntax

import (
	"maps"
	"slices"

	"github.com/mortise-wasm/mortise/diag"
)

// words maps the words that may start an item in some place to keywords. It includes the words that
// other languages use.
type words map[string]Kind

var (
	topWords = words{
		"interface": kwInterface, "world": kwWorld, "use": kwUse, "package": kwPackage,
		"module": kwInterface, "mod": kwInterface, "namespace": kwInterface, "trait": kwInterface, "protocol": kwInterface, "service": kwInterface,
		"component": kwWorld, "from": kwUse,
	}
	typeWords = words{
		"type": kwType, "record": kwRecord, "variant": kwVariant, "enum": kwEnum, "flags": kwFlags, "resource": kwResource, "use": kwUse,
		"struct": kwRecord, "message": kwRecord, "union": kwVariant, "oneof": kwVariant, "bitflags": kwFlags, "flag": kwFlags,
		"class": kwResource, "object": kwResource, "handle": kwResource, "typedef": kwType, "alias": kwType,
		"func": kwFunc, "fn": kwFunc, "function": kwFunc, "fun": kwFunc, "def": kwFunc,
	}
	worldWords = func() words {
		w := maps.Clone(typeWords)
		maps.DeleteFunc(w, func(_ string, k Kind) bool { return k == kwFunc })
		w["import"], w["export"], w["include"] = kwImport, kwExport, kwInclude
		w["extends"], w["require"], w["imports"], w["exports"], w["provide"] = kwInclude, kwImport, kwImport, kwExport, kwExport
		return w
	}()
)

// correct replaces a word that starts an item but is not a keyword by the intended keyword, if
// another name follows. No item of WIT starts with two names.
func (p *Parser) correct(known words) {
	if p.peek() != ID || p.peekAt(1) != ID && p.peekAt(1) != ExplicitID || p.newline(1) {
		return
	}
	t := p.at(0)
	word := p.text(t.at())
	kind := known[word]
	if kind == 0 {
		best, ok := diag.Suggest(word, maps.Keys(known))
		if kind = known[best]; !ok || tokenText[kind] != best {
			return
		}
	}
	t.kind = kind
	if kind != kwFunc { // misorderedFunc reports the whole function
		keyword := tokenText[kind]
		p.mistake(t.at(), CodeUnexpectedToken, "`%s` is not a keyword", word).Helpf("write `%s`", keyword).Replace(p.span(t.at()), keyword)
	}
}

// straySemicolon takes a `;` at a place where an item may start, and reports whether it found one.
func (p *Parser) straySemicolon() bool {
	if p.peek() != Semicolon {
		return false
	}
	t := p.at(0)
	r := t.at()
	if p.i > 0 && p.toks[p.i-1].kind == RightBrace {
		p.mistake(r, CodeUnexpectedToken, "unexpected `;` after `}`").Helpf("remove it").Replace(p.span(r), "")
	} else {
		p.mistake(r, CodeUnexpectedToken, "this `;` ends nothing").Helpf("remove it").Replace(p.span(r), "")
	}
	p.i++
	return true
}

// semicolon reads the `;` that ends an item. The parameter what names the item in messages.
func (p *Parser) semicolon(what string) {
	if p.failed || p.eat(Semicolon) {
		return
	}
	t := p.at(0)
	switch {
	case t.kind == Comma && (p.at(1).kind == RightBrace || p.newline(1)):
		p.mistake(t.at(), CodeUnexpectedToken, "this %s ends with `;`, not with `,`", what).Helpf("write `;`").Replace(p.span(t.at()), ";")
		p.i++
	case t.kind == RightBrace || t.kind == EOF || p.newline(0) || startsItem(t.kind, true):
		at := p.end()
		p.insert(p.mistake(Range{at, at}, CodeUnexpectedToken, "`;` is missing after this %s", what).Helpf("end it with `;`"), at, ";")
	case t.kind == LeftBrace && what == "function":
		p.mistake(t.at(), CodeUnexpectedToken, "a function in WIT has no body").Helpf("end it with `;`")
		p.braces()
	case t.kind == bad:
		p.failBad()
	default:
		p.fail(t.at(), CodeUnexpectedToken, "expected `;` after this %s, found %s", what, p.found())
	}
}

// listOf describes a list of elements to [Parser.list].
type listOf struct {
	// one names an element in messages.
	one string
	// closing is the token that ends the list and close is its role. elem is the role of each
	// element's first token.
	closing     Kind
	elem, close role
	// after are the kinds that may follow the first name of an element. They identify an element after
	// a missing comma.
	after []Kind
	// open is the opening token.
	open Range
}

// list reads elements that are separated by commas, up to and including the closing token.
func (p *Parser) list(l listOf, element func(Docs)) {
	n := 0
	for ; !p.failed; n++ {
		docs := p.docs()
		if t := p.at(0); p.peek() == Comma {
			p.mistake(t.at(), CodeUnexpectedToken, "this `,` separates nothing").Helpf("remove it").Replace(p.span(t.at()), "")
			p.i++
			continue
		}
		if p.peek() == l.closing || l.closing != GreaterThan && !p.startsElement(l) {
			break
		}
		p.mark(0, l.elem)
		element(docs)
		if !p.eat(Comma) && !p.separator(l) {
			n++
			break
		}
	}
	p.mark(0, l.close)
	if p.failed || p.eat(l.closing) {
		return
	}
	p.notClosed(l, n)
}

// startsElement reports whether the next token may start an element, valid or not, of a list in
// braces or parentheses.
func (p *Parser) startsElement(l listOf) bool {
	switch k := p.peek(); {
	case k == ID || k == ExplicitID:
		return true
	case !k.IsKeyword() && k != LeftParen && k != LeftBrace:
		return false
	}
	return l.closing == RightParen || !p.newline(0) || p.endsName(1)
}

// anElement reports whether the token n places ahead starts an element.
func (p *Parser) anElement(n int, l listOf) bool {
	if k := p.at(n).kind; k != ID && k != ExplicitID && !(k.IsKeyword() && k != kwUnderscore && l.after[0] == Colon) {
		return false
	}
	k := p.at(n + 1).kind
	if k == Colon {
		switch p.at(n + 2).kind {
		case kwFunc, kwAsync, kwStatic, kwInterface:
			return false
		}
	}
	return k == l.closing || slices.Contains(l.after, k)
}

// separator handles a token that is neither a comma nor the end of the list. It reports whether the
// list continues.
func (p *Parser) separator(l listOf) bool {
	if p.failed || p.peek() == l.closing {
		return false
	}
	t := p.at(0)
	switch {
	case l.closing == GreaterThan:
		if !p.startsType(0) || p.newline(0) {
			return false
		}
		at := p.end()
		p.insert(p.mistake(Range{at, at}, CodeUnexpectedToken, "`,` is missing after this %s", l.one).
			Helpf("%ss are separated by `,`", l.one), at, ",")
		return true
	case t.kind == Semicolon && (l.closing == RightBrace && !p.item(1) || p.anElement(1, l)):
		p.mistake(t.at(), CodeUnexpectedToken, "%ss are separated by `,`, not by `;`", l.one).Helpf("write `,`").Replace(p.span(t.at()), ",")
		p.i++
		return true
	case p.anElement(0, l):
		at := p.end()
		p.insert(p.mistake(Range{at, at}, CodeUnexpectedToken, "`,` is missing after this %s", l.one).
			Helpf("%ss are separated by `,`", l.one), at, ",")
		return true
	}
	return false
}

// notClosed reports a list that ends with a token other than its closing token, after n elements.
func (p *Parser) notClosed(l listOf, n int) {
	t := p.at(0)
	switch k := t.kind; {
	case l.closing == RightParen && (k == Arrow || k == Semicolon || k == RightBrace || k == EOF || p.newline(0)):
		at := p.end()
		d := p.mistake(Range{at, at}, CodeUnexpectedToken, "`)` is missing after the %ss", l.one).Helpf("close the parenthesis")
		p.insert(d.Labelf(p.span(l.open), "this parenthesis is not closed"), at, ")")
		return
	case l.closing == RightBrace && k == Semicolon && p.item(1):
		p.mistake(t.at(), CodeUnexpectedToken, "the %ss end with `}`, not with `;`", l.one).Helpf("write `}`").
			Labelf(p.span(l.open), "this brace is not closed").Replace(p.span(t.at()), " }")
		p.i++
		return
	case l.closing == RightBrace && k != EOF && p.newline(0) && (startsItem(k, false) || (k == ID || k == ExplicitID) && p.at(1).kind == Colon):
		at := p.end()
		d := p.mistake(Range{at, at}, CodeUnexpectedToken, "`}` is missing after the %ss", l.one).Helpf("close the brace").
			Labelf(p.span(l.open), "this brace is not closed")
		p.insert(d, p.lineEnd(), "\n"+p.indentation(l.open)+"}")
		return
	case l.closing == GreaterThan:
		p.closeAngle()
		return
	case k == bad:
		p.failBad()
		return
	}
	closing := "`" + tokenText[l.closing] + "`"
	d := &diag.Diagnostic{}
	if n == 0 || p.toks[p.i-1].kind == Comma {
		d = p.fail(t.at(), CodeUnexpectedToken, "expected a %s or %s, found %s", l.one, closing, p.found())
	} else {
		d = p.fail(t.at(), CodeUnexpectedToken, "expected `,` or %s after this %s, found %s", closing, l.one, p.found())
	}
	if t.kind == EOF {
		d.Labelf(p.span(l.open), "this is not closed")
	}
}

// item reports whether the token n places ahead starts an item of an interface or world rather than
// an element of a list.
func (p *Parser) item(n int) bool {
	k := p.at(n).kind
	if startsItem(k, false) {
		return p.newline(n) && p.at(n+1).kind != Colon
	}
	next := p.at(n + 2).kind
	return (k == ID || k == ExplicitID) && p.at(n+1).kind == Colon && (next == kwFunc || next == kwAsync)
}

// closeAngle takes the `>` after the parameters of a type.
func (p *Parser) closeAngle() {
	if k := p.peek(); k == RightParen || k == RightBrace || k == Semicolon {
		at := p.end()
		p.insert(p.mistake(Range{at, at}, CodeUnexpectedToken, "`>` is missing after the parameters of the type").Helpf("close them with `>`"), at, ">")
		return
	}
	p.expect(GreaterThan)
}

// braces skips the next block, from its opening to its closing brace.
func (p *Parser) braces() {
	depth := 0
	for {
		switch p.at(0).kind {
		case EOF:
			return
		case LeftBrace:
			depth++
		case RightBrace:
			depth--
		}
		p.i++
		if depth <= 0 {
			return
		}
	}
}

// word returns the text of the token n places ahead.
func (p *Parser) word(n int) string { return p.text(p.at(n).at()) }

// move adds edits to d that move a word: they remove it at from and insert text at offset to.
func (p *Parser) move(d *diag.Diagnostic, from Range, to int32, text string) *diag.Diagnostic {
	end := from.End
	for int(end) < len(p.lex.text) && p.lex.text[end] == ' ' {
		end++
	}
	d.Replace(p.span(Range{from.Start, end}), "")
	return p.insert(d, to, text)
}

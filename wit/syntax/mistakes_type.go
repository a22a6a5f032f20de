package syntax

import (
	"maps"

	"github.com/mortise-wasm/mortise/diag"
)

// generics maps the names that other languages use for types with parameters to keywords.
var generics = map[string]Kind{
	"vec": kwList, "array": kwList, "seq": kwList, "sequence": kwList, "slice": kwList, "set": kwList, "repeated": kwList,
	"optional": kwOption, "maybe": kwOption, "nullable": kwOption,
	"either": kwResult, "expected": kwResult, "promise": kwFuture, "task": kwFuture, "pair": kwTuple,
	"dict": kwMap, "dictionary": kwMap, "hashmap": kwMap, "hash-map": kwMap, "channel": kwStream, "iterator": kwStream,
	"list": kwList, "option": kwOption, "result": kwResult, "tuple": kwTuple, "future": kwFuture, "stream": kwStream, "map": kwMap,
	"own": kwOwn, "borrow": kwBorrow,
}

// generic reports a name with parameters. Only built-in types have parameters.
func (p *Parser) generic(n *Type, depth int) {
	t := p.at(0)
	r := t.at()
	word := p.text(r)
	kind := generics[kebab(word)]
	if kind == 0 {
		if best, ok := diag.Suggest(word, maps.Keys(generics)); ok {
			kind = keywords[best]
		}
	}
	if kind == 0 {
		d := p.mistake(r, CodeUnexpectedToken, "type `%s` takes no parameters", word).
			Helpf("the types with parameters are `list`, `option`, `result`, `tuple`, `map`, `future`, `stream`, `own` and `borrow`")
		p.i++
		at := p.take().start
		for !p.failed && p.peek() != GreaterThan {
			p.typ(depth)
			if !p.eat(Comma) {
				break
			}
		}
		p.expect(GreaterThan)
		n.Kind = BadType
		d.Primary = p.span(Range{r.Start, max(p.end(), at)})
		return
	}
	keyword := tokenText[kind]
	p.mistake(r, CodeUnexpectedToken, "there is no type `%s<…>`", word).Helpf("write `%s<…>`", keyword).Replace(p.span(r), keyword)
	t.kind = kind
	p.compound(n, kind, depth)
}

// suffix reads `?` or `[]` after a type and turns the type into an option or list of it. It reports
// whether it found a suffix.
func (p *Parser) suffix(n *Type) bool {
	r := p.at(0).at()
	inner := *n
	word, kind := "option", Option
	switch p.text(r) {
	case "?":
	case "[]":
		word, kind = "list", List
	default:
		return false
	}
	p.i++
	want := word + "<" + p.text(inner.Range) + ">"
	d := p.mistake(r, CodeUnexpectedToken, "no type ends in `%s`", p.text(r)).Helpf("write `%s`", want)
	p.insert(d, inner.Start, word+"<").Replace(p.span(r), ">")
	*n = Type{Range: Range{inner.Start, r.End}, Kind: kind, Keyword: inner.Keyword, Args: []*Type{&inner}}
	return true
}

// noType reads notations of other languages in place of a type.
func (p *Parser) noType(n *Type, depth int) {
	t := p.at(0)
	r := t.at()
	text := p.text(r)
	switch {
	case t.kind == bad && text == "[":
		p.squareList(n, depth)
	case t.kind == bad && text == "[]":
		p.i++
		if inner := p.typ(depth); inner != nil {
			d := p.mistake(r, CodeUnexpectedToken, "a list is written `list<…>`").Helpf("write `list<%s>`", p.text(inner.Range)).Replace(p.span(r), "list<")
			p.insert(d, inner.End, ">")
			n.Kind, n.Args = List, []*Type{inner}
		}
	case t.kind == bad && text == "&":
		p.i++
		if inner := p.typ(depth); inner != nil {
			d := p.mistake(r, CodeUnexpectedToken, "there are no references").
				Helpf("write `borrow<%s>` for a resource, and leave out the `&` elsewhere", p.text(inner.Range))
			if inner.Kind != Named {
				d.Replace(p.span(r), "")
			}
			n.Kind = BadType
		}
	case t.kind == LeftParen:
		p.parenTypes(n, depth)
	case inlineKinds[t.kind] != 0 && (p.at(1).kind == LeftBrace || p.at(2).kind == LeftBrace), t.kind == LeftBrace:
		what, a := "record", "a"
		if t.kind != LeftBrace {
			what = text
			p.i++
			p.eat(ID)
		}
		if t.kind == kwEnum {
			a = "an"
		}
		p.braces()
		p.mistake(r, CodeUnexpectedToken, "%s %s is not defined where it is used", a, what).
			Helpf("define `%s name { … }` in the interface, and write its name here", what)
		n.Kind = BadType
	case t.kind == kwFunc || t.kind == kwAsync:
		p.fail(r, CodeUnexpectedToken, "expected a type, found keyword `%s`", text).
			Helpf("functions are not values: pass a resource with a method, or import a function that the other side provides")
	case t.kind == kwUnderscore:
		p.fail(r, CodeUnexpectedToken, "expected a type, found `_`").Helpf("`_` is only allowed in `result<_, error>`")
	case t.kind == bad:
		p.failBad()
	default:
		p.fail(r, CodeUnexpectedToken, "expected a type, found %s", p.found())
	}
}

// squareList reads `[u8]` and `[u8; 4]`.
func (p *Parser) squareList(n *Type, depth int) {
	open := p.take().at()
	inner := p.typ(depth)
	if inner == nil {
		return
	}
	n.Kind, n.Args = List, []*Type{inner}
	d := p.mistake(open, CodeUnexpectedToken, "a list is written `list<…>`")
	d.Replace(p.span(open), "list<")
	text := "list<" + p.text(inner.Range)
	if t := p.at(0); (t.kind == Semicolon || t.kind == Comma) && p.at(1).kind == Integer {
		p.i++
		text += ", " + p.word(0)
		n.Kind, n.Len = FixedList, p.length()
		if t.kind == Semicolon {
			d.Replace(p.span(t.at()), ",")
		}
	}
	d.Helpf("write `%s>`", text)
	p.otherClosing(true, d)
}

// parenTypes reads `(u8, u8)`, which other languages use for a tuple, and `()`.
func (p *Parser) parenTypes(n *Type, depth int) {
	open := p.take().at()
	for !p.failed && p.peek() != RightParen {
		n.Args = append(n.Args, p.typ(depth))
		if !p.eat(Comma) {
			break
		}
	}
	end := p.expect(RightParen)
	switch {
	case p.failed:
	case len(n.Args) == 0:
		p.mistake(Range{open.Start, end.End}, CodeUnexpectedToken, "there is no type `()`").
			Helpf("leave it out: `result`, `future` and a case of a variant may have none")
		n.Kind = BadType
	case len(n.Args) == 1:
		p.mistake(open, CodeUnexpectedToken, "a type has no parentheses around it").Helpf("remove them").
			Replace(p.span(open), "").Replace(p.span(end), "")
		*n = *n.Args[0]
	default:
		p.mistake(open, CodeUnexpectedToken, "a tuple is written `tuple<…>`").Helpf("write `tuple<%s>`", p.text(Range{open.End, end.Start})).
			Replace(p.span(open), "tuple<").Replace(p.span(end), ">")
		n.Kind = Tuple
	}
}

package syntax

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
)

// attributeNames are the names of all attributes.
var attributeNames = []string{"since", "unstable", "deprecated", "external-id"}

// attributes reads the attributes before an item and returns the offset of the first one, or of the
// item if it has none. If any attribute cannot be read, attributes returns none, because the gate
// of the item is then unknown.
func (p *Parser) attributes() (attrs []Attr, start int32) {
	start = p.at(0).start
	p.mark(0, roleLine)
	lost := false
	for p.peek() == At {
		a, ok := p.attribute()
		if p.failed {
			// The item itself may be valid.
			p.failed, ok = false, false
			if p.i > 0 && p.toks[p.i-1].start > a.Name.Start {
				p.skipArguments()
			}
		}
		lost = lost || !ok
		a.End = p.end()
		attrs = append(attrs, a)
		p.mark(0, roleLine)
	}
	if lost {
		attrs = nil
	}
	return attrs, start
}

// skipArguments skips to after the parenthesis that ends an attribute, if that is on the same line.
func (p *Parser) skipArguments() {
	for n := 0; ; n++ {
		if p.newline(n) {
			return
		}
		switch p.at(n).kind {
		case EOF, Semicolon, LeftBrace, RightBrace:
			return
		case RightParen:
			p.i += n + 1
			return
		}
	}
}

// attribute reads one attribute and reports whether its name is known.
func (p *Parser) attribute() (a Attr, ok bool) {
	a.Start = p.take().start
	p.mark(0, roleGlue)
	id := p.ident()
	a.Name = id.Range
	switch id.Name {
	case "since":
		a.Kind = Since
		a.Version = p.versionField(id.Name)
	case "deprecated":
		a.Kind = Deprecated
		a.Version = p.versionField(id.Name)
	case "unstable":
		a.Kind = Unstable
		p.arguments(id.Name, "feature", "name", ID)
		a.Feature = p.ident()
		p.closeAttribute()
	case "external-id":
		a.Kind = ExternalID
		p.arguments(id.Name, "", `"…"`, String)
		if r := p.expect(String); !p.failed {
			pos := int(r.Start) + 1
			a.Value, _, _ = unquote(p.lex.text, &pos)
		}
		p.closeAttribute()
	default:
		if p.failed {
			return a, false
		}
		d := p.mistake(id.Range, CodeUnknownAttribute, "unknown attribute `%s`", id.Name)
		if best, ok := diag.Suggest(id.Name, slices.Values(attributeNames)); ok {
			d.Helpf("a similar name exists: `%s`", best).Replace(p.span(id.Range), best)
		} else {
			d.Helpf("the attributes are `@%s`", strings.Join(attributeNames, "`, `@"))
		}
		if p.peek() == LeftParen {
			p.skipArguments()
		}
		return a, false
	}
	return a, true
}

func (p *Parser) versionField(attr string) name.Version {
	p.arguments(attr, "version", "1.0.0", Integer)
	v, _ := p.version()
	p.closeAttribute()
	return v
}

// closeAttribute reads the parenthesis that ends an attribute.
func (p *Parser) closeAttribute() {
	if !p.failed && p.peek() != RightParen && p.newline(0) {
		at := p.end()
		p.insert(p.mistake(Range{at, at}, CodeUnexpectedToken, "`)` is missing after the attribute").Helpf("close the parenthesis"), at, ")")
	} else {
		p.expect(RightParen)
	}
	if t := p.at(0); p.peek() == Semicolon && p.newline(1) {
		p.mistake(t.at(), CodeUnexpectedToken, "unexpected `;` after an attribute").Helpf("remove it").Replace(p.span(t.at()), "")
		p.i++
	}
}

// arguments reads the text before the value of an attribute: `(field =`. The value starts with a
// token of kind first; example is such a value for messages.
func (p *Parser) arguments(attr, field, example string, first Kind) {
	if field != "" {
		field += " = "
	}
	if !p.failed && p.peek() != LeftParen {
		p.expected(LeftParen.Describe()).Helpf("write `@%s(%s%s)`", attr, field, example)
		return
	}
	p.expect(LeftParen)
	if field == "" || p.failed {
		return
	}
	word := strings.TrimSuffix(field, " = ")
	t := p.at(0)
	switch {
	case (t.kind == first || t.kind == String) && p.peekAt(1) != Equals && p.peekAt(1) != Colon:
		r := t.at()
		for n := 1; p.at(n).kind != RightParen && p.at(n).kind != EOF && !p.newline(n); n++ {
			r.End = p.at(n).end
		}
		p.insert(p.mistake(r, CodeUnexpectedToken, "the value needs a field name").
			Helpf("write `@%s(%s%s)`", attr, field, p.text(r)), r.Start, field)
		return
	case t.kind == ID && p.text(t.at()) == word:
		p.i++
	case t.kind == ID:
		d := p.fail(t.at(), CodeUnexpectedToken, "expected `%s`, found `%s`", word, p.text(t.at())).Helpf("write `@%s(%s%s)`", attr, field, example)
		if p.at(1).kind == Equals && p.at(2).kind == first {
			d.Replace(p.span(t.at()), word)
		}
		return
	default:
		p.expected("`"+word+"`").Helpf("write `@%s(%s%s)`", attr, field, example)
		return
	}
	if c := p.at(0); c.kind == Colon {
		r := Range{p.end(), c.end}
		p.mistake(c.at(), CodeUnexpectedToken, "expected `=` before the value, not `:`").
			Helpf("write `@%s(%s%s)`", attr, field, example).Replace(p.span(r), " =")
		p.i++
		return
	}
	p.expect(Equals)
}

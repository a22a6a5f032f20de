package syntax

import "github.com/mortise-wasm/mortise/model/name"

// attributes reads the attributes before an item and returns the offset at which the item starts with them.
func (p *Parser) attributes() (attrs []Attr, start int32) {
	start = p.at(0).start
	p.mark(0, roleLine)
	for p.peek() == At {
		a := Attr{Range: Range{Start: p.take().start}}
		p.mark(0, roleGlue)
		id := p.ident()
		a.Name = id.Range
		switch id.Name {
		case "since":
			a.Kind = Since
			a.Version = p.versionField()
		case "deprecated":
			a.Kind = Deprecated
			a.Version = p.versionField()
		case "unstable":
			a.Kind = Unstable
			p.expect(LeftParen)
			p.word("feature")
			p.expect(Equals)
			a.Feature = p.ident()
			p.expect(RightParen)
		case "external-id":
			a.Kind = ExternalID
			p.expect(LeftParen)
			if r := p.expect(String); !p.failed {
				pos := int(r.Start) + 1
				a.Value, _, _ = unquote(p.lex.text, &pos)
			}
			p.expect(RightParen)
		default:
			if !p.failed {
				p.fail(id.Range, UnknownAttribute, "unknown attribute `%s`", id.Name).
					Helpf("the attributes are @since, @unstable, @deprecated and @external-id")
			}
		}
		if p.failed {
			return attrs, start
		}
		a.End = p.end()
		attrs = append(attrs, a)
		p.mark(0, roleLine)
	}
	return attrs, start
}

func (p *Parser) versionField() name.Version {
	p.expect(LeftParen)
	p.word("version")
	p.expect(Equals)
	v, _ := p.version()
	p.expect(RightParen)
	return v
}

// word reads an identifier that has to be a certain one.
func (p *Parser) word(want string) {
	id := p.ident()
	if !p.failed && id.Name != want {
		p.fail(id.Range, UnexpectedToken, "expected `%s`, found `%s`", want, id.Name)
	}
}

// version reads a semantic version. Tokens of WIT do not match the parts of versions: everything that can belong to the version is
// taken, and the text judged as a whole.
func (p *Parser) version() (name.Version, Range) {
	r := p.expect(Integer)
	for range 2 {
		p.mark(0, roleGlue)
		p.expect(Period)
		p.mark(0, roleGlue)
		r.End = p.expect(Integer).End
	}
	p.versionTail(Minus, &r)
	p.versionTail(Plus, &r)
	if p.failed {
		return name.Version{}, r
	}
	v, err := name.ParseVersion(p.text(r))
	if err != nil {
		p.fail(r, BadVersion, "%s", err.Error())
	}
	return v, r
}

// versionTail takes a pre-release or build metadata. A period belongs to it only if more of it follows: in
// `use a:b/c@1.0.0-x.{y}` the last one does not.
func (p *Parser) versionTail(prefix Kind, r *Range) {
	if p.peek() != prefix {
		return
	}
	p.mark(0, roleGlue)
	p.take()
	part := func(k Kind) bool { return k == ID || k == Integer || k == Minus }
	for {
		n := 0
		if p.peek() == Period {
			n = 1
		}
		if !part(p.peekAt(n)) {
			return
		}
		for range n + 1 {
			p.mark(0, roleGlue)
			r.End = p.take().end
		}
	}
}

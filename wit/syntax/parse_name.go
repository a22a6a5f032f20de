package syntax

import (
	"strings"

	"github.com/mortise-wasm/mortise/model/name"
)

func (p *Parser) ident() Ident {
	t := p.at(0)
	r := t.at()
	if p.failed || t.kind != ID && t.kind != ExplicitID {
		return p.noIdent(t)
	}
	s := p.text(r)
	if t.kind == ExplicitID {
		s = s[1:]
	}
	if msg := badWord(s); msg != "" {
		fixed := kebab(s)
		if badWord(fixed) != "" {
			p.fail(r, CodeBadIdentifier, "%s", msg)
			return Ident{Range: r}
		}
		if t.kind == ExplicitID || IsKeyword(fixed) {
			fixed = "%" + fixed
		}
		p.mistake(r, CodeBadIdentifier, "`%s` is not in kebab case", s).Helpf("write `%s`", fixed).Replace(p.span(r), fixed)
		s = strings.TrimPrefix(fixed, "%")
	}
	p.i++
	return Ident{s, r}
}

// noIdent handles a token that is not an identifier. It accepts a keyword as a name if the token
// after it could follow a name.
func (p *Parser) noIdent(t *token) Ident {
	none := Ident{Range: Range{t.start, t.start}}
	if !t.kind.IsKeyword() || t.kind == kwUnderscore {
		d := p.expected("an identifier or string")
		switch t.kind {
		case LeftBrace:
			d.Helpf("write a name before the brace")
		case String:
			d.Helpf("names have no quotes")
		}
		return none
	}
	r := t.at()
	word := p.text(r)
	escaped := "%" + word
	if p.failed || !p.endsName(1) || p.newline(0) && startsItem(t.kind, false) && p.at(1).kind != Colon {
		p.expected("an identifier or string").Helpf("to use the keyword as a name, write `%s`", escaped).Replace(p.span(r), escaped)
		return none
	}
	p.mistake(r, CodeUnexpectedToken, "expected an identifier or string, found %s", t.kind.Describe()).
		Helpf("to use the keyword as a name, write `%s`", escaped).Replace(p.span(r), escaped)
	p.i++
	return Ident{word, r}
}

// endsName reports whether the token n places ahead can follow a name.
func (p *Parser) endsName(n int) bool {
	switch p.at(n).kind {
	case Colon, Comma, Equals, Semicolon, Period, LeftBrace, RightBrace, LeftParen, RightParen, GreaterThan, kwAs:
		return true
	}
	return false
}

// kebab guesses the kebab-case form of a word in another convention.
func kebab(s string) string {
	var b strings.Builder
	lower := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= 'a' && s[i] <= 'z' }
	upper := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= 'A' && s[i] <= 'Z' }
	hyphen := false
	for i, r := range s {
		switch {
		case r == '_' || r == '-':
			hyphen = b.Len() > 0
			continue
		case upper(i) && (lower(i-1) || upper(i-1) && lower(i+1)):
			hyphen = true
		}
		if hyphen {
			b.WriteByte('-')
			hyphen = false
		}
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// packageID reads `a:b@1.0.0`.
func (p *Parser) packageID() PackageID {
	first := p.ident()
	id := PackageID{Range: first.Range}
	id.ID.Namespace = first.Name
	p.mark(0, roleGlue)
	p.packageColon(first)
	p.mark(0, roleGlue)
	last := p.ident()
	id.ID.Name = last.Name
	id.End = last.End
	for p.peek() == Colon {
		p.mark(0, roleGlue)
		p.nested(id.Start, "namespace")
		p.take()
		p.mark(0, roleGlue)
		id.ID.Namespace += ":" + id.ID.Name
		last = p.ident()
		id.ID.Name, id.End = last.Name, last.End
	}
	for p.peek() == Slash {
		p.mark(0, roleGlue)
		p.nested(id.Start, "package")
		p.take()
		p.mark(0, roleGlue)
		last = p.ident()
		id.ID.Name += "/" + last.Name
		id.End = last.End
	}
	if p.peek() == At {
		p.mark(0, roleGlue)
		p.take()
		p.mark(0, roleGlue)
		var r Range
		id.ID.Version, r = p.version()
		id.End, id.Version = r.End, r
	}
	return id
}

// packageColon reads the `:` between the namespace and the name of a package.
func (p *Parser) packageColon(first Ident) {
	t := p.at(0)
	word := p.text(first.Range)
	switch k, next := p.peek(), p.peekAt(1); {
	case (k == Period || k == Slash) && next == ID:
		p.mistake(t.at(), CodeUnexpectedToken, "expected `:` between the parts of a package's name, not `%s`", p.text(t.at())).
			Helpf("write `%s:%s`", word, p.word(1)).Replace(p.span(t.at()), ":")
		p.i++
	case k == Semicolon || k == LeftBrace || k == At:
		p.fail(first.Range, CodeUnexpectedToken, "the name of a package has two parts").Helpf("write `namespace:%s`", word)
	default:
		p.expect(Colon)
	}
}

// nested fails unless Options.NestedNames is set.
func (p *Parser) nested(start int32, what string) {
	if p.opts.NestedNames {
		return
	}
	end := p.at(0).end
	if t := p.at(1); t.kind == ID {
		end = t.end
	}
	r := Range{start, end}
	p.fail(r, CodeNestedNames, "nested %s `%s` needs --features=nested-names", what, p.text(r))
}

// path reads `a` or `a:b/c@1.0.0`.
func (p *Parser) path() Path {
	first := p.ident()
	if k := p.peekAt(1); p.peek() != Colon || k == Colon || k == LeftBrace {
		return Path{Name: first}
	}
	pkg := &PackageID{Range: first.Range}
	pkg.ID.Namespace = first.Name
	p.mark(0, roleGlue)
	p.take()
	p.mark(0, roleGlue)
	last := p.ident()
	pkg.ID.Name, pkg.End = last.Name, last.End
	for p.peek() == Colon {
		p.mark(0, roleGlue)
		p.nested(pkg.Start, "namespace")
		p.take()
		p.mark(0, roleGlue)
		pkg.ID.Namespace += ":" + pkg.ID.Name
		last = p.ident()
		pkg.ID.Name, pkg.End = last.Name, last.End
	}
	p.mark(0, roleGlue)
	if !p.failed && p.peek() != Slash && p.peek() != bad {
		id := p.text(Range{pkg.Start, pkg.End})
		p.fail(pkg.Range, CodeUnexpectedToken, "`%s` is a package, and an interface or world of it is needed", id).
			Helpf("write `%s/` and the name", id)
	}
	p.expect(Slash)
	p.mark(0, roleGlue)
	name := p.ident()
	for p.peek() == Slash {
		p.mark(0, roleGlue)
		p.nested(pkg.Start, "package")
		p.take()
		p.mark(0, roleGlue)
		pkg.ID.Name += "/" + name.Name
		pkg.End = name.End
		name = p.ident()
	}
	if p.peek() == At {
		p.mark(0, roleGlue)
		p.take()
		p.mark(0, roleGlue)
		pkg.ID.Version, pkg.Version = p.version()
	}
	return Path{Package: pkg, Name: name}
}

// WholePath reads a path and reports whether it is valid and takes the whole rest of the source.
func (p *Parser) WholePath() (Path, bool) {
	path := p.path()
	return path, p.peek() == EOF && len(p.diags) == 0
}

// version reads a semantic version. The tokens of WIT do not match the parts of a version, so
// version takes all tokens that can belong to one and checks the text as a whole.
func (p *Parser) version() (name.Version, Range) {
	t := p.at(0)
	r := t.at()
	word := p.text(r)
	switch {
	case p.failed:
		return name.Version{}, Range{r.Start, r.Start}
	case t.kind == String && len(word) > 2:
		if v, err := name.ParseVersion(word[1 : len(word)-1]); err == nil {
			p.mistake(r, CodeBadVersion, "a version has no quotes").
				Helpf("write `%s`", word[1:len(word)-1]).Replace(p.span(r), word[1:len(word)-1])
			p.i++
			return v, r
		}
	case t.kind == ID && len(word) > 1 && (word[0] == 'v' || word[0] == 'V') && strings.Trim(word[1:], "0123456789") == "":
		p.mistake(r, CodeBadVersion, "a version starts with a number").
			Helpf("leave out the `%s`", word[:1]).Replace(p.span(Range{r.Start, r.Start + 1}), "")
		t.kind = Integer
		t.start++
		r.Start++
	case t.kind != Integer:
		p.expected("a version")
		return name.Version{}, Range{r.Start, r.Start}
	}
	p.i++
	for n := 1; n < 3; n++ {
		if p.peek() != Period || p.peekAt(1) != Integer {
			return p.shortVersion(r, n)
		}
		p.mark(0, roleGlue)
		p.take()
		p.mark(0, roleGlue)
		r.End = p.take().end
	}
	p.versionTail(Minus, &r)
	p.versionTail(Plus, &r)
	v, err := name.ParseVersion(p.text(r))
	if err != nil {
		d := p.mistake(r, CodeBadVersion, "%s", err.Error())
		if fixed := withoutZeros(p.text(r)); fixed != "" {
			d.Helpf("write `%s`", fixed).Replace(p.span(r), fixed)
		}
	}
	return v, r
}

// shortVersion reports a version of n numbers and appends zeros to complete it.
func (p *Parser) shortVersion(r Range, n int) (name.Version, Range) {
	word := p.text(r)
	full := word + strings.Repeat(".0", 3-n)
	p.mistake(r, CodeBadVersion, "`%s` is not a version: a version has three numbers", word).Helpf("write `%s`", full).Replace(p.span(r), full)
	v, err := name.ParseVersion(full)
	if err != nil {
		p.failed = true
	}
	return v, r
}

// withoutZeros returns a version without leading zeros in its numbers, or "" if they were not the
// only problem.
func withoutZeros(version string) string {
	end := len(version)
	if i := strings.IndexAny(version, "-+"); i >= 0 {
		end = i
	}
	parts := strings.Split(version[:end], ".")
	for i, s := range parts {
		if parts[i] = strings.TrimLeft(s, "0"); parts[i] == "" {
			parts[i] = "0"
		}
	}
	fixed := strings.Join(parts, ".") + version[end:]
	if _, err := name.ParseVersion(fixed); err != nil || fixed == version {
		return ""
	}
	return fixed
}

// versionTail takes a pre-release or build metadata. A period belongs to it only if more of it
// follows: the last period of `use a:b/c@1.0.0-x.{y}` does not.
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

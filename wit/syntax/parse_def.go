package syntax

import "github.com/mortise-wasm/mortise/diag"

func (p *Parser) use(docs Docs, attrs []Attr, start int32) *Use {
	p.expect(kwUse)
	n := &Use{Docs: docs, Attrs: attrs, From: p.path()}
	p.mark(0, roleGlue)
	if p.beforeNames(n) {
		p.mark(0, roleGlue|roleSoftOpen)
		open := p.expect(LeftBrace)
		l := listOf{one: "name", closing: RightBrace, elem: roleElem, close: roleSoftClose, after: []Kind{Comma, kwAs, ID}, open: open}
		p.list(l, func(Docs) {
			r := Rename{Name: p.ident()}
			if p.eat(kwAs) {
				r.As = p.ident()
			}
			n.Names = append(n.Names, r)
		})
	}
	p.semicolon("use")
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

// beforeNames reads the period before the braces of a use, and reports what other text stands in
// its place. It reports whether the braces follow.
func (p *Parser) beforeNames(n *Use) bool {
	if p.failed {
		return false
	}
	path := p.text(Range{p.pathStart(&n.From), p.end()})
	at := p.end()
	r := p.at(0).at()
	switch k, next := p.peek(), p.peekAt(1); {
	case k == Period && (next == ID || next == ExplicitID):
		p.take()
		id := p.ident()
		p.mistake(id.Range, CodeUnexpectedToken, "a use lists its types in braces").
			Helpf("write `use %s.{%s};`", path, p.text(id.Range)).Replace(p.span(id.Range), "{"+p.text(id.Range)+"}")
		n.Names = append(n.Names, Rename{Name: id})
		return false
	case k == Period && next == Star:
		p.take()
		p.fail(p.at(0).at(), CodeUnexpectedToken, "a use names each type that it takes").Helpf("write `use %s.{name, other};`", path)
		return false
	case k == Semicolon:
		p.mistake(Range{at, at}, CodeUnexpectedToken, "a use names the types that it takes").Helpf("write `use %s.{name, other};`", path)
		return false
	case k == LeftBrace:
		p.mistake(Range{at, at}, CodeUnexpectedToken, "`.` is missing before the brace").
			Helpf("write `use %s.{…};`", path).Replace(p.span(Range{at, r.Start}), ".")
	case k == Colon && (next == LeftBrace || next == Colon && p.at(2).kind == LeftBrace):
		p.take()
		if next == Colon {
			r.End = p.take().end
		}
		p.mistake(r, CodeUnexpectedToken, "expected `.` before the brace, not `%s`", p.text(r)).Helpf("write `use %s.{…};`", path).Replace(p.span(r), ".")
	default:
		p.expect(Period)
	}
	return !p.failed
}

// pathStart returns where a path starts.
func (p *Parser) pathStart(path *Path) int32 {
	if path.Package != nil {
		return path.Package.Start
	}
	return path.Name.Start
}

// typeDefKinds maps the keywords that start type definitions to their kinds.
var typeDefKinds = map[Kind]TypeDefKind{
	kwType: AliasDef, kwRecord: RecordDef, kwVariant: VariantDef, kwEnum: EnumDef, kwFlags: FlagsDef, kwResource: ResourceDef,
}

// members has the word for a member of each type, and the kinds of tokens that may follow a
// member's name.
var members = map[TypeDefKind]struct {
	one   string
	after []Kind
}{
	RecordDef:  {"field", []Kind{Colon}},
	VariantDef: {"case", []Kind{Comma, LeftParen, ID, ExplicitID}},
	EnumDef:    {"case", []Kind{Comma, Equals, ID, ExplicitID}},
	FlagsDef:   {"flag", []Kind{Comma, Equals, ID, ExplicitID}},
}

// typeDef reads a type definition. If there is none, the message names expected.
func (p *Parser) typeDef(docs Docs, attrs []Attr, start int32, expected string) *TypeDef {
	kind := typeDefKinds[p.peek()]
	if kind == 0 {
		p.expected(expected)
		return nil
	}
	keyword := p.take().at()
	n := &TypeDef{Docs: docs, Attrs: attrs, Kind: kind, Name: p.ident()}
	switch kind {
	case AliasDef:
		p.aliased(n, keyword)
	case ResourceDef:
		p.resource(n)
	default:
		p.members(n, keyword)
	}
	n.Bad = n.Bad || p.failed
	if !p.node(n.Name) {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

// inlineKinds are the types that can only occur in a definition.
var inlineKinds = map[Kind]TypeDefKind{kwRecord: RecordDef, kwVariant: VariantDef, kwEnum: EnumDef, kwFlags: FlagsDef}

// aliased reads the text after the name in `type name`. If it turns out to define a record or
// similar, aliased changes the kind of n.
func (p *Parser) aliased(n *TypeDef, keyword Range) {
	equals := p.at(0).at()
	switch k := p.peek(); {
	case k == LeftBrace:
		p.mistake(keyword, CodeUnexpectedToken, "a type with fields is a record").Helpf("write `record %s { … }`", n.Name.Name).Replace(p.span(keyword), "record")
		n.Kind = RecordDef
		p.members(n, keyword)
		return
	case k == Colon:
		p.mistake(equals, CodeUnexpectedToken, "expected `=` between the name of a type and the type, not `:`").
			Helpf("write `=`").Replace(p.span(Range{p.end(), equals.End}), " =")
		p.i++
	case k != Equals && k != Semicolon && p.startsType(0) && !p.newline(0):
		at := p.end()
		p.insert(p.mistake(Range{at, at}, CodeUnexpectedToken, "`=` is missing after the name of the type").Helpf("write `type %s = …;`", n.Name.Name), at, " =")
	default:
		p.expect(Equals)
	}
	k := p.peek()
	if kind := inlineKinds[k]; kind != 0 && p.peekAt(1) == LeftBrace || k == LeftBrace {
		word := "record"
		n.Kind = RecordDef
		at := equals.Start
		end := p.at(0).start
		r := p.at(0).at()
		if kind != 0 {
			word, n.Kind = p.text(r), kind
			p.i++
			end = p.at(0).start
		}
		d := p.mistake(r, CodeUnexpectedToken, "a %s gets its name without `type` and `=`", word).Helpf("write `%s %s { … }`", word, n.Name.Name)
		d.Replace(p.span(keyword), word).Replace(p.span(Range{at, end}), "")
		p.members(n, keyword)
		if t := p.at(0); p.peek() == Semicolon {
			d.Replace(p.span(t.at()), "")
			p.i++
		}
		return
	}
	n.Type = p.typ(0)
	p.semicolon("type")
}

// members reads the fields, cases or flags of a type.
func (p *Parser) members(n *TypeDef, keyword Range) {
	if t := p.at(0); p.peek() == Equals && p.peekAt(1) == LeftBrace {
		p.mistake(t.at(), CodeUnexpectedToken, "unexpected `=` before the brace").Helpf("remove it").Replace(p.span(Range{t.start, p.at(1).start}), "")
		p.i++
	}
	p.mark(0, roleOpen)
	open := p.expect(LeftBrace)
	m := members[n.Kind]
	l := listOf{one: m.one, closing: RightBrace, elem: roleLine, close: roleClose | roleElem, after: m.after, open: open}
	p.list(l, func(docs Docs) {
		if n.Kind == RecordDef && !p.endsName(1) && p.typeFirst(l.one) {
			return
		}
		m := Member{Docs: docs, Name: p.ident()}
		switch {
		case p.failed:
			return
		case n.Kind == RecordDef:
			m.Type = p.typed(l.one)
		case n.Kind == VariantDef:
			m.Type = p.payload(m.Name)
		case p.peek() == LeftParen:
			p.payloadOfLabel(n, keyword, m.Name)
		}
		if p.peek() == Equals {
			p.number(l.one)
		}
		if !p.failed {
			n.Members = append(n.Members, m)
		}
	})
}

// typed reads `: type` after the name of a field or parameter.
func (p *Parser) typed(one string) *Type {
	t := p.at(0)
	r := t.at()
	switch {
	case p.peek() == Equals:
		p.mistake(r, CodeUnexpectedToken, "expected `:` between a %s and its type, not `=`", one).
			Helpf("write `:`").Replace(p.span(Range{p.end(), r.End}), ":")
		p.i++
	case p.peek() == bad && p.text(r) == "?" && p.peekAt(1) == Colon:
		p.i += 2
		n := p.typ(0)
		if n != nil {
			option := "option<" + p.text(n.Range) + ">"
			d := p.mistake(r, CodeUnexpectedToken, "a value that may be missing has the type `option`").Helpf("write `%s`", option)
			d.Replace(p.span(r), "").Replace(p.span(n.Range), option)
			n = &Type{Kind: Option, Range: n.Range, Keyword: n.Keyword, Args: []*Type{n}}
		}
		return n
	case p.peek() != Colon && p.startsType(0) && !p.newline(0):
		at := p.end()
		p.insert(p.mistake(Range{at, at}, CodeUnexpectedToken, "`:` is missing after the name of the %s", one).Helpf("write `name: type`"), at, ":")
	case p.peek() != Colon && p.peek() != bad:
		p.fail(r, CodeUnexpectedToken, "expected `:` and the type of the %s, found %s", one, p.found()).Helpf("write `name: type`")
	default:
		p.expect(Colon)
	}
	return p.typ(0)
}

// payload reads the optional `(type)` after the name of a variant case.
func (p *Parser) payload(name Ident) *Type {
	t := p.at(0)
	r := t.at()
	label := p.text(name.Range)
	switch {
	case p.peek() == Colon:
		p.i++
		ty := p.typ(0)
		if ty != nil {
			d := p.mistake(r, CodeUnexpectedToken, "the type of a case is in parentheses").Helpf("write `%s(%s)`", label, p.text(ty.Range))
			p.insert(d.Replace(p.span(Range{name.End, ty.Start}), "("), ty.End, ")")
		}
		return ty
	case p.peek() == LeftBrace:
		p.braces()
		p.mistake(Range{r.Start, p.end()}, CodeUnexpectedToken, "a case holds one type").
			Helpf("define a record with these fields, and write `%s(name-of-the-record)`", label)
		return &Type{Kind: BadType, Range: Range{r.Start, p.end()}, Keyword: r}
	case !p.eat(LeftParen):
		return nil
	case p.peek() == RightParen:
		p.i++
		all := Range{r.Start, p.end()}
		p.mistake(all, CodeUnexpectedToken, "a case that holds nothing has no parentheses").Helpf("write `%s`", label).Replace(p.span(all), "")
		return nil
	}
	first := p.typ(0)
	all := []*Type{first}
	for p.peek() == Comma && p.peekAt(1) != RightParen {
		p.i++
		all = append(all, p.typ(0))
	}
	if len(all) > 1 && !p.failed {
		types := Range{first.Start, p.end()}
		tuple := "tuple<" + p.text(types) + ">"
		p.mistake(types, CodeUnexpectedToken, "a case holds one type").Helpf("write `%s(%s)`, or define a record", label, tuple).Replace(p.span(types), tuple)
		first = &Type{Kind: Tuple, Range: types, Keyword: types, Args: all}
	}
	p.expect(RightParen)
	return first
}

// payloadOfLabel reports a `(type)` after an enum case or a flag.
func (p *Parser) payloadOfLabel(n *TypeDef, keyword Range, name Ident) {
	open := p.take().at()
	p.typ(0)
	p.expect(RightParen)
	if p.failed {
		return
	}
	r := Range{open.Start, p.end()}
	if n.Kind == FlagsDef {
		p.mistake(r, CodeUnexpectedToken, "a flag holds nothing").Helpf("write `%s`", p.text(name.Range)).Replace(p.span(r), "")
		return
	}
	p.mistake(r, CodeUnexpectedToken, "a case of an enum holds nothing").Helpf("make the type a `variant`").Replace(p.span(keyword), "variant")
}

// number reports a value, such as `= 1`, after a case, flag, field or parameter.
func (p *Parser) number(one string) {
	r := Range{p.at(0).start, p.at(0).end}
	start := p.end()
	p.i++
	for !p.newline(0) {
		k := p.at(0).kind
		if k != Integer && k != Minus && k != ID && k != String && !k.IsKeyword() {
			break
		}
		r.End = p.at(0).end
		p.i++
	}
	p.mistake(r, CodeUnexpectedToken, "a %s has no value", one).Helpf("leave out `%s`", p.text(r)).Replace(p.span(Range{start, r.End}), "")
}

func (p *Parser) resource(n *TypeDef) {
	if p.peek() != LeftBrace {
		p.semicolon("resource")
		return
	}
	n.Bad = p.block(func(docs Docs) {
		if f := p.resourceFunc(docs); f != nil {
			n.Funcs = append(n.Funcs, f)
		}
	})
}

func (p *Parser) resourceFunc(docs Docs) *Func {
	attrs, start := p.attributes()
	n := &Func{Docs: docs, Attrs: attrs}
	switch k := p.peek(); {
	case k == kwConstructor && p.peekAt(1) != Colon:
		n.Kind = ConstructorFunc
		n.Keyword = p.expect(kwConstructor)
		n.Name = Ident{"constructor", n.Keyword}
		p.params(n)
	case k == kwConstructor && p.peekAt(2) == kwFunc && p.peekAt(3) == LeftParen:
		n.Kind = ConstructorFunc
		n.Keyword = p.take().at()
		n.Name = Ident{"constructor", n.Keyword}
		r := Range{p.at(0).start, p.at(1).end}
		p.mistake(r, CodeUnexpectedToken, "a constructor is written without `: func`").Helpf("write `constructor(…);`").Replace(p.span(r), "")
		p.i += 2
		p.params(n)
	case (k == ID || k == ExplicitID) && p.peekAt(1) == Colon && p.peekAt(2) == kwConstructor:
		r := p.at(0).at()
		p.mistake(r, CodeUnexpectedToken, "a constructor has no name").Helpf("leave out `%s:`", p.text(r)).Replace(p.span(Range{r.Start, p.at(2).start}), "")
		p.i += 2
		n.Kind = ConstructorFunc
		n.Keyword = p.take().at()
		n.Name = Ident{"constructor", n.Keyword}
		p.params(n)
	case k == ID || k == ExplicitID || k.IsKeyword() && p.peekAt(1) == Colon:
		n.Kind = MethodFunc
		n.Name = p.ident()
		if !p.failed && p.peek() == LeftParen {
			p.bareParams(n)
			break
		}
		p.expect(Colon)
		if p.eat(kwStatic) {
			n.Kind = StaticFunc
		}
		p.funcType(n)
	case k == kwStatic || k == kwAsync || k == kwFunc:
		return p.misorderedFunc(docs, attrs, start)
	default:
		p.expected("`constructor` or identifier")
	}
	p.semicolon("function")
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

func (p *Parser) namedFunc(docs Docs, attrs []Attr, start int32) *Func {
	n := &Func{Docs: docs, Attrs: attrs, Kind: FreeFunc, Name: p.ident()}
	switch k := p.peek(); {
	case k == LeftParen && !p.newline(0):
		p.bareParams(n)
	case (k == kwFunc || k == kwAsync) && !p.newline(0):
		at := p.end()
		p.insert(p.mistake(Range{at, at}, CodeUnexpectedToken, "`:` is missing after the name of the function").
			Helpf("write `%s: func(…)`", n.Name.Name), at, ":")
		p.funcType(n)
	case (k == ID || k == ExplicitID) && !p.newline(0):
		word := p.text(n.Name.Range)
		p.fail(n.Name.Range, CodeUnexpectedToken, "`%s` starts nothing in WIT", word).
			Helpf("an interface holds functions, as `name: func(…)`, types and uses")
	default:
		p.expect(Colon)
		if t := p.at(0); p.peek() == kwStatic {
			p.mistake(t.at(), CodeUnexpectedToken, "only resources have static functions").
				Helpf("leave out `static`").Replace(p.span(Range{t.start, p.at(1).start}), "")
			p.i++
		}
		p.funcType(n)
	}
	p.semicolon("function")
	n.Bad = p.failed
	if !p.node(n.Name) {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

// bareParams reads the parameters of `f(…)`, where `: func` is missing after the name.
func (p *Parser) bareParams(n *Func) {
	at := p.end()
	r := p.at(0).at()
	p.insert(p.mistake(r, CodeUnexpectedToken, "`: func` is missing between the name of the function and its parameters").
		Helpf("write `%s: func(…)`", n.Name.Name), at, ": func")
	n.Keyword = Range{at, at}
	p.params(n)
}

// misorderedFunc reads functions whose words are in the wrong order: `async f: func()`, `static f:
// func()`, `func f()`.
func (p *Parser) misorderedFunc(docs Docs, attrs []Attr, start int32) *Func {
	t := p.at(0)
	r := t.at()
	word := tokenText[t.kind]
	n := &Func{Docs: docs, Attrs: attrs, Kind: FreeFunc}
	kind, both := t.kind, t.kind == kwAsync && p.at(1).kind == kwFunc
	name := 1
	if both {
		name = 2
	}
	if next := p.at(name).kind; next != ID && next != ExplicitID {
		p.expected("`type`, `resource` or `func`").Helpf("a function is written `name: func(…) -> …;`")
		return nil
	}
	p.i += name
	n.Name = p.ident()
	var d *diag.Diagnostic
	if kind == kwFunc || both {
		written := p.text(Range{r.Start, n.Name.End})
		right := p.text(n.Name.Range) + ": func"
		if both {
			right = p.text(n.Name.Range) + ": async func"
		}
		d = p.mistake(r, CodeUnexpectedToken, "the name of a function comes before `func`").Helpf("write `%s(…)`, not `%s(…)`", right, written)
		d.Replace(p.span(Range{r.Start, n.Name.End}), right)
		n.Keyword, n.Async = r, both
		p.params(n)
	} else {
		d = p.mistake(r, CodeUnexpectedToken, "`%s` belongs directly before `func`", word).Helpf("write `%s: %s func(…)`", n.Name.Name, word)
		p.expect(Colon)
		at := p.at(0).start
		p.funcType(n)
		if kind == kwStatic {
			n.Kind = StaticFunc
		}
		n.Async = n.Async || kind == kwAsync
		p.move(d, r, at, word+" ")
	}
	p.semicolon("function")
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

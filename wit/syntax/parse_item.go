package syntax

import "strings"

// interfaceBlock reads the `{ … }` of an interface. It reports whether some of its items could
// not be read.
func (p *Parser) interfaceBlock() (items []InterfaceItem, lost bool) {
	lost = p.block(func(docs Docs) {
		if n := p.inInterface(docs); n != nil {
			items = append(items, n)
		}
	})
	return items, lost
}

// worldBlock reads the `{ … }` of a world. It reports whether some of its items could not be
// read.
func (p *Parser) worldBlock() (items []WorldItem, lost bool) {
	lost = p.block(func(docs Docs) {
		if n := p.inWorld(docs); n != nil {
			items = append(items, n)
		}
	})
	return items, lost
}

// block reads items in braces and continues after each invalid one. It reports whether some items
// were lost.
func (p *Parser) block(item func(Docs)) (lost bool) {
	p.mark(0, roleOpen)
	open := p.expect(LeftBrace)
	if p.failed {
		return true
	}
	for {
		docs := p.docs()
		if p.peek() == RightBrace {
			p.mark(0, roleClose)
			p.i++
			return lost
		}
		if p.straySemicolon() {
			continue
		}
		from := p.here()
		p.omitted = false
		item(docs)
		lost = lost || p.omitted || p.failed
		p.omitted = false
		if !p.failed {
			continue
		}
		if p.at(0).kind == EOF {
			p.unclosed(open)
			return true
		}
		if p.here() == from && p.opensTop() {
			// The closing brace of this block is missing: the next item belongs outside.
			p.unclosed(open)
			p.failed = false
			return true
		}
		p.sync(from, false)
	}
}

// opensTop reports whether the next tokens are an unindented `interface a {` or `world a {`.
func (p *Parser) opensTop() bool {
	t := p.at(0)
	return (t.kind == kwInterface || t.kind == kwWorld) && p.at(1).kind == ID && p.at(2).kind == LeftBrace && p.startsLine(p.at(0), true)
}

func (p *Parser) inInterface(docs Docs) InterfaceItem {
	attrs, start := p.attributes()
	p.correct(typeWords)
	k := p.peek()
	switch {
	case k == ID || k == ExplicitID || k.IsKeyword() && p.peekAt(1) == Colon:
		if n := p.namedFunc(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case k == kwUse:
		if n := p.use(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case k == kwAsync || k == kwFunc || k == kwStatic:
		if n := p.misorderedFunc(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case k == kwImport || k == kwExport || k == kwInclude:
		if n := p.externInInterface(docs, attrs, start); n != nil {
			return n
		}
		return nil
	}
	if n := p.typeDef(docs, attrs, start, "`type`, `resource` or `func`"); n != nil {
		return n
	}
	return nil
}

// externInInterface reads an `import …` or `export …` in an interface, where neither is
// allowed.
func (p *Parser) externInInterface(docs Docs, attrs []Attr, start int32) InterfaceItem {
	t := p.at(0)
	r := t.at()
	word := p.text(r)
	next := p.at(1).kind
	switch {
	case t.kind == kwInclude:
		p.fail(r, CodeUnexpectedToken, "expected `type`, `resource` or `func`, found keyword `include`").Helpf("worlds are included in a world")
		return nil
	case (next == ID || next == ExplicitID) && p.at(2).kind == Colon && (p.at(3).kind == kwFunc || p.at(3).kind == kwAsync):
		p.mistake(r, CodeUnexpectedToken, "an interface only defines functions, and a world imports or exports it").
			Helpf("leave out `%s`", word).Replace(p.span(Range{r.Start, p.at(1).start}), "")
		p.i++
		if n := p.namedFunc(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case p.importsTypes():
		return p.importedTypes(docs, attrs, start)
	}
	p.fail(r, CodeUnexpectedToken, "expected `type`, `resource` or `func`, found keyword `%s`", word).
		Helpf("imports and exports belong in a world; an interface uses types of another one by `use name.{type};`")
	return nil
}

// importsTypes reports whether `import a.{`, or the same with a longer path, comes next.
func (p *Parser) importsTypes() bool {
	for n := 1; ; n++ {
		switch p.at(n).kind {
		case ID, ExplicitID, Colon, Slash, At, Integer, Minus, Plus:
		case Period:
			if p.at(n+1).kind == LeftBrace {
				return true
			}
		default:
			return false
		}
		if p.newline(n) {
			return false
		}
	}
}

// importedTypes reads `import a.{b};` as a use.
func (p *Parser) importedTypes(docs Docs, attrs []Attr, start int32) *Use {
	t := p.at(0)
	p.mistake(t.at(), CodeUnexpectedToken, "types of an interface are taken by `use`").Helpf("write `use`").Replace(p.span(t.at()), "use")
	t.kind = kwUse
	return p.use(docs, attrs, start)
}

func (p *Parser) inWorld(docs Docs) WorldItem {
	attrs, start := p.attributes()
	p.correct(worldWords)
	switch k := p.peek(); {
	case (k == ID || k == ExplicitID || k.IsKeyword()) && p.peekAt(1) == Colon:
		p.missingVerb(docs, attrs, start)
		return nil
	case k == kwInterface && p.peekAt(1) == ID && !p.opensTop():
		r := p.take().at()
		name := p.ident()
		p.interfaceBlock()
		p.omitted = true
		if !p.failed {
			p.mistake(r, CodeUnexpectedToken, "an interface in a world is imported or exported").
				Helpf("write `import %s: interface { … }` or `export %s: interface { … }`, or move it out of the world", name.Name, name.Name)
		}
		return nil
	case (k == kwImport || k == kwExport) && p.importsTypes():
		if n := p.importedTypes(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case k == kwImport || k == kwExport:
		if n := p.extern(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case k == kwUse:
		if n := p.use(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case k == kwInclude:
		if n := p.include(docs, attrs, start); n != nil {
			return n
		}
		return nil
	}
	if n := p.typeDef(docs, attrs, start, "`import`, `export`, `include`, `use`, or type definition"); n != nil {
		return n
	}
	return nil
}

// missingVerb reads `a: func();` and similar items of a world that lack `import` or `export`. The
// parser cannot know which is meant.
func (p *Parser) missingVerb(docs Docs, attrs []Attr, start int32) {
	r := p.at(0).at()
	name := p.text(r)
	p.mistake(r, CodeUnexpectedToken, "an item of a world is imported or exported").
		Helpf("write `import %s: …` if components get it, `export %s: …` if they provide it", name, name)
	n := &Extern{Docs: docs, Attrs: attrs}
	p.externBody(n)
	p.omitted = true
}

func (p *Parser) include(docs Docs, attrs []Attr, start int32) *Include {
	p.expect(kwInclude)
	n := &Include{Docs: docs, Attrs: attrs, From: p.path()}
	if p.eat(kwWith) {
		p.mark(0, roleOpen)
		open := p.expect(LeftBrace)
		l := listOf{one: "name", closing: RightBrace, elem: roleLine, close: roleClose | roleElem, after: []Kind{kwAs}, open: open}
		p.list(l, func(Docs) {
			r := Rename{Name: p.ident()}
			if t := p.at(0); p.peek() == Colon {
				d := p.expected(kwAs.Describe()).Helpf("write `%s as other-name`", p.text(r.Name.Range))
				if p.at(1).kind == ID && p.at(2).kind != Slash {
					d.Replace(p.span(Range{p.end(), t.end}), " as")
				}
			}
			p.expect(kwAs)
			r.As = p.ident()
			n.With = append(n.With, r)
		})
	} else {
		p.semicolon("include")
	}
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

func (p *Parser) extern(docs Docs, attrs []Attr, start int32) *Extern {
	n := &Extern{Docs: docs, Attrs: attrs, Export: p.take().kind == kwExport}
	p.externBody(n)
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

// externBody reads the name and the function, interface or path of an import or export.
func (p *Parser) externBody(n *Extern) {
	what := "import"
	if n.Export {
		what = "export"
	}
	switch p.externForm() {
	case kwFunc:
		n.Name = p.ident()
		p.expect(Colon)
		n.Func = &Func{Name: n.Name, Kind: FreeFunc}
		p.funcType(n.Func)
		n.Func.Range = Range{n.Name.Start, p.end()}
		p.semicolon("function")
	case kwInterface:
		n.Name = p.ident()
		p.expect(Colon)
		if t := p.at(0); p.peek() == LeftBrace {
			p.insert(p.mistake(t.at(), CodeUnexpectedToken, "`interface` is missing before the brace").
				Helpf("write `%s: interface { … }`", n.Name.Name), t.start, "interface ")
		} else {
			p.expect(kwInterface)
		}
		n.Interface = &Interface{Name: n.Name}
		n.Interface.Items, n.Interface.Bad = p.interfaceBlock()
		n.Interface.Range = Range{n.Name.Start, p.end()}
	case Colon:
		n.Name = p.ident()
		p.expect(Colon)
		path := p.path()
		n.Path = &path
		p.semicolon(what)
	case LeftParen:
		n.Name = p.ident()
		n.Func = &Func{Name: n.Name, Kind: FreeFunc}
		p.bareParams(n.Func)
		n.Func.Range = Range{n.Name.Start, p.end()}
		p.semicolon("function")
	default:
		path := p.path()
		n.Path = &path
		if r := p.at(0).at(); p.peek() == kwAs && p.peekAt(1) == ID {
			p.i++
			n.Name = p.ident()
			all := Range{p.pathStart(&path), p.end()}
			right := n.Name.Name + ": " + p.text(Range{all.Start, r.Start})
			right = strings.TrimRight(right, " \t\n")
			p.mistake(r, CodeUnexpectedToken, "another name comes before the %sed interface", what).
				Helpf("write `%s`", right).Replace(p.span(all), right)
		}
		p.semicolon(what)
	}
}

// externForm looks ahead to find the form of an import or export: kwFunc, kwInterface, Colon for a
// label and a path, LeftParen for a function without `func`, or 0 for a path.
func (p *Parser) externForm() Kind {
	k := p.peek()
	if (k == ID || k == ExplicitID) && p.peekAt(1) == LeftParen {
		return LeftParen
	}
	if k != ID && k != ExplicitID && !k.IsKeyword() || p.peekAt(1) != Colon {
		return 0
	}
	switch p.peekAt(2) {
	case kwFunc, kwAsync:
		return kwFunc
	case kwInterface, LeftBrace:
		return kwInterface
	case ID, ExplicitID:
		// `a:b/c` is a path. With nested names, `a:b:c/d` is too unless a space follows the first colon.
		n := 3
		if p.opts.NestedNames && p.at(1).end == p.at(2).start {
			for p.peekAt(n) == Colon && (p.peekAt(n+1) == ID || p.peekAt(n+1) == ExplicitID) {
				n += 2
			}
		}
		if p.peekAt(n) == Slash {
			return 0
		}
	}
	return Colon
}

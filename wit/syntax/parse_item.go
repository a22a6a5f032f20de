package syntax

// interfaceBlock reads `{ … }` of an interface. It reports whether items in it could not be read.
func (p *Parser) interfaceBlock() (items []InterfaceItem, lost bool) {
	lost = p.block(func(docs Docs) {
		if n := p.inInterface(docs); n != nil {
			items = append(items, n)
		}
	})
	return items, lost
}

// worldBlock reads `{ … }` of a world.
func (p *Parser) worldBlock() (items []WorldItem, lost bool) {
	lost = p.block(func(docs Docs) {
		if n := p.inWorld(docs); n != nil {
			items = append(items, n)
		}
	})
	return items, lost
}

// block reads items in braces, going on after each one that is wrong.
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
		from := p.here()
		item(docs)
		if !p.failed {
			continue
		}
		lost = true
		if p.at(0).kind == EOF {
			p.unclosed(open)
			return true
		}
		if p.here() == from && p.opensTop() {
			// The brace that closes this block is missing: what follows belongs outside.
			p.unclosed(open)
			p.failed = false
			return true
		}
		p.sync(from, false)
	}
}

// opensTop tells whether `interface a {` or `world a {` comes next, without indentation.
func (p *Parser) opensTop() bool {
	t := p.at(0)
	return (t.kind == kwInterface || t.kind == kwWorld) && p.at(1).kind == ID && p.at(2).kind == LeftBrace && p.startsLine(p.at(0), true)
}

func (p *Parser) inInterface(docs Docs) InterfaceItem {
	attrs, start := p.attributes()
	switch p.peek() {
	case kwUse:
		if n := p.use(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case ID, ExplicitID:
		if n := p.namedFunc(docs, attrs, start); n != nil {
			return n
		}
		return nil
	}
	if n := p.typeDef(docs, attrs, start, "`type`, `resource` or `func`"); n != nil {
		return n
	}
	return nil
}

func (p *Parser) inWorld(docs Docs) WorldItem {
	attrs, start := p.attributes()
	switch p.peek() {
	case kwImport, kwExport:
		if n := p.extern(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case kwUse:
		if n := p.use(docs, attrs, start); n != nil {
			return n
		}
		return nil
	case kwInclude:
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

func (p *Parser) use(docs Docs, attrs []Attr, start int32) *Use {
	p.expect(kwUse)
	n := &Use{Docs: docs, Attrs: attrs, From: p.path()}
	p.mark(0, roleGlue)
	p.expect(Period)
	p.mark(0, roleGlue|roleSoftOpen)
	p.expect(LeftBrace)
	p.list(RightBrace, roleElem, roleSoftClose, func(Docs) {
		r := Rename{Name: p.ident()}
		if p.eat(kwAs) {
			r.As = p.ident()
		}
		n.Names = append(n.Names, r)
	})
	p.expect(Semicolon)
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

func (p *Parser) include(docs Docs, attrs []Attr, start int32) *Include {
	p.expect(kwInclude)
	n := &Include{Docs: docs, Attrs: attrs, From: p.path()}
	if p.eat(kwWith) {
		p.mark(0, roleOpen)
		p.expect(LeftBrace)
		p.list(RightBrace, roleLine, roleClose|roleElem, func(Docs) {
			r := Rename{Name: p.ident()}
			p.expect(kwAs)
			r.As = p.ident()
			n.With = append(n.With, r)
		})
	} else {
		p.expect(Semicolon)
	}
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

func (p *Parser) extern(docs Docs, attrs []Attr, start int32) *Extern {
	n := &Extern{Docs: docs, Attrs: attrs, Export: p.take().kind == kwExport}
	switch p.externForm() {
	case kwFunc:
		n.Name = p.ident()
		p.expect(Colon)
		n.Func = &Func{Name: n.Name, Kind: FreeFunc}
		p.funcType(n.Func)
		n.Func.Range = Range{n.Name.Start, p.end()}
		p.expect(Semicolon)
	case kwInterface:
		n.Name = p.ident()
		p.expect(Colon)
		p.expect(kwInterface)
		n.Interface = &Interface{Name: n.Name}
		n.Interface.Items, n.Interface.Bad = p.interfaceBlock()
		n.Interface.Range = Range{n.Name.Start, p.end()}
	case Colon:
		n.Name = p.ident()
		p.expect(Colon)
		path := p.path()
		n.Path = &path
		p.expect(Semicolon)
	default:
		path := p.path()
		n.Path = &path
		p.expect(Semicolon)
	}
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

// externForm looks ahead what an import or export is: kwFunc, kwInterface, Colon for a label and a path, or 0 for a path.
func (p *Parser) externForm() Kind {
	if k := p.peek(); k != ID && k != ExplicitID || p.peekAt(1) != Colon {
		return 0
	}
	switch p.peekAt(2) {
	case kwFunc, kwAsync:
		return kwFunc
	case kwInterface:
		return kwInterface
	case ID, ExplicitID:
		// `a:b/c` is a path. So is `a:b:c/d` where namespaces nest, unless there is a space after the first colon.
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

// typeDefKinds are the keywords that start type definitions.
var typeDefKinds = map[Kind]TypeDefKind{
	kwType: AliasDef, kwRecord: RecordDef, kwVariant: VariantDef, kwEnum: EnumDef, kwFlags: FlagsDef, kwResource: ResourceDef,
}

// typeDef reads a type definition. What is said to be expected stands in the message if there is none.
func (p *Parser) typeDef(docs Docs, attrs []Attr, start int32, expected string) *TypeDef {
	kind := typeDefKinds[p.peek()]
	if kind == 0 {
		p.expected(expected)
		return nil
	}
	p.take()
	n := &TypeDef{Docs: docs, Attrs: attrs, Kind: kind, Name: p.ident()}
	switch kind {
	case AliasDef:
		p.expect(Equals)
		n.Type = p.typ(0)
		p.expect(Semicolon)
	case ResourceDef:
		p.resource(n)
	default:
		p.mark(0, roleOpen)
		p.expect(LeftBrace)
		p.list(RightBrace, roleLine, roleClose|roleElem, func(docs Docs) {
			m := Member{Docs: docs, Name: p.ident()}
			switch {
			case kind == RecordDef:
				p.expect(Colon)
				m.Type = p.typ(0)
			case kind == VariantDef && p.eat(LeftParen):
				m.Type = p.typ(0)
				p.expect(RightParen)
			}
			if !p.failed {
				n.Members = append(n.Members, m)
			}
		})
	}
	n.Bad = n.Bad || p.failed
	if !p.node(n.Name) {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

func (p *Parser) resource(n *TypeDef) {
	if p.peek() != LeftBrace {
		p.expect(Semicolon)
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
	switch p.peek() {
	case kwConstructor:
		n.Kind = ConstructorFunc
		n.Keyword = p.expect(kwConstructor)
		n.Name = Ident{"constructor", n.Keyword}
		p.params(n)
	case ID, ExplicitID:
		n.Kind = MethodFunc
		n.Name = p.ident()
		p.expect(Colon)
		if p.eat(kwStatic) {
			n.Kind = StaticFunc
		}
		p.funcType(n)
	default:
		p.expected("`constructor` or identifier")
	}
	p.expect(Semicolon)
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

func (p *Parser) namedFunc(docs Docs, attrs []Attr, start int32) *Func {
	n := &Func{Docs: docs, Attrs: attrs, Kind: FreeFunc, Name: p.ident()}
	p.expect(Colon)
	p.funcType(n)
	p.expect(Semicolon)
	n.Bad = p.failed
	if !p.node(n.Name) {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

// list reads elements that are separated by commas, up to and with the closing token. Each element's first token and the closing one
// get the given roles.
func (p *Parser) list(closing Kind, elem, close role, element func(Docs)) {
	for !p.failed {
		docs := p.docs()
		if p.peek() == closing {
			break
		}
		p.mark(0, elem)
		element(docs)
		if !p.eat(Comma) {
			break
		}
	}
	p.mark(0, close)
	p.expect(closing)
}

package syntax

import "strconv"

// Type reads a type. It returns nil if there is none; [Parser.Err] then says why.
func (p *Parser) Type() *Type {
	t := p.typ(0)
	if p.failed {
		return nil
	}
	return t
}

// InterfaceItem reads an item of an interface with the comments and attributes before it: a use, a type definition or a function. It
// returns nil if there is none.
func (p *Parser) InterfaceItem() InterfaceItem {
	n := p.inInterface(p.docs())
	if p.failed {
		return nil
	}
	return n
}

// WorldItem reads an item of a world with the comments and attributes before it. It returns nil if there is none.
func (p *Parser) WorldItem() WorldItem {
	n := p.inWorld(p.docs())
	if p.failed {
		return nil
	}
	return n
}

// InterfaceBody reads the items of an interface with the braces around them, going on after errors.
func (p *Parser) InterfaceBody() []InterfaceItem {
	items, _ := p.interfaceBlock()
	return items
}

// WorldBody reads the items of a world with the braces around them, going on after errors.
func (p *Parser) WorldBody() []WorldItem {
	items, _ := p.worldBlock()
	return items
}

// FuncType reads `[async] func(…) [-> …]` into a function without a name. It returns nil if there is none.
func (p *Parser) FuncType() *Func {
	f := &Func{Kind: FreeFunc}
	f.Start = p.at(0).start
	p.funcType(f)
	if p.failed {
		return nil
	}
	f.End = p.end()
	return f
}

// Failed reports whether reading stopped at an error. No other method reads on until [Parser.Skip] was called.
func (p *Parser) Failed() bool { return p.failed }

// Skip goes on after an error, at the next place where an item may start.
func (p *Parser) Skip() { p.sync(p.here(), false) }

func (p *Parser) funcType(n *Func) {
	n.Async = p.eat(kwAsync)
	n.Keyword = p.expect(kwFunc)
	p.params(n)
}

// params reads parameters and result.
func (p *Parser) params(n *Func) {
	p.mark(0, roleSoftOpen)
	p.expect(LeftParen)
	p.list(RightParen, roleElem, roleSoftClose, func(Docs) {
		param := Param{Name: p.ident()}
		p.expect(Colon)
		param.Type = p.typ(0)
		if !p.failed {
			n.Params = append(n.Params, param)
		}
	})
	if p.eat(Arrow) {
		n.Result = p.typ(0)
	}
}

// plainTypes are the types that are one keyword.
var plainTypes = [lastKeyword]TypeKind{
	kwBool: Bool, kwS8: S8, kwU8: U8, kwS16: S16, kwU16: U16, kwS32: S32, kwU32: U32, kwS64: S64, kwU64: U64, kwF32: F32, kwF64: F64,
	kwChar: Char, kwString: StringType, kwErrorContext: ErrorContext,
}

// typ reads a type that stands inside depth others. It returns nil after an error.
func (p *Parser) typ(depth int) *Type {
	t := p.at(0)
	if p.failed {
		return nil
	}
	r := Range{t.start, t.end}
	if depth >= maxDepth {
		p.fail(r, NestingTooDeep, "type nesting too deep").Notef("types nest at most %d deep", maxDepth)
		return nil
	}
	n := &Type{Range: r, Keyword: r}
	switch k := t.kind; {
	case k == ID || k == ExplicitID:
		n.Kind = Named
		n.Name = p.ident()
	case k < lastKeyword && plainTypes[k] != 0:
		n.Kind = plainTypes[k]
		p.i++
	default:
		p.compound(n, k, depth+1)
	}
	if p.failed {
		return nil
	}
	n.End = p.end()
	return n
}

// compound reads a type that may have parameters.
func (p *Parser) compound(n *Type, k Kind, depth int) {
	switch k {
	case kwList:
		n.Kind = List
		p.open()
		n.Args = []*Type{p.typ(depth)}
		if p.eat(Comma) {
			n.Kind = FixedList
			n.Len = p.length()
		}
		p.expect(GreaterThan)
	case kwMap:
		n.Kind = Map
		p.open()
		key := p.typ(depth)
		p.expect(Comma)
		n.Args = []*Type{key, p.typ(depth)}
		p.expect(GreaterThan)
	case kwOption:
		n.Kind = Option
		p.open()
		n.Args = []*Type{p.typ(depth)}
		p.expect(GreaterThan)
	case kwResult:
		n.Kind = Result
		n.Args = p.resultArgs(depth)
	case kwTuple:
		n.Kind = Tuple
		p.open()
		p.list(GreaterThan, 0, 0, func(Docs) { n.Args = append(n.Args, p.typ(depth)) })
	case kwFuture, kwStream:
		n.Kind = Future
		if k == kwStream {
			n.Kind = Stream
		}
		p.i++
		if p.eat(LessThan) {
			n.Args = []*Type{p.typ(depth)}
			p.expect(GreaterThan)
		}
	case kwOwn, kwBorrow:
		n.Kind = Own
		if k == kwBorrow {
			n.Kind = Borrow
		}
		p.open()
		n.Name = p.ident()
		p.expect(GreaterThan)
	default:
		p.expected("a type")
	}
}

// open takes a keyword and the `<` after it.
func (p *Parser) open() {
	p.i++
	p.expect(LessThan)
}

func (p *Parser) resultArgs(depth int) []*Type {
	args := []*Type{nil, nil}
	p.i++
	if !p.eat(LessThan) {
		return args
	}
	if p.eat(kwUnderscore) {
		p.expect(Comma)
		args[1] = p.typ(depth)
	} else {
		args[0] = p.typ(depth)
		if p.eat(Comma) {
			args[1] = p.typ(depth)
		}
	}
	p.expect(GreaterThan)
	return args
}

// length reads the length of a list.
func (p *Parser) length() uint32 {
	t := p.at(0)
	if p.failed || t.kind != Integer {
		p.expected("fixed-length")
		return 0
	}
	r := Range{t.start, t.end}
	n, err := strconv.ParseUint(p.text(r), 10, 32)
	if err != nil {
		p.fail(r, BadNumber, "invalid list size: number too large to fit in target type")
		return 0
	}
	p.i++
	return uint32(n)
}

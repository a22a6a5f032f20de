package syntax

import (
	"strconv"

	"github.com/mortise-wasm/mortise/diag"
)

// Type reads a type. It returns nil after an error; see [Parser.Err].
func (p *Parser) Type() *Type {
	t := p.typ(0)
	if p.failed {
		return nil
	}
	return t
}

// InterfaceItem reads an item of an interface with the comments and attributes before it: a use, a
// type definition or a function. It returns nil after an error.
func (p *Parser) InterfaceItem() InterfaceItem {
	n := p.inInterface(p.docs())
	if p.failed {
		return nil
	}
	return n
}

// WorldItem reads an item of a world with the comments and attributes before it. It returns nil
// after an error.
func (p *Parser) WorldItem() WorldItem {
	n := p.inWorld(p.docs())
	if p.failed {
		return nil
	}
	return n
}

// InterfaceBody reads the items of an interface with the braces around them and continues after
// errors.
func (p *Parser) InterfaceBody() []InterfaceItem {
	items, _ := p.interfaceBlock()
	return items
}

// WorldBody reads the items of a world with the braces around them and continues after errors.
func (p *Parser) WorldBody() []WorldItem {
	items, _ := p.worldBlock()
	return items
}

// FuncType reads `[async] func(…) [-> …]` into a function without a name. It returns nil after
// an error.
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

// Failed reports whether the parser stopped at an error. Other methods read nothing more until
// [Parser.Skip] is called.
func (p *Parser) Failed() bool { return p.failed }

// Skip resumes after an error, at the next place where an item may start.
func (p *Parser) Skip() { p.sync(p.here(), false) }

func (p *Parser) funcType(n *Func) {
	n.Async = p.eat(kwAsync)
	if p.peek() == LeftParen {
		d := p.mistake(p.at(0).at(), CodeUnexpectedToken, "expected keyword `func`, found '('").Helpf("write `func` before the parenthesis")
		at := p.end()
		d.Replace(p.span(Range{at, p.at(0).start}), " func")
		n.Keyword = Range{at, at}
	} else if p.startsType(0) {
		p.expected(kwFunc.Describe()).Helpf("fields belong in a record, and an alias of a type is `type name = …;`")
	} else {
		n.Keyword = p.expect(kwFunc)
	}
	if t := p.at(0); p.peek() == kwAsync {
		d := p.mistake(t.at(), CodeUnexpectedToken, "`async` belongs directly before `func`").Helpf("write `async func(…)`")
		p.insert(d, n.Keyword.Start, "async ")
		d.Replace(p.span(Range{p.end(), t.end}), "")
		n.Async = true
		p.i++
	}
	p.params(n)
}

// params reads the parameters and the result.
func (p *Parser) params(n *Func) {
	p.mark(0, roleSoftOpen)
	open := p.expect(LeftParen)
	l := listOf{one: "parameter", closing: RightParen, elem: roleElem, close: roleSoftClose, after: []Kind{Colon}, open: open}
	p.list(l, func(Docs) {
		if p.typeFirst("parameter") {
			return
		}
		if t := p.at(0); p.peek() == ID && p.peekAt(1) == ID && p.peekAt(2) == Colon {
			p.mistake(t.at(), CodeUnexpectedToken, "a parameter is a name and a type").
				Helpf("leave out `%s`", p.text(t.at())).Replace(p.span(Range{t.start, p.at(1).start}), "")
			p.i++
		}
		param := Param{Name: p.ident()}
		if t := p.at(0); param.Name.Name == "self" && (t.kind == Comma || t.kind == RightParen) && len(n.Params) == 0 {
			end := param.Name.End
			if t.kind == Comma {
				end = p.at(1).start
			}
			p.mistake(param.Name.Range, CodeUnexpectedToken, "the `self` of a method is implicit").
				Helpf("leave it out").Replace(p.span(Range{param.Name.Start, end}), "")
			return
		}
		param.Type = p.typed("parameter")
		if !p.failed && p.peek() == Equals {
			p.number("parameter")
		}
		if !p.failed {
			n.Params = append(n.Params, param)
		}
	})
	p.result(n)
}

// typeFirst reads a parameter or field that starts with a type: a type alone, or a type before the
// name. It reports whether it found one. Nothing of it is kept.
func (p *Parser) typeFirst(one string) bool {
	if k := p.peek(); !k.IsKeyword() || !p.startsType(0) || p.peekAt(1) == Colon {
		return false
	}
	t := p.typ(0)
	if t == nil {
		return true
	}
	ty := p.text(t.Range)
	if name := p.at(0).at(); p.peek() == ID && !p.newline(0) {
		p.i++
		right := p.text(name) + ": " + ty
		p.mistake(t.Range, CodeUnexpectedToken, "the name of a %s comes before its type", one).
			Helpf("write `%s`", right).Replace(p.span(Range{t.Start, name.End}), right)
		return true
	}
	p.mistake(t.Range, CodeUnexpectedToken, "a %s has a name", one).Helpf("write `name: %s`", ty)
	return true
}

// startsType reports whether the token n places ahead can start a type.
func (p *Parser) startsType(n int) bool {
	switch k := p.peekAt(n); k {
	case ID, ExplicitID, kwList, kwMap, kwOption, kwResult, kwTuple, kwFuture, kwStream, kwOwn, kwBorrow:
		return true
	default:
		return k < lastKeyword && plainTypes[k] != 0
	}
}

// result reads an optional `-> type`.
func (p *Parser) result(n *Func) {
	t := p.at(0)
	arrow := Range{p.end(), t.end}
	switch {
	case p.eat(Arrow):
	case p.peek() == Colon && p.startsType(1) || p.peek() == Equals && p.peekAt(1) == GreaterThan:
		if p.take().kind == Equals {
			arrow.End = p.take().end
		}
		r := Range{t.start, arrow.End}
		p.mistake(r, CodeUnexpectedToken, "expected `->` before the result, not `%s`", p.text(r)).Helpf("write `->`").Replace(p.span(arrow), " ->")
	default:
		return
	}
	if p.peek() == LeftParen {
		n.Result = p.results(arrow.Start)
		return
	}
	first := p.typ(0)
	n.Result = first
	all := []*Type{first}
	for p.peek() == Comma && p.startsType(1) && !p.newline(1) && p.peekAt(2) != Colon {
		p.i++
		all = append(all, p.typ(0))
	}
	if len(all) > 1 && !p.failed {
		r := Range{first.Start, p.end()}
		tuple := "tuple<" + p.text(r) + ">"
		p.mistake(r, CodeUnexpectedToken, "a function has one result").Helpf("write `%s`, or define a record", tuple).Replace(p.span(r), tuple)
		n.Result = &Type{Kind: Tuple, Range: r, Keyword: r, Args: all}
	}
}

// results reads results in parentheses, which WIT does not have. The space before the arrow starts
// at from.
func (p *Parser) results(from int32) *Type {
	open := p.take().at()
	var all []*Type
	names := false
	for !p.failed && p.peek() != RightParen {
		if p.peekAt(1) == Colon {
			names = true
			p.i += 2
		}
		all = append(all, p.typ(0))
		if !p.eat(Comma) {
			break
		}
	}
	p.expect(RightParen)
	if p.failed {
		return nil
	}
	r := Range{open.Start, p.end()}
	if len(all) == 0 {
		p.mistake(r, CodeUnexpectedToken, "a function without a result has no arrow").Helpf("leave out `-> ()`").Replace(p.span(Range{from, r.End}), "")
		return nil
	}
	if len(all) == 1 {
		text := p.text(all[0].Range)
		p.mistake(r, CodeUnexpectedToken, "a result has neither parentheses nor a name").Helpf("write `-> %s`", text).Replace(p.span(r), text)
		return all[0]
	}
	tuple := "tuple<"
	for i, t := range all {
		if i > 0 {
			tuple += ", "
		}
		tuple += p.text(t.Range)
	}
	tuple += ">"
	d := p.mistake(r, CodeUnexpectedToken, "a function has one result").Helpf("write `-> %s`, or define a record and return it", tuple)
	if !names {
		d.Replace(p.span(r), tuple)
	}
	return &Type{Kind: Tuple, Range: r, Keyword: r, Args: all}
}

// plainTypes maps the keywords that are types on their own to their kinds.
var plainTypes = [lastKeyword]TypeKind{
	kwBool: Bool, kwS8: S8, kwU8: U8, kwS16: S16, kwU16: U16, kwS32: S32, kwU32: U32, kwS64: S64, kwU64: U64, kwF32: F32, kwF64: F64,
	kwChar: Char, kwString: StringType, kwErrorContext: ErrorContext,
}

// typ reads a type nested in depth other types. It returns nil after an error.
func (p *Parser) typ(depth int) *Type {
	t := p.at(0)
	if p.failed {
		return nil
	}
	r := t.at()
	if depth >= maxDepth {
		p.fail(r, CodeNestingTooDeep, "type nesting too deep").Notef("types nest at most %d deep", maxDepth)
		return nil
	}
	n := &Type{Range: r, Keyword: r}
	switch k := t.kind; {
	case k == ID && p.peekAt(1) == LessThan:
		p.generic(n, depth+1)
	case k == ID && badWord(p.text(r)) != "" && plainTypes[keywords[kebab(p.text(r))]] != 0:
		word := kebab(p.text(r))
		n.Kind = plainTypes[keywords[word]]
		p.mistake(r, CodeBadIdentifier, "type names are in lower case").Helpf("write `%s`", word).Replace(p.span(r), word)
		p.i++
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
	for p.peek() == bad && p.end() == p.at(0).start && p.suffix(n) {
	}
	return n
}

// compound reads a type that may have parameters.
func (p *Parser) compound(n *Type, k Kind, depth int) {
	keyword := n.Keyword
	switch k {
	case kwList:
		n.Kind = List
		closing := p.open(keyword, "u8")
		n.Args = []*Type{p.typ(depth)}
		if p.eat(Comma) {
			n.Kind = FixedList
			n.Len = p.length()
		}
		closing()
	case kwMap:
		n.Kind = Map
		closing := p.open(keyword, "string, u8")
		key := p.typ(depth)
		if k := p.peek(); !p.failed && k != Comma && k != bad {
			p.expected(Comma.Describe()).Helpf("a map has a type of keys and one of values: `map<string, u8>`")
		}
		p.expect(Comma)
		n.Args = []*Type{key, p.typ(depth)}
		closing()
	case kwOption:
		n.Kind = Option
		closing := p.open(keyword, "u8")
		n.Args = []*Type{p.typ(depth)}
		closing()
	case kwResult:
		n.Kind = Result
		n.Args = p.resultArgs(depth)
	case kwTuple:
		n.Kind = Tuple
		p.tuple(n, depth)
	case kwFuture, kwStream:
		n.Kind = Future
		if k == kwStream {
			n.Kind = Stream
		}
		p.i++
		if p.eat(LessThan) {
			n.Args = []*Type{p.typ(depth)}
			p.closeAngle()
		}
	case kwOwn, kwBorrow:
		p.handle(n, k)
	default:
		p.noType(n, depth)
	}
}

// handle reads `own<r>` or `borrow<r>`.
func (p *Parser) handle(n *Type, k Kind) {
	n.Kind = Own
	if k == kwBorrow {
		n.Kind = Borrow
	}
	word := p.text(n.Keyword)
	closing := p.open(n.Keyword, "name")
	if t := p.at(0); !p.failed && p.startsType(0) && t.kind.IsKeyword() {
		d := p.mistake(t.at(), CodeUnexpectedToken, "expected an identifier or string, found %s", t.kind.Describe())
		inner := p.typ(1)
		n.Kind = BadType
		d.Helpf("`%s` takes the name of a resource", word)
		if inner != nil {
			d.Notef("a type that is not a resource is passed as it is: `%s`", p.text(inner.Range))
		}
	} else {
		n.Name = p.ident()
	}
	closing()
}

// open takes a keyword and the `<` after it, or another bracket in its place. It returns a function
// that takes the closing bracket.
func (p *Parser) open(keyword Range, example string) (closing func()) {
	p.i++
	t := p.at(0)
	r := t.at()
	var d *diag.Diagnostic
	switch {
	case p.failed || t.kind == LessThan:
		p.expect(LessThan)
		return p.closeAngle
	case t.kind == bad && p.text(r) == "[", t.kind == LeftParen:
		word := p.text(keyword)
		d = p.mistake(r, CodeUnexpectedToken, "the parameters of a type are between `<` and `>`").Helpf("write `%s<…>`", word).Replace(p.span(r), "<")
		p.i++
	default:
		word := p.text(keyword)
		p.fail(r, CodeUnexpectedToken, "expected `<` after `%s`, found %s", word, p.found()).Helpf("write `%s<%s>`, with the type that is meant", word, example)
		return func() {}
	}
	return func() { p.otherClosing(t.kind == bad, d) }
}

// otherClosing takes a parenthesis or square bracket that closes the parameters of a type, and adds
// the edit that corrects it to d.
func (p *Parser) otherClosing(square bool, d *diag.Diagnostic) {
	t := p.at(0)
	switch {
	case p.failed:
	case square && t.kind == bad && p.text(t.at()) == "]", !square && t.kind == RightParen:
		d.Replace(p.span(t.at()), ">")
		p.i++
	case square:
		p.expect(GreaterThan)
	default:
		p.expect(RightParen)
	}
}

// tuple reads the parameters of a tuple.
func (p *Parser) tuple(n *Type, depth int) {
	word := n.Keyword
	if p.peekAt(1) == LessThan {
		p.i++
		open := p.expect(LessThan)
		p.list(listOf{one: "type", closing: GreaterThan, open: open}, func(Docs) { n.Args = append(n.Args, p.typ(depth)) })
		return
	}
	closing := p.open(word, "u8, u8")
	for !p.failed && p.peek() != RightParen && p.peek() != GreaterThan && p.peek() != bad {
		n.Args = append(n.Args, p.typ(depth))
		if !p.eat(Comma) {
			break
		}
	}
	closing()
}

func (p *Parser) resultArgs(depth int) []*Type {
	args := []*Type{nil, nil}
	word := p.at(0).at()
	p.i++
	if !p.eat(LessThan) {
		return args
	}
	first := p.at(0).at()
	nothing := func(r Range, text string) {
		p.mistake(first, CodeUnexpectedToken, "`_` is only allowed before the type of an error").Helpf("write `%s`", text).Replace(p.span(r), "")
	}
	if p.eat(kwUnderscore) {
		switch {
		case p.peek() == Comma && p.peekAt(1) == kwUnderscore && p.peekAt(2) == GreaterThan:
			p.i += 2
			fallthrough
		case p.peek() == GreaterThan:
			p.i++
			nothing(Range{word.End, p.end()}, "result")
			return args
		}
		p.expect(Comma)
		args[1] = p.typ(depth)
	} else {
		args[0] = p.typ(depth)
		end := p.end()
		if p.eat(Comma) {
			if first = p.at(0).at(); p.peek() == kwUnderscore && args[0] != nil {
				p.i++
				nothing(Range{end, p.end()}, "result<"+p.text(args[0].Range)+">")
			} else {
				args[1] = p.typ(depth)
			}
		}
	}
	p.closeAngle()
	return args
}

// length reads the length of a list.
func (p *Parser) length() uint32 {
	t := p.at(0)
	if p.failed || t.kind != Integer {
		p.expected("fixed-length").Helpf("a list of a fixed length is `list<u8, 4>`")
		return 0
	}
	r := t.at()
	n, err := strconv.ParseUint(p.text(r), 10, 32)
	if err != nil {
		p.fail(r, CodeBadNumber, "invalid list size: number too large to fit in target type")
		return 0
	}
	p.i++
	return uint32(n)
}

package syntax

import (
	"strings"

	"github.com/mortise-wasm/mortise/diag"
)

// Options selects optional parts of the grammar. The zero value enables none.
type Options struct {
	// NestedNames allows namespaces in namespaces and packages in packages: `a:b:c/d/e`.
	NestedNames bool
}

// maxErrors limits how many errors of one text are reported. A text with more of them is not WIT,
// or has one mistake with many consequences.
const maxErrors = 1000

// maxSource is the length in bytes of the longest text that is read. Ranges are 32-bit numbers.
const maxSource = 1<<31 - 1

// Parse reads a whole file. The tree is never nil. It lacks the parts that could not be read, and
// the list has the errors.
func Parse(src *diag.File, opts Options) (*File, diag.List) {
	p := NewParser(src, 0, opts)
	f := p.file()
	return f, p.diags
}

// Parser reads a source one item, type or block at a time. It is not safe for concurrent use.
type Parser struct {
	lex   lexer
	opts  Options
	toks  []token
	i     int
	diags diag.List
	// failed is set by the first error in an item. The parser then reads no more tokens until sync
	// clears it.
	failed bool
	// lastErr is the offset of the latest error. Each offset gets at most one diagnostic.
	lastErr int32
	// unclosedErr is the error about unclosed blocks.
	unclosedErr *diag.Diagnostic
	// pkg is the declaration of the file's package.
	pkg *PackageDecl
	// omitted is set when an item of a block was read but left out of the tree.
	omitted bool
	// dropped counts the tokens that forget removed from the front of toks.
	dropped int
	// gaveUp is set after too many errors. The parser then ignores the rest of the text.
	gaveUp bool
	// misplaced holds the ranges of packages nested in nested packages.
	misplaced []Range
	depth     int
	// lost is set when an item at the top was left out of the tree.
	lost bool
}

// NewParser returns a parser that starts at an offset of src. It reads no further than necessary.
func NewParser(src *diag.File, offset int, opts Options) *Parser {
	p := &Parser{opts: opts, lastErr: -1}
	data := src.Data
	if len(data) > maxSource {
		p.diags.Errorf(src.Span(0, 0), CodeBadCharacter, "text is longer than 2 GiB")
		data = nil
	}
	p.lex = lexer{src: src, text: string(data), pos: min(max(offset, 0), len(data))}
	return p
}

// Err returns the errors found so far.
func (p *Parser) Err() error { return p.diags.Err() }

// Diagnostics returns the diagnostics found so far.
func (p *Parser) Diagnostics() diag.List { return p.diags }

// Offset returns the offset after the last token that was read, or 0 if none was.
func (p *Parser) Offset() int {
	if p.i == 0 {
		return 0
	}
	return int(p.toks[p.i-1].end)
}

// Comments returns the comments up to the current token.
func (p *Parser) Comments() []Range { return p.lex.comments }

// --- tokens ---

// at returns the token n places ahead.
func (p *Parser) at(n int) *token {
	for p.i+n >= len(p.toks) {
		p.toks = append(p.toks, p.lex.next())
	}
	return &p.toks[p.i+n]
}

// peek returns the kind of the next token. After an error it returns 0, which matches no token.
func (p *Parser) peek() Kind {
	if p.failed {
		return 0
	}
	return p.at(0).kind
}

func (p *Parser) peekAt(n int) Kind {
	if p.failed {
		return 0
	}
	return p.at(n).kind
}

// take returns the next token and moves past it.
func (p *Parser) take() *token {
	t := p.at(0)
	if t.kind != EOF {
		p.i++
	}
	return t
}

func (p *Parser) eat(k Kind) bool {
	if p.peek() != k {
		return false
	}
	p.i++
	return true
}

// expect takes a token of kind k. If the next token has another kind, expect fails and returns an
// empty range.
func (p *Parser) expect(k Kind) Range {
	t := p.at(0)
	if p.failed || t.kind != k {
		p.expected(k.Describe())
		return Range{t.start, t.start}
	}
	p.i++
	return t.at()
}

// mark gives the token n places ahead a role for the formatter.
func (p *Parser) mark(n int, r role) { p.at(n).role |= r }

func (p *Parser) text(r Range) string { return p.lex.text[r.Start:r.End] }

// end returns the end of the last token.
func (p *Parser) end() int32 {
	if p.i == 0 {
		return 0
	}
	return p.toks[p.i-1].end
}

// newline reports whether the token n places ahead is on a later line than the token before it.
func (p *Parser) newline(n int) bool {
	from := p.end()
	if n > 0 {
		from = p.at(n - 1).end
	}
	return strings.Contains(p.lex.text[from:p.at(n).start], "\n")
}

// found returns the text of the next token in backticks, or a description if the text is long.
func (p *Parser) found() string {
	const long = 40
	t := p.at(0)
	switch {
	case t.kind == EOF:
		return "the end of the file"
	case t.end-t.start > long || strings.ContainsAny(p.text(t.at()), "`\n"):
		return t.kind.Describe()
	}
	return "`" + p.text(t.at()) + "`"
}

// docs returns the comments before the next token.
func (p *Parser) docs() Docs {
	t := p.at(0)
	from := int32(0)
	if p.i > 0 {
		from = p.toks[p.i-1].comments
	}
	return Docs{from, t.comments}
}

// --- errors ---

// fail reports an error unless the parser has already failed. It returns the diagnostic so that the
// caller can add to it.
func (p *Parser) fail(r Range, code diag.Code, format string, args ...any) *diag.Diagnostic {
	d := diag.Errorf(p.span(r), code, format, args...)
	if p.failed {
		return d
	}
	p.failed = true
	p.report(d)
	return d
}

// mistake reports an error whose intended meaning is clear. Parsing continues as if the text were
// correct.
func (p *Parser) mistake(r Range, code diag.Code, format string, args ...any) *diag.Diagnostic {
	d := diag.Errorf(p.span(r), code, format, args...)
	if !p.failed {
		p.report(d)
	}
	return d
}

func (p *Parser) span(r Range) diag.Span { return p.lex.src.Span(int(r.Start), int(r.End)) }

// insert adds to d an edit that inserts text at an offset.
func (p *Parser) insert(d *diag.Diagnostic, at int32, text string) *diag.Diagnostic {
	return d.Replace(p.span(Range{at, at}), text)
}

// report adds d unless the latest error is at the same offset.
func (p *Parser) report(d *diag.Diagnostic) {
	at := int32(d.Primary.Start)
	if p.gaveUp || at == p.lastErr {
		return
	}
	p.lastErr = at
	p.diags.Add(d)
	if len(p.diags) < maxErrors {
		return
	}
	// Ignore the rest of the text: the next token is the end of the file.
	p.gaveUp, p.lost = true, true
	p.diags.Add(diag.Errorf(d.Primary, CodeUnexpectedToken, "there are too many errors: the rest of the file is not read"))
	p.lex.pos = len(p.lex.text)
	p.toks = p.toks[:p.i]
}

// expected fails because the next token is not what the grammar requires.
func (p *Parser) expected(what string) *diag.Diagnostic {
	t := p.at(0)
	if t.kind == bad {
		return p.failBad()
	}
	return p.fail(Range{t.start, t.end}, CodeUnexpectedToken, "expected %s, found %s", what, t.kind.Describe())
}

// failBad fails with the diagnostic of the next token, which is of kind bad.
func (p *Parser) failBad() *diag.Diagnostic {
	start := p.at(0).start
	d := p.lex.explain(start)
	if p.failed {
		return d
	}
	p.failed = true
	if _, _, why := badRune(p.lex.text, int(start)); why == "" { // otherwise checkText has reported it
		p.report(d)
	}
	return d
}

// here returns the index of the next token, for sync. It also counts the tokens that were dropped.
func (p *Parser) here() int { return p.dropped + p.i }

// forget drops the tokens before the last one. Only the formatter needs them, and it does not run
// after an error.
func (p *Parser) forget() {
	const many = 1 << 12
	if n := p.i - 1; n > many {
		p.toks = append(p.toks[:0], p.toks[n:]...)
		p.dropped += n
		p.i = 1
	}
}

// sync skips the rest of an item that could not be read and stops where the next item may start.
// The index of the item's first token is from.
func (p *Parser) sync(from int, top bool) {
	p.failed = false
	depth := 0
	first := p.here() == from
	for _, t := range p.toks[max(from-p.dropped, 0):p.i] {
		switch t.kind {
		case LeftBrace:
			depth++
		case RightBrace:
			depth--
		}
	}
	depth = max(depth, 0)
	for ; ; first = false {
		p.forget()
		t := p.at(0)
		switch {
		case t.kind == EOF:
			return
		case t.kind == Semicolon && depth == 0:
			p.i++
			return
		case t.kind == LeftBrace:
			depth++
		case t.kind == RightBrace && depth == 0:
			if top {
				p.i++
			}
			return
		case t.kind == RightBrace:
			if depth--; depth == 0 && !p.inside(1) {
				p.i++
				p.eat(Semicolon)
				return
			}
		case !first && startsItem(t.kind, top || depth > 0) && p.startsLine(t, depth > 0 && !top):
			return
		}
		p.i++
	}
}

// inside reports whether the token n places ahead shows that the braces before it are part of a
// larger construct.
func (p *Parser) inside(n int) bool {
	switch p.at(n).kind {
	case Comma, RightParen, GreaterThan, Arrow:
		return true
	}
	return false
}

// startsItem reports whether keyword k starts an item: at the top of a file if top is set, else in
// a block.
func startsItem(k Kind, top bool) bool {
	switch k {
	case kwInterface, kwWorld, kwPackage:
		return true
	case kwUse, kwType, kwRecord, kwVariant, kwEnum, kwFlags, kwResource, kwImport, kwExport, kwInclude:
		return !top
	}
	return false
}

// startsLine reports whether t is the first token on its line. If unindented is set, t must be at
// the start of the line.
func (p *Parser) startsLine(t *token, unindented bool) bool {
	for i := int(t.start) - 1; i >= 0; i-- {
		switch p.lex.text[i] {
		case '\n':
			return true
		case ' ', '\t':
			if unindented {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// --- files ---

func (p *Parser) file() *File {
	f := &File{Source: p.lex.src, text: p.lex.text}
	if !checkText(p.lex.src, p.lex.text, p.report) {
		f.Bad, f.Lost = true, true
		return f
	}
	p.toks = make([]token, 0, len(p.lex.text)/6+8)
	from := p.here()
	if docs := p.docs(); p.peek() == kwPackage {
		start := p.at(0).start
		p.mark(0, roleLine|roleTop)
		p.take()
		id := p.packageID()
		switch {
		case p.failed:
			p.lost = true
			p.sync(from, true)
		case p.peek() == Semicolon || p.peek() == EOF || p.newline(0) && p.peek() != LeftBrace || startsItem(p.peek(), true):
			p.semicolon("package declaration")
			f.Package = &PackageDecl{Docs: docs, Range: Range{start, p.end()}, PackageID: id}
			p.pkg = f.Package
		default:
			p.i = from - p.dropped
		}
	}
	f.Items = p.items(EOF)
	f.Comments = p.lex.comments
	f.Bad, f.Lost = p.diags.HasErrors(), p.lost
	if !f.Bad {
		for _, r := range p.misplaced {
			p.diags.Errorf(f.Span(r), CodeMisplacedPackage, "nested packages must be placed at the top-level").
				Captionf("this package is in another one").Helpf("move it out of the braces around it")
		}
	}
	return f
}

// items reads items at the top of a file or in a nested package, up to and including the closing
// token.
func (p *Parser) items(closing Kind) (items []Item) {
	for {
		docs := p.docs()
		if closing != EOF && p.peek() == RightBrace {
			p.mark(0, roleClose)
			p.i++
			return items
		}
		if p.peek() == EOF && closing == EOF {
			return items
		}
		if p.straySemicolon() {
			continue
		}
		from := p.here()
		item := p.topItem(docs)
		if item != nil {
			items = append(items, item)
		} else {
			p.lost = true
		}
		if p.failed {
			if p.at(0).kind == EOF {
				return items
			}
			p.sync(from, true)
		}
	}
}

func (p *Parser) topItem(docs Docs) Item {
	p.mark(0, roleTop)
	attrs, start := p.attributes()
	p.correct(topWords)
	switch p.peek() {
	case kwInterface:
		return p.interfaceItem(docs, attrs, start)
	case kwWorld:
		return p.world(docs, attrs, start)
	case kwUse:
		return p.topUse(docs, attrs, start)
	case kwPackage:
		return p.nestedPackage(docs, attrs, start)
	}
	if k := p.peek(); typeDefKinds[k] != 0 || k == kwFunc || k == kwAsync || (k == ID || k == ExplicitID) && p.peekAt(1) == Colon {
		p.fail(p.at(0).at(), CodeUnexpectedToken, "expected `world`, `interface` or `use`, found %s", p.found()).
			Helpf("types and functions belong in an interface: `interface name { … }`")
		return nil
	}
	if p.peek() == kwImport || p.peek() == kwExport || p.peek() == kwInclude {
		p.fail(p.at(0).at(), CodeUnexpectedToken, "expected `world`, `interface` or `use`, found %s", p.found()).
			Helpf("imports and exports belong in a world: `world name { … }`")
		return nil
	}
	p.expected("`world`, `interface` or `use`")
	return nil
}

// node reports whether an item is kept in the tree: if there was no error, or if the error came
// after the item's name.
func (p *Parser) node(name Ident) bool { return !p.failed || name.Name != "" }

func (p *Parser) interfaceItem(docs Docs, attrs []Attr, start int32) Item {
	p.take()
	n := &Interface{Docs: docs, Attrs: attrs, Name: p.ident()}
	n.Items, n.Bad = p.interfaceBlock()
	if !p.node(n.Name) {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

func (p *Parser) world(docs Docs, attrs []Attr, start int32) Item {
	p.take()
	n := &World{Docs: docs, Attrs: attrs, Name: p.ident()}
	n.Items, n.Bad = p.worldBlock()
	if !p.node(n.Name) {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

func (p *Parser) topUse(docs Docs, attrs []Attr, start int32) Item {
	n := &TopUse{Docs: docs, Attrs: attrs, Keyword: p.expect(kwUse), Path: p.path()}
	if p.eat(kwAs) {
		n.As = p.ident()
	}
	if p.peek() == Period && p.peekAt(1) == LeftBrace {
		p.fail(n.Keyword, CodeUnexpectedToken, "types are used in an interface or world, not at the top of a file").
			Helpf("move the statement into the braces of the interface or world that needs the types")
	}
	p.semicolon("use")
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

// maxDepth limits the nesting of types and of packages. Other tools have the same limit, and it
// keeps the recursion shallow.
const maxDepth = 100

func (p *Parser) nestedPackage(docs Docs, attrs []Attr, start int32) Item {
	keyword := p.expect(kwPackage)
	if len(attrs) > 0 {
		p.fail(keyword, CodeMisplacedPackage, "cannot place attributes on nested packages")
	}
	if p.depth >= maxDepth {
		p.fail(keyword, CodeNestingTooDeep, "package nesting too deep").Notef("packages nest at most %d deep, and only one level is accepted", maxDepth)
	}
	n := &NestedPackage{Docs: docs, PackageID: p.packageID()}
	if p.peek() == Semicolon && p.depth == 0 {
		p.secondPackage(keyword, n.PackageID)
		return nil
	}
	p.mark(0, roleOpen)
	open := p.expect(LeftBrace)
	if p.failed {
		return nil
	}
	if p.depth > 0 {
		p.misplaced = append(p.misplaced, n.PackageID.Range)
	}
	before := len(p.diags)
	p.depth++
	n.Items = p.items(RightBrace)
	p.depth--
	n.Bad = len(p.diags) > before
	if p.failed && p.at(0).kind == EOF && len(p.diags) > 0 {
		p.unclosed(open)
	}
	n.Range = Range{start, p.end()}
	return n
}

// secondPackage reports a `package a:b;` that is not at the start of the file.
func (p *Parser) secondPackage(keyword Range, id PackageID) {
	p.take()
	if p.pkg == nil {
		p.mistake(id.Range, CodeMisplacedPackage, "the package of a file is declared before all else").Helpf("move it to the start of the file")
		return
	}
	d := p.mistake(id.Range, CodeMisplacedPackage, "the file belongs to package `%s` already", p.pkg.PackageID.ID).
		Labelf(p.span(p.pkg.PackageID.Range), "declared here")
	if id.ID == p.pkg.PackageID.ID {
		d.Helpf("remove the second declaration").Replace(p.span(Range{keyword.Start, p.end()}), "")
		return
	}
	d.Helpf("put each package into a folder of its own, or write `package %s { … }` around what belongs to it", id.ID)
}

// unclosed adds to the latest error that a block is not closed. At the end of the file, one error
// covers all open blocks.
func (p *Parser) unclosed(open Range) {
	d := p.diags[len(p.diags)-1]
	brace := "\n" + p.indentation(open) + "}"
	switch {
	case d == p.unclosedErr:
		d.Edits[0].New += brace
	case len(d.Labels) == 0 && len(d.Help) == 0 && d.Primary.Start == int(p.lastErr):
		p.insert(d.Labelf(p.span(open), "this brace is not closed").Helpf("write `}` before it"), p.lineEnd(), brace)
		p.unclosedErr = d
	}
}

// lineEnd returns the end of the last token, or of a comment after the token that extends to the
// end of its line.
func (p *Parser) lineEnd() int32 {
	rest := p.lex.text[p.end():]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	if strings.HasPrefix(strings.TrimLeft(rest, " \t"), "//") {
		return p.end() + int32(len(strings.TrimRight(rest, "\r")))
	}
	return p.end()
}

// indentation returns the white space at the start of the line that contains r.
func (p *Parser) indentation(r Range) string {
	line := p.lex.text[strings.LastIndexByte(p.lex.text[:r.Start], '\n')+1 : r.Start]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

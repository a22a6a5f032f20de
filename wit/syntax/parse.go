package syntax

import (
	"strings"

	"github.com/mortise-wasm/mortise/diag"
)

// Options are what may be switched in the grammar. The zero value is the grammar without gates.
type Options struct {
	// NestedNames allows namespaces in namespaces and packages in packages: `a:b:c/d/e`.
	NestedNames bool
}

// maxErrors is how many errors of a text are told. What has more of them is no WIT, or has one mistake with many consequences.
const maxErrors = 1000

// maxSource is the longest text that is read: ranges are 32-bit numbers.
const maxSource = 1<<31 - 1

// Parse reads a whole file. The tree is never nil; what could not be read is not in it, and the list says why.
func Parse(src *diag.File, opts Options) (*File, diag.List) {
	p := NewParser(src, 0, opts)
	f := p.file()
	return f, p.diags
}

// Parser reads parts of a source one by one. It is not safe for concurrent use.
type Parser struct {
	lex   lexer
	opts  Options
	toks  []token
	i     int
	diags diag.List
	// failed is set by the first error in an item. No token is read until sync clears it.
	failed bool
	// lastErr is the offset of the latest error: one place gets one diagnostic.
	lastErr int32
	// dropped counts the tokens that were before toks.
	dropped int
	// tired is set when there were so many errors that the rest is not worth reading.
	tired bool
	// misplaced are the packages in packages.
	misplaced []Range
	depth     int
	// lost tells that an item at the top was left out.
	lost bool
}

// NewParser returns a parser that starts at an offset of src. It reads no further than it has to.
func NewParser(src *diag.File, offset int, opts Options) *Parser {
	p := &Parser{opts: opts, lastErr: -1}
	data := src.Data
	if len(data) > maxSource {
		p.diags.Errorf(src.Span(0, 0), BadCharacter, "text is longer than 2 GiB")
		data = nil
	}
	p.lex = lexer{src: src, text: string(data), pos: min(max(offset, 0), len(data))}
	return p
}

// Err returns what was wrong so far.
func (p *Parser) Err() error { return p.diags.Err() }

// Diagnostics returns what was wrong so far.
func (p *Parser) Diagnostics() diag.List { return p.diags }

// Offset returns the offset behind the last token that was read.
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

// peek returns the kind of the next token; after an error, none that anything could ask for.
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

// take returns the next token and goes on.
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

// expect takes a token of kind k, or fails and returns an empty range.
func (p *Parser) expect(k Kind) Range {
	t := p.at(0)
	if p.failed || t.kind != k {
		p.expected(k.Describe())
		return Range{t.start, t.start}
	}
	p.i++
	return Range{t.start, t.end}
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

// fail reports an error, unless one is being skipped over, and returns it for additions.
func (p *Parser) fail(r Range, code diag.Code, format string, args ...any) *diag.Diagnostic {
	d := diag.Errorf(p.lex.src.Span(int(r.Start), int(r.End)), code, format, args...)
	if p.failed {
		return d
	}
	p.failed = true
	p.report(d)
	return d
}

// report adds an error, unless its place has one.
func (p *Parser) report(d *diag.Diagnostic) {
	at := int32(d.Primary.Start)
	if p.tired || at == p.lastErr {
		return
	}
	p.lastErr = at
	p.diags.Add(d)
	if len(p.diags) < maxErrors {
		return
	}
	// What follows is not read: the next token is the end of the file.
	p.tired, p.lost = true, true
	p.diags.Add(diag.Errorf(d.Primary, UnexpectedToken, "there are too many errors: the rest of the file is not read"))
	p.lex.pos = len(p.lex.text)
	p.toks = p.toks[:p.i]
}

// expected fails because something else than the next token has to stand here.
func (p *Parser) expected(what string) *diag.Diagnostic {
	t := p.at(0)
	if t.kind == bad {
		return p.failBad()
	}
	return p.fail(Range{t.start, t.end}, UnexpectedToken, "expected %s, found %s", what, t.kind.Describe())
}

// failBad fails with what is wrong with the bad token that comes next.
func (p *Parser) failBad() *diag.Diagnostic {
	start := p.at(0).start
	d := p.lex.explain(start)
	if p.failed {
		return d
	}
	p.failed = true
	if _, _, why := badRune(p.lex.text, int(start)); why == "" { // else checkText has told it
		p.report(d)
	}
	return d
}

// here returns the number of the next token, for sync.
func (p *Parser) here() int { return p.dropped + p.i }

// forget drops the tokens before the last one. Only the formatter wants them, and there is nothing to format after an error.
func (p *Parser) forget() {
	const many = 1 << 12
	if n := p.i - 1; n > many {
		p.toks = append(p.toks[:0], p.toks[n:]...)
		p.dropped += n
		p.i = 1
	}
}

// sync ends an item that could not be read: it goes to where the next one may start. from is the number of the item's first token.
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
			if depth--; depth == 0 {
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

// startsItem tells which keywords start items: at the top of a file, or in a block.
func startsItem(k Kind, top bool) bool {
	switch k {
	case kwInterface, kwWorld, kwPackage:
		return true
	case kwUse, kwType, kwRecord, kwVariant, kwEnum, kwFlags, kwResource, kwImport, kwExport, kwInclude:
		return !top
	}
	return false
}

// startsLine tells whether t is the first of its line; unindented asks that nothing at all stands before it.
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
		case p.eat(Semicolon):
			f.Package = &PackageDecl{Docs: docs, Range: Range{start, p.end()}, PackageID: id}
		default:
			p.i = from - p.dropped
		}
	}
	f.Items = p.items(EOF)
	f.Comments = p.lex.comments
	f.Bad, f.Lost = p.diags.HasErrors(), p.lost
	if !f.Bad {
		for _, r := range p.misplaced {
			p.diags.Errorf(f.Span(r), MisplacedPackage, "nested packages must be placed at the top-level").
				Captionf("this package is in another one").Helpf("move it out of the braces around it")
		}
	}
	return f
}

// items reads items at the top of a file or in a nested package, up to and with the closing token.
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
	p.expected("`world`, `interface` or `use`")
	return nil
}

// node tells whether an item that has a name got far enough to be kept in spite of an error.
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
	p.expect(Semicolon)
	if p.failed {
		return nil
	}
	n.Range = Range{start, p.end()}
	return n
}

// maxDepth is how deep types and packages may be nested. Other tools have the same limit, and no stack is at risk with it.
const maxDepth = 100

func (p *Parser) nestedPackage(docs Docs, attrs []Attr, start int32) Item {
	keyword := p.expect(kwPackage)
	if len(attrs) > 0 {
		p.fail(keyword, MisplacedPackage, "cannot place attributes on nested packages")
	}
	if p.depth >= maxDepth {
		p.fail(keyword, NestingTooDeep, "package nesting too deep").Notef("packages nest at most %d deep, and only one level is accepted", maxDepth)
	}
	n := &NestedPackage{Docs: docs, PackageID: p.packageID()}
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

// unclosed adds to the latest error that a block is open.
func (p *Parser) unclosed(open Range) {
	if d := p.diags[len(p.diags)-1]; len(d.Labels) == 0 && d.Primary.Start == int(p.lastErr) {
		d.Labelf(p.lex.src.Span(int(open.Start), int(open.End)), "this brace is not closed")
	}
}

// --- names ---

func (p *Parser) ident() Ident {
	t := p.at(0)
	if p.failed || t.kind != ID && t.kind != ExplicitID {
		d := p.expected("an identifier or string")
		if t.kind.IsKeyword() && t.kind != kwUnderscore {
			word := p.lex.text[t.start:t.end]
			d.Helpf("to use the keyword as a name, write `%%%s`", word).Replace(d.Primary, "%"+word)
		}
		return Ident{Range: Range{t.start, t.start}}
	}
	r := Range{t.start, t.end}
	s := p.text(r)
	if t.kind == ExplicitID {
		s = s[1:]
	}
	if msg := badWord(s); msg != "" {
		d := p.fail(Range{t.start, t.end}, BadIdentifier, "%s", msg)
		if fixed := kebab(s); fixed != s && badWord(fixed) == "" {
			d.Helpf("write it in kebab case: `%s`", fixed)
		}
		return Ident{Range: r}
	}
	p.i++
	return Ident{s, r}
}

// kebab guesses what a word in another convention would be.
func kebab(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '_':
			b.WriteByte('-')
		case r >= 'A' && r <= 'Z':
			if i > 0 && s[i-1] >= 'a' && s[i-1] <= 'z' {
				b.WriteByte('-')
			}
			b.WriteRune(r + 'a' - 'A')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// packageID reads `a:b@1.0.0`.
func (p *Parser) packageID() PackageID {
	first := p.ident()
	id := PackageID{Range: first.Range}
	id.ID.Namespace = first.Name
	p.mark(0, roleGlue)
	p.expect(Colon)
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
		id.End = r.End
	}
	return id
}

// nested fails unless nested names are allowed.
func (p *Parser) nested(start int32, what string) {
	if p.opts.NestedNames {
		return
	}
	end := p.at(0).end
	if t := p.at(1); t.kind == ID {
		end = t.end
	}
	r := Range{start, end}
	p.fail(r, NestedNames, "nested %s `%s` needs --features=nested-names", what, p.text(r))
}

// path reads `a` or `a:b/c@1.0.0`.
func (p *Parser) path() Path {
	first := p.ident()
	if p.peek() != Colon {
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
		pkg.ID.Version, _ = p.version()
	}
	return Path{Package: pkg, Name: name}
}

// WholePath reads a path that is all that is left of the source, and reports whether it is one.
func (p *Parser) WholePath() (Path, bool) {
	path := p.path()
	return path, p.peek() == EOF
}

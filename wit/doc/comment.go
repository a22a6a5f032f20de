package doc

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxComment is the length in bytes up to which a comment is parsed as Markdown. Longer comments
// are shown verbatim: the parser takes quadratic time for some texts and recurses for each level of
// a list.
const maxComment = 32 << 10

// maxMarks limits the quote and list markers at the start of a line of Markdown, for the same
// reasons.
const maxMarks = 32

// readable reports whether a comment is parsed as Markdown.
func readable(comment string) bool {
	if len(comment) > maxComment {
		return false
	}
	for line := range strings.Lines(comment) {
		marks, indent := 0, 0
		for _, c := range line {
			if !strings.ContainsRune(" \t>-+*.)0123456789", c) {
				break
			}
			switch c {
			case ' ', '\t':
				indent++
			case '>', '-', '+', '*', ')', '.':
				marks++
			}
		}
		// A row of hyphens is a rule or part of a table.
		rule := strings.Trim(line, "-+*| \t\r\n") == ""
		if marks > maxMarks && !rule || indent > 8*maxMarks {
			return false
		}
	}
	return true
}

// markdown parses comments. It treats HTML as plain text, because `list<u8>` without backticks is
// more common than a tag.
var markdown = func() goldmark.Markdown {
	p := parser.NewParser(
		parser.WithBlockParsers(without(parser.DefaultBlockParsers(), parser.NewHTMLBlockParser())...),
		parser.WithInlineParsers(without(parser.DefaultInlineParsers(), parser.NewRawHTMLParser())...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
	return goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))
}()

// without returns list without the given parser.
func without(list []util.PrioritizedValue, parser any) []util.PrioritizedValue {
	out := make([]util.PrioritizedValue, 0, len(list))
	for _, v := range list {
		if v.Value != parser {
			out = append(out, v)
		}
	}
	return out
}

func parseComment(source []byte) ast.Node { return markdown.Parser().Parse(text.NewReader(source)) }

// summary returns the first sentence of a comment as plain text, truncated to about max letters.
func summary(comment string, max int) string {
	var s string
	if readable(comment) {
		source := []byte(comment)
		root := parseComment(source)
		for c := root.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Kind() == ast.KindParagraph || c.Kind() == ast.KindHeading && c.NextSibling() == nil {
				s = plainText(source, c)
				break
			}
		}
	} else {
		s, _, _ = strings.Cut(strings.ToValidUTF8(comment[:min(len(comment), 4*max)], ""), "\n")
	}
	s = strings.Join(strings.Fields(s), " ")
	for i := 0; i < len(s); i++ {
		if s[i] == '.' && (i+1 == len(s) || s[i+1] == ' ') && !strings.HasSuffix(s[:i], "e.g") && !strings.HasSuffix(s[:i], "i.e") {
			s = s[:i+1]
			break
		}
	}
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	cut := string([]rune(s)[:max])
	if i := strings.LastIndexByte(cut, ' '); i > max/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:") + "…"
}

// plainText returns the text of a block.
func plainText(source []byte, n ast.Node) string {
	var b bytes.Buffer
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			value := n.Segment.Value(source)
			if n.Parent().Kind() != ast.KindCodeSpan {
				value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
			}
			b.Write(value)
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// commentHTML renders a comment at n. Its headings become headings of at least the given level.
func (s *site) commentHTML(n *node, comment string, level int) string {
	if strings.TrimSpace(comment) == "" {
		return ""
	}
	if !readable(comment) {
		return "<pre><code>" + html.EscapeString(comment) + "</code></pre>\n"
	}
	source := []byte(comment)
	root := parseComment(source)
	_ = ast.Walk(root, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, ok := c.(*ast.Heading); ok && entering {
			h.Level = min(6, h.Level+level-1)
		}
		return ast.WalkContinue, nil
	})
	var out bytes.Buffer
	r := renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(commentRenderer{s, n}, 100),
		// The content security policy of the page forbids style attributes.
		util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(goldhtml.NewRenderer(), 1000),
	))
	if err := r.Render(&out, source, root); err != nil { // a buffer does not fail
		panic(err)
	}
	return out.String()
}

// commentRenderer renders the parts of a comment that need care: links, images, and code that names
// an item of the site.
type commentRenderer struct {
	site *site
	at   *node
}

// RegisterFuncs implements [renderer.NodeRenderer].
func (r commentRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, r.link)
	reg.Register(ast.KindAutoLink, r.autoLink)
	reg.Register(ast.KindImage, r.image)
	reg.Register(ast.KindCodeSpan, r.codeSpan)
}

// external reports whether an untrusted comment may link to a URL.
func external(url string) bool {
	lower := strings.ToLower(url)
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if strings.HasPrefix(lower, scheme) {
			return true
		}
	}
	return false
}

// href returns the address of a link in a comment, or "" if the page must not have that link.
// Allowed are external addresses and links to an item of the page.
func (r commentRenderer) href(dest string) string {
	if external(dest) {
		return string(util.URLEscape([]byte(dest), true))
	}
	if label, ok := strings.CutPrefix(dest, "#"); ok {
		if to := r.site.byID[label]; to != nil {
			return "#" + to.id
		}
		if to := r.at.lookup(label); to != nil {
			return "#" + to.id
		}
	}
	return ""
}

func (r commentRenderer) link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	href := r.href(string(n.(*ast.Link).Destination))
	switch {
	case href == "":
	case entering:
		put(w, openLink(href))
	default:
		put(w, "</a>")
	}
	return ast.WalkContinue, nil
}

func (r commentRenderer) autoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	a := n.(*ast.AutoLink)
	url, label := string(a.URL(source)), html.EscapeString(string(a.Label(source)))
	if a.AutoLinkType == ast.AutoLinkEmail && !external(url) {
		url = "mailto:" + url
	}
	if href := r.href(url); href != "" {
		label = openLink(href) + label + "</a>"
	}
	put(w, label)
	return ast.WalkContinue, nil
}

// image renders an image as a link, because the page loads nothing.
func (r commentRenderer) image(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	label := plainText(source, n)
	if label == "" {
		label = "image"
	}
	label = html.EscapeString(label)
	dest := string(n.(*ast.Image).Destination)
	inLink := false
	for p := n.Parent(); p != nil; p = p.Parent() {
		inLink = inLink || p.Kind() == ast.KindLink
	}
	if external(dest) && !inLink {
		label = openLink(r.href(dest)) + label + "</a>"
	}
	put(w, label)
	return ast.WalkSkipChildren, nil
}

func (r commentRenderer) codeSpan(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(source))
		}
	}
	code := strings.ReplaceAll(b.String(), "\n", " ")
	out := "<code>" + html.EscapeString(code) + "</code>"
	inLink := false
	for p := n.Parent(); p != nil; p = p.Parent() {
		inLink = inLink || p.Kind() == ast.KindLink
	}
	if to := r.at.lookup(code); to != nil && to != r.at && !inLink {
		out = openLink("#"+to.id) + out + "</a>"
	}
	put(w, out)
	return ast.WalkSkipChildren, nil
}

// put writes a text. The writer returns any error again when it is flushed.
func put(w util.BufWriter, s string) { _, _ = w.WriteString(s) }

func openLink(href string) string {
	rel := ""
	if !strings.HasPrefix(href, "#") {
		rel = ` rel="noopener noreferrer nofollow"`
	}
	return `<a href="` + html.EscapeString(href) + `"` + rel + `>`
}

// lookup returns the node that a name in a comment at n refers to: `name` or `type.member`, in the
// innermost scope that defines it. It returns nil if there is none.
func (n *node) lookup(name string) *node {
	name = strings.TrimSuffix(name, "()")
	first, rest, dotted := strings.Cut(strings.ReplaceAll(name, "::", "."), ".")
	first, rest = strings.TrimPrefix(first, "%"), strings.TrimPrefix(rest, "%")
	if !dotted && slices.ContainsFunc(n.params, func(p param) bool { return p.name == spelled(first) }) {
		return nil // a parameter hides names of outer scopes
	}
	for at := n; at != nil; at = at.parent {
		c := at.child(first)
		if c == nil && at == n && at.name == first && !dotted {
			return nil // the item itself
		}
		if c == nil {
			continue
		}
		if !dotted {
			return c
		}
		if m := c.child(rest); m != nil {
			return m
		}
	}
	return nil
}

// child returns the node in n with the given name, or nil.
func (n *node) child(name string) *node {
	for _, list := range [][]*node{n.members, n.types, n.funcs, n.interfaces, n.worlds} {
		for _, c := range list {
			if c.name == name {
				return c
			}
		}
	}
	for _, list := range [][]worldItem{n.imports, n.exports} {
		for _, i := range list {
			if i.own != nil && i.own.name == name {
				return i.own
			}
		}
	}
	for _, u := range n.uses {
		for _, t := range u.names {
			if t.name.to != nil && (t.alias == name || t.alias == "" && t.name.text == spelled(name)) {
				return t.name.to
			}
		}
	}
	return nil
}

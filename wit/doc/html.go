package doc

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the style and the script
	"encoding/base64"
	"fmt"
	"html"
	"strings"
)

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

// htmlWriter writes the page. The levels of headings are: 1 for the page, 2 for a package, 3 for a
// world or interface, 4 for its sections, 5 for an item and 6 for a method.
type htmlWriter struct {
	site *site
	out  bytes.Buffer
}

func (s *site) html() []byte {
	w := &htmlWriter{site: s}
	css, js := embedded(pageCSS), embedded(pageJS)
	w.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
	w.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
	w.rawf("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; "+
		"base-uri 'none'; form-action 'none'\">\n", hash(css), hash(js))
	w.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"mortise\">\n<link rel=\"icon\" href=\"data:,\">\n")
	w.rawf("<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n", html.EscapeString(s.title), css)
	w.header()
	w.outline()
	w.raw("<main id=\"content\" tabindex=\"-1\">\n")
	class := ""
	// The package's own heading shows the title.
	if len(s.packages) > 0 && s.packages[0].name == s.title {
		class = " class=\"sr\""
	}
	w.rawf("<h1%s>%s</h1>\n", class, breakable(s.title))
	for i, p := range s.packages {
		if i == 1 && s.hasMain {
			w.raw("<p class=\"divider\" id=\"dependencies\">Dependencies</p>\n")
		}
		w.pkg(p)
	}
	w.raw("</main>\n")
	w.rawf("<script>%s</script>\n</body>\n</html>\n", js)
	return w.out.Bytes()
}

// embedded returns a text as the content of an element. The newlines are normalized because
// browsers hash the parsed text.
func embedded(s string) string { return "\n" + strings.ReplaceAll(s, "\r\n", "\n") }

// hash returns the name of a text in a content security policy.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func (w *htmlWriter) raw(s string)                    { w.out.WriteString(s) }
func (w *htmlWriter) rawf(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

// breakable returns a name as HTML that allows line breaks after punctuation.
func breakable(s string) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteString(html.EscapeString(string(c)))
		if strings.ContainsRune("/:@.-", c) {
			b.WriteString("<wbr>")
		}
	}
	return b.String()
}

func (w *htmlWriter) header() {
	w.raw("<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header class=\"bar\">\n")
	w.raw("<a class=\"menu\" id=\"menu\" href=\"#outline\" aria-controls=\"outline\">" +
		"<span class=\"burger\" aria-hidden=\"true\"></span><span class=\"sr\">Menu</span></a>\n")
	w.rawf("<a class=\"title\" href=\"#content\">%s</a>\n", html.EscapeString(w.site.title))
	w.raw(`<div class="search" role="search">
<input id="search" type="search" placeholder="Search" aria-label="Search all items" autocomplete="off" autocapitalize="off" spellcheck="false" role="combobox" aria-expanded="false" aria-controls="results" aria-autocomplete="list" aria-keyshortcuts="/">
<kbd aria-hidden="true">/</kbd>
<div id="panel" hidden><p id="count" role="status"></p><ul id="results" role="listbox" aria-label="Results"></ul></div>
</div>
</header>
`)
}

// outline writes the outline of all items, at the side of the page.
func (w *htmlWriter) outline() {
	w.raw("<nav id=\"outline\" aria-label=\"Outline\">\n<a class=\"close\" href=\"#content\">Close</a>\n")
	for i, p := range w.site.packages {
		if i == 1 && w.site.hasMain {
			w.raw("<p class=\"group\">Dependencies</p>\n")
		}
		open := ""
		if i == 0 || !w.site.hasMain {
			open = " open"
		}
		w.rawf("<details%s class=\"of-package\"><summary>%s</summary>\n", open, w.outlineLink(p, "package"))
		for _, n := range p.worlds {
			w.outlineHome(n)
		}
		for _, n := range p.interfaces {
			w.outlineHome(n)
		}
		w.raw("</details>\n")
	}
	w.raw("</nav>\n")
}

func (w *htmlWriter) outlineLink(n *node, class string) string {
	return fmt.Sprintf("<a href=\"#%s\" class=\"k-%s\">%s</a>", html.EscapeString(n.id), class, breakable(n.name))
}

// outlineHome writes a world or interface in the outline.
func (w *htmlWriter) outlineHome(n *node) {
	var items []*node
	items = append(items, n.types...)
	items = append(items, n.funcs...)
	for _, list := range [][]worldItem{n.imports, n.exports} {
		for _, i := range list {
			if i.own != nil {
				items = append(items, i.own)
			}
		}
	}
	if len(items) == 0 {
		w.rawf("<p class=\"leaf\">%s</p>\n", w.outlineLink(n, string(n.kind)))
		return
	}
	w.rawf("<details><summary>%s</summary>\n<ul>\n", w.outlineLink(n, string(n.kind)))
	for _, c := range items {
		w.outlineItem(c)
	}
	w.raw("</ul>\n</details>\n")
}

func (w *htmlWriter) outlineItem(n *node) {
	w.rawf("<li>%s", w.outlineLink(n, string(n.kind)))
	if inner := append(append([]*node{}, n.types...), n.funcs...); len(inner) > 0 {
		w.raw("\n<ul>\n")
		for _, c := range inner {
			w.outlineItem(c)
		}
		w.raw("</ul>\n")
	}
	w.raw("</li>\n")
}

// open begins the section of a node. The script of the page finds searchable items by the section's
// attributes.
func (w *htmlWriter) open(n *node, level int) {
	w.rawf("<section id=\"%s\" class=\"node n-%s\" data-kind=\"%s\" data-name=\"%s\" data-path=\"%s\">\n", html.EscapeString(n.id), n.kind, n.kind,
		html.EscapeString(n.name), html.EscapeString(where(n)))
	w.rawf("<div class=\"head\"><h%d>", level)
	if n.kind != kConstructor {
		w.rawf("<span class=\"kind\">%s</span> ", n.kind)
	}
	w.rawf("<span class=\"name\">%s</span></h%d>", breakable(n.spelled()), level)
	w.badges(n.badges)
	w.rawf("<a class=\"self\" href=\"#%s\" aria-label=\"Link to %s\">#</a></div>\n", html.EscapeString(n.id), html.EscapeString(n.name))
}

// where returns the full name of a node's parent, or "".
func where(n *node) string {
	if n.parent == nil {
		return ""
	}
	return n.parent.full()
}

func (w *htmlWriter) badges(list []badge) {
	for _, b := range list {
		w.rawf(" <span class=\"badge b-%s\">%s</span>", b.class, html.EscapeString(b.text))
	}
}

func (w *htmlWriter) comment(n *node, level int) {
	if c := w.site.commentHTML(n, n.doc, level); c != "" {
		w.rawf("<div class=\"doc\">\n%s</div>\n", c)
	}
}

// tokenClasses maps the kinds of tokens that signatures highlight to their CSS classes.
var tokenClasses = map[tokenKind]string{tokKeyword: "kw", tokType: "ty", tokName: "nm", tokParam: "pa"}

// code returns tokens as highlighted code.
func (w *htmlWriter) code(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		text := html.EscapeString(t.text)
		class := tokenClasses[t.kind]
		switch {
		case t.to != nil:
			id := html.EscapeString(t.to.id)
			fmt.Fprintf(&b, "<a class=\"%s\" href=\"#%s\" title=\"%s %s\">%s</a>", class, id, t.to.kind, id, text)
		case class == "":
			b.WriteString(text)
		default:
			fmt.Fprintf(&b, "<span class=\"%s\">%s</span>", class, text)
		}
	}
	return b.String()
}

func (w *htmlWriter) signature(tokens []token) {
	w.rawf("<pre class=\"sig\"><code>%s</code></pre>\n", w.code(tokens))
}

func (w *htmlWriter) pkg(p *node) {
	w.open(p, 2)
	w.comment(p, 3)
	w.contents("Worlds", p.worlds)
	w.contents("Interfaces", p.interfaces)
	for _, n := range p.worlds {
		w.world(n)
	}
	for _, n := range p.interfaces {
		w.iface(3, n)
	}
	w.raw("</section>\n")
}

// contents lists the worlds or interfaces of a package.
func (w *htmlWriter) contents(title string, list []*node) {
	if len(list) == 0 {
		return
	}
	w.rawf("<h3 class=\"part\">%s</h3>\n<ul class=\"list\">\n", title)
	for _, n := range list {
		w.rawf("<li><a class=\"ref\" href=\"#%s\">%s</a>", html.EscapeString(n.id), breakable(n.name))
		w.badges(n.badges)
		w.remark(n.doc)
		w.raw("</li>\n")
	}
	w.raw("</ul>\n")
}

// remark writes the first sentence of a comment.
func (w *htmlWriter) remark(comment string) {
	if s := summary(comment, 160); s != "" {
		w.rawf("<span class=\"remark\">%s</span>", html.EscapeString(s))
	}
}

func (w *htmlWriter) world(n *node) {
	w.open(n, 3)
	w.comment(n, 4)
	w.items("Imports", n.imports)
	w.types(4, n)
	w.items("Exports", n.exports)
	w.raw("</section>\n")
}

// items writes the imports or exports of a world: a list of interfaces, then the items declared in
// the world.
func (w *htmlWriter) items(title string, items []worldItem) {
	if len(items) == 0 {
		return
	}
	w.rawf("<h4 class=\"part\">%s</h4>\n", title)
	list := false
	for _, i := range items {
		if i.own != nil {
			continue
		}
		if !list {
			list = true
			w.raw("<ul class=\"list\">\n")
		}
		w.raw("<li>")
		if i.label != "" {
			w.rawf("<code class=\"label\">%s:</code> ", html.EscapeString(spelled(i.label)))
		}
		if i.ref.to != nil {
			w.rawf("<a class=\"ref\" href=\"#%s\">%s</a>", html.EscapeString(i.ref.to.id), breakable(i.ref.text))
		} else {
			w.rawf("<span class=\"ref\">%s</span>", breakable(i.ref.text))
		}
		w.badges(i.badges)
		switch {
		case i.doc != "":
			w.remark(i.doc)
		case i.ref.to != nil:
			w.remark(i.ref.to.doc)
		}
		w.raw("</li>\n")
	}
	if list {
		w.raw("</ul>\n")
	}
	for _, i := range items {
		switch {
		case i.own == nil:
		case i.own.kind == kInterface:
			w.iface(5, i.own)
		default:
			w.function(5, i.own)
		}
	}
}

// iface writes an interface. Inside a world, its headings and those of its items are at lower
// levels.
func (w *htmlWriter) iface(level int, n *node) {
	w.open(n, level)
	w.comment(n, min(level+1, 6))
	w.references("Imported by", n, keys(&n.importedBy))
	w.references("Exported by", n, keys(&n.exportedBy))
	w.types(level+1, n)
	if len(n.funcs) > 0 {
		w.part(level+1, "Functions")
	}
	for _, f := range n.funcs {
		w.function(min(level+2, 6), f)
	}
	w.raw("</section>\n")
}

func (w *htmlWriter) part(level int, title string) {
	level = min(level, 6)
	w.rawf("<h%d class=\"part\">%s</h%d>\n", level, title, level)
}

// types writes the uses and definitions of an interface or world.
func (w *htmlWriter) types(level int, n *node) {
	if len(n.uses)+len(n.types) == 0 {
		return
	}
	w.part(level, "Types")
	if len(n.uses) > 0 {
		w.raw("<pre class=\"sig uses\"><code>")
		for i, u := range n.uses {
			if i > 0 {
				w.raw("\n")
			}
			w.raw(w.code(u.sig()))
			w.badges(u.badges)
		}
		w.raw("</code></pre>\n")
	}
	for _, t := range n.types {
		w.typ(min(level+1, 6), t)
	}
}

func (w *htmlWriter) typ(level int, n *node) {
	w.open(n, level)
	if len(n.sig) > 0 {
		w.signature(n.sig)
	}
	w.comment(n, min(level+1, 6))
	w.members(n, level)
	w.used(n)
	for _, f := range n.funcs {
		w.function(min(level+1, 6), f)
	}
	w.raw("</section>\n")
}

// members writes fields, cases or flags: as one block of code if none has a comment, else as a list
// with the comments.
func (w *htmlWriter) members(n *node, level int) {
	if len(n.members) == 0 {
		return
	}
	described := false
	for _, m := range n.members {
		described = described || strings.TrimSpace(m.doc) != ""
	}
	if !described {
		w.rawf("<pre class=\"sig\"><code>%s {\n", w.code([]token{{kind: tokKeyword, text: string(n.kind) + " "}, {kind: tokName, text: spelled(n.name)}}))
		for _, m := range n.members {
			w.rawf("  <span %s>%s,</span>\n", memberAttributes(m), w.code(m.sig))
		}
		w.raw("}</code></pre>\n")
		return
	}
	w.raw("<ul class=\"members\">\n")
	for _, m := range n.members {
		w.rawf("<li %s><code class=\"sig\">%s</code>", memberAttributes(m), w.code(m.sig))
		w.comment(m, min(level+1, 6))
		w.raw("</li>\n")
	}
	w.raw("</ul>\n")
}

func memberAttributes(m *node) string {
	return fmt.Sprintf("id=\"%s\" class=\"member\" data-kind=\"%s\" data-name=\"%s\" data-path=\"%s\"", html.EscapeString(m.id), m.kind,
		html.EscapeString(m.name), html.EscapeString(where(m)))
}

func (w *htmlWriter) function(level int, n *node) {
	w.open(n, level)
	w.signature(n.sig)
	w.comment(n, min(level+1, 6))
	w.raw("</section>\n")
}

// used lists the users of a type. The list is collapsed because some types have many users.
func (w *htmlWriter) used(n *node) {
	list := keys(&n.usedBy)
	if len(list) == 0 {
		return
	}
	w.rawf("<details class=\"used\"><summary>Used by %d</summary>\n<ul>\n", len(list))
	for _, u := range list {
		w.rawf("<li>%s</li>\n", w.reference(u, n))
	}
	w.raw("</ul>\n</details>\n")
}

func (w *htmlWriter) reference(to, at *node) string {
	return fmt.Sprintf("<a href=\"#%s\">%s</a>", html.EscapeString(to.id), breakable(to.seenFrom(at)))
}

// references writes a list of nodes on one line.
func (w *htmlWriter) references(title string, at *node, list []*node) {
	if len(list) == 0 {
		return
	}
	w.rawf("<p class=\"refs\">%s ", title)
	for i, n := range list {
		if i > 0 {
			w.raw(", ")
		}
		w.raw(w.reference(n, at))
	}
	w.raw("</p>\n")
}

package doc

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// markdownWriter writes Markdown. The levels of headings are: 1 for a package, 2 for a world or
// interface, 3 for its sections, 4 for an item and 5 for a method.
type markdownWriter struct {
	site *site
	out  bytes.Buffer
	// file maps each package to the name of its file, or is nil if all are in one. at is the package
	// being written.
	file map[*node]string
	at   *node
}

func (s *site) markdown() []byte {
	w := &markdownWriter{site: s}
	for _, p := range s.packages {
		w.pkg(p)
	}
	return w.out.Bytes()
}

// indexFile is the name of the file that repository hosts show with its folder.
const indexFile = "README.md"

func (s *site) markdownFiles() []File {
	w := &markdownWriter{site: s, file: map[*node]string{}}
	taken := map[string]bool{}
	for _, p := range s.packages {
		base := strings.NewReplacer(":", "-", "/", "-", "@", "-").Replace(p.name)
		file := base + ".md"
		for i := 2; taken[strings.ToLower(file)]; i++ {
			file = base + "~" + strconv.Itoa(i) + ".md"
		}
		taken[strings.ToLower(file)] = true
		w.file[p] = file
	}
	w.index()
	files := []File{{indexFile, w.take()}}
	for _, p := range s.packages {
		w.pkg(p)
		files = append(files, File{w.file[p], w.take()})
	}
	return files
}

func (w *markdownWriter) take() []byte {
	data := bytes.Clone(w.out.Bytes())
	w.out.Reset()
	return data
}

func (w *markdownWriter) printf(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

// block ends a paragraph: any text after it is in a new one.
func (w *markdownWriter) block() {
	if n := w.out.Len(); n > 0 && !bytes.HasSuffix(w.out.Bytes(), []byte("\n\n")) {
		w.out.WriteByte('\n')
	}
}

// index lists the packages and their worlds and interfaces.
func (w *markdownWriter) index() {
	w.printf("# %s\n", escapeMarkdown(w.site.title))
	for i, p := range w.site.packages {
		if i == 1 && w.site.hasMain {
			w.printf("\n## Dependencies\n")
		}
		w.printf("\n%s %s\n", map[bool]string{true: "##", false: "###"}[i == 0 || !w.site.hasMain], w.link(p, p.name))
		if s := summary(p.doc, 300); s != "" {
			w.printf("\n%s\n", escapeMarkdown(s))
		}
		w.contents(p)
	}
}

// contents lists the worlds and interfaces of a package.
func (w *markdownWriter) contents(p *node) {
	for _, list := range []struct {
		title string
		nodes []*node
	}{{"Worlds", p.worlds}, {"Interfaces", p.interfaces}} {
		if len(list.nodes) == 0 {
			continue
		}
		w.block()
		w.printf("**%s**\n\n", list.title)
		for _, n := range list.nodes {
			w.printf("- %s%s\n", w.link(n, n.name), dash(summary(n.doc, 160)))
		}
	}
}

// dash returns a remark to append to a name.
func dash(remark string) string {
	if remark == "" {
		return ""
	}
	return ": " + escapeMarkdown(remark)
}

// link returns a link to a node whose text is code.
func (w *markdownWriter) link(to *node, label string) string {
	if to == nil {
		return code(label)
	}
	href := "#" + to.id
	if w.file != nil && to.pkg() != w.at {
		href = w.file[to.pkg()] + href
	}
	return "[" + code(label) + "](" + href + ")"
}

// code returns a text as inline code.
func code(s string) string {
	s = strings.ReplaceAll(s, "\n", " ")
	run := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return run + s + run
}

// escapeMarkdown escapes a text so that Markdown shows it literally.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, c := range s {
		if strings.ContainsRune("\\`*_[]<>|&~#!", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// inline returns tokens as one line of code with links.
func (w *markdownWriter) inline(tokens []token) string {
	var b, run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			b.WriteString(code(run.String()))
			run.Reset()
		}
	}
	for _, t := range tokens {
		if t.to == nil {
			run.WriteString(t.text)
			continue
		}
		flush()
		b.WriteString(w.link(t.to, t.text))
	}
	flush()
	return b.String()
}

func (w *markdownWriter) heading(level int, n *node) {
	w.block()
	kind := ""
	if n.kind != kPackage && n.kind != kConstructor {
		kind = string(n.kind) + " "
	}
	w.printf("%s <a id=\"%s\"></a>%s%s\n", strings.Repeat("#", level), n.id, kind, code(n.spelled()))
	w.badges(n.badges)
}

func (w *markdownWriter) badges(list []badge) {
	if len(list) == 0 {
		return
	}
	w.block()
	for i, b := range list {
		if i > 0 {
			w.printf(" · ")
		}
		w.printf("*%s*", escapeMarkdown(b.text))
	}
	w.printf("\n")
}

func (w *markdownWriter) comment(n *node, level int) {
	if c := commentMarkdown(n.doc, level); c != "" {
		w.block()
		w.printf("%s", c)
	}
}

func (w *markdownWriter) section(title string) {
	w.block()
	w.printf("### %s\n", title)
}

func (w *markdownWriter) pkg(p *node) {
	w.at = p
	w.heading(1, p)
	w.comment(p, 2)
	w.contents(p)
	for _, n := range p.worlds {
		w.world(n)
	}
	for _, n := range p.interfaces {
		w.iface(2, n)
	}
	w.at = nil
}

func (w *markdownWriter) world(n *node) {
	w.heading(2, n)
	w.comment(n, 3)
	w.items("Imports", n.imports)
	w.types(4, n)
	w.items("Exports", n.exports)
}

// items writes the imports or exports of a world: a list of interfaces, then the items declared in
// the world.
func (w *markdownWriter) items(title string, items []worldItem) {
	if len(items) == 0 {
		return
	}
	w.section(title)
	w.block()
	for _, i := range items {
		if i.own != nil {
			continue
		}
		label := ""
		if i.label != "" {
			label = code(spelled(i.label)+":") + " "
		}
		remark := i.doc
		if to := i.ref.to; remark == "" && to != nil {
			remark = to.doc
		}
		w.printf("- %s%s%s", label, w.link(i.ref.to, i.ref.text), dash(summary(remark, 160)))
		for _, b := range i.badges {
			w.printf(" *(%s)*", escapeMarkdown(b.text))
		}
		w.printf("\n")
	}
	for _, i := range items {
		switch {
		case i.own == nil:
		case i.own.kind == kInterface:
			w.iface(4, i.own)
		default:
			w.function(4, i.own)
		}
	}
}

// iface writes an interface. Inside a world, its headings and those of its items are at lower
// levels.
func (w *markdownWriter) iface(level int, n *node) {
	w.heading(level, n)
	w.comment(n, min(level+1, 6))
	w.references("Imported by", n, keys(&n.importedBy))
	w.references("Exported by", n, keys(&n.exportedBy))
	inner := level + 1
	if level == 2 { // section headings come in between
		inner = 4
	}
	w.types(inner, n)
	if len(n.funcs) > 0 && level == 2 {
		w.section("Functions")
	}
	for _, f := range n.funcs {
		w.function(inner, f)
	}
}

// types writes the uses and definitions of an interface or world. Definitions have headings of the
// given level.
func (w *markdownWriter) types(level int, n *node) {
	if len(n.uses)+len(n.types) == 0 {
		return
	}
	if level == 4 {
		w.section("Types")
	}
	w.block()
	for _, u := range n.uses {
		w.printf("- %s", w.inline(u.sig()))
		for _, b := range u.badges {
			w.printf(" *(%s)*", escapeMarkdown(b.text))
		}
		w.printf("\n")
	}
	for _, t := range n.types {
		w.typ(level, t)
	}
}

func (w *markdownWriter) typ(level int, n *node) {
	w.heading(level, n)
	if len(n.sig) > 0 {
		w.block()
		w.printf("%s\n", w.inline(n.sig))
	}
	w.comment(n, min(level+1, 6))
	w.block()
	for _, m := range n.members {
		w.printf("- <a id=\"%s\"></a>%s\n", m.id, w.inline(m.sig))
		if c := commentMarkdown(m.doc, min(level+1, 6)); c != "" {
			w.printf("\n")
			for line := range strings.Lines(c) {
				if line != "\n" {
					w.printf("  ")
				}
				w.printf("%s", line)
			}
			w.printf("\n")
		}
	}
	w.references("Used by", n, keys(&n.usedBy))
	for _, f := range n.funcs {
		w.function(min(level+1, 6), f)
	}
}

func (w *markdownWriter) function(level int, n *node) {
	w.heading(level, n)
	w.block()
	w.printf("```wit\n%s;\n```\n", plain(n.sig))
	w.comment(n, min(level+1, 6))
	if len(n.params) == 0 && len(n.result) == 0 {
		return
	}
	w.block()
	for _, p := range n.params {
		w.printf("- %s %s\n", code(p.name+":"), w.inline(p.typ))
	}
	if len(n.result) > 0 {
		w.printf("- returns %s\n", w.inline(n.result))
	}
}

// references writes a list of nodes on one line.
func (w *markdownWriter) references(title string, at *node, list []*node) {
	if len(list) == 0 {
		return
	}
	w.block()
	w.printf("%s: ", title)
	for i, n := range list {
		if i > 0 {
			w.printf(", ")
		}
		w.printf("%s", w.link(n, n.seenFrom(at)))
	}
	w.printf("\n")
}

package lsp

import (
	"strings"

	"go.lsp.dev/protocol"

	"github.com/mortise-wasm/mortise/wit/syntax"
)

var (
	typeStarts = []string{"type", "record", "variant", "enum", "flags", "resource"}
	primitives = []string{
		"bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string", "error-context",
	}
	typeMakers = []string{"list", "option", "result", "tuple", "future", "stream", "own", "borrow", "map"}
)

// completion proposes texts that fit at a position.
func (s *server) completion(p *protocol.CompletionParams) (*protocol.CompletionList, error) {
	k, t, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	c := newCursor(t.text.data, t.text.offset(p.Position, s.enc))
	l := &proposals{s: s, k: k, t: t, c: c, seen: map[string]bool{}, list: []protocol.CompletionItem{}}
	if !c.nothing {
		l.fill()
	}
	return &protocol.CompletionList{Items: l.list}, nil
}

// proposals collects the texts that fit at a cursor.
type proposals struct {
	s    *server
	k    *pack
	t    *tree
	c    *cursor
	seen map[string]bool
	list []protocol.CompletionItem
}

// add proposes to replace the text between start and the cursor.
func (l *proposals) add(label string, kind protocol.CompletionItemKind, start int, insert, detail, docs string) {
	if l.seen[label] {
		return
	}
	l.seen[label] = true
	i := protocol.CompletionItem{
		Label: label, Kind: kind, TextEdit: &protocol.TextEdit{Range: l.t.text.rng(start, l.c.at, l.s.enc), NewText: insert},
	}
	if detail != "" {
		i.Detail = protocol.NewOptional(detail)
	}
	if docs != "" {
		i.Documentation = &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: docs}
	}
	l.list = append(l.list, i)
}

func (l *proposals) keywords(words ...string) {
	for _, w := range words {
		l.add(w, protocol.CompletionItemKindKeyword, l.c.start, w, "", "")
	}
}

// fill adds proposals according to the statement at the cursor.
func (l *proposals) fill() {
	c := l.c
	switch {
	case c.attr:
		l.attributes()
		return
	case c.inAttr != "":
		if len(c.stmt) == 0 {
			l.add(argument(c.inAttr)+" = ", protocol.CompletionItemKindProperty, c.start, argument(c.inAttr)+" = ", "", "")
		} else if c.last() == "=" && argument(c.inAttr) == "version" {
			l.version()
		} else if c.last() == "=" && argument(c.inAttr) == "feature" {
			for _, f := range l.k.features() {
				l.add(f, protocol.CompletionItemKindValue, c.start, escape(f), "", "")
			}
		}
		return
	}
	switch b := c.top(); b.kind {
	case blockTop:
		l.inTop()
	case blockInterface:
		l.inInterface()
	case blockWorld:
		l.inWorld()
	case blockResource:
		switch {
		case len(c.stmt) == 0:
			l.keywords("constructor")
		case c.word(0) == "constructor":
			l.types(1)
		default:
			l.function(0, "func", "static", "async")
		}
	case blockRecord:
		l.types(1)
	case blockVariant:
		l.types(1)
	case blockUse:
		l.used()
	case blockWith:
		l.renamed()
	}
}

func (l *proposals) inTop() {
	switch l.c.word(0) {
	case "":
		if l.t.file.Package == nil || len(l.c.blocks) == 1 && l.c.at <= int(l.t.file.Package.Start) {
			l.keywords("package")
		}
		l.keywords("interface", "world", "use")
	case "use":
		l.paths(1, true, true)
	}
}

func (l *proposals) inInterface() {
	switch c := l.c; c.word(0) {
	case "":
		l.keywords("use")
		l.keywords(typeStarts...)
	case "use":
		l.paths(1, true, false)
	case "type":
		l.types(2)
	default:
		l.function(0, "func", "async")
	}
}

func (l *proposals) inWorld() {
	switch c := l.c; c.word(0) {
	case "":
		l.keywords("import", "export", "include", "use")
		l.keywords(typeStarts...)
	case "use":
		l.paths(1, true, false)
	case "include":
		l.paths(1, false, true)
		if len(c.stmt) > 1 && c.stmt[len(c.stmt)-1].kind == scanWord {
			l.keywords("with")
		}
	case "import", "export":
		l.paths(1, true, false)
		if c.isLabel(1) && c.word(2) == ":" {
			l.paths(3, true, false)
			l.function(1, "func", "async", "interface")
		}
	case "type":
		l.types(2)
	}
}

// function proposes the words after the name and colon of a function. The name is token n.
func (l *proposals) function(n int, starts ...string) {
	switch c := l.c; {
	case c.word(n+1) != ":":
	case len(c.stmt) == n+2:
		l.keywords(starts...)
	case c.last() == "static":
		l.keywords("func", "async")
	case c.last() == "async":
		l.keywords("func")
	default:
		l.types(n + 2)
	}
}

// types proposes types if one fits in a statement whose type starts at token n.
func (l *proposals) types(n int) {
	c := l.c
	if !c.inType(n) {
		return
	}
	// A type cannot be part of itself.
	if b := c.top(); (b.kind == blockRecord || b.kind == blockVariant) && len(b.head) > 1 {
		l.seen[strings.TrimPrefix(c.text(b.head[1]), "%")] = true
	} else if c.word(0) == "type" {
		l.seen[strings.TrimPrefix(c.word(1), "%")] = true
	}
	handle := len(c.stmt) > 1 && c.last() == "<" && (c.word(len(c.stmt)-2) == "own" || c.word(len(c.stmt)-2) == "borrow")
	for i := len(c.blocks) - 1; i >= 0; i-- {
		if b := &c.blocks[i]; b.kind == blockInterface || b.kind == blockWorld {
			l.scope(b, handle)
			break
		}
	}
	if handle {
		return
	}
	for _, w := range primitives {
		l.add(w, protocol.CompletionItemKindKeyword, c.start, w, "", "")
	}
	for _, w := range typeMakers {
		l.add(w, protocol.CompletionItemKindKeyword, c.start, w, "", "")
	}
}

// scope proposes the types of an interface or world: those in the tree, and those that the parser
// could not read. If handles is set, it proposes only types that may be resources.
func (l *proposals) scope(b *block, handles bool) {
	for _, h := range b.head {
		if h.kind != scanWord || syntax.IsKeyword(l.c.text(h)) {
			continue
		}
		if n, ok := l.t.at(h.start); ok {
			for _, m := range members(n.node) {
				if !handles || l.k.mayBeResource(l.t, m) {
					l.member(l.t, m)
				}
			}
		}
		break
	}
	for _, label := range b.types {
		if label = strings.TrimPrefix(label, "%"); !handles {
			l.add(label, protocol.CompletionItemKindStruct, l.c.start, escape(label), "", "")
		}
	}
}

// member proposes a type, or a label of an import or export.
func (l *proposals) member(t *tree, m name) {
	id := strings.TrimPrefix(t.src(m.Range), "%")
	detail, docs := "", ""
	if m.node != nil {
		detail, _, _ = strings.Cut(t.signature(m), "\n")
		detail = strings.TrimSuffix(detail, " {")
		docs, _ = t.file.DocText(docsOf(m))
	}
	kind := protocol.CompletionItemKindStruct
	switch d := m.node.(type) {
	case *syntax.TypeDef:
		switch d.Kind {
		case syntax.EnumDef, syntax.VariantDef, syntax.FlagsDef:
			kind = protocol.CompletionItemKindEnum
		case syntax.ResourceDef:
			kind = protocol.CompletionItemKindClass
		}
	case *syntax.Extern:
		kind = protocol.CompletionItemKindFunction
		if d.Func == nil {
			kind = protocol.CompletionItemKindInterface
		}
	}
	l.add(id, kind, l.c.start, escape(id), detail, docs)
}

// escape returns a name as an identifier, with a `%` if it is a keyword.
func escape(label string) string {
	if syntax.IsKeyword(label) {
		return "%" + label
	}
	return label
}

// used proposes the types of the interface in a use.
func (l *proposals) used() {
	c := l.c
	if len(c.stmt) > 0 {
		if len(c.stmt) == 1 {
			l.keywords("as")
		}
		return
	}
	b := c.top()
	for _, label := range b.taken {
		l.seen[strings.TrimPrefix(label, "%")] = true
	}
	if t, it := l.k.item(l.t, l.pathIn(b.head)); it != nil {
		if i, ok := it.(*syntax.Interface); ok {
			for _, m := range members(i) {
				l.member(t, m)
			}
		}
	}
}

// renamed proposes the labels of the world in an include.
func (l *proposals) renamed() {
	c := l.c
	if len(c.stmt) > 0 {
		if len(c.stmt) == 1 {
			l.keywords("as")
		}
		return
	}
	for _, label := range c.top().taken {
		l.seen[strings.TrimPrefix(label, "%")] = true
	}
	if t, it := l.k.item(l.t, l.pathIn(c.top().head)); it != nil {
		if w, ok := it.(*syntax.World); ok {
			for _, m := range append(members(w), labelsOf(w)...) {
				l.member(t, m)
			}
		}
	}
}

// pathIn returns the path in the head of a use or include.
func (l *proposals) pathIn(head []scanned) string {
	var b strings.Builder
	for i, k := range head {
		w := l.c.text(k)
		if i == 0 || w == "." && i == len(head)-1 {
			continue
		}
		if w == "with" {
			break
		}
		b.WriteString(w)
	}
	return b.String()
}

// paths proposes interfaces and worlds to replace the text from token n on.
func (l *proposals) paths(n int, interfaces, worlds bool) {
	c := l.c
	start := c.start
	if len(c.stmt) > n {
		start = c.stmt[n].start
		if len(c.blocks) > 1 && c.word(0) == "use" && c.endsPath() {
			l.add("{", protocol.CompletionItemKindKeyword, c.start, "{", "", "")
			return
		}
		// A path contains no white space. After white space another word starts.
		if strings.ContainsAny(string(c.data[start:c.at]), " \t\r\n") {
			return
		}
	}
	fits := func(it syntax.Item) bool {
		switch it.(type) {
		case *syntax.Interface:
			return interfaces
		case *syntax.World:
			return worlds
		}
		return false
	}
	own := l.k.packageOf(l.t)
	if self := c.around(); self != "" && c.word(0) != "import" && c.word(0) != "export" {
		l.seen[self] = true // an item cannot use or include itself
	}
	for _, it := range l.t.file.Items {
		if u, ok := it.(*syntax.TopUse); ok && l.c.word(0) != "" && len(c.blocks) > 1 {
			l.path(u.Local().Name, start, nil, nil)
		}
	}
	for _, g := range l.k.groups() {
		for _, it := range g.items {
			if !fits(it) {
				continue
			}
			id, _ := itemName(it)
			if g.pkg == own {
				l.path(escape(id.Name), start, g.tree, it)
				continue
			}
			pkg, version, ok := strings.Cut(g.pkg, "@")
			if ok {
				version = "@" + version
			}
			l.path(pkg+"/"+escape(id.Name)+version, start, g.tree, it)
		}
	}
}

func (l *proposals) path(label string, start int, t *tree, it syntax.Item) {
	kind, docs := protocol.CompletionItemKindInterface, ""
	switch d := it.(type) {
	case *syntax.Interface:
		docs, _ = t.file.DocText(d.Docs)
	case *syntax.World:
		kind = protocol.CompletionItemKindModule
		docs, _ = t.file.DocText(d.Docs)
	}
	l.add(label, kind, start, label, "", docs)
}

// argument returns the name of the argument of an attribute, or "".
func argument(attr string) string {
	switch attr {
	case "since", "deprecated":
		return "version"
	case "unstable":
		return "feature"
	}
	return ""
}

func (l *proposals) attributes() {
	for _, a := range []struct{ name, docs string }{
		{"since", "The version of the package that added the item."},
		{"unstable", "The feature that enables the item."},
		{"deprecated", "The version that deprecated the item."},
	} {
		value := ""
		if argument(a.name) == "version" {
			value = l.packageVersion()
		}
		text := a.name + "(" + argument(a.name) + " = " + value + ")"
		l.add(a.name, protocol.CompletionItemKindProperty, l.c.start, text, text, a.docs)
	}
	l.add("external-id", protocol.CompletionItemKindProperty, l.c.start, `external-id("")`, "", "A name with a meaning outside of WIT.")
}

// packageVersion returns the version of the package of the file, or "".
func (l *proposals) packageVersion() string {
	_, v, _ := strings.Cut(l.k.packageOf(l.t), "@")
	return v
}

func (l *proposals) version() {
	if v := l.packageVersion(); v != "" {
		l.add(v, protocol.CompletionItemKindValue, l.c.start, v, "the version of the package", "")
	}
}

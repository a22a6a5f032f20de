package inspect

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
)

// Limits that keep a report to about one screen. The JSON form is complete.
const (
	maxRows  = 40  // of one table
	maxNames = 60  // columns for the names of an interface's functions
	maxType  = 90  // columns for a type
	maxWIT   = 110 // columns for a line of WIT

	maxFeatures = 400 // columns for target features, which may take several lines
)

// A screen writes a report as text.
type screen struct {
	b     strings.Builder
	color bool
	width int // columns, or zero if not limited
}

const bold, plain = "\x1b[1m", "\x1b[0m"

func (s *screen) strong(text string) {
	if s.color {
		text = bold + text + plain
	}
	s.b.WriteString(text)
}

func (s *screen) heading(format string, args ...any) {
	s.b.WriteString("\n")
	s.strong(s.wrap(fmt.Sprintf(format, args...), 0, 2))
	s.b.WriteString("\n")
}

// line writes a line of text, wrapped if it does not fit.
func (s *screen) line(indent int, format string, args ...any) {
	s.b.WriteString(strings.Repeat(" ", indent) + s.wrap(fmt.Sprintf(format, args...), indent, indent) + "\n")
}

// wrap wraps text that starts after used columns. It does not separate a number from a percent
// sign.
func (s *screen) wrap(text string, used, indent int) string {
	text = diag.Wrap(strings.ReplaceAll(text, " %", "\u00a0%"), used, indent, s.width)
	return strings.ReplaceAll(text, "\u00a0%", " %")
}

// title writes the first line of a report, with the name of the file.
func (s *screen) title(file, format string, args ...any) {
	file = clean(file)
	s.strong(file)
	s.b.WriteString(":")
	if text := s.wrap(fmt.Sprintf(format, args...), diag.Columns(file)+2, 2); strings.HasPrefix(text, "\n") {
		s.b.WriteString(text + "\n")
	} else {
		s.b.WriteString(" " + text + "\n")
	}
}

// pairs writes rows of a label and a text, which may take several lines.
func (s *screen) pairs(rows [][]string) {
	rows, hidden := limited(rows)
	defer s.hidden(hidden)
	at := 0
	for _, row := range rows {
		at = max(at, 2+diag.Columns(row[0])+3)
	}
	for _, row := range rows {
		text := s.wrap(row[1], at, at)
		s.b.WriteString("  " + row[0] + strings.Repeat(" ", at-2-diag.Columns(row[0])) + text + "\n")
	}
}

// table writes rows with aligned columns. Those listed in right are right-aligned. A row may be
// shorter than the others.
func (s *screen) table(rows [][]string, right ...int) {
	rows, hidden := limited(rows)
	s.rows(grid{rows: rows, right: right})
	s.hidden(hidden)
}

// limited returns the rows to show and the number of rows left out.
func limited(rows [][]string) (shown [][]string, hidden int) {
	if len(rows) <= maxRows+1 {
		return rows, 0
	}
	return rows[:maxRows], len(rows) - maxRows
}

// hidden writes a line with the number of rows left out.
func (s *screen) hidden(n int) {
	if n > 0 {
		s.line(2, "… %s more (--format json has them)", number(n))
	}
}

// report writes the report on a file.
func (s *screen) report(r *Report) {
	s.title(r.File, "%s", title(r))
	s.pairs(facts(r))
	switch r.Kind {
	case "wit-package":
		s.pack(r)
	case "module":
		s.coreImports(r.Imports)
		s.items("Exports", r.Exports)
		s.worlds("World it is made for", r)
		s.sections(r)
	default:
		if len(r.Worlds) == 1 {
			s.worlds("World (imports "+none(r.Imports)+"; exports "+none(r.Exports)+")", r)
		} else {
			s.items("Imports", r.Imports)
			s.items("Exports", r.Exports)
		}
		s.contents(r)
	}
	s.custom(r)
	s.producers(r)
	if r.Truncated {
		s.b.WriteString("\n")
		s.line(0, "The imports and exports are not complete: there are more than are shown and counted here.")
	}
}

func title(r *Report) string {
	t := map[string]string{"component": "component", "module": "core module", "wit-package": "WIT package"}[r.Kind]
	if r.Package != "" {
		t += " " + clean(r.Package)
	}
	if r.Role != "" {
		t += ", " + clean(r.Role)
	}
	return t
}

// facts returns the short facts of the report as pairs of a label and a text.
func facts(r *Report) [][]string {
	rows := [][]string{{"size", count(r.Size, "byte")}}
	if r.Size >= kib {
		rows[0][1] += " (" + human(float64(r.Size)) + ")"
	}
	if !r.Valid {
		rows = append(rows, []string{"valid", "no"})
	} else if r.Kind != "module" {
		rows = append(rows, []string{"valid", "yes"})
	}
	p := &r.Contents
	if p.Name != "" {
		rows = append(rows, []string{"name", clip(p.Name, maxType)})
	}
	m := p.Module
	if m == nil {
		if p.Names > 0 {
			rows = append(rows, []string{"names", count(p.Names, "definition") + " named"})
		}
		return rows
	}
	if text := defined(m); text != "" {
		rows = append(rows, []string{"defines", text})
	}
	for _, mem := range m.Memories[:min(len(m.Memories), maxRows)] {
		rows = append(rows, []string{"memory", mem.String()})
	}
	if m.Start != nil {
		text := fmt.Sprintf("function %d", *m.Start)
		if m.StartName != "" {
			text += " (" + clip(m.StartName, maxType) + ")"
		}
		rows = append(rows, []string{"start", text})
	}
	if p.Names > 0 {
		rows = append(rows, []string{"names", count(p.Names, "function") + " named"})
	}
	if len(m.Features) > 0 {
		rows = append(rows, []string{"features", clip(strings.Join(m.Features, " "), maxFeatures)})
	}
	return rows
}

// defined counts the definitions of a core module by kind.
func defined(m *Module) string {
	var words []string
	for _, x := range []struct {
		n    int
		noun string
	}{
		{m.Functions, "function"}, {m.Tables, "table"}, {m.Globals, "global"}, {m.Tags, "tag"},
		{m.Elements, "element segment"}, {m.Data, "data segment"},
	} {
		if x.n > 0 {
			words = append(words, count(x.n, x.noun))
		}
	}
	return strings.Join(words, ", ")
}

// String describes the size of a memory and how far it can grow.
func (m Memory) String() string {
	size := func(pages uint64) string {
		unit := " pages"
		if pages == 1 {
			unit = " page"
		}
		return strconv.FormatUint(pages, 10) + unit + " (" + human(float64(pages)*float64(m.PageSize)) + ")"
	}
	text := size(m.Min)
	switch {
	case m.Max == nil:
		text += ", no maximum"
	case *m.Max == m.Min:
		text += ", fixed"
	default:
		text += ", at most " + size(*m.Max)
	}
	if m.Is64 {
		text += ", 64-bit"
	}
	if m.Shared {
		text += ", shared"
	}
	if m.Imported {
		text += ", imported"
	}
	return text
}

// items lists imports or exports, one on each line.
func (s *screen) items(heading string, list []Item) {
	if len(list) == 0 {
		s.heading("%s: none", heading)
		return
	}
	s.heading("%s (%s)", heading, kinds(list))
	var rows [][]string
	for _, x := range list {
		rows = append(rows, []string{clip(displayName(x), maxType), x.Kind, describe(x)})
	}
	s.table(rows)
}

// kinds counts items by kind: "1 type, 2 functions".
func kinds(list []Item) string {
	var order []string
	n := map[string]int{}
	for _, x := range list {
		if n[x.Kind] == 0 {
			order = append(order, x.Kind)
		}
		n[x.Kind]++
	}
	for i, kind := range order {
		order[i] = count(n[kind], kindNoun(kind))
	}
	return strings.Join(order, ", ")
}

// none is kinds, except that it returns "nothing" for an empty list.
func none(list []Item) string {
	if len(list) == 0 {
		return "nothing"
	}
	return kinds(list)
}

// displayName returns the name of an item, with the interface that it implements if any.
func displayName(x Item) string {
	if x.Implements != "" {
		return x.Name + " (" + x.Implements + ")"
	}
	return x.Name
}

// describe summarizes the contents of an item, or returns its type.
func describe(x Item) string {
	switch {
	case x.Kind == "interface" && x.Items == nil:
		return ""
	case x.Kind == "interface":
		return contentsOf(x.Items)
	case x.Kind == "component" || x.Kind == "world":
		return count(len(x.Imports), "import") + ", " + count(len(x.Exports), "export")
	default:
		return clip(x.Type, maxType)
	}
}

// contentsOf counts the exports of an interface and names its first functions.
func contentsOf(items []Item) string {
	n := map[string]int{}
	var names []string
	for _, x := range items {
		n[x.Kind]++
		if x.Kind == "func" {
			names = append(names, shortName(x.Name))
		}
	}
	var parts []string
	for _, k := range []struct{ kind, noun string }{{"resource", "resource"}, {"type", "type"}, {"value", "value"}} {
		if n[k.kind] > 0 {
			parts = append(parts, count(n[k.kind], k.noun))
		}
	}
	if n["func"] > 0 {
		parts = append(parts, count(n["func"], "function")+": "+firstNames(names))
	}
	if len(parts) == 0 {
		return "empty"
	}
	return strings.Join(parts, ", ")
}

// shortName returns the name of a function without the annotation in brackets: card.text for
// [method]card.text.
func shortName(name string) string {
	annotation, rest, ok := strings.Cut(name, "]")
	switch {
	case !ok || !strings.HasPrefix(annotation, "["):
		return name
	case strings.Contains(annotation, "constructor"):
		return rest + ".constructor"
	default:
		return rest
	}
}

// firstNames joins as many names as fit, but at least one.
func firstNames(names []string) string {
	text, used := "", 0
	for i, name := range names {
		name = clip(name, maxNames)
		n := diag.Columns(name)
		if i > 0 {
			if used+n+2 > maxNames {
				return text + fmt.Sprintf(", … %s more", number(len(names)-i))
			}
			text += ", "
			used += 2
		}
		text += name
		used += n
	}
	return text
}

// coreImports lists the imports of a core module, grouped by module name and kind.
func (s *screen) coreImports(list []Item) {
	if len(list) == 0 {
		s.heading("Imports: none")
		return
	}
	type group struct{ module, kind string }
	var order []group
	names := map[group][]string{}
	types := map[group]string{}
	for _, x := range list {
		g := group{x.Module, x.Kind}
		if names[g] == nil {
			order = append(order, g)
		}
		names[g] = append(names[g], x.Name)
		types[g] = x.Type
	}
	s.heading("Imports (%s)", kinds(list))
	var rows [][]string
	for _, g := range order {
		row := []string{clip(g.module, maxType), count(len(names[g]), kindNoun(g.kind)), firstNames(names[g])}
		if len(names[g]) == 1 && types[g] != "" {
			row[2] += ": " + clip(types[g], maxType)
		}
		rows = append(rows, row)
	}
	s.table(rows)
}

func kindNoun(kind string) string {
	if kind == "func" {
		return "function"
	}
	return kind
}

// pack lists the interfaces and worlds of a WIT package.
func (s *screen) pack(r *Report) {
	for _, k := range []struct{ kind, heading string }{{"interface", "Interfaces"}, {"world", "Worlds"}} {
		if k.kind == "world" && len(r.Worlds) > 0 {
			s.worlds("Worlds ("+number(len(r.Worlds))+")", r)
			continue
		}
		var rows [][]string
		for _, x := range r.Exports {
			if x.Kind == k.kind {
				rows = append(rows, []string{clip(x.Name, maxType), describe(x)})
			}
		}
		if len(rows) > 0 {
			s.heading("%s (%s)", k.heading, number(len(rows)))
			s.table(rows)
		}
	}
}

// contents writes the tree of components and core modules. The last row is the rest of the file.
func (s *screen) contents(r *Report) {
	if len(r.Contents.Parts) == 0 {
		return
	}
	var rows []treeRow
	modules, components, rest := 0, 0, r.Size
	var walk func(parts []Part, depth int)
	walk = func(parts []Part, depth int) {
		for i := range parts {
			p := &parts[i]
			if p.Kind == "module" {
				modules++
			} else {
				components++
			}
			rows = append(rows, treeRow{depth, p.Kind, p.Size, p.Name != "", len(p.Parts) == 0, p.row(depth)})
			walk(p.Parts, depth+1)
		}
	}
	walk(r.Contents.Parts, 0)
	for i := range r.Contents.Parts {
		rest -= r.Contents.Parts[i].Size
	}
	var what []string
	if components > 0 {
		what = append(what, count(components, "component"))
	}
	if modules > 0 {
		what = append(what, count(modules, "core module"))
	}
	s.heading("Contents (%s)", strings.Join(what, ", "))
	all := []string{"all else", number(rest), percent(r.share(rest)), "types, wiring, custom sections"}
	s.table(append(fold(rows, r.Size), all), 1, 2)
}

func (p *Part) row(depth int) []string {
	label := strings.Repeat("  ", depth) + p.Item
	if p.Name != "" {
		label += " " + clip(p.Name, maxNames)
	}
	text := count(p.Imports, "import") + ", " + count(p.Exports, "export")
	switch {
	case p.Module != nil && p.Module.Functions > 0:
		text += ", " + count(p.Module.Functions, "function")
	case p.Kind == "module" && p.Module == nil:
		text = "cannot be read"
	}
	return []string{label, number(p.Size), percent(p.Share), text}
}

// sections lists the sections of a core module, except custom sections.
func (s *screen) sections(r *Report) {
	if r.Contents.Module == nil || len(r.Contents.Module.Sections) == 0 {
		return
	}
	s.heading("Sections")
	var rows [][]string
	for _, x := range r.Contents.Module.Sections {
		rows = append(rows, []string{x.Name, number(x.Size), percent(x.Share)})
	}
	s.table(rows, 1, 2)
}

// custom lists the custom sections of the whole file by name, largest first.
func (s *screen) custom(r *Report) {
	type group struct {
		name    string
		size, n int
		at      *place
		spread  bool // over several parts
	}
	var groups []*group
	byName := map[string]*group{}
	r.Contents.walk(nil, func(p *Part, at *place) {
		for _, c := range p.Custom {
			g := byName[c.Name]
			if g == nil {
				g = &group{name: c.Name, at: at}
				byName[c.Name] = g
				groups = append(groups, g)
			}
			g.size += c.Size
			g.n++
			g.spread = g.spread || g.at != at
		}
	})
	if len(groups) == 0 {
		return
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(b.size, a.size) })
	s.heading("Custom sections")
	var rows [][]string
	for i, g := range groups {
		where := ""
		switch {
		case i > maxRows: // not shown
		case g.spread:
			where = fmt.Sprintf("in %s places", number(g.n))
		case g.at.around != nil:
			where = "in " + g.at.path()
		}
		rows = append(rows, []string{clip(g.name, maxNames), number(g.size), percent(r.share(g.size)), where})
	}
	s.table(rows, 1, 2)
}

// A place is the position of a part in the tree.
type place struct {
	item   string
	around *place // nil for the file itself
}

// path returns the path in the form "component 0 > core module 2".
func (at *place) path() string {
	if at.around == nil || at.around.around == nil {
		return at.item
	}
	return at.around.path() + " > " + at.item
}

// walk calls visit for p and all its nested parts, outermost first.
func (p *Part) walk(around *place, visit func(*Part, *place)) {
	at := &place{p.Item, around}
	visit(p, at)
	for i := range p.Parts {
		p.Parts[i].walk(at, visit)
	}
}

// producers lists the producers of the file and its parts, each of them once.
func (s *screen) producers(r *Report) {
	fields := []string{"language", "processed-by", "sdk"}
	known := map[string]bool{fields[0]: true, fields[1]: true, fields[2]: true}
	seen := map[Producer]bool{}
	values := map[string][]string{}
	r.Contents.walk(nil, func(p *Part, _ *place) {
		for _, x := range p.Producers {
			if seen[x] {
				continue
			}
			seen[x] = true
			if !known[x.Field] {
				known[x.Field] = true
				fields = append(fields, x.Field)
			}
			values[x.Field] = append(values[x.Field], clip(strings.TrimSpace(x.Name+" "+x.Version), maxNames))
		}
	})
	var rows [][]string
	for _, f := range fields {
		for i, v := range values[f] {
			label := ""
			if i == 0 {
				label = clip(f, maxNames)
			}
			rows = append(rows, []string{label, v})
		}
	}
	if len(rows) > 0 {
		s.heading("Producers")
		s.table(rows)
	}
}

// clean escapes text from a binary, so that it stays on its line and is safe on a terminal.
func clean(text string) string { return diag.Escape(strings.ReplaceAll(text, "\n", `\n`)) }

// clip is clean, and cuts the text to width columns.
func clip(text string, width int) string {
	text = clean(text)
	return diag.Cut(text, width)
}

// count returns "1 import", "2 imports".
func count(n int, noun string) string {
	return number(n) + " " + diag.Plural(n, noun)
}

// number formats n with a comma between thousands.
func number(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + " %" }

const kib = 1024

// human formats a number of bytes in a unit that gives it few digits.
func human(bytes float64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"}
	i := 0
	for ; bytes >= kib && i < len(units)-1; i++ {
		bytes /= kib
	}
	decimals := 1
	if bytes == math.Trunc(bytes) {
		decimals = 0
	}
	return strconv.FormatFloat(bytes, 'f', decimals, 64) + " " + units[i]
}

package wat

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// A place of a binary is its position in the text from which the binary was made. Parsing does not
// keep places, because most texts have no errors. When a place is needed, the text is parsed again,
// and the parser records the token of each definition. The binary is decoded. The two trees have
// the same shape and are walked in parallel:
//
//   - the definitions and declarations of components, by their position;
//   - the items of each section of core modules, by their position;
//   - the instructions of function bodies and constant expressions, by their position.
//
// Each pair is a range of the binary and a range of the text. The place of an offset is that of the
// innermost range.

// File returns the binary format of u as a file. Its spans are shown as places in the text: see
// [diag.File.Origin].
func (u *Unit) File(name string) *diag.File {
	f := diag.NewBinary(name, u.Append(nil))
	f.Origin = newOrigin(f.Data, u.reparse)
	return f
}

// Assemble converts a text to its binary format, in a file with the same name. Spans of the file
// are shown as places in the text. The errors are those of [Parse]. The result keeps a reference to
// f.
func Assemble(f *diag.File) (*diag.File, error) {
	u, err := Parse(f)
	if err != nil {
		return nil, err
	}
	return u.File(f.Name), nil
}

// marks records the tokens of parsed definitions. A nil *marks records nothing.
type marks struct {
	// toks maps definitions to their keywords.
	toks map[any]int
	// modules holds the resolved core modules. last is the most recently resolved one.
	modules map[*encoding.CoreModule]*coreResolver
	last    *coreResolver
}

func (m *marks) set(def any, tok int) {
	if m != nil {
		m.toks[def] = tok
	}
}

func (m *marks) addModule(r *coreResolver) {
	if m != nil {
		m.last = r
	}
}

// setModule records that the most recently resolved core module is d.
func (m *marks) setModule(d *encoding.CoreModule) {
	if m != nil {
		m.modules[d] = m.last
	}
}

// place is a range of the binary and the corresponding range of the text.
type place struct {
	start, end int
	text       textRange
	parent     int32 // index of the enclosing place, or -1
}

// textRange is a range of the source: the bytes from off to end.
type textRange struct{ off, end uint32 }

// newOrigin returns the function that finds places in the text. It parses the text again with
// reparse.
func newOrigin(data []byte, reparse func(*marks) (*parser, *Unit)) func(diag.Span) diag.Span {
	find := sync.OnceValues(func() (*diag.File, []place) {
		m := &marks{toks: map[any]int{}, modules: map[*encoding.CoreModule]*coreResolver{}}
		p, u := reparse(m)
		if u == nil {
			return p.file, nil
		}
		w := &placer{parser: p}
		w.unit(u, data)
		return p.file, w.sorted()
	})
	return func(s diag.Span) diag.Span {
		f, list := find()
		i, ok := slices.BinarySearchFunc(list, s.Start, func(p place, at int) int { return cmp.Compare(p.start, at) })
		for ok && i+1 < len(list) && list[i+1].start == s.Start {
			i++ // the innermost of the places that start here
		}
		if !ok {
			i--
		}
		for ; i >= 0; i = int(list[i].parent) {
			if p := &list[i]; p.end >= s.End && (p.end > s.Start || p.parent < 0) {
				return f.Span(int(p.text.off), int(p.text.end))
			}
		}
		return diag.Span{}
	}
}

// placer collects the places of a unit.
type placer struct {
	*parser
	list []place
	// closes holds the closing token for each opening token. isInstr marks the tokens of instructions.
	closes  []int32
	isInstr []bool
}

// sorted returns the places in order of their starts, outer places first, with their parents.
func (w *placer) sorted() []place {
	slices.SortStableFunc(w.list, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	var around []int32
	for i := range w.list {
		p := &w.list[i]
		for len(around) > 0 && w.list[around[len(around)-1]].end < p.end {
			around = around[:len(around)-1]
		}
		p.parent = -1
		if n := len(around); n > 0 {
			p.parent = around[n-1]
		}
		around = append(around, int32(i))
	}
	return w.list
}

func (w *placer) add(at encoding.Span, text textRange) {
	if text != (textRange{}) && at.End >= at.Start {
		w.list = append(w.list, place{start: at.Start, end: at.End, text: text})
	}
}

// unit collects the places of the whole text. They cover the whole binary.
func (w *placer) unit(u *Unit, data []byte) {
	w.match()
	root := w.head(1)
	if root == (textRange{}) {
		root.end = uint32(len(w.src)) // the text contains only annotations
	}
	w.add(encoding.Span{End: len(data)}, root)
	switch {
	case u.Component != nil:
		if c, err := encoding.Decode(diag.NewBinary("", data)); err == nil {
			w.component(c, u.Component)
		}
	case w.marks.last != nil:
		w.module(data, 0, w.marks.last)
	default:
		w.strings(data)
	}
}

// match finds the closing parenthesis of each list.
func (w *placer) match() {
	w.closes = make([]int32, len(w.toks))
	w.isInstr = make([]bool, len(w.toks))
	var open []int32
	for i, t := range w.toks {
		switch t.kind {
		case tokLParen:
			open = append(open, int32(i))
		case tokRParen:
			if n := len(open); n > 0 {
				w.closes[open[n-1]] = int32(i)
				open = open[:n-1]
			}
		}
	}
}

// strings collects the places of a binary that is written as strings.
func (w *placer) strings(data []byte) {
	at := 0
	for _, t := range w.toks {
		if t.kind == tokString && at < len(data) {
			b, _ := unquote(w.text(t))
			w.add(encoding.Span{Start: at, End: at + len(b)}, textRange{t.off, t.end})
			at += len(b)
		}
	}
}

// form returns the list that starts with the keyword at tok, or only the token if it does not start
// a list.
func (w *placer) form(tok int) textRange {
	if tok <= 0 || tok >= len(w.toks) {
		return textRange{}
	}
	open := tok
	if w.toks[tok].kind != tokLParen {
		open--
		if open > 0 && w.isKeyword(open-w.pos, "core") {
			open--
		}
	}
	if w.toks[open].kind == tokLParen && w.closes[open] > 0 {
		return textRange{w.toks[open].off, w.toks[w.closes[open]].end}
	}
	return textRange{w.toks[tok].off, w.toks[tok].end}
}

// head returns the beginning of the list that starts with the keyword at tok: up to the id or,
// without an id, up to the keyword. This is the place of a component or core module, which is too
// large to show as a whole.
func (w *placer) head(tok int) textRange {
	r := w.form(tok)
	if tok < len(w.toks) {
		r.end = w.toks[tok].end
		if tok+1 < len(w.toks) && w.toks[tok+1].kind == tokID {
			r.end = w.toks[tok+1].end
		}
	}
	return r
}

// closing returns the parenthesis that closes the list that starts with the keyword at tok.
func (w *placer) closing(tok int) textRange {
	if r := w.form(tok); r.end > r.off && w.src[r.end-1] == ')' {
		return textRange{r.end - 1, r.end}
	}
	return textRange{}
}

// component collects the places of c, which was decoded from the encoding of built.
func (w *placer) component(c, built *encoding.Component) {
	for i, d := range c.Defs[:min(len(c.Defs), len(built.Defs))] {
		b := built.Defs[i]
		text := w.form(w.marks.toks[b])
		switch d.(type) {
		case *encoding.NestedComponent, *encoding.CoreModule:
			text = w.head(w.marks.toks[b])
		}
		w.add(d.Offsets(), text)
		switch d := d.(type) {
		case *encoding.NestedComponent:
			if b, ok := b.(*encoding.NestedComponent); ok {
				w.component(d.Component, b.Component)
			}
		case *encoding.CoreModule:
			if b, ok := b.(*encoding.CoreModule); ok && w.marks.modules[b] != nil {
				w.module(d.Bytes, d.Start, w.marks.modules[b])
			}
		case *encoding.Type:
			if b, ok := b.(*encoding.Type); ok {
				w.decls(declsOf(d.Def), declsOf(b.Def))
			}
		case *encoding.CoreType:
			if b, ok := b.(*encoding.CoreType); ok {
				w.moduleDecls(d.Def, b.Def)
			}
		}
	}
}

// declsOf returns the declarations of a component type or instance type.
func declsOf(t encoding.DefType) []encoding.Decl {
	switch t := t.(type) {
	case *encoding.ComponentType:
		return t.Decls
	case *encoding.InstanceType:
		return t.Decls
	}
	return nil
}

func (w *placer) decls(list, built []encoding.Decl) {
	for i, d := range list[:min(len(list), len(built))] {
		b := built[i]
		w.add(d.Offsets(), w.form(w.marks.toks[b]))
		switch d := d.(type) {
		case *encoding.Type:
			if b, ok := b.(*encoding.Type); ok {
				w.decls(declsOf(d.Def), declsOf(b.Def))
			}
		case *encoding.CoreType:
			if b, ok := b.(*encoding.CoreType); ok {
				w.moduleDecls(d.Def, b.Def)
			}
		}
	}
}

func (w *placer) moduleDecls(t, built encoding.CoreDefType) {
	m, ok := t.(*encoding.CoreModuleType)
	b, ok2 := built.(*encoding.CoreModuleType)
	if !ok || !ok2 {
		return
	}
	for i, d := range m.Decls[:min(len(m.Decls), len(b.Decls))] {
		w.add(d.Offsets(), w.form(w.marks.toks[b.Decls[i]]))
	}
}

// moduleFields holds the fields of a module in the order of the items of their sections.
type moduleFields struct {
	imports, exports []int // tokens
	funcs            []*funcField
	tables           []*tableField
	memories, tags   []int
	globals          []*globalField
	elems            []*elemField
	data             []*dataField
	start            int
}

func fieldsOf(r *coreResolver) *moduleFields {
	m := &moduleFields{}
	for _, f := range r.all {
		switch f := f.(type) {
		case *importField:
			for _, item := range f.items {
				tok := f.tok
				if len(f.items) > 1 && item.tok > 0 {
					tok = item.tok
				}
				m.imports = append(m.imports, tok)
			}
		case *funcField:
			m.funcs = append(m.funcs, f)
		case *tableField:
			m.tables = append(m.tables, f)
		case *memoryField:
			m.memories = append(m.memories, f.tok)
		case *tagField:
			m.tags = append(m.tags, f.tok)
		case *globalField:
			m.globals = append(m.globals, f)
		case *exportField:
			m.exports = append(m.exports, f.tok)
		case *startField:
			m.start = f.tok
		case *elemField:
			m.elems = append(m.elems, f)
		case *dataField:
			m.data = append(m.data, f)
		}
	}
	return m
}

// module collects the places of a core module that starts at base.
func (w *placer) module(data []byte, base int, r *coreResolver) {
	m, err := core.Decode(data)
	if err != nil {
		return
	}
	x := placedModule{placer: w, base: base}
	fields := fieldsOf(r)
	spans := m.Spans
	for i, s := range pairs(spans(core.SectionType), r.types) {
		if f := r.types[i]; f.implied {
			x.add(s, w.typeUse(f.tok))
		} else {
			x.add(s, w.form(f.tok))
		}
	}
	x.items(spans(core.SectionImport), fields.imports)
	x.items(spans(core.SectionMemory), fields.memories)
	x.items(spans(core.SectionTag), fields.tags)
	x.items(spans(core.SectionExport), fields.exports)
	if s, ok := m.Section(core.SectionStart); ok {
		x.add(s.Span, w.form(fields.start))
	}
	for i, s := range pairs(spans(core.SectionTable), fields.tables) {
		f := fields.tables[i]
		x.add(s, w.form(f.tok))
		if f.init != nil {
			x.code(tail(data, s, r.b.Tables[i].Init.Bytes), f.init, textRange{})
		}
	}
	for i, s := range pairs(spans(core.SectionGlobal), fields.globals) {
		f := fields.globals[i]
		x.add(s, w.form(f.tok))
		x.code(tail(data, s, r.b.Globals[i].Init.Bytes), &f.init, textRange{})
	}
	for i, s := range pairs(spans(core.SectionFunction), fields.funcs) {
		f := fields.funcs[i]
		text := w.typeUse(f.use.tok)
		if text == (textRange{}) {
			text = w.form(f.tok)
		}
		x.add(s, text)
	}
	for i, s := range pairs(spans(core.SectionCode), fields.funcs) {
		f := fields.funcs[i]
		x.add(s, w.form(f.tok))
		x.code(tail(data, s, r.b.Funcs[i].Code), &f.body, w.closing(f.tok))
	}
	x.segments(m, fields)
}

// pairs returns the first spans, as many as there are fields.
func pairs[T any](spans []encoding.Span, fields []T) []encoding.Span {
	return spans[:min(len(spans), len(fields))]
}

// typeUse returns the list at tok if it is the type of a function.
func (w *placer) typeUse(tok int) textRange {
	if tok > 0 && tok < len(w.toks) && w.toks[tok].kind == tokLParen {
		switch w.text(w.toks[tok+1]) {
		case "type", "param", "result":
			return w.form(tok)
		}
	}
	return textRange{}
}

// tail returns the code at the end of a span.
func tail(data []byte, s encoding.Span, code []byte) core.Expr {
	start := max(s.End-len(code), s.Start)
	return core.Expr{Span: encoding.Span{Start: start, End: s.End}, Bytes: data[start:s.End]}
}

// placedModule collects the places of a core module. The offsets of the module are relative to
// base.
type placedModule struct {
	*placer
	base int
}

func (x *placedModule) add(s encoding.Span, text textRange) {
	x.placer.add(encoding.Span{Start: x.base + s.Start, End: x.base + s.End}, text)
}

func (x *placedModule) items(spans []encoding.Span, toks []int) {
	for i, s := range pairs(spans, toks) {
		x.add(s, x.form(toks[i]))
	}
}

func (x *placedModule) segments(m *core.Module, fields *moduleFields) {
	i := 0
	for e, err := range m.Elems() {
		if err != nil || i == len(fields.elems) {
			break
		}
		f := fields.elems[i]
		i++
		x.add(e.Span, x.segment(&f.head, f.def))
		x.code(e.Offset, &f.offset, textRange{})
		for k := range e.Exprs[:min(len(e.Exprs), len(f.exprs))] {
			x.code(e.Exprs[k], &f.exprs[k], textRange{})
		}
	}
	i = 0
	for d, err := range m.Datas() {
		if err != nil || i == len(fields.data) {
			break
		}
		f := fields.data[i]
		i++
		x.add(d.Span, x.segment(&f.head, f.def))
		x.code(d.Offset, &f.offset, textRange{})
	}
}

// segment returns the place of a segment, or of the definition that contains it.
func (x *placedModule) segment(h, def *head) textRange {
	if def != nil {
		h = def
	}
	return x.form(h.tok)
}

// code collects the places of instructions. The final end instruction has the place end.
func (x *placedModule) code(code core.Expr, e *expr, end textRange) {
	for i := range e.instrs {
		if tok := e.instrs[i].tok; tok > 0 {
			x.isInstr[tok] = true
		}
	}
	r := core.NewInstrReader(code.Bytes, code.Start)
	var in core.Instr
	for i := 0; r.Next(&in); i++ {
		text := end
		if i < len(e.instrs) {
			text = x.instrText(int(e.instrs[i].tok))
		}
		x.add(encoding.Span{Start: r.Offset(), End: r.Pos()}, text)
	}
}

// instrText returns an instruction with its immediates, and without its operands.
func (w *placer) instrText(tok int) textRange {
	if tok <= 0 || tok >= len(w.toks) {
		return textRange{}
	}
	last := tok
	for i := tok + 1; i < len(w.toks) && w.toks[tok].kind == tokKeyword; i = last + 1 {
		switch t := w.toks[i]; {
		case t.kind == tokInt || t.kind == tokFloat || t.kind == tokID:
		case t.kind == tokKeyword && !w.isInstr[i]:
		case t.kind == tokLParen && w.isImmediate(i):
			i = int(w.closes[i])
		default:
			return textRange{w.toks[tok].off, w.toks[last].end}
		}
		last = i
	}
	return textRange{w.toks[tok].off, w.toks[last].end}
}

// isImmediate reports whether the list that opens at tok is an immediate of an instruction.
func (w *placer) isImmediate(tok int) bool {
	if w.closes[tok] == 0 || w.toks[tok+1].kind != tokKeyword {
		return false
	}
	switch s := w.text(w.toks[tok+1]); s {
	case "type", "param", "result", "ref", "on":
		return true
	default:
		return strings.HasPrefix(s, "catch") && !w.isInstr[tok+1]
	}
}

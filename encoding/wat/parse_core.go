package wat

import (
	"github.com/mortise-wasm/mortise/encoding/core"
)

// moduleBody reads the rest of a module after its keyword.
func (p *parser) moduleBody() *module {
	m := &module{id: p.id(), name: p.nameAnnotation()}
	if p.accept("binary") {
		m.isBinary = true
		m.binary = p.strings()
		return m
	}
	m.fields = p.fields()
	return m
}

// fields reads module fields up to the end of the list.
func (p *parser) fields() []field {
	var list []field
	for !p.atEnd() {
		if p.open() {
			list = p.field(list)
			p.close()
		}
	}
	return list
}

// fieldWords are the keywords of module fields, for suggestions.
var fieldWords = []string{"type", "rec", "import", "func", "table", "memory", "global", "export", "start", "elem", "data", "tag"}

// field reads a field and appends it to list.
func (p *parser) field(list []field) []field {
	t := p.cur()
	if t.kind == tokAnnotation {
		return p.customSection(list)
	}
	word := ""
	if t.kind == tokKeyword {
		word = p.text(t)
	}
	switch word {
	case "type":
		return append(list, p.typeField())
	case "rec":
		return append(list, p.rec())
	case "import":
		return append(list, p.importField())
	case "func":
		return append(list, p.funcField())
	case "table":
		return append(list, p.tableField())
	case "memory":
		return append(list, p.memoryField())
	case "global":
		return append(list, p.globalField())
	case "export":
		return append(list, p.exportField())
	case "start":
		f := &startField{tok: p.pos}
		p.advance()
		f.ref = p.index()
		return append(list, f)
	case "elem":
		return append(list, p.elemField())
	case "data":
		return append(list, p.dataField())
	case "tag":
		return append(list, p.tagField())
	}
	d := p.failHere(CodeUnexpectedToken, "expected valid module field%s", p.found())
	if d == p.err && word != "" {
		p.suggest(d, word, yieldAll(fieldWords))
	}
	return list
}

func yieldAll(list []string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, s := range list {
			if !yield(s) {
				return
			}
		}
	}
}

// head reads the keyword, id and name of a definition.
func (p *parser) head() head {
	h := head{tok: p.pos}
	p.advance()
	h.idTok = p.pos
	h.id = p.id()
	h.name = p.nameAnnotation()
	return h
}

// coreExports reads (export "…") inside a definition.
func (p *parser) coreExports(h *head) {
	h.exportTok = p.pos + 1
	for p.peekList("export") && p.at(2).kind == tokString && p.at(3).kind == tokRParen {
		p.open()
		p.advance()
		h.exports = append(h.exports, p.str())
		p.close()
	}
}

// coreInlineImport reads (import "…" "…") inside a definition. It returns nil if none comes
// next.
func (p *parser) coreInlineImport() *inlineImport {
	if !p.peekList("import") || p.at(2).kind != tokString || p.at(3).kind != tokString || p.at(4).kind != tokRParen {
		return nil
	}
	p.open()
	p.advance()
	i := &inlineImport{module: p.str(), name: p.str()}
	p.close()
	return i
}

func (p *parser) importField() *importField {
	f := &importField{tok: p.pos}
	p.advance()
	f.module = p.str()
	if p.cur().kind != tokLParen {
		item := p.importItem(p.str())
		f.items = append(f.items, item)
		return f
	}
	for p.peekList("item") {
		p.open()
		p.advance()
		field := p.str()
		form, item := importNamed, &importItem{field: field}
		if !p.atEnd() {
			form, item = importTyped, p.importItem(field)
		}
		switch {
		case f.form == importSingle:
			f.form = form
		case f.form != form && form == importTyped:
			p.failHere(CodeUnexpectedToken, "unexpected import type")
		case f.form != form:
			p.failHere(CodeUnexpectedToken, "unexpected `)`")
		}
		f.items = append(f.items, item)
		p.close()
	}
	switch f.form {
	case importSingle:
		p.failHere(CodeUnexpectedToken, "expected import items%s", p.found())
	case importNamed:
		shared := p.importItem("")
		if shared.id != "" {
			p.fail(p.span(shared.idTok), CodeUnexpectedToken, "identifier not allowed")
		}
		for _, item := range f.items {
			item.typ = shared.typ
		}
	}
	return f
}

// importItem reads the type of an import, including its parentheses.
func (p *parser) importItem(field string) *importItem {
	item := &importItem{field: field}
	p.parens(func() {
		item.typ.kind = p.externKind()
		item.tok = p.pos - 1
		item.idTok = p.pos
		item.id = p.id()
		item.name = p.nameAnnotation()
		p.externType(&item.typ)
	})
	return item
}

// externWords are the keywords of the definitions that modules import and export.
var externWords = []string{"func", "table", "memory", "global", "tag"}

func (p *parser) externKind() core.ExternKind {
	for i, s := range externWords {
		if p.accept(s) {
			return core.ExternKind(i + 1)
		}
	}
	p.unexpected()
	return core.ExternFunc
}

func (p *parser) externType(t *externType) {
	switch t.kind {
	case core.ExternFunc, core.ExternTag:
		if p.peekList("exact") {
			p.failHere(CodeUnsupported, "exact function types are not supported")
		}
		t.use = p.typeUse(true)
	case core.ExternTable:
		t.table, t.elem = p.tableType()
	case core.ExternMemory:
		t.memory = p.memoryType()
	case core.ExternGlobal:
		t.global, t.mutable, t.shared = p.globalType()
	}
}

func (p *parser) exportField() *exportField {
	f := &exportField{tok: p.pos}
	p.advance()
	f.name = p.str()
	p.parens(func() {
		f.kind = p.externKind()
		f.ref = p.index()
	})
	return f
}

func (p *parser) funcField() *funcField {
	f := &funcField{head: p.head()}
	p.coreExports(&f.head)
	f.imp = p.coreInlineImport()
	if f.imp != nil && p.peekList("exact") {
		p.failHere(CodeUnsupported, "exact function types are not supported")
	}
	f.use = p.typeUse(true)
	if f.imp != nil {
		return f
	}
	for p.acceptList("local") {
		f.locals = p.params(f.locals, true)
		p.close()
	}
	f.body = p.expr()
	return f
}

// params reads the types of parameters or locals up to the end of the list. A single parameter may
// have a name.
func (p *parser) params(list []param, names bool) []param {
	if names && !p.atEnd() {
		x := param{idTok: p.pos}
		x.id = p.id()
		x.name = p.nameAnnotation()
		if x.id != "" || x.name.ok {
			x.typ = p.valType()
			return append(list, x)
		}
	}
	for !p.atEnd() {
		list = append(list, param{typ: p.valType()})
	}
	return list
}

func (p *parser) tagField() *tagField {
	f := &tagField{head: p.head()}
	p.coreExports(&f.head)
	f.imp = p.coreInlineImport()
	f.use = p.typeUse(true)
	return f
}

func (p *parser) globalField() *globalField {
	f := &globalField{head: p.head()}
	p.coreExports(&f.head)
	f.imp = p.coreInlineImport()
	f.typ, f.mutable, f.shared = p.globalType()
	if f.imp == nil {
		f.init = p.expr()
	}
	return f
}

func (p *parser) memoryField() *memoryField {
	f := &memoryField{head: p.head()}
	p.coreExports(&f.head)
	if f.imp = p.coreInlineImport(); f.imp != nil {
		f.typ = p.memoryType()
		return f
	}
	word := p.peek("i32") || p.peek("i64")
	if p.cur().kind != tokLParen && (!word || p.at(1).kind != tokLParen) {
		if !word && p.cur().kind != tokInt {
			p.want("`(`", 0)
			p.want("u32", 0)
			p.want("i32", 'k')
			p.want("i64", 'k')
			p.unexpected()
		}
		f.typ = p.memoryType()
		return f
	}
	if !p.accept("i32") {
		f.typ.Limits.Is64 = p.accept("i64")
	}
	p.pageSize(&f.typ)
	f.data = &dataField{mode: segmentActive, def: &f.head, offset: zeroOffset(f.typ.Limits.Is64)}
	p.parens(func() {
		p.keyword("data")
		f.data.data = p.dataValues()
	})
	log2 := uint(16)
	if f.typ.HasPageSize {
		log2 = uint(f.typ.PageSizeLog2)
	}
	pages := (uint64(len(f.data.data)) + 1<<log2 - 1) >> log2
	f.typ.Limits.Min, f.typ.Limits.Max, f.typ.Limits.HasMax = pages, pages, true
	return f
}

func zeroOffset(is64 bool) expr {
	op := core.OpI32Const
	if is64 {
		op = core.OpI64Const
	}
	return expr{instrs: []instr{{op: op}}}
}

func (p *parser) tableField() *tableField {
	f := &tableField{head: p.head()}
	p.coreExports(&f.head)
	if f.imp = p.coreInlineImport(); f.imp != nil {
		f.typ, f.elem = p.tableType()
		return f
	}
	n := b2i(p.peek("shared"))
	n += b2i(p.isKeyword(n, "i32") || p.isKeyword(n, "i64"))
	if p.isRefType(n) {
		f.typ.Limits.Shared = p.accept("shared")
		if !p.accept("i32") {
			f.typ.Limits.Is64 = p.accept("i64")
		}
		f.elem = p.refType()
		p.inlineElems(f)
		return f
	}
	if n == 0 && p.cur().kind != tokInt {
		for _, s := range []string{"reftype", "`shared`", "`i32`", "`i64`", "u64"} {
			p.want(s, 0)
		}
		p.unexpected()
	}
	f.typ, f.elem = p.tableType()
	if !p.atEnd() {
		init := p.expr()
		f.init = &init
	}
	return f
}

// inlineElems reads (elem …) inside a table.
func (p *parser) inlineElems(f *tableField) {
	e := &elemField{mode: segmentActive, def: &f.head, offset: zeroOffset(f.typ.Limits.Is64), typ: f.elem}
	f.segment = e
	count := 0
	p.parens(func() {
		p.keyword("elem")
		if p.cur().kind == tokLParen {
			e.isExprs = true
			e.exprs = p.elemExprs()
			count = len(e.exprs)
			return
		}
		e.funcs = p.indices()
		count = len(e.funcs)
		if f.elem.t != core.FuncRef {
			// The binary format can list functions only for funcref.
			e.isExprs = true
			for _, i := range e.funcs {
				e.exprs = append(e.exprs, expr{instrs: []instr{{op: core.OpRefFunc, x: i}}})
			}
			e.funcs = nil
		}
	})
	l := &f.typ.Limits
	l.Min, l.Max, l.HasMax = uint64(count), uint64(count), true
}

func (p *parser) indices() []idx {
	var list []idx
	for !p.atEnd() {
		list = append(list, p.index())
	}
	return list
}

func (p *parser) elemExprs() []expr {
	var list []expr
	for !p.atEnd() {
		list = append(list, p.exprOrInstr("item"))
	}
	return list
}

// exprOrInstr reads (word expr) or a single folded instruction.
func (p *parser) exprOrInstr(word string) expr {
	if p.acceptList(word) {
		e := p.expr()
		p.close()
		return e
	}
	return p.foldedInstr()
}

func (p *parser) elemField() *elemField {
	f := &elemField{head: p.head()}
	omitted := false
	switch {
	case p.accept("declare"):
		f.mode = segmentDeclared
	case p.cur().kind == tokInt || p.cur().kind == tokLParen && !p.isRefType(0):
		f.mode = segmentActive
		switch {
		case p.cur().kind == tokInt:
			f.table, f.hasTable, omitted = p.index(), true, true
		case p.acceptList("table"):
			f.table, f.hasTable = p.index(), true
			p.close()
		default:
			omitted = true
		}
		f.offset = p.exprOrInstr("offset")
	}
	switch {
	case p.accept("func"):
		f.typ = valType{t: core.FuncRef}
		f.funcs = p.indices()
	case omitted && !p.isRefType(0):
		f.typ = valType{t: core.FuncRef}
		f.funcs = p.indices()
	default:
		f.isExprs = true
		f.typ = p.refType()
		f.exprs = p.elemExprs()
	}
	return f
}

func (p *parser) dataField() *dataField {
	f := &dataField{head: p.head()}
	if !p.isString() && !p.atEnd() {
		f.mode = segmentActive
		switch {
		case p.cur().kind == tokInt:
			f.memory = p.index()
		case p.acceptList("memory"):
			f.memory = p.index()
			p.close()
		}
		f.offset = p.dataOffset()
	}
	f.data = p.dataValues()
	return f
}

// dataOffset reads (offset expr), or an instruction whose operands may be flat or folded.
func (p *parser) dataOffset() expr {
	if p.peekList("offset") {
		return p.exprOrInstr("offset")
	}
	var e expr
	p.parens(func() {
		head := p.instr()
		if !p.atEnd() {
			e = p.expr()
		}
		e.instrs = append(e.instrs, head)
	})
	return e
}

// dataValues reads strings and lists of numbers up to the end of the list.
func (p *parser) dataValues() []byte {
	var out []byte
	for !p.atEnd() {
		if p.cur().kind != tokLParen {
			out = append(out, p.bytes()...)
			continue
		}
		p.parens(func() { out = p.numbers(out) })
	}
	return out
}

// numbers reads a list of numbers after their type, such as (i16 1 2 3).
func (p *parser) numbers(out []byte) []byte {
	for _, t := range []struct {
		word  string
		width int
		float bool
	}{{"i8", 8, false}, {"i16", 16, false}, {"i32", 32, false}, {"i64", 64, false}, {"f32", 32, true}, {"f64", 64, true}} {
		if !p.accept(t.word) {
			continue
		}
		for !p.atEnd() {
			if t.float {
				out = appendLE(out, p.float(t.width), t.width)
			} else {
				out = appendLE(out, p.integer(t.width, true), t.width)
			}
		}
		return out
	}
	if p.accept("v128") {
		for !p.atEnd() {
			b := p.v128()
			out = append(out, b[:]...)
		}
		return out
	}
	p.unexpected()
	return out
}

func appendLE(out []byte, v uint64, width int) []byte {
	for i := 0; i < width; i += 8 {
		out = append(out, byte(v>>i))
	}
	return out
}

package wat

import (
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// space is an index space of a core module or component, with its ids.
type space struct {
	what  string
	ids   map[string]uint32
	count uint32
}

// register gives the next index to a definition. The id may be "".
func (s *space) register(p *parser, id string, tok int) uint32 {
	n := s.count
	s.count++
	if id == "" {
		return n
	}
	if s.ids == nil {
		s.ids = map[string]uint32{}
	}
	if _, ok := s.ids[id]; ok {
		p.fail(p.span(tok), CodeDuplicateName, "duplicate %s identifier", s.what)
	}
	s.ids[id] = n
	return n
}

// find returns the index of a reference. A numeric index is returned unchanged, in range or not.
func (s *space) find(p *parser, i idx) uint32 {
	if !p.symbolic(i) {
		return i.num
	}
	id := p.idText(int(i.tok - 1))
	n, ok := s.ids[id]
	if !ok {
		s.unknown(p, p.idxSpan(i), id)
	}
	return n
}

// unknown reports that no definition in the space has the id.
func (s *space) unknown(p *parser, at diag.Span, id string) {
	d := p.fail(at, CodeUnknownName, "unknown %s: failed to find name `$%s`", s.what, id).Captionf("not found in this scope")
	if d != p.err {
		return
	}
	if similar, ok := diag.Suggest(id, keys(s.ids)); ok {
		d.Helpf("a %s with a similar name exists: `$%s`", s.what, similar)
	}
}

func keys(m map[string]uint32) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// coreResolver converts a symbolic module to a binary one. Its passes are:
//
//	collect   separates inline imports, exports and segments from definitions
//	register  gives every definition its index
//	expand    gives inline function types an index, adding new types at the end
//	resolve   looks up ids, and encodes instructions
//	finish    adds the sections that are built from several fields: types, branch hints, names
type coreResolver struct {
	p *parser
	m *module

	// all holds the fields after collect, in order. types holds the type fields among them.
	all   []field
	types []*typeField

	typeSpace, funcSpace, tableSpace, memorySpace, globalSpace, tagSpace, elemSpace, dataSpace space

	// defs holds all types by index.
	defs []*typeDef
	// fieldIDs holds the ids of struct fields by type.
	fieldIDs map[uint32]*space
	interned map[string]uint32

	// b is the module as resolved so far.
	b     core.Builder
	first []core.Custom // before all sections
	// code holds the function bodies and constant expressions encoded so far.
	code  []byte
	body  bodyResolver
	names coreNames
}

// encodeModule returns the bytes of a module.
func (p *parser) encodeModule(m *module) []byte {
	if m.isBinary {
		return m.binary
	}
	r := &coreResolver{
		p: p, m: m, interned: map[string]uint32{},
		typeSpace: space{what: "type"}, funcSpace: space{what: "func"}, tableSpace: space{what: "table"},
		memorySpace: space{what: "memory"}, globalSpace: space{what: "global"}, tagSpace: space{what: "tag"},
		elemSpace: space{what: "elem"}, dataSpace: space{what: "data"},
	}
	r.collect()
	for _, f := range r.all {
		r.register(f)
	}
	r.expand()
	if !p.ok() {
		return nil
	}
	for _, f := range r.all {
		if r.resolve(f); !p.ok() {
			return nil
		}
	}
	r.finish()
	if !p.ok() {
		return nil
	}
	p.marks.addModule(r)
	data := r.b.Append(nil)
	if p.lines {
		data = p.addLines(data, r)
	}
	return data
}

// collector separates inline imports, exports and segments from definitions, and checks that
// imports come first.
type collector struct {
	*coreResolver
	last string // the kind of the last definition
}

func (r *coreResolver) collect() {
	c := &collector{coreResolver: r}
	for _, f := range r.m.fields {
		switch f := f.(type) {
		case *typeField:
			r.types = append(r.types, f)
			c.add(f)
		case *funcField:
			if !c.inline(&f.head, f.imp, externType{kind: core.ExternFunc, use: f.use}) {
				c.define(f, "function", nil)
			}
		case *tableField:
			if !c.inline(&f.head, f.imp, externType{kind: core.ExternTable, table: f.typ, elem: f.elem}) {
				var segment field
				if f.segment != nil {
					segment = f.segment
				}
				c.define(f, "table", segment)
			}
		case *memoryField:
			if !c.inline(&f.head, f.imp, externType{kind: core.ExternMemory, memory: f.typ}) {
				var segment field
				if f.data != nil {
					segment = f.data
				}
				c.define(f, "memory", segment)
			}
		case *globalField:
			t := externType{kind: core.ExternGlobal, global: f.typ, mutable: f.mutable, shared: f.shared}
			if !c.inline(&f.head, f.imp, t) {
				c.define(f, "global", nil)
			}
		case *tagField:
			if !c.inline(&f.head, f.imp, externType{kind: core.ExternTag, use: f.use}) {
				c.define(f, "tag", nil)
			}
		default:
			c.add(f)
		}
	}
}

func (c *collector) add(f field) {
	c.all = append(c.all, f)
	if f, ok := f.(*importField); ok && c.last != "" {
		c.p.fail(c.p.span(f.tok), CodeBadOrder, "import after %s", c.last)
	}
}

// define adds a definition. If the definition has an inline segment, the segment is added before
// it.
func (c *collector) define(f field, what string, segment field) {
	if segment != nil {
		c.add(segment)
	}
	c.add(f)
	c.last = what
}

// inline adds the inline exports of a definition. If the definition is an inline import, it also
// adds the import.
func (c *collector) inline(h *head, imp *inlineImport, t externType) bool {
	def := h
	var item *importItem
	if imp != nil {
		item = &importItem{head: *h, field: imp.name, typ: t}
		def = &item.head
	}
	for i, name := range h.exports {
		c.add(&exportField{tok: h.exportTok + 4*i, name: name, kind: t.kind, def: def})
	}
	if imp == nil {
		return false
	}
	c.add(&importField{tok: h.tok, module: imp.module, items: []*importItem{item}})
	return true
}

// spaceOf returns the index space of a kind of import and export.
func (r *coreResolver) spaceOf(k core.ExternKind) *space {
	switch k {
	case core.ExternFunc:
		return &r.funcSpace
	case core.ExternTable:
		return &r.tableSpace
	case core.ExternMemory:
		return &r.memorySpace
	case core.ExternGlobal:
		return &r.globalSpace
	default:
		return &r.tagSpace
	}
}

// register gives the definitions of a field their indices.
func (r *coreResolver) register(f field) {
	give := func(s *space, h *head) { h.index = s.register(r.p, h.id, h.idTok) }
	switch f := f.(type) {
	case *typeField:
		for _, d := range f.types {
			r.registerType(d)
		}
	case *importField:
		for _, item := range f.items {
			give(r.spaceOf(item.typ.kind), &item.head)
		}
	case *funcField:
		give(&r.funcSpace, &f.head)
	case *tableField:
		give(&r.tableSpace, &f.head)
	case *memoryField:
		give(&r.memorySpace, &f.head)
	case *globalField:
		give(&r.globalSpace, &f.head)
	case *tagField:
		give(&r.tagSpace, &f.head)
	case *elemField:
		give(&r.elemSpace, &f.head)
	case *dataField:
		give(&r.dataSpace, &f.head)
	case *exportField, *startField, *customField:
	default:
		panic(fmt.Sprintf("unreachable: %T", f))
	}
}

func (r *coreResolver) registerType(d *typeDef) {
	d.index = r.typeSpace.register(r.p, d.id, d.idTok)
	r.defs = append(r.defs, d)
	for i, f := range d.structure {
		if f.id == "" {
			continue
		}
		if r.fieldIDs == nil {
			r.fieldIDs = map[uint32]*space{}
		}
		s := r.fieldIDs[d.index]
		if s == nil {
			s = &space{what: "field", ids: map[string]uint32{}}
			r.fieldIDs[d.index] = s
		}
		if _, ok := s.ids[f.id]; ok {
			r.p.fail(r.p.span(f.idTok), CodeDuplicateName, "duplicate identifier: duplicate field named `%s`", f.id)
		}
		s.ids[f.id] = uint32(i)
	}
}

// resolve looks up the references of a field, and adds the field to the module.
func (r *coreResolver) resolve(f field) {
	b := &r.b
	switch f := f.(type) {
	case *typeField:
	case *customField:
		if c := r.custom(f); f.place == (customPlace{}) {
			r.first = append(r.first, c)
		} else {
			b.Customs = append(b.Customs, c)
		}
	case *importField:
		for _, item := range f.items {
			b.Imports = append(b.Imports, r.importItem(f.module, item))
		}
	case *funcField:
		b.Funcs = append(b.Funcs, r.function(f))
	case *tableField:
		f.typ.Elem = r.val(f.elem).Ref
		t := core.Table{Type: f.typ}
		if f.init != nil {
			t.Init = r.constExpr(f.init)
		}
		b.Tables = append(b.Tables, t)
	case *memoryField:
		b.Memories = append(b.Memories, f.typ)
	case *globalField:
		t := core.GlobalType{Type: r.val(f.typ), Mutable: f.mutable, Shared: f.shared}
		b.Globals = append(b.Globals, core.Global{Type: t, Init: r.constExpr(&f.init)})
	case *tagField:
		b.Tags = append(b.Tags, core.TypeIdx(r.typeUse(&f.use)))
	case *exportField:
		e := core.Export{Name: f.name, Kind: f.kind}
		if f.def != nil {
			e.Index = f.def.index
		} else {
			e.Index = r.spaceOf(f.kind).find(r.p, f.ref)
		}
		b.Exports = append(b.Exports, e)
	case *startField:
		i := core.FuncIdx(r.funcSpace.find(r.p, f.ref))
		if b.Start != nil {
			r.p.fail(r.p.idxSpan(f.ref), CodeUnexpectedToken, "multiple start sections")
		}
		b.Start = &i
	case *elemField:
		b.Elems = append(b.Elems, r.elem(f))
	case *dataField:
		b.Data = append(b.Data, r.data(f))
	default:
		panic(fmt.Sprintf("unreachable: %T", f))
	}
}

func (r *coreResolver) importItem(module string, item *importItem) core.Import {
	t := &item.typ
	out := core.Import{Module: module, Name: item.field, Type: core.ExternType{Kind: t.kind}}
	switch t.kind {
	case core.ExternFunc:
		out.Type.Func = core.TypeIdx(r.typeUse(&t.use))
	case core.ExternTag:
		out.Type.Tag = core.TypeIdx(r.typeUse(&t.use))
	case core.ExternTable:
		out.Type.Table = t.table
		out.Type.Table.Elem = r.val(t.elem).Ref
	case core.ExternMemory:
		out.Type.Memory = t.memory
	case core.ExternGlobal:
		out.Type.Global = core.GlobalType{Type: r.val(t.global), Mutable: t.mutable, Shared: t.shared}
	}
	return out
}

// segmentModes maps the modes of this package to those of package core.
var segmentModes = [...]core.SegmentMode{segmentPassive: core.Passive, segmentActive: core.Active, segmentDeclared: core.Declared}

func (r *coreResolver) elem(f *elemField) core.Elem {
	e := core.Elem{Mode: segmentModes[f.mode], UseExprs: f.isExprs}
	if f.mode == segmentActive {
		switch {
		case f.def != nil:
			e.Table, e.ExplicitTable = core.TableIdx(f.def.index), true
		case f.hasTable:
			e.Table, e.ExplicitTable = core.TableIdx(r.tableSpace.find(r.p, f.table)), true
		}
		e.Offset = r.constExpr(&f.offset)
	}
	for _, i := range f.funcs {
		e.Funcs = append(e.Funcs, core.FuncIdx(r.funcSpace.find(r.p, i)))
	}
	for i := range f.exprs {
		e.Exprs = append(e.Exprs, r.constExpr(&f.exprs[i]))
	}
	e.Type = r.val(f.typ).Ref
	return e
}

func (r *coreResolver) data(f *dataField) core.Data {
	d := core.Data{Mode: segmentModes[f.mode], Bytes: f.data}
	if f.mode == segmentActive {
		if f.def != nil {
			d.Memory = core.MemoryIdx(f.def.index)
		} else {
			d.Memory = core.MemoryIdx(r.memorySpace.find(r.p, f.memory))
		}
		d.Offset = r.constExpr(&f.offset)
	}
	return d
}

func (r *coreResolver) custom(f *customField) core.Custom {
	c := core.Custom{Name: f.name, Data: f.data, Near: f.place.anchor, After: f.place.after}
	if !f.place.hasSect && !f.place.after {
		// Nothing comes before the place of the type section.
		c.Near = core.SectionType
	}
	return c
}

// finish adds the sections that are built from several fields.
func (r *coreResolver) finish() {
	for _, f := range r.types {
		r.b.Types = append(r.b.Types, r.recType(f))
	}
	// The custom sections before all others precede those before the types.
	r.b.Customs = append(r.first, r.b.Customs...)
	if data := r.body.hints.section(); data != nil {
		r.b.Customs = append(r.b.Customs, core.Custom{Name: hintSection, Data: data, Near: core.SectionCode})
	}
	if data := r.nameSection(); data != nil {
		r.b.Customs = append(r.b.Customs, core.Custom{Name: "name", Data: data})
	}
}

// val resolves a value type.
func (r *coreResolver) val(v valType) core.ValType {
	if v.concrete() {
		v.t.Ref.Heap.Type = core.TypeIdx(r.typeSpace.find(r.p, v.ref))
	}
	return v.t
}

func (r *coreResolver) vals(list []valType) []core.ValType {
	out := make([]core.ValType, len(list))
	for i, v := range list {
		out[i] = r.val(v)
	}
	return out
}

func (r *coreResolver) paramTypes(list []param) []core.ValType {
	out := make([]core.ValType, len(list))
	for i := range list {
		out[i] = r.val(list[i].typ)
	}
	return out
}

// typeUse resolves the type of a function and returns its index. It checks that an inline type next
// to a reference is the same type.
func (r *coreResolver) typeUse(u *typeUse) uint32 {
	explicit := u.index.tok != 0
	n := r.typeSpace.find(r.p, u.index)
	if explicit && u.inline != nil {
		r.checkInline(u, n)
	}
	u.index = numIdx(n)
	return n
}

func (r *coreResolver) checkInline(u *typeUse, n uint32) {
	at := r.p.idxSpan(u.index)
	if n >= uint32(len(r.defs)) {
		r.p.fail(at, CodeUnknownName, "unknown type: type index out of bounds")
		return
	}
	fn := r.defs[n].fn
	if fn == nil {
		r.p.fail(at, CodeTypeMismatch, "invalid type: not a function type")
		return
	}
	same := len(fn.params) == len(u.inline.params) && len(fn.results) == len(u.inline.results)
	for i := 0; same && i < len(fn.params); i++ {
		same = r.val(fn.params[i].typ) == r.val(u.inline.params[i].typ)
	}
	for i := 0; same && i < len(fn.results); i++ {
		same = r.val(fn.results[i]) == r.val(u.inline.results[i])
	}
	if !same {
		d := r.p.fail(at, CodeTypeMismatch, "inline function type doesn't match type reference")
		d.Labelf(r.p.span(r.defs[n].tok), "the type is defined here")
	}
}

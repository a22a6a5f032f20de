package wat

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// module prints a module at offset base of the file. The scope parent is that of the enclosing
// component, or nil.
func (p *printer) module(m *core.Module, parent *printScope, base int) {
	s := &printScope{place: "before first"}
	for c := range m.Customs() {
		switch c.Name {
		case "name":
			s.readCoreNames(c.Payload)
		case hintSection:
			s.readHints(c.Payload)
		}
	}
	switch {
	case parent != nil:
		p.open("core module ")
		p.define(parent, spaceModule)
	default:
		p.open("module")
		if s.name != nil {
			p.str(" " + s.name.def)
		}
	}
	p.push(s)
	if p.o.Operands {
		s.readOperands(m)
	}
	end := base + 8
	for i := range m.Sections {
		sec := &m.Sections[i]
		end = base + sec.End
		if p.section(s, m, sec, base); p.err != nil {
			break
		}
	}
	p.pop()
	p.closeAt(end, true)
}

// placeNames are the section names that describe the place of a custom section.
var placeNames = [...]string{
	core.SectionType: "type", core.SectionImport: "import", core.SectionFunction: "func", core.SectionTable: "table",
	core.SectionMemory: "memory", core.SectionGlobal: "global", core.SectionExport: "export", core.SectionStart: "start",
	core.SectionElement: "elem", core.SectionCode: "code", core.SectionData: "data", core.SectionTag: "tag",
}

// section prints one section.
func (p *printer) section(s *printScope, m *core.Module, sec *core.Section, base int) {
	n := 0
	at := p.itemOffsets(m, sec, base)
	switch sec.ID {
	case core.SectionCustom:
		p.custom(s, sec.Name, sec.Payload, base+sec.Start, base+sec.End-len(sec.Payload))
		return
	case core.SectionType:
		n = len(m.Types)
		for i := range m.Types {
			p.newline(at(i))
			p.recType(s, m.Types[i], at(i), false)
		}
	case core.SectionImport:
		n = len(m.Imports)
		for i := range m.Imports {
			p.newline(at(i))
			p.coreImport(s, &m.Imports[i], true)
		}
	case core.SectionFunction:
		n = len(m.Funcs)
	case core.SectionTable:
		n = len(m.Tables)
		for i := range m.Tables {
			p.newline(at(i))
			p.table(s, &m.Tables[i], base)
		}
	case core.SectionMemory:
		n = len(m.Memories)
		for i := range m.Memories {
			p.newline(at(i))
			p.memoryType(s, &m.Memories[i], true)
			p.close()
		}
	case core.SectionTag:
		n = len(m.Tags)
		for i := range m.Tags {
			p.newline(at(i))
			p.tagType(s, m.Tags[i], true)
			p.close()
		}
	case core.SectionGlobal:
		n = len(m.Globals)
		for i := range m.Globals {
			p.newline(at(i))
			p.globalType(s, &m.Globals[i].Type, true)
			p.str(" ")
			p.constExpr(s, &m.Globals[i].Init, base)
			p.close()
		}
	case core.SectionExport:
		n = len(m.Exports)
		for i := range m.Exports {
			p.newline(at(i))
			p.coreExport(s, &m.Exports[i])
		}
	default:
		n = p.lateSection(s, m, sec, base)
	}
	if n > 0 && int(sec.ID) < len(placeNames) && placeNames[sec.ID] != "" {
		s.place = "after " + placeNames[sec.ID]
	}
}

// lateSection prints a section that refers to definitions in other sections. It returns the number
// of items.
func (p *printer) lateSection(s *printScope, m *core.Module, sec *core.Section, base int) int {
	n := 0
	switch sec.ID {
	case core.SectionStart:
		if m.Start != nil {
			p.newline(base + sec.Start)
			p.open("start ")
			p.index(s, spaceFunc, uint32(*m.Start))
			p.close()
			n++
		}
	case core.SectionElement:
		for e, err := range m.Elems() {
			if err != nil {
				p.moduleError(err, base)
				return n
			}
			p.newline(base + e.Start)
			p.elem(s, &e, base)
			n++
		}
	case core.SectionCode:
		for b, err := range m.Bodies() {
			if err != nil {
				p.moduleError(err, base)
				return n
			}
			if n >= len(m.Funcs) || p.err != nil {
				return n
			}
			p.newline(base + b.Start)
			p.function(s, m.Funcs[n], &b, base)
			n++
		}
	case core.SectionData:
		for d, err := range m.Datas() {
			if err != nil {
				p.moduleError(err, base)
				return n
			}
			p.newline(base + d.Start)
			p.data(s, &d, base)
			n++
		}
	}
	return n
}

// moduleError fails with an error of the module at offset base.
func (p *printer) moduleError(err error, base int) { p.fail(coreError(p.file, err, base)) }

// itemOffsets returns the offsets of the items in a section. A decoded module does not record item
// offsets, so they are computed from the encoded sizes. If these do not add up to the section,
// every item gets the offset of the section.
func (p *printer) itemOffsets(m *core.Module, sec *core.Section, base int) func(int) int {
	start := base + sec.Start
	if !p.o.Offsets {
		return func(int) int { return start }
	}
	var b []core.Builder
	switch sec.ID {
	case core.SectionType:
		for i := range m.Types {
			b = append(b, core.Builder{Types: m.Types[i : i+1]})
		}
	case core.SectionImport:
		for i := range m.Imports {
			b = append(b, core.Builder{Imports: m.Imports[i : i+1]})
		}
	case core.SectionTable:
		for i := range m.Tables {
			b = append(b, core.Builder{Tables: m.Tables[i : i+1]})
		}
	case core.SectionMemory:
		for i := range m.Memories {
			b = append(b, core.Builder{Memories: m.Memories[i : i+1]})
		}
	case core.SectionTag:
		for i := range m.Tags {
			b = append(b, core.Builder{Tags: m.Tags[i : i+1]})
		}
	case core.SectionGlobal:
		for i := range m.Globals {
			b = append(b, core.Builder{Globals: m.Globals[i : i+1]})
		}
	case core.SectionExport:
		for i := range m.Exports {
			b = append(b, core.Builder{Exports: m.Exports[i : i+1]})
		}
	}
	sizes := make([]int, len(b))
	total := 0
	for i := range b {
		// This module has a single section, with one byte for the number of items.
		one, err := core.Decode(b[i].Append(nil))
		if err != nil || len(one.Sections) != 1 {
			return func(int) int { return start }
		}
		sizes[i] = len(one.Sections[0].Data) - 1
		total += sizes[i]
	}
	pos := base + sec.End - total
	if pos <= start || pos > start+5 {
		return func(int) int { return start }
	}
	offsets := make([]int, len(sizes))
	for i, n := range sizes {
		offsets[i] = pos
		pos += n
	}
	return func(i int) int { return offsets[i] }
}

func (p *printer) coreImport(s *printScope, i *core.Import, index bool) {
	p.open("import ")
	p.quoted(i.Module)
	p.str(" ")
	p.quoted(i.Name)
	p.str(" ")
	p.coreExtern(s, &i.Type, index)
	p.close()
}

// coreExtern prints the type of an import or export. If index is set, the type gets the next index
// and is printed with its name.
func (p *printer) coreExtern(s *printScope, t *core.ExternType, index bool) {
	switch t.Kind {
	case core.ExternFunc:
		p.open("func ")
		if index {
			p.define(s, spaceFunc)
			p.str(" ")
		}
		p.typeRef(s, t.Func)
	case core.ExternTable:
		p.tableType(s, &t.Table, index)
	case core.ExternMemory:
		p.memoryType(s, &t.Memory, index)
	case core.ExternGlobal:
		p.globalType(s, &t.Global, index)
	case core.ExternTag:
		p.tagType(s, t.Tag, index)
	}
	p.close()
}

// tableType prints the type of a table and leaves the group open.
func (p *printer) tableType(s *printScope, t *core.TableType, index bool) {
	p.open("table ")
	if index {
		p.define(s, spaceTable)
		p.str(" ")
	}
	if t.Limits.Shared {
		p.str("shared ")
	}
	p.limits(&t.Limits)
	p.str(" ")
	p.refType(s, t.Elem)
}

func (p *printer) limits(l *types.Limits) {
	if l.Is64 {
		p.str("i64 ")
	}
	p.num(l.Min)
	if l.HasMax {
		p.str(" ")
		p.num(l.Max)
	}
}

// memoryType prints the type of a memory and leaves the group open.
func (p *printer) memoryType(s *printScope, t *core.MemoryType, index bool) {
	p.open("memory ")
	if index {
		p.define(s, spaceMemory)
		p.str(" ")
	}
	p.limits(&t.Limits)
	if t.Limits.Shared {
		p.str(" shared")
	}
	if t.HasPageSize {
		p.printf(" (pagesize %#x)", uint64(1)<<t.PageSizeLog2)
	}
}

// globalType prints the type of a global and leaves the group open.
func (p *printer) globalType(s *printScope, t *core.GlobalType, index bool) {
	p.open("global ")
	if index {
		p.define(s, spaceGlobal)
		p.str(" ")
	}
	if !t.Shared && !t.Mutable {
		p.valType(s, t.Type)
		return
	}
	p.str("(")
	if t.Shared {
		p.str("shared ")
	}
	if t.Mutable {
		p.str("mut ")
	}
	p.valType(s, t.Type)
	p.str(")")
}

// tagType prints the type of a tag and leaves the group open.
func (p *printer) tagType(s *printScope, t core.TypeIdx, index bool) {
	p.open("tag ")
	if index {
		p.define(s, spaceTag)
		p.str(" ")
	}
	p.funcTypeRef(s, t, nil)
}

func (p *printer) table(s *printScope, t *core.Table, base int) {
	p.tableType(s, &t.Type, true)
	if t.Init.Bytes != nil {
		p.str(" ")
		p.constExpr(s, &t.Init, base)
	}
	p.close()
}

func (p *printer) coreExport(s *printScope, e *core.Export) {
	p.open("export ")
	p.quoted(e.Name)
	p.str(" ")
	p.coreItem(s, e.Kind, e.Index)
	p.close()
}

func (p *printer) coreItem(s *printScope, k core.ExternKind, i uint32) {
	p.open(k.String() + " ")
	if k == core.ExternTag {
		// Other tools export tags by number.
		p.num(uint64(i))
	} else {
		p.index(s, externSpaces[k], i)
	}
	p.close()
}

func (p *printer) elem(s *printScope, e *core.Elem, base int) {
	p.open("elem ")
	p.define(s, spaceElem)
	switch e.Mode {
	case core.Declared:
		p.str(" declare")
	case core.Active:
		if e.ExplicitTable {
			p.str(" ")
			p.open("table ")
			p.index(s, spaceTable, uint32(e.Table))
			p.close()
		}
		p.str(" ")
		p.sugaredExpr(s, &e.Offset, "offset", base)
	}
	p.str(" ")
	switch {
	case p.o.Skeleton:
		p.str("...")
	case e.UseExprs:
		p.refType(s, e.Type)
		for i := range e.Exprs {
			p.str(" ")
			p.sugaredExpr(s, &e.Exprs[i], "item", base)
		}
	default:
		p.str("func")
		for _, f := range e.Funcs {
			p.str(" ")
			p.index(s, spaceFunc, uint32(f))
		}
	}
	p.close()
}

func (p *printer) data(s *printScope, d *core.Data, base int) {
	p.open("data ")
	p.define(s, spaceData)
	p.str(" ")
	if d.Mode == core.Active {
		if d.Memory != 0 {
			p.open("memory ")
			p.index(s, spaceMemory, uint32(d.Memory))
			p.close()
			p.str(" ")
		}
		p.sugaredExpr(s, &d.Offset, "offset", base)
		p.str(" ")
	}
	if p.o.Skeleton {
		p.str("...")
	} else {
		p.bytes(d.Bytes)
	}
	p.close()
}

// sugaredExpr prints a constant expression: a single instruction in parentheses, or several after a
// keyword.
func (p *printer) sugaredExpr(s *printScope, e *core.Expr, word string, base int) {
	p.open("")
	r := core.NewInstrReader(e.Bytes, 0)
	var in core.Instr
	n := 0
	for n < 3 && r.Next(&in) {
		n++
	}
	if n != 2 {
		p.str(word + " ")
	}
	p.constExpr(s, e, base)
	p.close()
}

// localGroups prints parameters or local variables. Variables without names share a group, and each
// named variable has its own.
type localGroups struct {
	p     *printer
	word  string
	names map[uint32]naming
	named bool // whether the variables can have names
	in    bool
	first bool
}

func (g *localGroups) start(i uint32) {
	p := g.p
	n, ok := g.names[i]
	if ok && g.in {
		p.close()
		g.in = false
	}
	if g.first {
		p.str(" ")
	}
	g.first = true
	if !g.in {
		p.open(g.word)
		p.str(" ")
		g.in = true
	}
	switch {
	case ok:
		p.str(n.def)
		p.str(" ")
	case p.o.NameUnnamed && g.named:
		p.printf("$#local%d ", i)
	}
}

// end ends the group that start has started for i.
func (g *localGroups) end(i uint32) {
	if _, ok := g.names[i]; ok || g.p.o.NameUnnamed && g.named {
		g.p.close()
		g.in = false
	}
}

func (g *localGroups) finish() {
	if g.in {
		g.p.close()
	}
}

// function prints a function.
func (p *printer) function(s *printScope, t core.TypeIdx, b *core.Body, base int) {
	index := s.counts[spaceFunc]
	p.open("func ")
	p.defineAt(s, spaceFunc, index)
	p.str(" ")
	params := p.funcTypeRef(s, t, &index)
	end := base + b.End - 1
	if p.o.Skeleton {
		p.str(" ...")
		p.close()
	} else {
		p.body(s, index, params, b, base)
		p.closeAt(end, true)
	}
	s.counts[spaceFunc]++
}

// body prints the local variables and instructions of a function.
func (p *printer) body(s *printScope, index, params uint32, b *core.Body, base int) {
	locals, r, err := b.Read()
	if err != nil {
		p.moduleError(err, base)
		return
	}
	g := localGroups{p: p, word: "local", names: s.locals[index], named: true}
	n := uint32(0)
	for _, l := range locals {
		if l.Count > maxLocals-n {
			p.fail(coreError(p.file, &core.Error{Offset: b.Start, Message: fmt.Sprintf("function exceeds the maximum number of locals that "+
				"can be printed: %d", maxLocals)}, base))
			return
		}
		for range l.Count {
			if n == 0 {
				p.newline(base + b.Start + 1)
			}
			g.start(params + n)
			p.valType(s, l.Type)
			g.end(params + n)
			n++
		}
	}
	g.finish()
	ip := newInstrPrinter(p, s, index, base)
	ip.hints = s.hints[index]
	ip.hintBase = b.Start
	if err := ip.run(r); err != nil {
		p.moduleError(err, base)
	}
}

// coreModule prints a module inside a component.
func (p *printer) coreModule(parent *printScope, m *encoding.CoreModule) {
	x, err := core.Decode(m.Bytes)
	if err != nil {
		p.moduleError(err, m.Start)
		return
	}
	p.module(x, parent, m.Start)
}

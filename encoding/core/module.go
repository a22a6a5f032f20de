package core

import (
	"fmt"
	"iter"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// SectionID is the id of a section of a module.
type SectionID uint8

// The sections, by id.
const (
	SectionCustom SectionID = iota
	SectionType
	SectionImport
	SectionFunction
	SectionTable
	SectionMemory
	SectionGlobal
	SectionExport
	SectionStart
	SectionElement
	SectionCode
	SectionData
	SectionDataCount
	SectionTag

	numSections
)

var sectionNames = [numSections]string{
	"custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data", "data count", "tag",
}

// String returns the name of the section in the core specification.
func (id SectionID) String() string {
	if id < numSections {
		return sectionNames[id]
	}
	return fmt.Sprintf("SectionID(%d)", uint8(id))
}

// sectionOrder is the position of each section in the required order. Custom sections have none.
var sectionOrder = [numSections]int{
	SectionType: 1, SectionImport: 2, SectionFunction: 3, SectionTable: 4, SectionMemory: 5, SectionTag: 6, SectionGlobal: 7,
	SectionExport: 8, SectionStart: 9, SectionElement: 10, SectionDataCount: 11, SectionCode: 12, SectionData: 13,
}

// Module is a core module as written. It is immutable once returned and safe for concurrent use. It
// aliases the bytes it was decoded from.
type Module struct {
	// Sections are all sections in file order, including custom sections.
	Sections []Section

	// The contents of the sections. In the index spaces, imports come before the definitions of the
	// module.
	Types    []RecType
	Imports  []Import
	Funcs    []TypeIdx
	Tables   []Table
	Memories []MemoryType
	Tags     []TypeIdx
	Globals  []Global
	Exports  []Export
	// Start is nil if the module has no start function.
	Start *FuncIdx
	// NumElems, NumBodies and NumData are the lengths of the element, code and data sections.
	// DataCount is the number in the data count section, or nil if the module has none.
	NumElems, NumBodies, NumData uint32
	DataCount                    *uint32

	data []byte
	// compact is the first byte that marks imports in compact form, or 0. compactAt is its offset.
	compact   byte
	compactAt int
}

// Section is one section. Span covers its contents without id and size, and Data holds these bytes.
type Section struct {
	ID SectionID
	Span
	Data []byte
	// Name is the name of a custom section, and Payload its data after the name.
	Name    string
	Payload []byte

	sizeWidth int // number of bytes of the size field
}

// Table is a table definition. Init is the constant expression for its elements including the end
// opcode. Its Bytes are nil if the table has no such expression.
type Table struct {
	Type TableType
	Init Expr
}

// Global is a global definition.
type Global struct {
	Type GlobalType
	Init Expr
}

// Expr is a constant expression: its instructions and the end opcode.
type Expr struct {
	Span
	Bytes []byte
}

// Section returns the section with the given id and reports whether it exists. The id must not be
// SectionCustom.
func (m *Module) Section(id SectionID) (Section, bool) {
	for _, s := range m.Sections {
		if s.ID == id {
			return s, true
		}
	}
	return Section{}, false
}

// Customs yields the custom sections in file order.
func (m *Module) Customs() iter.Seq[Section] {
	return func(yield func(Section) bool) {
		for _, s := range m.Sections {
			if s.ID == SectionCustom && !yield(s) {
				return
			}
		}
	}
}

// Custom returns the payload of the first custom section with the given name and reports whether it
// exists.
func (m *Module) Custom(name string) ([]byte, bool) {
	for s := range m.Customs() {
		if s.Name == name {
			return s.Payload, true
		}
	}
	return nil, false
}

// NumImports returns the number of imports of a kind. That number is the index of the first
// definition of that kind in the module itself.
func (m *Module) NumImports(k ExternKind) int {
	n := 0
	for i := range m.Imports {
		if m.Imports[i].Type.Kind == k {
			n++
		}
	}
	return n
}

// FuncTypeIdx returns the type index of a function, which may be imported. It returns false if the
// function does not exist.
func (m *Module) FuncTypeIdx(f FuncIdx) (TypeIdx, bool) {
	i := int(f)
	for k := range m.Imports {
		if t := &m.Imports[k].Type; t.Kind == ExternFunc {
			if i == 0 {
				return t.Func, true
			}
			i--
		}
	}
	if i < len(m.Funcs) {
		return m.Funcs[i], true
	}
	return 0, false
}

// ExportType returns the type of an export as it is written. It fails if the index of the export is
// out of bounds.
func (m *Module) ExportType(e Export) (ExternType, error) {
	i := int(e.Index)
	for k := range m.Imports {
		if t := m.Imports[k].Type; t.Kind == e.Kind {
			if i == 0 {
				return t, nil
			}
			i--
		}
	}
	t := ExternType{Kind: e.Kind}
	switch {
	case e.Kind == ExternFunc && i < len(m.Funcs):
		t.Func = m.Funcs[i]
	case e.Kind == ExternTable && i < len(m.Tables):
		t.Table = m.Tables[i].Type
	case e.Kind == ExternMemory && i < len(m.Memories):
		t.Memory = m.Memories[i]
	case e.Kind == ExternGlobal && i < len(m.Globals):
		t.Global = m.Globals[i].Type
	case e.Kind == ExternTag && i < len(m.Tags):
		t.Tag = m.Tags[i]
	default:
		return t, fmt.Errorf("export `%s`: unknown %s %d: index out of bounds", e.Name, e.Kind, e.Index)
	}
	return t, nil
}

// Body is a function body: its locals and code including the end opcode, without the size that
// precedes it.
type Body struct {
	Span
	Bytes []byte
}

// Bodies yields the function bodies in order. It finds them by their sizes and does not decode
// them. If the sizes do not match the section, it yields an error last, in the form of an error of
// [Decode].
func (m *Module) Bodies() iter.Seq2[Body, error] {
	return func(yield func(Body, error) bool) {
		s, ok := m.Section(SectionCode)
		if !ok {
			return
		}
		r := raw.NewReader(m.data, s.Start, s.End)
		for range r.Count() {
			size := r.U32()
			start := r.Pos()
			b := r.Skip(int(min(uint64(size), uint64(len(m.data)+1))))
			if !r.OK() {
				break
			}
			if !yield(Body{Span{start, r.Pos()}, b}, nil) {
				return
			}
		}
		r.Close()
		if err := r.Err(); err != nil {
			yield(Body{}, newError(err, SectionCode))
		}
	}
}

// Spans returns the spans of the items of a section, in order. It returns nil for sections that are
// not a vector of items, and for imports in compact form. If a function body, element segment or
// data segment is malformed, Spans leaves out that item and all later ones.
func (m *Module) Spans(id SectionID) []Span {
	s, ok := m.Section(id)
	if !ok || id == SectionImport && m.compact != 0 {
		return nil
	}
	switch id {
	case SectionCustom, SectionStart, SectionDataCount:
		return nil
	case SectionCode:
		list, _ := m.bodySpans()
		return list
	}
	r := raw.NewReader(m.data, s.Start, s.End)
	var list []Span
	for range r.Count() {
		start := r.Pos()
		skipItem(r, id)
		if !r.OK() {
			break
		}
		list = append(list, Span{start, r.Pos()})
	}
	return list
}

// skipItem reads one item of a section that is a vector, other than function bodies and imports in
// compact form.
func skipItem(r *raw.Reader, id SectionID) {
	switch id {
	case SectionType:
		ReadRecType(r)
	case SectionImport:
		r.Name()
		r.Name()
		ReadExternType(r)
	case SectionFunction:
		r.U32()
	case SectionTable:
		readTable(r)
	case SectionMemory:
		readMemoryType(r)
	case SectionTag:
		readTagType(r)
	case SectionGlobal:
		readGlobal(r)
	case SectionExport:
		readExport(r)
	case SectionElement:
		readElem(r)
	case SectionData:
		readData(r)
	default:
		panic(fmt.Sprintf("unreachable: %v", id))
	}
}

// Append appends the binary format of m to dst: the bytes it was decoded from.
func (m *Module) Append(dst []byte) []byte {
	dst = append(dst, preamble...)
	for _, s := range m.Sections {
		dst = append(dst, byte(s.ID))
		dst = leb128.AppendUintPadded(dst, uint64(len(s.Data)), s.sizeWidth)
		dst = append(dst, s.Data...)
	}
	return dst
}

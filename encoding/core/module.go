package core

import (
	"fmt"
	"iter"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/internal/leb128"
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

// String returns the core specification's name of the section.
func (id SectionID) String() string {
	if id < numSections {
		return sectionNames[id]
	}
	return fmt.Sprintf("SectionID(%d)", uint8(id))
}

// sectionOrder is where each section has to stand among the others.
var sectionOrder = [numSections]int{
	SectionType: 1, SectionImport: 2, SectionFunction: 3, SectionTable: 4, SectionMemory: 5, SectionTag: 6, SectionGlobal: 7,
	SectionExport: 8, SectionStart: 9, SectionElement: 10, SectionDataCount: 11, SectionCode: 12, SectionData: 13,
}

// Module is a core module as written. It is immutable once returned, and safe for concurrent use. It aliases the bytes it was decoded from.
type Module struct {
	// Sections are all sections in file order, custom sections among them.
	Sections []Section

	// What the sections hold. Imports come before the module's own definitions in the index spaces.
	Types    []RecType
	Imports  []Import
	Funcs    []TypeIdx
	Tables   []Table
	Memories []MemoryType
	Tags     []TypeIdx
	Globals  []Global
	Exports  []Export
	// Start is nil when there is no start function.
	Start *FuncIdx
	// NumElems, NumBodies and NumData are the lengths of the element, code and data sections; DataCount is what the data count section
	// says, and nil without one.
	NumElems, NumBodies, NumData uint32
	DataCount                    *uint32

	data []byte
	// compact is the first byte that marks imports in compact form, and compactAt where it is.
	compact   byte
	compactAt int
}

// Section is one section. Span covers its contents, without id and size; Data is the same as bytes.
type Section struct {
	ID SectionID
	Span
	Data []byte
	// Name is the name of a custom section, and Payload what follows it.
	Name    string
	Payload []byte

	sizeWidth int // bytes that the size takes
}

// Table is a table definition. Init is the constant expression for its elements with its end opcode, nil when there is none.
type Table struct {
	Type TableType
	Init Expr
}

// Global is a global definition.
type Global struct {
	Type GlobalType
	Init Expr
}

// Expr is a constant expression. It covers the instructions and the end opcode.
type Expr struct {
	Span
	Bytes []byte
}

// Section returns the section with the given id, which is not SectionCustom, and whether there is one.
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

// Custom returns the payload of the first custom section with the given name, and whether there is one.
func (m *Module) Custom(name string) ([]byte, bool) {
	for s := range m.Customs() {
		if s.Name == name {
			return s.Payload, true
		}
	}
	return nil, false
}

// NumImports returns the number of imports of a kind, which is the index of the first definition of the module's own.
func (m *Module) NumImports(k ExternKind) int {
	n := 0
	for i := range m.Imports {
		if m.Imports[i].Type.Kind == k {
			n++
		}
	}
	return n
}

// FuncTypeIdx returns the type index of a function, imported ones included, and false if there is no such function.
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

// ExportType returns the type of an export as it is written. The error says that its index is out of bounds.
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

// Body is a function body: locals and code with the end opcode, without the size in front.
type Body struct {
	Span
	Bytes []byte
}

// Bodies yields the function bodies in order. It finds them by their sizes and does not look inside. When the sizes do not fit the section it
// yields the error last; the error is as that of [Decode].
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

// Spans returns where the items of a section stand, in their order. It returns nil for sections that are not a vector of
// items, and for imports in compact form. Function bodies, and element and data segments that cannot be read, are left out
// from the first that is malformed.
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

// skipItem reads an item of a section that is a vector, function bodies and imports in compact form apart.
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

package core

import (
	"bytes"
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

var preamble = []byte("\x00asm\x01\x00\x00\x00")

// Error is an error in a module. Offset counts from the start of the module.
type Error struct {
	Offset  int
	Message string
	// Invalid reports that the format is correct and validation failed.
	Invalid bool
	// Item is the item of the section that has the error, such as "func 3". It may be empty.
	Item string
	// Section is the section that has the error. It is set only if InSection is.
	Section   SectionID
	InSection bool
}

// Error returns the message and the position.
func (e *Error) Error() string {
	switch {
	case e.Item != "":
		return fmt.Sprintf("%s (at offset %#x, %s)", e.Message, e.Offset, e.Item)
	case e.InSection:
		return fmt.Sprintf("%s (at offset %#x, %s section)", e.Message, e.Offset, e.Section)
	}
	return fmt.Sprintf("%s (at offset %#x)", e.Message, e.Offset)
}

func newError(err *raw.Error, id SectionID) *Error {
	return &Error{Offset: err.Offset, Message: err.Message, Section: id, InSection: true}
}

// MaxEmptySections limits the number of sections that nothing else limits: custom sections and, in
// components, sections without definitions. Each takes three bytes in the file, and a hundred times
// as much in memory.
const MaxEmptySections = 100_000

// Decode reads a core module at the level of sections. It checks the format of all sections, except
// that it reads only the counts of the code, element and data sections. It validates nothing: see
// [Validate]. The result aliases data, which must not change afterwards.
//
// The error is an [*Error]. Its offset counts from the start of data.
func Decode(data []byte) (*Module, error) {
	r := raw.NewReader(data, 0, len(data))
	m := &Module{data: data}
	m.readPreamble(r)
	last := 0
	for r.Len() > 0 {
		start := r.Pos()
		if len(m.Sections) == MaxEmptySections+int(numSections) {
			r.Fail(raw.Limit, start, fmt.Sprintf("custom section count exceeds limit of %d", MaxEmptySections))
			break
		}
		id := SectionID(r.Byte())
		if id >= numSections {
			r.Fail(raw.BadSection, start, fmt.Sprintf("malformed section id: %#x", uint8(id)))
			break
		}
		sizeAt := r.Pos()
		size := r.U32()
		s := Section{ID: id, sizeWidth: r.Pos() - sizeAt}
		body := r.Sub(size)
		if !r.OK() {
			if bytes.HasPrefix(data[start:], preamble[:4]) {
				return nil, &Error{Offset: start, Message: "expected section, got wasm magic number"}
			}
			break
		}
		s.Span = Span{body.Pos(), body.End()}
		s.Data = r.Slice(s.Start, s.End)
		if order := sectionOrder[id]; order > 0 {
			if order <= last {
				r.Fail(raw.BadSection, start, "section out of order")
				break
			}
			last = order
		}
		m.readSection(&s, body)
		if err := body.Err(); err != nil {
			return nil, newError(err, id)
		}
		m.Sections = append(m.Sections, s)
	}
	m.checkCounts(r)
	if err := r.Err(); err != nil {
		return nil, &Error{Offset: err.Offset, Message: err.Message}
	}
	return m, nil
}

func (m *Module) readPreamble(r *raw.Reader) {
	if b := r.Skip(4); r.OK() && !bytes.Equal(b, preamble[:4]) {
		r.Fail(raw.BadPreamble, 0, "magic header not detected: bad magic number")
	}
	b := r.Skip(4)
	switch {
	case !r.OK() || bytes.Equal(b, preamble[4:]):
	case bytes.Equal(b, []byte("\x0d\x00\x01\x00")):
		r.Fail(raw.BadPreamble, 0, "expected a version header for a module, found a component's")
	default:
		r.Fail(raw.BadPreamble, 4, fmt.Sprintf("unknown binary version: %#x", b))
	}
}

// readSection reads the contents of s from r.
func (m *Module) readSection(s *Section, r *raw.Reader) {
	switch s.ID {
	case SectionCustom:
		s.Name = r.Name()
		s.Payload = r.Skip(r.Len())
	case SectionType:
		m.Types = raw.Vec(r, ReadRecType)
	case SectionImport:
		m.readImports(r)
	case SectionFunction:
		m.Funcs = raw.Vec(r, raw.Index[TypeIdx])
	case SectionTable:
		m.Tables = raw.Vec(r, readTable)
	case SectionMemory:
		m.Memories = raw.Vec(r, readMemoryType)
	case SectionGlobal:
		m.Globals = raw.Vec(r, readGlobal)
	case SectionExport:
		m.Exports = raw.Vec(r, readExport)
	case SectionStart:
		f := raw.Index[FuncIdx](r)
		m.Start = &f
	case SectionElement:
		m.NumElems = uint32(r.Count())
		r.Skip(r.Len())
	case SectionCode:
		at := r.Pos()
		if m.NumBodies = r.U32(); int64(m.NumBodies) != int64(len(m.Funcs)) {
			const mismatch = "function and code section have inconsistent lengths"
			if !m.has(SectionFunction) {
				r.Fail(raw.Mismatch, at, "function section is absent but code section has non-zero count: "+mismatch)
			} else {
				r.Fail(raw.Mismatch, at, mismatch)
			}
		} else if int64(m.NumBodies) > int64(r.Len()) {
			r.Skip(r.Len() + 1)
		}
		r.Skip(r.Len())
	case SectionData:
		m.NumData = uint32(r.Count())
		r.Skip(r.Len())
	case SectionDataCount:
		n := r.U32()
		m.DataCount = &n
	case SectionTag:
		m.Tags = raw.Vec(r, readTagType)
	default:
		panic(fmt.Sprintf("unreachable: section %d", s.ID))
	}
	r.Close()
}

// checkCounts checks that related sections agree on the number of their items.
func (m *Module) checkCounts(r *raw.Reader) {
	switch {
	case len(m.Funcs) != int(m.NumBodies):
		const mismatch = "function and code section have inconsistent lengths"
		if !m.has(SectionCode) {
			r.Fail(raw.Mismatch, r.Pos(), "function section has non-zero count but code section is absent: "+mismatch)
		} else {
			r.Fail(raw.Mismatch, r.Pos(), mismatch)
		}
	case m.DataCount != nil && *m.DataCount != 0 && !m.has(SectionData):
		r.Fail(raw.Mismatch, r.Pos(), "data count is non-zero but data section is absent: data count and data section have inconsistent lengths")
	case m.DataCount != nil && *m.DataCount != m.NumData:
		r.Fail(raw.Mismatch, r.Pos(), "data count and data section have inconsistent lengths")
	}
}

func (m *Module) has(id SectionID) bool {
	_, ok := m.Section(id)
	return ok
}

// The bytes that take the place of the type in the compact-imports proposal. They follow an empty
// name and introduce several imports of one module.
const (
	compactItems = 0x7f // a vector of names with types
	compactNames = 0x7e // a type, and a vector of names
)

// readImports reads the import section and expands compact forms.
func (m *Module) readImports(r *raw.Reader) {
	n := r.Count()
	m.Imports = make([]Import, 0, min(n, r.Len()/4)) // an import takes at least four bytes
	for range n {
		if !r.OK() {
			return
		}
		module, name := r.Name(), r.Name()
		code := r.Peek()
		switch {
		case name == "" && code == compactItems:
			m.noteCompact(r)
			for range r.Count() {
				if !r.OK() {
					return
				}
				m.Imports = append(m.Imports, Import{Module: module, Name: r.Name(), Type: ReadExternType(r)})
			}
		case name == "" && code == compactNames:
			m.noteCompact(r)
			t := ReadExternType(r)
			for range r.Count() {
				if !r.OK() {
					return
				}
				m.Imports = append(m.Imports, Import{Module: module, Name: r.Name(), Type: t})
			}
		default:
			m.Imports = append(m.Imports, Import{Module: module, Name: name, Type: ReadExternType(r)})
		}
	}
}

// noteCompact reads the byte that marks a compact form. It records the first one for validation,
// because the form is a feature.
func (m *Module) noteCompact(r *raw.Reader) {
	if m.compact == 0 {
		m.compact, m.compactAt = r.Peek(), r.Pos()
	}
	r.Byte()
}

func readExport(r *raw.Reader) Export {
	return Export{Name: r.Name(), Kind: readExternKind(r), Index: r.U32()}
}

// The bytes that precede a table with an initializer expression.
const (
	tableWithInit = 0x40
	tableInitZero = 0x00
)

func readTable(r *raw.Reader) Table {
	if r.Peek() != tableWithInit {
		return Table{Type: readTableType(r)}
	}
	r.Byte()
	if r.Byte() != tableInitZero {
		r.Fail(raw.BadByte, r.Pos()-1, "invalid table encoding")
	}
	return Table{Type: readTableType(r), Init: readExpr(r)}
}

func readGlobal(r *raw.Reader) Global {
	return Global{Type: readGlobalType(r), Init: readExpr(r)}
}

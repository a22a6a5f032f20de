package encoding

import (
	"bytes"
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// MaxNesting limits how deeply components and types are nested in each other. It keeps the
// recursion of this package, and of everything that walks a tree, far from the end of the stack.
// Other tools have the same limit.
const MaxNesting = 100

// PreambleLen is the length of the preamble of a component or core module: its magic, version and
// layer.
const PreambleLen = 8

const magic = "\x00asm"

var (
	preamble     = []byte(magic + "\x0d\x00\x01\x00")
	corePreamble = []byte(magic + "\x01\x00\x00\x00")
)

// IsComponent reports whether data starts with the preamble of a component.
func IsComponent(data []byte) bool { return bytes.HasPrefix(data, preamble) }

// IsCoreModule reports whether data starts with the preamble of a core module.
func IsCoreModule(data []byte) bool { return bytes.HasPrefix(data, corePreamble) }

// Decode reads a component. It checks only the format: indices may be out of range, names may be
// malformed and types may be invalid; see package validate. Core modules and custom sections alias
// f.Data, which must not change afterwards. Everything else is copied.
//
// The error is a [*diag.Diagnostic] with the offset in f and the path of the item, such as
// "component 0 > type 3".
func Decode(f *diag.File) (*Component, error) {
	c, d := decodeComponent(f, raw.NewReader(f.Data, 0, len(f.Data)), 0, new(int))
	if d != nil {
		return nil, d
	}
	return c, nil
}

// countEmpty counts a section that is custom or has no definitions. It fails and returns false if
// the count exceeds the limit.
func countEmpty(r *raw.Reader, n *int, start int, id byte, size int) bool {
	if id != byte(secCustom) && size > 1 {
		return true
	}
	if *n++; *n <= core.MaxEmptySections {
		return true
	}
	r.Fail(raw.Limit, start, fmt.Sprintf("the number of custom and empty sections exceeds the limit of %d", core.MaxEmptySections))
	return false
}

// decodeComponent reads the component that r spans. count is the number of custom and empty
// sections seen so far in the whole file.
func decodeComponent(f *diag.File, r *raw.Reader, depth int, count *int) (*Component, *diag.Diagnostic) {
	rec := &raw.Recorder{}
	r.Rec = rec
	c := &Component{Span: Span{Start: r.Pos(), End: r.End()}, file: f}
	readPreamble(r, depth)
	s := sectionReader{file: f, c: c, depth: depth, count: count}
	var sections []section
	for r.Len() > 0 {
		start := r.Pos()
		id := r.Byte()
		if id >= byte(numSections) {
			r.Fail(raw.BadSection, start, fmt.Sprintf("malformed section id: %#x", id))
			break
		}
		body := r.Sub(r.U32())
		if !countEmpty(r, count, start, id, body.Len()) {
			break
		}
		before := len(c.Defs)
		if d := s.section(sectionID(id), body); d != nil {
			return nil, d
		}
		r.Join(body)
		sections = append(sections, section{sectionID(id), len(c.Defs) - before})
	}
	if err := r.Err(); err != nil {
		return nil, diagnostic(f, err)
	}
	c.layout = newLayout(c.Defs, sections, rec.Notes)
	return c, nil
}

// readPreamble reads the magic, version and layer fields.
func readPreamble(r *raw.Reader, depth int) {
	start := r.Pos()
	if b := r.Skip(len(magic)); r.OK() && string(b) != magic {
		r.Fail(raw.BadPreamble, start, "magic header not detected: bad magic number")
	}
	b := r.Skip(PreambleLen - len(magic))
	if !r.OK() {
		return
	}
	switch {
	case bytes.Equal(b, preamble[len(magic):]):
	case bytes.Equal(b, corePreamble[len(magic):]):
		if depth > 0 {
			r.Fail(raw.BadPreamble, start, "expected a version header for a component, found a core module's")
			return
		}
		r.FailHelp(raw.BadPreamble, start, "expected a version header for a component, found a core module's",
			"make a component of the core module first")
	default:
		r.Fail(raw.BadPreamble, start+len(magic), fmt.Sprintf("unknown binary version and layer: %#x", b))
	}
}

// sectionReader reads the sections of one component.
type sectionReader struct {
	file  *diag.File
	c     *Component
	depth int
	count *int
	names itemNames
}

// section reads the definitions of one section. It returns the error of a definition with its path,
// and leaves an error of the section itself in r.
func (s *sectionReader) section(id sectionID, r *raw.Reader) *diag.Diagnostic {
	n := 1
	if sectionKinds[id].vector {
		n = r.Count()
	}
	for range n {
		if !r.OK() {
			break
		}
		d, nested := s.def(id, r)
		if nested == nil && !r.OK() {
			nested = diagnostic(s.file, r.Err())
		}
		if nested != nil {
			return nested.In("%s", s.names.next(id))
		}
		s.c.Defs = append(s.c.Defs, d)
		s.names.add(d)
	}
	if id == secStart && r.Len() > 0 {
		r.Fail(raw.Trailing, r.Pos(), "unexpected content in the component start section")
	}
	r.Close()
	return nil
}

// def reads one definition.
func (s *sectionReader) def(id sectionID, r *raw.Reader) (Def, *diag.Diagnostic) {
	switch id {
	case secCustom:
		return readCustom(r), nil
	case secCoreModule:
		return readCoreModule(r), nil
	case secCoreInstance:
		return readCoreInstance(r), nil
	case secCoreType:
		return readCoreType(r), nil
	case secComponent:
		return s.nested(r)
	case secInstance:
		return readInstance(r), nil
	case secAlias:
		return readAlias(r), nil
	case secType:
		return readType(r, s.depth), nil
	case secCanon:
		return readCanon(r), nil
	case secStart:
		return readStart(r), nil
	case secImport:
		return readImport(r), nil
	case secExport:
		return readExport(r), nil
	case secValue:
		return readValue(r), nil
	default:
		panic(unreachable(id))
	}
}

// nested reads a component that fills the rest of r.
func (s *sectionReader) nested(r *raw.Reader) (Def, *diag.Diagnostic) {
	span := Span{Start: r.Pos(), End: r.End()}
	if !nest(r, s.depth) {
		return nil, nil
	}
	r.Skip(r.Len())
	c, d := decodeComponent(s.file, raw.NewReader(s.file.Data, span.Start, span.End), s.depth+1, s.count)
	return &NestedComponent{Span: span, Component: c}, d
}

// nest fails and returns false if an item at the given depth may not contain nested items.
func nest(r *raw.Reader, depth int) bool {
	if depth < MaxNesting {
		return true
	}
	r.Fail(raw.Nesting, r.Pos(), fmt.Sprintf("nesting too deep: components and types may be nested %d deep", MaxNesting))
	return false
}

// spanFrom returns the span of the bytes read since start.
func spanFrom(r *raw.Reader, start int) Span { return Span{Start: start, End: r.Pos()} }

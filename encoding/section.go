package encoding

import (
	"fmt"
	"iter"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// Section is a section of a component or core module in a file. Its contents have not been decoded.
type Section struct {
	// Span covers the whole section including its id and size. Contents is the part after these.
	Span
	Contents Span
	ID       byte
	// Kind is the name of the kind of section in the specifications, such as "core module", "alias" or
	// "data count".
	Kind string
	// Count is the number of definitions in the section: its length if it is a vector, otherwise 1.
	Count uint32
	// Name is the name of a custom section, and Payload its data after the name. Payload aliases the
	// file.
	Name    string
	Payload []byte

	custom bool
	nested bool
}

// IsCustom reports whether s is a custom section.
func (s *Section) IsCustom() bool { return s.custom }

// IsNested reports whether the contents of s are a component or core module. If so, [Sections] can
// look into them.
func (s *Section) IsNested() bool { return s.nested }

// Sections yields the sections of the component or core module at a range of a file: the whole
// file, or the contents of a nested section. It reads only ids, sizes, counts and the names of
// custom sections. If one of these is bad, it yields the error last: a [*diag.Diagnostic] with the
// offset in f.
func Sections(f *diag.File, at Span) iter.Seq2[Section, error] {
	return func(yield func(Section, error) bool) {
		start := min(max(at.Start, 0), len(f.Data))
		end := min(max(at.End, start), len(f.Data))
		r := raw.NewReader(f.Data, start, end)
		read := readComponentSection
		if IsCoreModule(f.Data[start:end]) {
			read = readModuleSection
			r.Skip(preambleLen)
		} else {
			// A bad version gets the same message here as at the start of a file.
			readPreamble(r, 0)
		}
		count := 0
		for r.Len() > 0 {
			s := Section{Span: Span{Start: r.Pos()}, ID: r.Byte()}
			body := r.Sub(r.U32())
			countEmpty(r, &count, s.Start, s.ID, body.Len())
			s.Contents = Span{Start: body.Pos(), End: body.End()}
			s.End = body.End()
			if r.OK() {
				read(&s, body)
				r.Join(body)
			}
			if !r.OK() {
				break
			}
			if !yield(s, nil) {
				return
			}
		}
		if err := r.Err(); err != nil {
			yield(Section{}, diagnostic(f, err))
		}
	}
}

func readComponentSection(s *Section, r *raw.Reader) {
	id := sectionID(s.ID)
	if id >= numSections {
		r.Fail(raw.BadSection, s.Start, fmt.Sprintf("malformed section id: %#x", s.ID))
		return
	}
	s.Kind = sectionKinds[id].noun
	s.nested = id == secCoreModule || id == secComponent
	s.read(r, id == secCustom, sectionKinds[id].vector)
}

func readModuleSection(s *Section, r *raw.Reader) {
	id := core.SectionID(s.ID)
	if id > core.SectionTag {
		r.Fail(raw.BadSection, s.Start, fmt.Sprintf("malformed section id: %#x", s.ID))
		return
	}
	s.Kind = id.String()
	s.read(r, id == core.SectionCustom, id != core.SectionStart && id != core.SectionDataCount)
}

func (s *Section) read(r *raw.Reader, custom, vector bool) {
	s.Count = 1
	switch {
	case custom:
		s.custom, s.Kind = true, "custom section"
		s.Name = r.Name()
		s.Payload = r.Skip(r.Len())
	case vector:
		s.Count = r.U32()
	}
}

// EditCustoms returns the component or core module in f with its custom sections edited. It calls
// edit for each custom section in file order. This includes the sections of nested components and
// core modules, which have a depth above 0. Edit returns the new section: its argument to keep the
// bytes as they are, another section to replace them, or nil to remove the section. The sections in
// add are appended to the outermost component or module.
//
// All other bytes are those of f, except for the sizes of nested components and modules that
// change. The error is a [*diag.Diagnostic] with the offset in f.
func EditCustoms(f *diag.File, edit func(depth int, c *Custom) *Custom, add ...*Custom) ([]byte, error) {
	e := customEditor{file: f, edit: edit, w: raw.Writer{Buf: make([]byte, 0, len(f.Data))}}
	if _, err := e.body(Span{End: len(f.Data)}, 0); err != nil {
		return nil, err
	}
	for _, c := range add {
		e.section(c)
	}
	return e.w.Buf, nil
}

type customEditor struct {
	file *diag.File
	edit func(int, *Custom) *Custom
	w    raw.Writer
}

// body appends the edited form of the component or core module at a range, and reports whether it
// differs from the original.
func (e *customEditor) body(at Span, depth int) (changed bool, err error) {
	// A body that is shorter than a preamble is an error.
	e.copy(Span{Start: at.Start, End: min(at.Start+preambleLen, at.End)})
	for s, err := range Sections(e.file, at) {
		if err != nil {
			return changed, err
		}
		switch {
		case s.custom:
			old := &Custom{Span: s.Contents, Name: s.Name, Data: s.Payload}
			if c := e.edit(depth, old); c != old {
				changed = true
				if c != nil {
					e.section(c)
				}
				continue
			}
			e.copy(s.Span)
		case s.nested:
			inner, err := e.nested(s, depth)
			if err != nil {
				return changed, err
			}
			changed = changed || inner
		default:
			e.copy(s.Span)
		}
	}
	return changed, nil
}

func (e *customEditor) copy(at Span) { e.w.Bytes(e.file.Data[at.Start:at.End]) }

func (e *customEditor) section(c *Custom) {
	e.w.Byte(byte(secCustom))
	size := leb128.UintLen(uint64(len(c.Name))) + len(c.Name) + len(c.Data)
	e.w.U32(uint32(size))
	appendCustom(&e.w, c)
}

// nested appends the edited form of a section that holds a component or core module. It keeps the
// size as it was written unless the contents change.
func (e *customEditor) nested(s Section, depth int) (changed bool, err error) {
	if depth >= maxNesting {
		d := diag.At(e.file, s.Contents.Start, Nesting, "nesting too deep: components and types may be nested %d deep", maxNesting)
		return false, d
	}
	start := len(e.w.Buf)
	e.w.Byte(s.ID)
	size := e.w.Begin(s.Contents.End - s.Contents.Start)
	if changed, err = e.body(s.Contents, depth+1); err != nil {
		return changed, err
	}
	if !changed {
		e.w.Buf = e.w.Buf[:start]
		e.copy(s.Span)
		return false, nil
	}
	e.w.End(size)
	return true, nil
}

// SetOwnName returns the payload of a name section with the name of the component or module itself
// replaced. The section is that of a component or of a core module. An empty name removes the old
// one. The names of definitions keep their bytes.
func SetOwnName(payload []byte, name string) []byte {
	w := &raw.Writer{}
	if name != "" {
		w.Byte(nameComponent)
		size := w.Begin(len(name))
		w.Name(name)
		w.End(size)
	}
	r := raw.NewReader(payload, 0, len(payload))
	for r.Len() > 0 {
		start := r.Pos()
		id := r.Byte()
		r.Sub(r.U32())
		if !r.OK() {
			// The section need not be valid: the unreadable rest is kept.
			w.Bytes(payload[start:])
			break
		}
		if id != nameComponent {
			w.Bytes(payload[start:r.Pos()])
		}
	}
	return w.Buf
}

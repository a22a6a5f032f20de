package encoding

import (
	"fmt"
	"iter"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
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
			r.Skip(PreambleLen)
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

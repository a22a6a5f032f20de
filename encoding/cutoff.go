package encoding

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// CutOff returns the section of a file that claims more bytes than the file has, up to the end of
// the file, and the size that the section claims. The file is a component or a core module. CutOff
// reports false if no section is cut off, as in a file that ends between two sections or within the
// head of one.
func CutOff(f *diag.File) (s Section, promised uint32, ok bool) {
	kind := func(id byte) string {
		if sectionID(id) < numSections {
			return sectionKinds[id].noun
		}
		return ""
	}
	if IsCoreModule(f.Data) {
		kind = func(id byte) string {
			if core.SectionID(id) <= core.SectionTag {
				return core.SectionID(id).String()
			}
			return ""
		}
	}
	r := raw.NewReader(f.Data, min(PreambleLen, len(f.Data)), len(f.Data))
	for r.Len() > 0 {
		s := Section{Span: Span{Start: r.Pos()}, ID: r.Byte()}
		promised := r.U32()
		s.Kind = kind(s.ID)
		if !r.OK() || s.Kind == "" {
			break
		}
		if uint64(promised) > uint64(r.Len()) {
			s.Contents = Span{Start: r.Pos(), End: r.End()}
			s.End = r.End()
			return s, promised, true
		}
		r.Skip(int(promised))
	}
	return Section{}, 0, false
}

package encoding

import "github.com/mortise-wasm/mortise/encoding/internal/raw"

// layout is the information that the bytes of a component hold beyond its tree.
type layout struct {
	// notes are the integers and choices that were not written in the shortest form.
	notes []raw.Note
	// sections are the sections in file order. It is nil if they are the ones that a tree without
	// layout gets.
	sections []section
}

// section is one section and the number of its definitions.
type section struct {
	id    sectionID
	count int
}

// sectionID is the id of a section (Binary.md, "Component Definitions").
type sectionID uint8

const (
	secCustom sectionID = iota
	secCoreModule
	secCoreInstance
	secCoreType
	secComponent
	secInstance
	secAlias
	secType
	secCanon
	secStart
	secImport
	secExport
	secValue

	numSections
)

// sectionKinds holds, for each kind of section, the noun for one of its definitions, the index
// space that the noun counts or 0, and whether the section is a vector.
var sectionKinds = [numSections]struct {
	noun   string
	space  Sort
	vector bool
}{
	secCustom:       {"custom section", 0, false},
	secCoreModule:   {"core module", SortCoreModule, false},
	secCoreInstance: {"core instance", SortCoreInstance, true},
	secCoreType:     {"core type", SortCoreType, true},
	secComponent:    {"component", SortComponent, false},
	secInstance:     {"instance", SortInstance, true},
	secAlias:        {"alias", 0, true},
	secType:         {"type", SortType, true},
	secCanon:        {"canon", 0, true},
	secStart:        {"start", 0, false},
	secImport:       {"import", 0, true},
	secExport:       {"export", 0, true},
	secValue:        {"value", SortValue, true},
}

// sectionOf returns the id of the section that a definition belongs in.
func sectionOf(d Def) sectionID {
	switch d.(type) {
	case *Custom:
		return secCustom
	case *CoreModule:
		return secCoreModule
	case *CoreInstance:
		return secCoreInstance
	case *CoreType:
		return secCoreType
	case *NestedComponent:
		return secComponent
	case *Instance:
		return secInstance
	case *Alias:
		return secAlias
	case *Type:
		return secType
	case *Canon:
		return secCanon
	case *Start:
		return secStart
	case *Import:
		return secImport
	case *Export:
		return secExport
	case *Value:
		return secValue
	default:
		panic(unreachable(d))
	}
}

// sectionsOf returns the sections of definitions without layout: one for each run of definitions of
// one kind.
func sectionsOf(defs []Def) []section {
	var list []section
	for _, d := range defs {
		id := sectionOf(d)
		if n := len(list); n > 0 && list[n-1].id == id && sectionKinds[id].vector {
			list[n-1].count++
			continue
		}
		list = append(list, section{id, 1})
	}
	return list
}

// newLayout returns the layout of a decoded component, or nil if it is that of a tree without
// layout.
func newLayout(defs []Def, sections []section, notes []raw.Note) *layout {
	l := &layout{notes: notes, sections: sections}
	if canonicalSections(sections) {
		l.sections = nil
	}
	if l.sections == nil && len(l.notes) == 0 {
		return nil
	}
	return l
}

func canonicalSections(sections []section) bool {
	for i, s := range sections {
		if s.count == 0 || i > 0 && s.id == sections[i-1].id && sectionKinds[s.id].vector {
			return false
		}
	}
	return true
}

// fits reports whether the sections match the definitions. They do not if Defs was changed after
// decoding.
func (l *layout) fits(defs []Def) bool {
	i := 0
	for _, s := range l.sections {
		for range s.count {
			if i >= len(defs) || sectionOf(defs[i]) != s.id {
				return false
			}
			i++
		}
	}
	return i == len(defs)
}

package runner

import (
	"debug/dwarf"
	"fmt"
	"sync"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/runner/internal/meter"
)

// sources finds source positions in the debug information of modules. Reading it is left until a
// trap needs it.
type sources struct {
	mu      sync.Mutex
	modules []*core.Module // not yet in byName
	byName  map[string]*core.Module
	data    map[*core.Module]*dwarf.Data // nil for those that cannot be read
}

// add adds a module.
func (s *sources) add(m *core.Module) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.modules = append(s.modules, m)
}

// position returns the source position for one in a stack trace of the engine, which is that of the
// rewritten code. It returns "" if the debug information has none. It returns positions of code
// that was not rewritten as they are.
func (s *sources) position(text string) string {
	name, offset, ok := meter.Original(text)
	if !ok {
		return text
	}
	if s == nil {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byName == nil {
		s.byName = make(map[string]*core.Module)
	}
	for _, m := range s.modules {
		if meter.HasDebugInfo(m) {
			s.byName[sourceName(m)] = m
		}
	}
	s.modules = nil
	m := s.byName[name]
	if m == nil {
		return ""
	}
	d, ok := s.data[m]
	if !ok {
		if s.data == nil {
			s.data = make(map[*core.Module]*dwarf.Data)
		}
		d = debugData(m)
		s.data[m] = d
	}
	if d == nil {
		return ""
	}
	return linePosition(d, offset)
}

// debugData returns the debug information of a module, or nil if it cannot be read.
func debugData(m *core.Module) *dwarf.Data {
	section := func(name string) []byte {
		b, _ := m.Custom(name)
		return b
	}
	d, err := dwarf.New(section(".debug_abbrev"), nil, nil, section(".debug_info"), section(".debug_line"), nil, section(".debug_ranges"),
		section(".debug_str"))
	if err != nil {
		return nil
	}
	for _, name := range []string{".debug_addr", ".debug_line_str", ".debug_str_offsets", ".debug_rnglists"} { // those of version 5
		if b := section(name); b != nil {
			if err := d.AddSection(name, b); err != nil {
				return nil
			}
		}
	}
	return d
}

// linePosition returns the source position of an offset in the code section, such as
// "0x1f: main.c:3:4", or "".
func linePosition(d *dwarf.Data, offset uint64) string {
	for r := d.Reader(); ; {
		unit, err := r.Next()
		if err != nil || unit == nil {
			return ""
		}
		if unit.Tag == dwarf.TagCompileUnit && within(d, unit, offset) {
			if e, ok := lineAt(d, unit, offset); ok {
				return formatLine(offset, e, isInlined(d, r, offset))
			}
		}
		r.SkipChildren()
	}
}

// within reports whether an entry covers an offset. Linkers leave entries of removed functions at
// the start or the end of the address space.
func within(d *dwarf.Data, e *dwarf.Entry, offset uint64) bool {
	ranges, err := d.Ranges(e)
	if err != nil {
		return false
	}
	for _, r := range ranges {
		if r[0] > 0 && r[0] <= offset && offset < r[1] && r[1] < 1<<32-2 {
			return true
		}
	}
	return false
}

// lineAt returns the row of a unit's line table that covers an offset.
func lineAt(d *dwarf.Data, unit *dwarf.Entry, offset uint64) (dwarf.LineEntry, bool) {
	lr, err := d.LineReader(unit)
	if err != nil || lr == nil {
		return dwarf.LineEntry{}, false
	}
	var last, e, best dwarf.LineEntry
	found, inside := false, false // whether last is a row of the same sequence
	for lr.Next(&e) == nil {
		if inside && last.Address <= offset && offset < e.Address && last.File != nil && (!found || last.Address > best.Address) {
			best, found = last, true
		}
		last, inside = e, !e.EndSequence
	}
	return best, found
}

// isInlined reports whether an inlined function covers an offset. r is behind the entry of the
// unit.
func isInlined(d *dwarf.Data, r *dwarf.Reader, offset uint64) bool {
	for {
		e, err := r.Next()
		if err != nil || e == nil || e.Tag == dwarf.TagCompileUnit {
			return false
		}
		switch e.Tag {
		case dwarf.TagInlinedSubroutine:
			if within(d, e, offset) {
				return true
			}
		case dwarf.TagSubprogram:
			if !within(d, e, offset) {
				r.SkipChildren()
			}
		}
	}
}

func formatLine(offset uint64, e dwarf.LineEntry, inlined bool) string {
	s := fmt.Sprintf("%#x: %s", offset, e.File.Name)
	if e.Line != 0 {
		s += fmt.Sprintf(":%d", e.Line)
		if e.Column != 0 {
			s += fmt.Sprintf(":%d", e.Column)
		}
	}
	if inlined {
		s += " (inlined)"
	}
	return s
}

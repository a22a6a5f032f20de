package inspect

import (
	"errors"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// A Module holds the part of a report that only core modules have.
type Module struct {
	// Types to Data count the definitions of the module, without imports. Each type of a recursion
	// group counts.
	Types     int `json:"types"`
	Functions int `json:"functions"`
	Tables    int `json:"tables"`
	Globals   int `json:"globals"`
	Tags      int `json:"tags"`
	Elements  int `json:"elements"`
	Data      int `json:"data"`
	// Memories are all memories, imported ones first.
	Memories []Memory `json:"memories"`
	// Start is the index of the start function.
	Start     *uint32 `json:"start,omitempty"`
	StartName string  `json:"startName,omitempty"`
	// Features are the entries of the target_features section: "+simd128".
	Features []string `json:"features"`
	// Sections are all sections except custom ones, in file order.
	Sections []Section `json:"sections"`
}

// A Memory is a memory, with its limits in pages.
type Memory struct {
	Imported bool    `json:"imported"`
	Min      uint64  `json:"min"`
	Max      *uint64 `json:"max,omitempty"`
	// PageSize is in bytes.
	PageSize uint64 `json:"pageSize"`
	Is64     bool   `json:"is64"`
	Shared   bool   `json:"shared"`
}

// module fills in the report for a core module.
func (r *Report) module(f *diag.File) (*Report, error) {
	m, err := core.Decode(f.Data)
	if err != nil {
		var e *core.Error
		if errors.As(err, &e) {
			return nil, e.Diagnostic(f, 0)
		}
		return nil, err
	}
	r.Kind = "module"
	r.Contents = r.modulePart(m, 0, len(f.Data))
	t, err := m.Type(nil)
	if r.Valid = err == nil; r.Valid {
		l := newLister()
		r.Imports, r.Exports = l.coreItems(t)
		r.Truncated = l.left < 0
	} else {
		err = moduleError(f, core.Span{}, nil, err)
		r.Imports, r.Exports = writtenCoreItems(m)
	}
	r.Role = moduleRole(m)
	for _, c := range r.Contents.Custom {
		if strings.HasPrefix(c.Name, "component-type") {
			// Errors in these sections are reported by inspect wit.
			if wm, err := binary.DecodeWIT(f); err == nil {
				r.worlds(wm)
			}
			break
		}
	}
	return r, err
}

// modulePart describes the core module at an offset of the file. m is nil if it cannot be read.
func (r *Report) modulePart(m *core.Module, start, size int) Part {
	p := Part{Kind: "module", Offset: start, Size: size, Share: r.share(size), Producers: []Producer{}, Custom: []Section{}, Parts: []Part{}}
	if m == nil {
		return p
	}
	names := m.Names()
	p.Name, p.Names = names.Module, len(names.Funcs)
	p.Imports, p.Exports = len(m.Imports), len(m.Exports)
	if payload, ok := m.Custom(core.ProducersName); ok {
		// The section is only informative, so unreadable entries are left out.
		prod, _ := core.DecodeProducers(payload)
		p.Producers = producers(prod)
	}
	p.Module = &Module{
		Functions: len(m.Funcs), Tables: len(m.Tables), Globals: len(m.Globals), Tags: len(m.Tags),
		Elements: int(m.NumElems), Data: int(m.NumData), Memories: memories(m), Features: []string{}, Sections: []Section{},
	}
	for _, rec := range m.Types {
		p.Module.Types += len(rec.Types)
	}
	for _, s := range m.Sections {
		if s.ID == core.SectionCustom {
			p.Custom = append(p.Custom, r.section(s.Name, start+s.Start, start+s.End))
		} else {
			p.Module.Sections = append(p.Module.Sections, r.section(s.ID.String(), start+s.Start, start+s.End))
		}
	}
	for _, f := range m.TargetFeatures() {
		p.Module.Features = append(p.Module.Features, string(rune(f.Prefix))+f.Name)
	}
	if m.Start != nil {
		index := uint32(*m.Start)
		p.Module.Start = &index
		for _, f := range names.Funcs {
			if f.Index == *m.Start {
				p.Module.StartName = f.Name
			}
		}
	}
	return p
}

func memories(m *core.Module) []Memory {
	list := []Memory{}
	add := func(t core.MemoryType, imported bool) {
		mem := Memory{
			Imported: imported, Min: t.Limits.Min, Is64: t.Limits.Is64, Shared: t.Limits.Shared,
			PageSize: uint64(1) << t.Type().PageSizeLog2,
		}
		if t.Limits.HasMax {
			mem.Max = &t.Limits.Max
		}
		list = append(list, mem)
	}
	for i := range m.Imports {
		if t := &m.Imports[i].Type; t.Kind == core.ExternMemory {
			add(t.Memory, true)
		}
	}
	for _, t := range m.Memories {
		add(t, false)
	}
	return list
}

func (l *lister) coreItems(t *types.Module) (imports, exports []Item) {
	imports, exports = []Item{}, []Item{}
	item := func(list []Item, module, name string, x types.CoreExtern) []Item {
		if !l.pays() {
			return list
		}
		it := Item{Module: module, Name: name, Kind: types.CoreKindOf(x)}
		it.Type = strings.TrimPrefix(types.CoreString(x), it.Kind+" ")
		l.left -= len(it.Type)
		return append(list, it)
	}
	for _, x := range t.Imports {
		imports = item(imports, x.Module, x.Name, x.Type)
	}
	for _, x := range t.Exports {
		exports = item(exports, "", x.Name, x.Type)
	}
	return imports, exports
}

// writtenCoreItems is coreItems for a module whose types cannot be determined.
func writtenCoreItems(m *core.Module) (imports, exports []Item) {
	imports, exports = []Item{}, []Item{}
	for _, x := range m.Imports {
		imports = append(imports, Item{Module: x.Module, Name: x.Name, Kind: x.Type.Kind.String()})
	}
	for _, x := range m.Exports {
		exports = append(exports, Item{Name: x.Name, Kind: x.Kind.String()})
	}
	return imports, exports
}

// preview1 is the module name of imports from WASI preview 1.
const preview1 = "wasi_snapshot_preview1"

// moduleRole returns the purpose of a core module according to the tool conventions on dynamic
// linking, WASI preview 1 and embedded WIT, or "" if it is unknown.
func moduleRole(m *core.Module) string {
	exports := func(name string) bool {
		return slices.ContainsFunc(m.Exports, func(e core.Export) bool { return e.Name == name && e.Kind == core.ExternFunc })
	}
	wasi := slices.ContainsFunc(m.Imports, func(i core.Import) bool { return i.Module == preview1 })
	_, shared := m.Custom("dylink.0")
	for s := range m.Customs() {
		if strings.HasPrefix(s.Name, "component-type") {
			return "with an embedded world, to be made a component"
		}
	}
	switch {
	case shared:
		return "shared library"
	case wasi && exports("_start"):
		return "command (WASI preview 1)"
	case wasi && exports("_initialize"):
		return "reactor (WASI preview 1)"
	default:
		return ""
	}
}

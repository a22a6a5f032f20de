package core

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// RewriteImports returns a copy of a module in which f renames the imports. It calls f for each
// import, in order, with the number of the import. All other sections are copied unchanged, because
// no index changes. If the module has no imports, the result is data itself. The error is that of
// [Decode].
func RewriteImports(data []byte, f func(i int, imp Import) (module, name string)) ([]byte, error) {
	m, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return m.RewriteImports(f), nil
}

// RewriteImports is like the function [RewriteImports], for a decoded module.
func (m *Module) RewriteImports(f func(i int, imp Import) (module, name string)) []byte {
	if len(m.Imports) == 0 {
		return m.data
	}
	return m.Rewrite(Rewrite{Import: f})
}

// Rewrite describes the changes to make while copying a module. No change affects an index. The
// zero value changes nothing.
type Rewrite struct {
	// Import returns the new names of import i. It is called for each import in order. If it is nil,
	// the names are kept.
	Import func(i int, imp Import) (module, name string)
	// Custom returns the new payload of a custom section and whether to keep the section. It is called
	// for each custom section in order. If it is nil, all are kept as they are.
	Custom func(s Section) (payload []byte, keep bool)
	// Add are custom sections to append at the end.
	Add []Custom
}

// Rewrite returns a copy of the module with the changes in r. Unchanged sections keep their bytes.
func (m *Module) Rewrite(r Rewrite) []byte {
	imports := raw.Writer{}
	if r.Import != nil {
		imports.U32(uint32(len(m.Imports)))
		for i, imp := range m.Imports {
			imp.Module, imp.Name = r.Import(i, imp)
			AppendImport(&imports, imp)
		}
	}
	size := len(m.data) + len(imports.Buf)
	for _, c := range r.Add {
		size += len(c.Name) + len(c.Data) + 16
	}
	out := append(make([]byte, 0, size), preamble...)
	for _, s := range m.Sections {
		switch {
		case s.ID == SectionImport && r.Import != nil:
			out = append(out, byte(s.ID))
			out = leb128.AppendUint(out, uint64(len(imports.Buf)))
			out = append(out, imports.Buf...)
			continue
		case s.ID == SectionCustom && r.Custom != nil:
			payload, keep := r.Custom(s)
			if !keep {
				continue
			}
			if !same(payload, s.Payload) {
				out = appendCustomSection(out, s.Name, payload)
				continue
			}
		}
		out = append(out, byte(s.ID))
		out = leb128.AppendUintPadded(out, uint64(len(s.Data)), s.sizeWidth)
		out = append(out, s.Data...)
	}
	for _, c := range r.Add {
		out = appendCustomSection(out, c.Name, c.Data)
	}
	return out
}

// same reports whether a and b are the same slice of memory.
func same(a, b []byte) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

func appendCustomSection(dst []byte, name string, payload []byte) []byte {
	dst = append(dst, byte(SectionCustom))
	dst = leb128.AppendUint(dst, uint64(leb128.UintLen(uint64(len(name)))+len(name)+len(payload)))
	dst = leb128.AppendUint(dst, uint64(len(name)))
	dst = append(dst, name...)
	return append(dst, payload...)
}

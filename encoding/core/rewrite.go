package core

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/internal/leb128"
)

// RewriteImports returns a copy of a module in which f has renamed the imports: it is called for each import in order with its number. All other
// sections are copied as they are, since no index changes. A module without imports is returned as it is, not copied. The error is as that
// of [Decode].
func RewriteImports(data []byte, f func(i int, imp Import) (module, name string)) ([]byte, error) {
	m, err := Decode(data)
	if err != nil {
		return nil, err
	}
	return m.RewriteImports(f), nil
}

// RewriteImports is the function of that name for a module that is decoded already.
func (m *Module) RewriteImports(f func(i int, imp Import) (module, name string)) []byte {
	if len(m.Imports) == 0 {
		return m.data
	}
	w := &raw.Writer{}
	w.U32(uint32(len(m.Imports)))
	for i, imp := range m.Imports {
		imp.Module, imp.Name = f(i, imp)
		AppendImport(w, imp)
	}
	out := make([]byte, 0, len(m.data)+len(w.Buf))
	out = append(out, preamble...)
	for _, s := range m.Sections {
		out = append(out, byte(s.ID))
		if s.ID == SectionImport {
			out = leb128.AppendUint(out, uint64(len(w.Buf)))
			out = append(out, w.Buf...)
			continue
		}
		out = leb128.AppendUintPadded(out, uint64(len(s.Data)), s.sizeWidth)
		out = append(out, s.Data...)
	}
	return out
}

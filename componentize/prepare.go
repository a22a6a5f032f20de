package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// uniqueImports returns a function that gives the imports of a module distinct names, and a map
// from the new names to the original ones, which the function fills. Both are nil if no import
// needs another name.
func uniqueImports(m *core.Module) (rename func(int, core.Import) (module, name string), original map[importName]string) {
	taken := make(map[importName]bool, len(m.Imports))
	repeated := false
	for _, i := range m.Imports {
		n := importName{i.Module, i.Name}
		repeated = repeated || taken[n]
		taken[n] = true
	}
	if !repeated {
		return nil, nil
	}
	original = map[importName]string{}
	clear(taken)
	next := map[importName]int{}
	return func(_ int, i core.Import) (string, string) {
		n := importName{i.Module, i.Name}
		for k := max(next[n], 2); taken[n]; k++ {
			next[importName{i.Module, i.Name}] = k + 1
			n.field = fmt.Sprintf("%s [v%d]", i.Name, k)
		}
		taken[n] = true
		if n.field != i.Name {
			original[n] = i.Name
		}
		return n.module, n.field
	}, original
}

// stripWorlds makes a rewrite remove the sections with worlds. If p is not nil, the rewrite also
// adds the values of p to the producers section. stripWorlds reports whether the rewrite changes
// anything.
func stripWorlds(m *core.Module, p *core.Producers, r *core.Rewrite) bool {
	changed := p != nil
	at := -1 // start of the producers section that p is added to
	var joined []byte
	for s := range m.Customs() {
		changed = changed || binary.IsWorldSection(s.Name)
		if s.Name == core.ProducersName && p != nil {
			if old, err := core.DecodeProducers(s.Payload); err == nil {
				at, joined, p = s.Start, old.Merge(p).Append(nil), nil
			}
		}
	}
	r.Custom = func(s core.Section) ([]byte, bool) {
		if s.Start == at {
			return joined, true
		}
		return s.Payload, !binary.IsWorldSection(s.Name)
	}
	if p != nil {
		r.Add = []core.Custom{{Name: core.ProducersName, Data: p.Append(nil)}}
	}
	return changed
}

// prepareMain brings the main module into its final form: without worlds, with producers, and
// without duplicate imports, which core modules may have and components cannot provide. The module
// may be large, so it is copied at most once.
func (p *program) prepareMain(producers *core.Producers) error {
	main := p.main
	r := core.Rewrite{}
	changed := stripWorlds(main.core, producers, &r)
	r.Import, main.original = uniqueImports(main.core)
	if !changed && r.Import == nil {
		return nil
	}
	return main.rewrite(r)
}

// rewrite changes the module.
func (m *module) rewrite(r core.Rewrite) error {
	data := m.core.Rewrite(r)
	decoded, err := core.Decode(data)
	if err != nil {
		return core.Diagnose(m.file, err)
	}
	m.file, m.core = diag.NewBinary(m.file.Name, data), decoded
	return nil
}

// clean removes the worlds from an adapter.
func (m *module) clean() error {
	r := core.Rewrite{}
	if !stripWorlds(m.core, nil, &r) {
		return nil
	}
	return m.rewrite(r)
}

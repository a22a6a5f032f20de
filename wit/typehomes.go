package wit

import "github.com/mortise-wasm/mortise/model/types"

// homes returns the package of each type: the package that defines it or, if it has no name, the
// one that uses it first. Unused types are left out.
func (m *Model) homes() map[*TypeDef]*Package {
	h := homes{m: m, of: make(map[*TypeDef]*Package, len(m.Types))}
	for _, i := range m.Interfaces {
		for _, t := range i.Types {
			h.def(t, i.Package)
		}
		for _, f := range i.Funcs {
			h.function(f, i.Package)
		}
	}
	for _, w := range m.Worlds {
		for _, list := range [...][]*WorldItem{w.Imports, w.Exports} {
			for _, i := range list {
				switch {
				case i.Func != nil:
					h.function(i.Func, w.Package)
				case i.Type != nil:
					h.def(i.Type, w.Package)
				}
			}
		}
	}
	return h.of
}

type homes struct {
	m  *Model
	of map[*TypeDef]*Package
}

func (h *homes) def(t *TypeDef, p *Package) {
	h.of[t] = p
	if n, ok := t.Type.(*types.Named); ok {
		h.typ(n.Of, p)
	}
}

func (h *homes) function(f *Func, p *Package) {
	for _, x := range f.Params {
		h.typ(x.Type, p)
	}
	h.typ(f.Result, p)
}

// typ assigns package p to the types without names that t consists of.
func (h *homes) typ(t types.Type, p *Package) {
	if def := h.m.Def(t); def != nil {
		if _, ok := h.of[def]; ok || def.Name != "" {
			return
		}
		h.of[def] = p
	}
	switch t.(type) {
	case *types.Own, *types.Borrow:
	default:
		for part := range types.Parts(t) {
			h.typ(part, p)
		}
	}
}

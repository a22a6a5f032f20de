package wit

import "github.com/mortise-wasm/mortise/model/types"

// homes returns the package of each type: that in which it is defined or, if it has no name, in which it is used first. What is used nowhere is
// left out.
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

// typ goes into a type that is used in a package, up to types with names.
func (h *homes) typ(t types.Type, p *Package) {
	if def := h.m.Def(t); def != nil {
		if _, ok := h.of[def]; ok || def.Name != "" {
			return
		}
		h.of[def] = p
	}
	eachPart(t, func(part types.ValType) { h.typ(part, p) })
}

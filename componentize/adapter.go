package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
)

// trimAdapters finds out which adapters are used, and takes out of them what is not.
func (p *program) trimAdapters() error {
	for _, a := range p.all {
		required := p.requiredOf(a)
		if len(required) == 0 && !a.exportsFuncs() && a.library == nil {
			continue
		}
		if a.library == nil {
			// All of it has to fit the world, not only what is left in the end: else mistakes would hide.
			if err := p.classifyAdapter(a, required); err != nil {
				return err
			}
			var keep []string
			for _, r := range required {
				keep = append(keep, r.target)
			}
			for _, e := range a.out.list {
				keep = append(keep, e.name)
			}
			realloc := ""
			if !p.ReallocViaMemoryGrow {
				realloc = p.main.out.adapterRealloc()
			}
			if err := a.trim(keep, realloc); err != nil {
				return err
			}
		}
		if err := p.classifyAdapter(a, required); err != nil {
			return err
		}
		p.adapters = append(p.adapters, a)
	}
	return nil
}

// requiredOf returns what the main module imports from an adapter.
func (p *program) requiredOf(a *piece) []*coreImport {
	m := p.main.in.find(a.name)
	if m == nil {
		return nil
	}
	return m.imports
}

// exportsFuncs tells whether an adapter has to export something for the world.
func (p *piece) exportsFuncs() bool {
	for _, i := range p.exports {
		if i.Func != nil || i.Interface != nil && len(i.Interface.Funcs) > 0 {
			return true
		}
	}
	return false
}

// classifyAdapter finds out what the imports and exports of an adapter stand for. It must have the functions that are required of it.
func (p *program) classifyAdapter(a *piece, required []*coreImport) error {
	if err := p.classify(a); err != nil {
		return err
	}
	c := &classifier{program: p, part: a, where: a.given.Span(0, 0)}
	for _, r := range required {
		got, ok := a.out.funcs[r.target]
		if !ok {
			c.errorf(BadAdapter, "adapter module did not export `%s`", r.target).
				Notef("the main module imports it from `%s`", a.name).Helpf("use an adapter of another version, or leave out the call")
			continue
		}
		c.want(r.target, r.sig, got)
	}
	return c.list.Err()
}

// trim takes out of an adapter what is needed neither for the exports in keep nor for their work.
func (p *piece) trim(keep []string, realloc string) error {
	data, err := trimModule(p.module, keep, realloc)
	if err == nil {
		p.file = diag.NewBinary(p.file.Name, data)
		if p.module, err = core.Decode(data); err == nil {
			err = core.Validate(p.module, feature.All(), core.ValidateOptions{Workers: 1})
		}
	}
	if err != nil {
		return explain(p.file, BadAdapter, err).In("adapter `%s`", p.name)
	}
	return nil
}

package componentize

import (
	"fmt"
	"maps"

	"github.com/mortise-wasm/mortise/componentize/internal/trim"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
)

// trimAdapters determines which adapters are used, and removes unused code from them.
func (p *program) trimAdapters() error {
	for _, a := range p.all {
		required := p.requiredOf(a)
		if len(required) == 0 && !a.exportsFuncs() && a.library == nil {
			continue
		}
		if a.library == nil {
			// The whole adapter has to fit the world, not only the remaining code. Otherwise mistakes would
			// stay hidden.
			if err := p.classify(a); err != nil {
				return err
			}
			var keep []string
			for _, r := range required {
				keep = append(keep, r.target)
			}
			for _, e := range a.out.list {
				keep = append(keep, e.name)
			}
			if hasReallocHooks(a) && p.main.out.first(allocators...) != "" {
				keep = append(keep, reallocBegin, reallocEnd)
			}
			realloc := ""
			if !p.options.ReallocViaMemoryGrow && !a.ownMemory {
				realloc = p.main.out.adapterRealloc()
			}
			if err := a.trim(keep, realloc); err != nil {
				return err
			}
		}
		if err := p.classify(a); err != nil {
			return err
		}
		p.adapters = append(p.adapters, a)
	}
	return nil
}

// requiredOf returns the imports of the main module that an adapter provides.
func (p *program) requiredOf(a *module) []*coreImport {
	m := p.main.in.find(a.name)
	if m == nil {
		return nil
	}
	return m.imports
}

// exportsFuncs reports whether an adapter has to export a function for the world.
func (m *module) exportsFuncs() bool {
	for _, i := range m.exports {
		if i.Func != nil || i.Interface != nil && len(i.Interface.Funcs) > 0 {
			return true
		}
	}
	return false
}

// checkAdapters checks that the adapters export the functions that the main module imports from
// them. Errors are reported at the import.
func (p *program) checkAdapters() error {
	c := &classifier{p: p, mod: p.main}
	for _, a := range p.all {
		var exported map[string]core.FuncType
		for _, r := range p.requiredOf(a) {
			i, ok := r.meaning.(*adapterImport)
			if !ok {
				continue
			}
			if exported == nil {
				exported = a.exportedFuncs()
			}
			c.at, c.where = fmt.Sprintf("import `%s::%s`", r.module, r.target), r.at
			got, ok := exported[r.target]
			if ok {
				if d := c.want(r.target, got, i.sig); d != nil {
					d.Notef("the expected type is that of the adapter for `%s`", a.name)
				}
				continue
			}
			d := c.errorf(CodeBadAdapter, "adapter module did not export `%s`", r.target).Notef("there is no such function in the adapter for `%s`", a.name)
			if _, similar := diag.Suggest(r.target, maps.Keys(exported)); similar {
				c.suggest(d, r.target, maps.Keys(exported))
				continue
			}
			d.Helpf("leave out the call, or give an adapter that has the function: --adapt %s=FILE", a.name)
		}
	}
	return c.list.Err()
}

// exportedFuncs returns the types of the functions that a module exports.
func (m *module) exportedFuncs() map[string]core.FuncType {
	c := newClassifier(m)
	out := make(map[string]core.FuncType)
	for _, e := range m.core.Exports {
		if e.Kind != core.ExternFunc {
			continue
		}
		if ft, ok := c.typeOfFunc(e.Index); ok {
			out[e.Name] = ft
		}
	}
	return out
}

// trim removes the code of an adapter that the exports in keep do not need.
func (m *module) trim(keep []string, realloc string) error {
	data, err := trim.Module(m.core, trim.Options{Keep: keep, Realloc: realloc, OwnMemory: m.ownMemory})
	if err == nil {
		m.file = diag.NewBinary(m.file.Name, data)
		if m.core, err = core.Decode(data); err == nil {
			err = core.Validate(m.core, feature.All(), core.ValidateOptions{Workers: 1})
		}
	}
	if err != nil {
		return explain(m.file, CodeBadAdapter, err).In("adapter `%s`", m.name)
	}
	return nil
}

package componentize

import (
	"fmt"
	"maps"

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
			if guarded(a) && p.main.out.first(allocators...) != "" {
				keep = append(keep, reallocBegin, reallocEnd)
			}
			realloc := ""
			if !p.ReallocViaMemoryGrow && !a.ownMemory {
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

// What an adapter exports that has to know when an allocator of the main module runs.
const reallocBegin, reallocEnd = "realloc_begin", "realloc_end"

// allocators are the exports that the canonical ABI allocates with.
var allocators = []exportKind{exportRealloc, exportReallocForExports, exportReallocForImports}

func guarded(a *piece) bool {
	_, begin := a.out.funcs[reallocBegin]
	_, end := a.out.funcs[reallocEnd]
	return a.ownMemory && begin && end
}

// guard returns the adapter that has to know when an allocator of the main module runs, or nil.
func (p *program) guard() *piece {
	for _, a := range p.adapters {
		if guarded(a) && p.main.out.first(allocators...) != "" {
			return a
		}
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

// checkAdapters tells whether the adapters have the functions that the main module imports from them. What is wrong is wrong with an import.
func (p *program) checkAdapters() error {
	c := &classifier{program: p, part: p.main}
	for _, a := range p.all {
		var exported map[string]core.FuncType
		for _, r := range p.requiredOf(a) {
			if r.kind != importAdapter {
				continue
			}
			if exported == nil {
				exported = a.exportedFuncs()
			}
			c.at, c.where = fmt.Sprintf("import `%s::%s`", r.module, r.target), r.at
			got, ok := exported[r.target]
			if ok {
				if d := c.want(r.target, got, r.sig); d != nil {
					d.Notef("this is what the adapter for `%s` exports", a.name)
				}
				continue
			}
			d := c.errorf(BadAdapter, "adapter module did not export `%s`", r.target).Notef("there is no such function in the adapter for `%s`", a.name)
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
func (p *piece) exportedFuncs() map[string]core.FuncType {
	c := newClassifier(p)
	out := make(map[string]core.FuncType)
	for _, e := range p.module.Exports {
		if e.Kind != core.ExternFunc {
			continue
		}
		if ft, ok := c.typeOfFunc(e.Index); ok {
			out[e.Name] = ft
		}
	}
	return out
}

// trim takes out of an adapter what is needed neither for the exports in keep nor for their work.
func (p *piece) trim(keep []string, realloc string) error {
	data, err := trimModule(p.module, keep, realloc, p.ownMemory)
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

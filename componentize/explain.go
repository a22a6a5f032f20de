package componentize

import (
	"errors"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// assemblyErrors returns the diagnostics for an error of the assembly. Mostly, the main module does
// not export its memory or an allocator.
func (p *program) assemblyErrors(err error) error {
	d := p.explain(err)
	list := diag.List{d}
	switch {
	case errors.Is(err, errNoMemory):
		p.otherMemory(d)
		// The assembly needs the memory before the allocator.
		if p.main.out.first(allocators...) == "" {
			if err := p.needsRealloc(); err != nil {
				more := p.explain(err)
				p.otherRealloc(more)
				list.Add(more)
			}
		}
	case errors.Is(err, errNoRealloc):
		p.otherRealloc(d)
	}
	if len(list) == 1 {
		return d
	}
	return list
}

// explain is like the function [explain], and adds the origin of the function concerned.
func (p *program) explain(err error) *diag.Diagnostic {
	var n *noted
	if !errors.As(err, &n) || n.fn == nil {
		return explain(p.main.file, CodeNeedsExport, err)
	}
	bare := *n
	bare.fn = nil
	d := explain(p.main.file, CodeNeedsExport, &bare)
	p.origin(d, n.item, n.fn)
	return d
}

// needsRealloc returns an error for the first import or export of the main module that needs an
// allocator, or nil.
func (p *program) needsRealloc() error {
	for x := range p.main.in.all {
		if f, ok := x.meaning.(*funcImport); ok && needsOfImport(f.fn, f.variant).realloc {
			return x.neededBy(errNoRealloc, worldFunc{homeOf(f.item), f.fn})
		}
	}
	for _, e := range p.main.out.list {
		if f, ok := e.use.(*funcExport); ok && p.needsOfExport(f.fn, f.variant).realloc {
			return e.neededBy(errNoRealloc, f.worldFunc)
		}
	}
	return nil
}

// otherMemory adds a note if the module has a memory that is not exported, or is exported under
// another name.
func (p *program) otherMemory(d *diag.Diagnostic) {
	m := p.main.core
	for _, e := range m.Exports {
		if e.Kind == core.ExternMemory {
			d.Notef("the core module exports a memory as `%s`", e.Name)
			return
		}
	}
	if len(m.Memories) > 0 {
		d.Notef("the core module has a memory that it does not export")
	}
}

// otherRealloc adds a note if the module exports a function that may be meant as the allocator.
func (p *program) otherRealloc(d *diag.Diagnostic) {
	for _, e := range p.main.core.Exports {
		if ft, ok := p.main.out.types[e.Name]; ok && sig.Same(ft, sig.Realloc) && strings.Contains(strings.ToLower(e.Name), "alloc") {
			d.Notef("the core module exports `%s`, which has this signature", e.Name)
			return
		}
	}
	if slices.ContainsFunc(p.main.core.Exports, func(e core.Export) bool { return strings.HasPrefix(e.Name, standardPrefix) }) {
		d.Notef("the core module uses standard names, in which it is called `%s`", StandardNames.realloc())
	}
}

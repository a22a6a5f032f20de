package componentize

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/componentize/internal/trim"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
)

// noted is an error with additional notes: the import or export concerned, and a remedy.
type noted struct {
	err        error
	note, help string
	// at is the place of the import or export in the core module, and fn its function of the world.
	// Both are optional.
	at   diag.Span
	item *wit.WorldItem
	fn   *wit.Func
}

func (n *noted) Error() string { return n.err.Error() }
func (n *noted) Unwrap() error { return n.err }

// The exports that core modules lack most often.
var (
	errNoMemory = &noted{err: errors.New("module does not export a memory named `memory`"), help: "export the memory of the core module as `memory`"}
	// errNoMainMemory is the error for adapters that import the memory of a main module without one,
	// in the words of wasm-tools.
	errNoMainMemory = &noted{err: errors.New("main module cannot import memory"), help: errNoMemory.help}
	errNoRealloc    = &noted{
		err:  errors.New("module does not export a function named `cabi_realloc`"),
		help: "export a function that allocates as `cabi_realloc`, with the signature `[I32, I32, I32, I32] -> [I32]`",
	}
)

// neededBy adds a note with the import or export that needs something.
func neededBy(err error, at diag.Span, i *wit.WorldItem, fn *wit.Func, format string, args ...any) error {
	n := &noted{err: err, note: fmt.Sprintf(format, args...) + " needs it", at: at, item: i, fn: fn}
	var inner *noted
	if errors.As(err, &inner) {
		n.help = inner.help
	}
	return n
}

// explain returns the diagnostic for an error whose only place is its module.
func explain(f *diag.File, code diag.Code, err error) *diag.Diagnostic {
	var d *diag.Diagnostic
	if errors.As(err, &d) {
		return d
	}
	d = diag.Errorf(f.Span(0, 0), code, "%s", err.Error())
	var t *trim.Error
	if errors.As(err, &t) {
		err = &noted{err: t, note: t.Note, help: t.Help}
	}
	var n *noted
	if errors.As(err, &n) {
		if n.at.IsValid() {
			d.Primary = n.at
		}
		if n.fn != nil {
			d.Labelf(n.fn.Span, "`%s` is defined here", n.fn.Label())
		}
		if n.note != "" {
			d.Notef("%s", n.note)
		}
		if n.help != "" {
			d.Helpf("%s", n.help)
		}
	}
	return d
}

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
			return x.neededBy(errNoRealloc)
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

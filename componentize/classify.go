package componentize

import (
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
)

// classify sets the meaning of the imports and exports of a module. The error is a list of all
// mismatches.
func (p *program) classify(mod *module) error {
	mod.in, mod.out = importMap{}, newExportMap()
	c := newClassifier(mod)
	c.p = p
	imports, exports := mod.source.Spans(core.SectionImport), mod.source.Spans(core.SectionExport)
	for n, i := range mod.core.Imports {
		c.at, c.where = fmt.Sprintf("import `%s::%s`", i.Module, mod.target(i)), mod.place(imports, n)
		c.importItem(i)
	}
	for n, e := range mod.core.Exports {
		c.at, c.where = fmt.Sprintf("export `%s`", e.Name), mod.place(exports, n)
		c.exportItem(e)
	}
	c.at, c.where = "", c.exportsPlace()
	c.complete()
	return c.list.Err()
}

// complete checks that no export is missing.
func (c *classifier) complete() {
	out := &c.mod.out
	var memories []*coreExport
	for _, e := range out.list {
		if e.use == roleExport(roleMemory) {
			memories = append(memories, e)
		}
	}
	if len(memories) > 1 {
		first, second := memories[0], memories[1]
		c.where = second.at
		c.errorf(CodeTwoMemories, "cannot componentize module that exports multiple memories").Labelf(first.at, "`%s` is exported here", first.name).
			Notef("values are passed in one memory, which is called `%s` in one naming scheme and `%s` in the other", first.name, second.name).
			Helpf("export only the name of the scheme that the functions use")
		c.where = c.exportsPlace()
	}
	for _, e := range out.list {
		if f, ok := e.use.(*funcExport); ok && f.variant == exportCallback && out.callbacks[f.worldFunc] == nil {
			c.errorf(CodeMissingExport, "missing callback for `%s`", e.name).
				Helpf("export `%s%s`, or export the function as `%s` to run it on a stack of its own", callbackPrefix, e.name,
					asyncStackful+strings.TrimPrefix(e.name, asyncLift))
		}
	}
	for _, i := range c.mod.exports {
		if i.Func != nil {
			if out.funcs[worldFunc{fn: i.Func}] == nil {
				c.missing(nil, i.Func)
			}
			continue
		}
		for _, f := range i.Interface.Funcs {
			if out.funcs[worldFunc{i, f}] == nil {
				c.missing(i, f)
			}
		}
	}
}

// missing reports a function of the world that the module does not export.
func (c *classifier) missing(i *wit.WorldItem, f *wit.Func) {
	var d *diag.Diagnostic
	if i == nil {
		d = c.errorf(CodeMissingExport, "failed to find export of function `%s`", f.Name)
	} else {
		d = c.errorf(CodeMissingExport, "failed to find export of interface `%s` function `%s`", i.ExternName(), f.Name)
	}
	if f.Span.IsValid() {
		d.Labelf(f.Span, "`%s` is defined here", f.Label())
	} else {
		c.p.origin(d, i, f)
	}
	names := LegacyNames
	if c.rejectsLegacy() {
		names = StandardNames
	}
	want := names.exportFunc(i, f, exportSync)
	if best, ok := diag.Suggest(want, func(yield func(string) bool) {
		for _, e := range c.mod.core.Exports {
			if e.Kind == core.ExternFunc && !yield(e.Name) {
				return
			}
		}
	}); ok {
		d.Helpf("the core module exports `%s`, which is similar to `%s`", best, want)
		return
	}
	d.Helpf("export it as `%s`, with the signature `%s`", want, sig.Describe(signatureOf(f, exportSync).FuncType))
}

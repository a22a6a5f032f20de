package componentize

import (
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
)

// classifier determines what each import and export of a module stands for in the world. It
// continues after a mistake.
type classifier struct {
	p   *program
	mod *module
	// space is the type index space of the module, and funcs are the types of its functions, including
	// imported ones.
	space []core.SubType
	funcs []core.TypeIdx
	// at describes the current import or export, and where is its place in the file.
	at    string
	where diag.Span
	list  diag.List
}

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

// newClassifier returns a classifier that does not belong to a program yet.
func newClassifier(mod *module) *classifier {
	c := &classifier{mod: mod}
	for _, r := range mod.core.Types {
		c.space = append(c.space, r.Types...)
	}
	for i := range mod.core.Imports {
		if t := &mod.core.Imports[i].Type; t.Kind == core.ExternFunc {
			c.funcs = append(c.funcs, t.Func)
		}
	}
	c.funcs = append(c.funcs, mod.core.Funcs...)
	return c
}

// typeOfFunc returns the type of the function at an index. It returns false if the function does
// not exist or its type is not a plain function type.
func (c *classifier) typeOfFunc(i uint32) (core.FuncType, bool) {
	if uint64(i) >= uint64(len(c.funcs)) {
		return core.FuncType{}, false
	}
	return c.funcType(c.funcs[i])
}

// exportsPlace returns the start of the module's exports, for errors about missing exports.
func (c *classifier) exportsPlace() diag.Span {
	if s, ok := c.mod.source.Section(core.SectionExport); ok {
		return c.mod.given.Span(s.Start, s.Start)
	}
	return c.mod.given.Span(0, 0)
}

// errorf reports an error in the current import or export.
func (c *classifier) errorf(code diag.Code, format string, args ...any) *diag.Diagnostic {
	d := c.list.Errorf(c.where, code, format, args...)
	if c.at != "" {
		d.In("%s", c.at)
	}
	if !c.mod.isMain() {
		d.In("adapter `%s`", c.mod.name)
	}
	return d
}

// inWorld points to the worlds that the module is made for, which lack an item.
func (c *classifier) inWorld(d *diag.Diagnostic) *diag.Diagnostic {
	for _, made := range c.mod.worlds {
		w := made.World
		if w.Span.IsValid() {
			d.Labelf(w.Span, "the core module is made for this world")
		} else {
			d.Notef("the core module is made for world `%s`", w.ID())
		}
	}
	return d
}

// funcType returns the function type at an index.
func (c *classifier) funcType(i core.TypeIdx) (core.FuncType, bool) {
	if int(i) >= len(c.space) {
		return core.FuncType{}, false
	}
	t, ok := c.space[i].Type.(*core.FuncType)
	if !ok {
		return core.FuncType{}, false
	}
	return *t, true
}

// want reports a function whose type is not the expected one.
func (c *classifier) want(name string, want, got core.FuncType) *diag.Diagnostic {
	if sig.Same(want, got) {
		return nil
	}
	return c.errorf(CodeWrongSignature, "type mismatch for function `%s`: expected `%s` but found `%s`", name, sig.Describe(want), sig.Describe(got))
}

// wantFunc is like want for a function of the world.
func (c *classifier) wantFunc(i *wit.WorldItem, f *wit.Func, v variant, got core.FuncType) {
	d := c.want(f.Name, c.p.signature(f, v).FuncType, got)
	if d == nil {
		return
	}
	c.p.origin(d, i, f)
	switch other := otherVariant(f, v, got); other {
	case 0:
		d.Helpf("regenerate the bindings of the core module from the same WIT, or check whether the versions differ")
	case importAsync, exportCallback, exportStackful:
		d.Helpf("this is the signature of an asynchronous function: its name would start with `%s`", asyncPrefix(other))
	default:
		d.Helpf("this is the signature of a synchronous function: its name would have no `%s`", asyncPrefix(v))
	}
}

// otherVariant returns the way of importing or exporting a function that has the type got, or 0.
func otherVariant(f *wit.Func, v variant, got core.FuncType) variant {
	others := []variant{exportSync, exportCallback, exportStackful}
	if v == importSync || v == importAsync {
		others = []variant{importSync, importAsync}
	}
	for _, o := range others {
		if o != v && sig.Same(signatureOf(f, o).FuncType, got) {
			return o
		}
	}
	return 0
}

func asyncPrefix(v variant) string {
	switch v {
	case importAsync:
		return asyncLower
	case exportStackful:
		return asyncStackful
	}
	return asyncLift
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

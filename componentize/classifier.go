package componentize

import (
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

// rejectsLegacy reports whether only standard names are accepted. Adapters may use either.
func (c *classifier) rejectsLegacy() bool { return c.p.options.RejectLegacyNames && c.mod.isMain() }

func (c *classifier) suggest(d *diag.Diagnostic, label string, all func(yield func(string) bool)) {
	if best, ok := diag.Suggest(label, all); ok {
		d.Helpf("a similar name exists: `%s`", best)
	}
}

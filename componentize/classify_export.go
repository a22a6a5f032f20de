package componentize

import (
	"strings"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
)

// taskHook is the export of a module that is called when tasks start and end.
const taskHook = "__wasm_task_hook"

// exportItem determines the use of an export. It ignores exports that a component does not use.
func (c *classifier) exportItem(e core.Export) {
	var ft core.FuncType
	if e.Kind == core.ExternFunc {
		var ok bool
		if ft, ok = c.typeOfFunc(e.Index); !ok {
			return
		}
		c.mod.out.funcs[e.Name] = ft
	}
	for _, r := range []struct {
		name string
		kind exportKind
	}{
		{"canonical_abi_realloc", exportRealloc}, {"cabi_import_realloc", exportReallocForImports},
		{"cabi_export_realloc", exportReallocForExports}, {"cabi_realloc_adapter", exportReallocForAdapter},
	} {
		if e.Name == r.name {
			if e.Kind != core.ExternFunc {
				c.errorf(WrongSignature, "expected `%s` to be a function, found a %s", e.Name, e.Kind)
				return
			}
			c.want(e.Name, sig.Of("iiii:i"), ft)
			c.keep(&coreExport{name: e.Name, kind: r.kind})
			return
		}
	}
	x := &coreExport{name: e.Name, at: c.where}
	rest, standard := strings.CutPrefix(e.Name, standardPrefix)
	switch e.Kind {
	case core.ExternFunc:
		switch {
		case standard:
			c.standardExport(x, rest, ft)
		case !c.rejectsLegacy():
			c.legacyExport(x, ft)
		}
	case core.ExternMemory:
		if e.Name == LegacyNames.memory() && !c.rejectsLegacy() || e.Name == StandardNames.memory() {
			x.kind = exportMemory
		}
	case core.ExternTable:
		if e.Name == "__indirect_function_table" {
			x.kind = exportTable
		}
	}
	if x.kind != 0 {
		c.keep(x)
	}
}

func (c *classifier) keep(x *coreExport) { c.mod.out.add(x) }

// common resolves the exports that serve all functions. The label is the name without the prefix of
// standard names.
func (c *classifier) common(x *coreExport, label, realloc string, ft core.FuncType) bool {
	switch label {
	case realloc:
		x.kind = exportRealloc
		if d := c.want(label, sig.Of("iiii:i"), ft); d != nil {
			d.Notef("it allocates memory for incoming values: it takes an old address and size, both 0, an alignment and the new size, and returns an address")
		}
	case "_initialize":
		x.kind = exportInitialize
		c.want(label, core.FuncType{}, ft)
	default:
		return false
	}
	return true
}

func (c *classifier) standardExport(x *coreExport, label string, ft core.FuncType) {
	if c.common(x, label, "_realloc", ft) {
		return
	}
	find := func(label string) bool {
		if f, ok := strings.CutPrefix(label, "||"); ok {
			return c.ownFunc(x, f)
		}
		i, f := c.standardInterface(label)
		if i == nil {
			return false
		}
		x.item, x.fn = i, i.Interface.Func(f)
		return x.fn != nil
	}
	if find(label) {
		c.lifted(x, exportSync, ft)
		return
	}
	if l, ok := strings.CutSuffix(label, "_post"); ok && find(l) {
		c.postReturn(x, ft)
		return
	}
	if l, ok := strings.CutSuffix(label, "_dtor"); ok {
		if i, r := c.standardInterface(l); i != nil {
			c.dtor(x, i, r, label, ft)
		}
	}
}

// standardInterface splits `|iface|rest` after the name of an interface that the module exports.
func (c *classifier) standardInterface(label string) (*wit.WorldItem, string) {
	label, ok := strings.CutPrefix(label, "|")
	if !ok {
		return nil, ""
	}
	for _, i := range c.mod.exports {
		if i.Interface == nil {
			continue
		}
		if rest, ok := strings.CutPrefix(label, trackName(i)+"|"); ok {
			return i, rest
		}
	}
	return nil, ""
}

// ownFunc finds a function of the world itself that the module exports.
func (c *classifier) ownFunc(x *coreExport, label string) bool {
	for _, i := range c.mod.exports {
		if i.Func != nil && i.Name == label {
			x.item, x.fn = nil, i.Func
			return true
		}
	}
	return false
}

func (c *classifier) legacyExport(x *coreExport, ft core.FuncType) {
	full := x.name
	if c.common(x, full, "cabi_realloc", ft) {
		return
	}
	if full == taskHook {
		x.kind = exportTaskHook
		c.want(full, sig.Of("i:"), ft)
		return
	}
	label, v := full, exportSync
	if l, ok := strings.CutPrefix(full, asyncLift); ok {
		label, v = l, exportCallback
	} else if l, ok := strings.CutPrefix(full, asyncStackful); ok {
		label, v = l, exportStackful
	}
	if c.legacyFunc(x, label) {
		c.lifted(x, v, ft)
		return
	}
	if l, ok := strings.CutPrefix(label, postPrefix); ok && c.legacyFunc(x, l) {
		c.postReturn(x, ft)
		return
	}
	if l, ok := strings.CutPrefix(full, callbackPrefix+asyncLift); ok && c.legacyFunc(x, l) {
		x.kind = exportCallbackFunc
		c.want(full, sig.Of("iii:i"), ft)
		return
	}
	for _, i := range c.mod.exports {
		if i.Interface == nil {
			continue
		}
		if r, ok := strings.CutPrefix(label, i.ExternName()+"#"+dtorPrefix); ok {
			c.dtor(x, i, r, full, ft)
			return
		}
	}
}

// legacyFunc finds a function that the module exports under a legacy name.
func (c *classifier) legacyFunc(x *coreExport, label string) bool {
	for _, i := range c.mod.exports {
		if i.Interface == nil {
			continue
		}
		if f, ok := strings.CutPrefix(label, i.ExternName()+"#"); ok {
			if x.fn = i.Interface.Func(f); x.fn != nil {
				x.item = i
				return true
			}
		}
	}
	return c.ownFunc(x, label)
}

func (c *classifier) lifted(x *coreExport, v variant, ft core.FuncType) {
	x.kind, x.variant = exportFunc, v
	c.wantFunc(x.item, x.fn, v, ft)
}

func (c *classifier) postReturn(x *coreExport, ft core.FuncType) {
	x.kind = exportPostReturn
	want := core.FuncType{Params: c.p.signature(x.fn, exportSync).Results}
	if d := c.want(x.fn.Name+" post-return", want, ft); d != nil {
		c.p.origin(d, x.item, x.fn)
		d.Notef("it is called with the results of the core function once the memory that they point to is no longer needed")
	}
}

func (c *classifier) dtor(x *coreExport, i *wit.WorldItem, label, full string, ft core.FuncType) {
	if r := i.Interface.Type(label); r != nil && isResource(r) {
		x.kind, x.item, x.fn, x.resource = exportDtor, i, nil, r
		c.want(full, sig.Of("i:"), ft)
	}
}

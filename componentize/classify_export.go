package componentize

import (
	"strings"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
)

// taskHook is the export of a module that is called when tasks start and end.
const taskHook = "__wasm_task_hook"

// oldReallocs are the allocators with names of their own.
var oldReallocs = map[string]role{
	"canonical_abi_realloc": roleRealloc, "cabi_import_realloc": roleReallocForImports, "cabi_export_realloc": roleReallocForExports,
	"cabi_realloc_adapter": roleReallocForAdapter,
}

// exportItem determines the use of an export. It ignores exports that a component does not use.
func (c *classifier) exportItem(e core.Export) {
	var ft core.FuncType
	if e.Kind == core.ExternFunc {
		var ok bool
		if ft, ok = c.typeOfFunc(e.Index); !ok {
			return
		}
		c.mod.out.types[e.Name] = ft
	}
	if r, ok := oldReallocs[e.Name]; ok {
		if e.Kind != core.ExternFunc {
			c.errorf(CodeWrongSignature, "expected `%s` to be a function, found a %s", e.Name, e.Kind)
			return
		}
		c.want(e.Name, sig.Realloc, ft)
		c.mod.out.add(&coreExport{name: e.Name, use: roleExport(r)})
		return
	}
	var u use
	rest, standard := strings.CutPrefix(e.Name, standardPrefix)
	switch e.Kind {
	case core.ExternFunc:
		switch {
		case standard:
			u = c.standardExport(rest, ft)
		case !c.rejectsLegacy():
			u = c.legacyExport(e.Name, ft)
		}
	case core.ExternMemory:
		if e.Name == LegacyNames.memory() && !c.rejectsLegacy() || e.Name == StandardNames.memory() {
			u = roleExport(roleMemory)
		}
	case core.ExternTable:
		if e.Name == "__indirect_function_table" {
			u = roleExport(roleTable)
		}
	}
	if u != nil {
		c.mod.out.add(&coreExport{name: e.Name, at: c.where, use: u})
	}
}

// common resolves the exports that serve all functions. The label is the name without the prefix of
// standard names.
func (c *classifier) common(label, realloc string, ft core.FuncType) use {
	switch label {
	case realloc:
		if d := c.want(label, sig.Realloc, ft); d != nil {
			d.Notef("it allocates memory for incoming values: it takes an old address and size, both 0, an alignment and the new size, and returns an address")
		}
		return roleExport(roleRealloc)
	case "_initialize":
		c.want(label, sig.Thunk, ft)
		return roleExport(roleInitialize)
	}
	return nil
}

// standardExport resolves an export with a standard name, given without the prefix. It returns nil
// if a component does not use the export.
func (c *classifier) standardExport(label string, ft core.FuncType) use {
	if u := c.common(label, "_realloc", ft); u != nil {
		return u
	}
	if f, ok := c.standardFunc(label); ok {
		return c.lifted(f, exportSync, ft)
	}
	if l, ok := strings.CutSuffix(label, "_post"); ok {
		if f, ok := c.standardFunc(l); ok {
			return c.postReturn(f, ft)
		}
	}
	if l, ok := strings.CutSuffix(label, "_dtor"); ok {
		if i, r := c.standardInterface(l); i != nil {
			return c.dtor(i, r, label, ft)
		}
	}
	return nil
}

// standardFunc finds a function that the module exports under a standard name.
func (c *classifier) standardFunc(label string) (worldFunc, bool) {
	if f, ok := strings.CutPrefix(label, "||"); ok {
		return c.ownFunc(f)
	}
	i, f := c.standardInterface(label)
	if i == nil {
		return worldFunc{}, false
	}
	fn := i.Interface.Func(f)
	return worldFunc{i, fn}, fn != nil
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
func (c *classifier) ownFunc(label string) (worldFunc, bool) {
	for _, i := range c.mod.exports {
		if i.Func != nil && i.Name == label {
			return worldFunc{fn: i.Func}, true
		}
	}
	return worldFunc{}, false
}

// legacyExport resolves an export with a legacy name. It returns nil if a component does not use
// the export.
func (c *classifier) legacyExport(full string, ft core.FuncType) use {
	if u := c.common(full, "cabi_realloc", ft); u != nil {
		return u
	}
	if full == taskHook {
		c.want(full, sig.TaskHook, ft)
		return roleExport(roleTaskHook)
	}
	label, v := full, exportSync
	if l, ok := strings.CutPrefix(full, asyncLift); ok {
		label, v = l, exportCallback
	} else if l, ok := strings.CutPrefix(full, asyncStackful); ok {
		label, v = l, exportStackful
	}
	if f, ok := c.legacyFunc(label); ok {
		return c.lifted(f, v, ft)
	}
	if l, ok := strings.CutPrefix(label, postPrefix); ok {
		if f, ok := c.legacyFunc(l); ok {
			return c.postReturn(f, ft)
		}
	}
	if l, ok := strings.CutPrefix(full, callbackPrefix+asyncLift); ok {
		if f, ok := c.legacyFunc(l); ok {
			c.want(full, sig.Callback, ft)
			return &callbackExport{f}
		}
	}
	for _, i := range c.mod.exports {
		if i.Interface == nil {
			continue
		}
		if r, ok := strings.CutPrefix(label, i.ExternName()+"#"+dtorPrefix); ok {
			return c.dtor(i, r, full, ft)
		}
	}
	return nil
}

// legacyFunc finds a function that the module exports under a legacy name.
func (c *classifier) legacyFunc(label string) (worldFunc, bool) {
	for _, i := range c.mod.exports {
		if i.Interface == nil {
			continue
		}
		if f, ok := strings.CutPrefix(label, i.ExternName()+"#"); ok {
			if fn := i.Interface.Func(f); fn != nil {
				return worldFunc{i, fn}, true
			}
		}
	}
	return c.ownFunc(label)
}

func (c *classifier) lifted(f worldFunc, v variant, ft core.FuncType) use {
	c.wantFunc(f.item, f.fn, v, ft)
	return &funcExport{f, v}
}

func (c *classifier) postReturn(f worldFunc, ft core.FuncType) use {
	want := core.FuncType{Params: c.p.signature(f.fn, exportSync).Results}
	if d := c.want(f.fn.Name+" post-return", want, ft); d != nil {
		c.p.origin(d, f.item, f.fn)
		d.Notef("it is called with the results of the core function once the memory that they point to is no longer needed")
	}
	return &postReturnExport{f}
}

// dtor resolves the destructor of a resource. It returns nil if the interface has no such resource.
func (c *classifier) dtor(i *wit.WorldItem, label, full string, ft core.FuncType) use {
	r := i.Interface.Type(label)
	if r == nil || !isResource(r) {
		return nil
	}
	c.want(full, sig.Dtor, ft)
	return &dtorExport{r}
}

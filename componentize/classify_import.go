package componentize

import (
	"strings"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/componentize/internal/trim"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit"
)

// mainMemory is the module from which adapters with a memory of their own import access to the main
// module's memory.
const mainMemory = "__main_memory__"

// importItem determines the meaning of an import and adds it to the map.
func (c *classifier) importItem(i core.Import) {
	if c.libraryImport(i) {
		return
	}
	x := &coreImport{module: i.Module, field: i.Name, at: c.where}
	field := c.mod.target(i)
	x.target = field
	if c.resolve(x, field, i.Type) && x.meaning != nil {
		c.add(x)
	}
}

// add adds an import to the map.
func (c *classifier) add(x *coreImport) {
	in := &c.mod.in
	if m, ok := x.meaning.(*memoryImport); ok {
		if in.memory != nil {
			c.errorf(CodeTwoMemories, "module has multiple imports for memory")
			return
		}
		in.memory = &m.typ
	}
	m := in.find(x.module)
	if m == nil {
		m = &importModule{name: x.module}
		in.modules = append(in.modules, m)
	}
	if m.whole != nil {
		c.errorf(CodeBadImport, "cannot mix individual imports with module imports")
		return
	}
	if m.fields[x.field] {
		c.errorf(CodeBadImport, "module has duplicate import for `%s::%s`", x.module, x.field)
		return
	}
	if m.fields == nil {
		m.fields = map[string]bool{}
	}
	m.fields[x.field] = true
	m.imports = append(m.imports, x)
}

// libraryImport handles imports that the arguments of a library provide.
func (c *classifier) libraryImport(i core.Import) bool {
	if c.mod.library == nil {
		return false
	}
	for n := range c.mod.library.Arguments {
		a := &c.mod.library.Arguments[n]
		if a.Name != i.Module {
			continue
		}
		if a.Instance != nil {
			switch m := c.mod.in.find(i.Module); {
			case m == nil:
				c.mod.in.modules = append(c.mod.in.modules, &importModule{name: i.Module, whole: a.Instance})
			case m.whole == nil:
				c.errorf(CodeBadImport, "cannot mix individual imports and whole module imports")
			}
			return true
		}
		for k := range a.Items {
			if a.Items[k].Alias == i.Name {
				c.add(&coreImport{module: i.Module, field: i.Name, meaning: &libraryImport{item: &a.Items[k], extern: i.Type.Kind}})
				return true
			}
		}
		return false
	}
	return false
}

// resolve sets the meaning of an import. It returns false, after reporting an error, if the import
// has none.
func (c *classifier) resolve(x *coreImport, field string, t core.ExternType) bool {
	switch {
	case x.module == "env" && field == "memory" && t.Kind == core.ExternMemory:
		x.meaning = &memoryImport{typ: t.Memory}
		return true
	case x.module == trim.MainModule:
		x.meaning = &mainExportImport{extern: t.Kind}
		return true
	case t.Kind != core.ExternFunc:
		c.errorf(CodeBadImport, "module is only allowed to import functions").
			Notef("this is a %s: a component can provide only functions and the memory `env::memory`", t.Kind).
			Helpf("define the %s in the module, or link the module with the one that has it", t.Kind)
		return false
	}
	ft, ok := c.funcType(t.Func)
	if !ok {
		c.errorf(CodeBadImport, "type index %d is not a function type", t.Func)
		return false
	}
	if x.module == mainMemory && c.mod.ownMemory {
		want, ok := memoryAccess[field]
		if !ok {
			c.errorf(CodeBadImport, "unknown function `%s`", field).Notef("`%s` has functions such as load32 and store32", mainMemory)
			return false
		}
		c.want(x.module+"::"+field, sig.Of(want), ft)
		x.meaning = &accessImport{}
		return true
	}
	if c.p.names[x.module] {
		x.meaning = &adapterImport{adapter: x.module, sig: ft}
		return true
	}
	if rest, ok := strings.CutPrefix(x.module, standardPrefix); ok {
		return c.standardImport(x, rest, field, ft)
	}
	if c.rejectsLegacy() {
		c.errorf(CodeBadImport, "unknown or invalid component model import syntax").Notef("only standard names are accepted, which start with `%s`", standardPrefix)
		return false
	}
	return c.legacyImport(x, field, ft)
}

// standardImport resolves an import with standard names. The module is without the prefix.
func (c *classifier) standardImport(x *coreImport, module, field string, ft core.FuncType) bool {
	if module == "" {
		return c.rootImport(x, StandardNames, field, field, importSync, ft)
	}
	module, ok := strings.CutPrefix(module, "|")
	if !ok {
		c.errorf(CodeBadImport, "unknown or invalid component model import syntax")
		return false
	}
	find := func(items []*wit.WorldItem, iface string) *wit.WorldItem {
		for _, i := range items {
			if i.Interface != nil && trackName(i) == iface {
				return i
			}
		}
		c.inWorld(c.errorf(CodeBadImport, "the core module names interface `%s`, which is not in the world", iface))
		return nil
	}
	if iface, ok := strings.CutPrefix(module, "_ex_"); ok {
		i := find(c.p.world.Exports, iface)
		return i != nil && c.exportedIntrinsic(x, StandardNames, i, field, ft)
	}
	i := find(c.p.world.Imports, module)
	return i != nil && c.interfaceImport(x, StandardNames, i, "|"+module, field, field, importSync, ft)
}

// legacyImport resolves an import with legacy names.
func (c *classifier) legacyImport(x *coreImport, field string, ft core.FuncType) bool {
	label, v := field, importSync
	if rest, ok := strings.CutPrefix(field, asyncLower); ok {
		label, v = rest, importAsync
	}
	switch x.module {
	case rootModule:
		if done, ok := c.builtin(x, field, ft); done {
			return ok
		}
		return c.rootImport(x, LegacyNames, field, label, v, ft)
	case "env":
		if c.envImport(x, field, ft) {
			return true
		}
	}
	if iface, ok := strings.CutPrefix(x.module, exportPrefix); ok {
		if iface == rootModule && c.intrinsic(x, LegacyNames, nil, field, ft, false) {
			return true
		}
		i := c.legacyInterface(iface, c.p.world.Exports)
		return i != nil && c.exportedIntrinsic(x, LegacyNames, i, field, ft)
	}
	i := c.legacyInterface(x.module, c.p.world.Imports)
	return i != nil && c.interfaceImport(x, LegacyNames, i, x.module, field, label, v, ft)
}

// envImport resolves the imports from `env` that compilers generate for threads.
func (c *classifier) envImport(x *coreImport, field string, ft core.FuncType) bool {
	vals, set := ft.Results, strings.HasPrefix(field, "__wasm_set_")
	if set {
		vals = ft.Params
	}
	if len(vals) == 0 {
		return false
	}
	switch field {
	case "__wasm_get_stack_pointer", "__wasm_set_stack_pointer":
		x.meaning = &builtinImport{op: contextOp(set), val: vals[0]}
	case "__wasm_get_tls_base", "__wasm_set_tls_base":
		x.meaning = &tlsImport{set: set, val: vals[0]}
	default:
		return false
	}
	return true
}

// rootImport resolves a function of the world itself, or an intrinsic of one of its resources or
// streams.
func (c *classifier) rootImport(x *coreImport, n Names, field, label string, v variant, ft core.FuncType) bool {
	i := c.p.world.Import(label)
	if i != nil && i.Name != label {
		i = nil // an interface whose ID equals the label
	}
	if i != nil && i.Func != nil {
		c.wantFunc(nil, i.Func, v, ft)
		x.meaning = &funcImport{i, i.Func, v}
		return true
	}
	if c.intrinsic(x, n, nil, field, ft, true) {
		return true
	}
	if i != nil {
		c.errorf(CodeBadImport, "expected world top-level import `%s` to be a function", field)
		return false
	}
	c.noRootFunc(field)
	return false
}

func (c *classifier) noRootFunc(field string) {
	d := c.inWorld(c.errorf(CodeBadImport, "no top-level imported function `%s` specified", field))
	c.suggest(d, field, func(yield func(string) bool) {
		for _, i := range c.p.world.Imports {
			if i.Func != nil && !yield(i.Name) {
				return
			}
		}
	})
}

// interfaceImport resolves a function of an imported interface, or an intrinsic.
func (c *classifier) interfaceImport(x *coreImport, n Names, i *wit.WorldItem, module, field, label string, v variant, ft core.FuncType) bool {
	if f := i.Interface.Func(label); f != nil {
		c.wantFunc(i, f, v, ft)
		x.meaning = &funcImport{i, f, v}
		return true
	}
	if c.intrinsic(x, n, i, field, ft, true) {
		return true
	}
	d := c.errorf(CodeBadImport, "import interface `%s` is missing function `%s` that is required by the module", module, field)
	d.Labelf(i.Interface.Span, "`%s` is defined here", i.ExternName())
	c.suggest(d, label, func(yield func(string) bool) {
		for _, f := range i.Interface.Funcs {
			if !yield(f.Name) {
				return
			}
		}
	})
	return false
}

// exportedIntrinsic resolves an intrinsic of an interface that the world exports.
func (c *classifier) exportedIntrinsic(x *coreImport, n Names, i *wit.WorldItem, field string, ft core.FuncType) bool {
	if c.intrinsic(x, n, i, field, ft, false) {
		return true
	}
	c.errorf(CodeBadImport, "unknown function `%s`", field).Notef("the world exports interface `%s`, and a core module can import only its intrinsics", i.ExternName())
	return false
}

// legacyInterface finds the interface that a core module refers to by name: the same version, or
// else a compatible one.
func (c *classifier) legacyInterface(module string, items []*wit.WorldItem) *wit.WorldItem {
	for _, i := range items {
		if i.Name == module && i.Interface != nil {
			return i
		}
	}
	id, err := name.ParseInterface(module, name.Options{})
	if err != nil {
		c.noInterface(module, items)
		return nil
	}
	for _, i := range items {
		if i.Name == "" && i.Interface.ID() == id {
			return i
		}
	}
	if !id.Package.Version.IsZero() {
		for _, i := range items {
			if i.Name != "" {
				continue
			}
			other := i.Interface.ID()
			if other.Name == id.Name && other.Package.Namespace == id.Package.Namespace && other.Package.Name == id.Package.Name &&
				!other.Package.Version.IsZero() && name.SameTrack(other.Package.Version, id.Package.Version) {
				return i
			}
		}
	}
	c.noInterface(module, items)
	return nil
}

func (c *classifier) noInterface(module string, items []*wit.WorldItem) {
	d := c.inWorld(c.errorf(CodeBadImport, "module requires an import interface named `%s`", module))
	switch {
	case strings.HasPrefix(module, "wasi_"):
		d.Notef("this is an interface of WASI preview 1, which is older than components").
			Helpf("provide its adapter with --adapt")
	case module == "env" || module == "GOT.mem" || module == "GOT.func":
		d.Notef("linkers leave imports from `%s` for symbols that they have not found", module)
	default:
		// Another version of the same interface is a better suggestion than any other name.
		if id, err := name.ParseInterface(module, name.Options{}); err == nil {
			for _, i := range items {
				if i.Interface != nil && i.Name == "" && i.Interface.ID().Unversioned() == id.Unversioned() {
					d.Helpf("the world has `%s`", i.ExternName())
					return
				}
			}
		}
		c.suggest(d, module, func(yield func(string) bool) {
			for _, i := range items {
				if i.Interface != nil && !yield(i.ExternName()) {
					return
				}
			}
		})
	}
}

package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/edit"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/scope"
)

// addModules adds the core modules.
func (a *assembly) addModules() error {
	for mod := range a.p.usedModules {
		name, data := "main", mod.file.Data
		if !mod.isMain() {
			if name = mod.name; mod.library == nil {
				name = "wit-component:adapter:" + mod.name
			}
			if !a.p.options.NoNames {
				var err error
				if data, err = setModuleName(mod.file, name); err != nil {
					return err
				}
			}
		}
		a.modules[mod] = a.label(a.b.CoreModule(data).SortIndex(), name).CoreModule()
	}
	return nil
}

// setModuleName returns a module with another name in its name section.
func setModuleName(f *diag.File, name string) ([]byte, error) {
	found := false
	var add []*encoding.Custom
	rename := func(depth int, c *encoding.Custom) *encoding.Custom {
		if depth > 0 || c.Name != "name" || found {
			return c
		}
		found = true
		return &encoding.Custom{Name: c.Name, Data: edit.SetName(c.Data, name)}
	}
	out, err := edit.Customs(f, rename)
	if err != nil || found {
		return out, err
	}
	add = append(add, &encoding.Custom{Name: "name", Data: edit.SetName(nil, name)})
	return edit.Customs(f, rename, add...)
}

// instantiate instantiates the modules. The shims come first and the fixup module that fills them
// in comes last, so that modules that need each other get all their imports.
func (a *assembly) instantiate() error {
	fix := newFixup(len(a.p.main.core.Imports))
	if err := a.addShims(fix); err != nil {
		return err
	}
	if err := a.declareTypes(); err != nil {
		return err
	}
	for mod := range a.p.usedModules {
		if err := a.instantiateModule(mod); err != nil {
			return err
		}
		if mod.ownMemory {
			m := a.aliasCore(a.coreInstances[mod], encoding.SortCoreMemory, "memory", "memory of "+mod.name).CoreMemory()
			mod.memory = &m
		}
		if mod.isMain() && a.memory == nil {
			if name := mod.out.first(exportMemory); name != "" {
				m := a.aliasCore(a.coreInstances[mod], encoding.SortCoreMemory, name, "memory").CoreMemory()
				a.memory = &m
			}
		}
	}
	if name := a.p.main.out.first(exportInitialize); name != "" {
		fix.addInitialize(name)
	}
	if a.p.options.Complete != nil {
		if err := a.p.options.Complete(newFixupExtension(a, fix)); err != nil {
			return err
		}
	}
	return a.addFixup(fix)
}

// declareTypes defines the types of exported interfaces that intrinsics refer to, in particular the
// resources. These must be defined before the modules that implement them are instantiated, so
// their destructors are shims.
func (a *assembly) declareTypes() error {
	for mod := range a.p.givenModules {
		for _, i := range mod.exports {
			if i.Interface == nil {
				continue
			}
			s := a.rootScope(i.Interface)
			for _, t := range i.Interface.Types {
				if !isResource(t) {
					if _, err := s.Type(t.Type); err != nil {
						return err
					}
					continue
				}
				r := &encoding.Resource{Rep: core.I32}
				if name := mod.out.dtor(t); name != "" {
					sh, _ := a.shims.list.Get(shimKey{kind: shimDtor, mod: mod, name: name})
					f := a.aliasFunc(*a.shim, sh.label, sh.debug)
					r.Dtor = &f
				}
				a.known.Defs[t] = a.label(a.b.Type(r).SortIndex(), t.Name).Type()
			}
		}
	}
	return nil
}

// instantiateModule instantiates a core module with all of its imports.
func (a *assembly) instantiateModule(mod *module) error {
	var args []encoding.CoreInstantiateArg
	for _, m := range mod.in.modules {
		if m.whole != nil {
			at, err := a.instanceOf(m.whole.Part)
			if err != nil {
				return err
			}
			args = append(args, encoding.CoreInstantiateArg{Name: m.name, Instance: at})
			continue
		}
		var exports []encoding.CoreInlineExport
		for _, x := range m.imports {
			item, err := a.provide(mod, x)
			if err != nil {
				return err
			}
			exports = append(exports, encoding.CoreInlineExport{Name: x.field, Item: item})
		}
		at := a.label(a.b.CoreInlineExports(exports...).SortIndex(), m.name).CoreInstance()
		args = append(args, encoding.CoreInstantiateArg{Name: m.name, Instance: at})
	}
	a.coreInstances[mod] = a.label(a.b.CoreInstantiate(a.modules[mod], args...).SortIndex(), mod.debugName()).CoreInstance()
	return nil
}

// instanceOf returns the instance of an adapter or library, or of the main module.
func (a *assembly) instanceOf(name string) (encoding.CoreInstanceIdx, error) {
	for mod := range a.p.usedModules {
		if mod.name == name {
			if at, ok := a.coreInstances[mod]; ok {
				return at, nil
			}
		}
	}
	return 0, fmt.Errorf("instance refers to unknown adapter `%s`", name)
}

// memoryOf returns the memory that a module exchanges values in, or nil.
func (a *assembly) memoryOf(mod *module) *encoding.CoreMemoryIdx {
	if mod.ownMemory {
		return mod.memory
	}
	return a.memory
}

// sortOfExtern returns the sort of a core export.
func sortOfExtern(k core.ExternKind) encoding.Sort {
	switch k {
	case core.ExternTable:
		return encoding.SortCoreTable
	case core.ExternMemory:
		return encoding.SortCoreMemory
	case core.ExternGlobal:
		return encoding.SortCoreGlobal
	case core.ExternTag:
		return encoding.SortCoreTag
	}
	return encoding.SortCoreFunc
}

// provide returns the definition for an import of a module.
func (a *assembly) provide(mod *module, x *coreImport) (encoding.SortIndex, error) {
	switch x.kind {
	case importMemory:
		if a.memory == nil {
			return encoding.SortIndex{}, x.neededBy(errNoMainMemory)
		}
		return a.memory.SortIndex(), nil
	case importMainMemory:
		at, err := a.memoryFunctions()
		if err != nil {
			return encoding.SortIndex{}, err
		}
		return a.aliasCore(at, encoding.SortCoreFunc, x.field, x.field), nil
	case importMainExport:
		return a.aliasCore(a.coreInstances[a.p.main], sortOfExtern(x.extern), x.field, x.field), nil
	case importLibraryItem:
		at, err := a.instanceOf(x.libItem.From.Part)
		if err != nil {
			return encoding.SortIndex{}, err
		}
		return a.aliasCore(at, sortOfExtern(x.extern), x.libItem.Name, x.libItem.Name), nil
	}
	f, err := a.provideFunc(mod, x)
	return f.SortIndex(), err
}

// provideFunc returns the core function for an import: the shim, if the import has one.
func (a *assembly) provideFunc(mod *module, x *coreImport) (encoding.CoreFuncIdx, error) {
	if key, ok := a.shimKeyOf(mod, x); ok && !a.ready(x) {
		if s, ok := a.shims.list.Get(key); ok {
			return a.aliasFunc(*a.shim, s.label, s.debug), nil
		}
	}
	switch x.kind {
	case importFunc:
		items, _ := a.imported.imports.Get(x.home())
		low, _ := items.lowerings.Get(lowerKey{x.fn.Name, x.variant})
		enc, ok := mod.importStrings.of(x.item, x.fn)
		if !ok {
			return 0, fmt.Errorf("missing component metadata for import of `%s`", x.fn.Name)
		}
		return a.lower(mod, x, low.needs, enc, true)
	case importDrop:
		t, err := a.importedResource(x.resource)
		return a.builtin(encoding.Builtin{Op: encoding.OpResourceDrop, Type: t}), err
	case importResource:
		t, ok := a.known.Defs[x.resource]
		if !ok {
			return 0, fmt.Errorf("no module exports resource `%s`", x.resource.Name)
		}
		return a.builtin(encoding.Builtin{Op: x.op, Type: t}), nil
	case importTaskReturn:
		enc, ok := mod.exportStrings.of(x.item, x.fn)
		if !ok {
			return 0, fmt.Errorf("missing component metadata for export of `%s`", x.fn.Name)
		}
		result, err := a.typeScope(x.home()).Optional(resultOf(x.fn))
		if err != nil {
			return 0, err
		}
		return a.taskReturn(result, needsOfTaskReturn(x.fn), enc)
	case importStream:
		return a.streamBuiltin(mod, x, true)
	case importBuiltin:
		return a.plainBuiltin(mod, x)
	case importTLS:
		return a.tlsBase(x), nil
	}
	panic(fmt.Sprintf("unreachable: import %d", x.kind))
}

// ready reports whether an import that has a shim only for lack of a memory can do without it. This
// is so for adapters, which come after the main module.
func (a *assembly) ready(x *coreImport) bool {
	switch x.op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll, encoding.OpErrorContextNew:
		return a.memory != nil
	}
	return x.kind == importTaskReturn && a.memory != nil
}

func (a *assembly) builtin(x encoding.Builtin) encoding.CoreFuncIdx { return a.b.Builtin(x) }

// lower lowers an imported function.
func (a *assembly) lower(mod *module, x *coreImport, n needs, strings encoding.CanonOptKind, before bool) (encoding.CoreFuncIdx, error) {
	var f encoding.FuncIdx
	if home := x.home(); home != nil {
		f = a.label(a.b.AliasExport(a.instances[home.Interface], encoding.SortFunc, x.fn.Name), x.fn.Name).Func()
	} else {
		f = a.rootFuncs[x.fn]
	}
	realloc := a.reallocFunc(mod, before, n, mod.out.importsRealloc())
	opts, err := n.options(strings, a.memoryOf(mod), realloc)
	if err != nil {
		return 0, x.neededBy(err)
	}
	return a.label(a.b.Lower(f, opts...).SortIndex(), x.fn.Name).CoreFunc(), nil
}

// importedResource returns the type of an imported resource.
func (a *assembly) importedResource(t *wit.TypeDef) (encoding.TypeIdx, error) {
	if t.Interface != nil {
		return a.aliasType(t)
	}
	return a.known.Defs[t], nil
}

// typeScope returns the scope for the types of an intrinsic of an exported function. Functions of
// the world itself use only imported types.
func (a *assembly) typeScope(home *wit.WorldItem) *scope.Scope {
	if home == nil || home.Interface == nil {
		return a.rootScope(nil)
	}
	return a.rootScope(home.Interface)
}

func resultOf(f *wit.Func) types.Type { return scope.OptionalType(f.Result) }

func (a *assembly) taskReturn(result *encoding.ValType, n needs, strings encoding.CanonOptKind) (encoding.CoreFuncIdx, error) {
	opts, err := n.options(strings, a.memory, nil)
	if err != nil {
		return 0, err
	}
	return a.builtin(encoding.Builtin{Op: encoding.OpTaskReturn, Result: result, Opts: opts}), nil
}

// channelType returns the type of a stream or future, which it defines on first use.
func (a *assembly) channelType(c *channel) (encoding.TypeIdx, error) {
	s := a.rootScope(nil)
	if !c.imported {
		s = a.typeScope(c.item)
	}
	if c.typ == nil {
		return s.Unit(c.unit)
	}
	return s.Type(c.typ)
}

// streamBuiltin adds a built-in of a stream or future.
func (a *assembly) streamBuiltin(mod *module, x *coreImport, before bool) (encoding.CoreFuncIdx, error) {
	b := encoding.Builtin{Op: x.op, Async: x.async}
	var realloc *encoding.CoreFuncIdx
	n := needs{}
	if copies(x.op) {
		n = needsOfCopy(x.payload, x.op, x.async)
		realloc = a.reallocFunc(mod, before, n, mod.channelRealloc(x.payload))
		b.Async = false // set in the options instead
	}
	var err error
	if b.Type, err = a.channelType(x.payload); err != nil {
		return 0, err
	}
	if b.Opts, err = n.options(mod.channelStrings(x.payload), a.memory, realloc); err != nil {
		return 0, x.neededBy(err)
	}
	return a.builtin(b), nil
}

// channelStrings returns the encoding of strings in the elements of a stream: that of the function
// that identifies the stream's type.
func (m *module) channelStrings(c *channel) encoding.CanonOptKind {
	if c.fn == nil {
		return 0
	}
	of := &m.exportStrings
	if c.imported {
		of = &m.importStrings
	}
	k, _ := of.of(c.item, c.fn)
	return k
}

// plainBuiltin adds a built-in that needs nothing of the world.
func (a *assembly) plainBuiltin(mod *module, x *coreImport) (encoding.CoreFuncIdx, error) {
	b := encoding.Builtin{Op: x.op, Async: x.async, Val: x.val, Slot: x.slot}
	switch x.op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll:
		if a.memory == nil {
			return 0, x.neededBy(errNoMemory)
		}
		b.Memory = *a.memory
	case encoding.OpErrorContextNew, encoding.OpErrorContextDebugMessage:
		n := needs{memory: true, strings: true, realloc: x.op == encoding.OpErrorContextDebugMessage}
		realloc := a.reallocFunc(mod, false, n, mod.out.importsRealloc())
		var err error
		if b.Opts, err = n.options(x.strings, a.memory, realloc); err != nil {
			return 0, x.neededBy(err)
		}
	case encoding.OpThreadNewIndirect:
		start := core.Func([]core.ValType{core.I32}, nil)
		t := a.label(a.b.CoreType(&encoding.CoreRec{RecType: start}).SortIndex(), "thread-start").CoreType()
		name := a.p.main.out.first(exportTable)
		if name == "" {
			return 0, x.neededBy(fmt.Errorf("table __indirect_function_table must be an exported funcref table for thread.new-indirect"))
		}
		b.CoreType = t
		b.Table = a.aliasCore(a.coreInstances[a.p.main], encoding.SortCoreTable, name, "indirect-function-table").CoreTable()
	}
	return a.builtin(b), nil
}

// tlsBase returns the function that gets or sets the base of thread-local storage.
func (a *assembly) tlsBase(x *coreImport) encoding.CoreFuncIdx {
	if a.usesThreads() {
		return a.builtin(encoding.Builtin{Op: contextOp(x.set), Val: x.val, Slot: 1})
	}
	name := shimTLSGet
	if x.set {
		name = shimTLSSet
	}
	return a.aliasFunc(*a.shim, name, name)
}

// fillShim returns the actual function of a shim.
func (a *assembly) fillShim(s *shim) (encoding.CoreFuncIdx, error) {
	switch s.kind {
	case shimLower:
		return a.lower(s.mod, s.source, s.needs, s.enc, false)
	case shimAdapter:
		at, err := a.instanceOf(s.adapter)
		return a.aliasFunc(at, s.name, s.name), err
	case shimDtor, shimRealloc:
		return a.aliasFunc(a.coreInstances[s.mod], s.name, s.name), nil
	case shimStream:
		return a.streamBuiltin(s.mod, s.source, false)
	case shimTaskReturn:
		result, err := a.typeScope(s.source.home()).Optional(resultOf(s.fn))
		if err != nil {
			return 0, err
		}
		if name := s.mod.out.importsRealloc(); name != "" {
			// The alias is not used, but wasm-tools adds it too.
			a.aliasFunc(a.coreInstances[s.mod], name, "realloc")
		}
		return a.taskReturn(result, s.needs, s.enc)
	case shimBuiltin:
		return a.plainBuiltin(s.user, s.source)
	}
	panic(fmt.Sprintf("unreachable: shim %d", s.kind))
}

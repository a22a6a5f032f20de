package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// addModules adds the core modules.
func (a *assembly) addModules() error {
	for part := range a.pieces {
		name, data := "main", part.file.Data
		if !part.isMain() {
			if name = part.name; part.library == nil {
				name = "wit-component:adapter:" + part.name
			}
			if !a.NoNames {
				var err error
				if data, err = setModuleName(part.file, name); err != nil {
					return err
				}
			}
		}
		a.modules[part] = a.label(a.b.CoreModule(data).SortIndex(), name).CoreModule()
	}
	return nil
}

// setModuleName returns a module with another name in its name section.
func setModuleName(f *diag.File, name string) ([]byte, error) {
	found := false
	var add []*encoding.Custom
	edit := func(depth int, c *encoding.Custom) *encoding.Custom {
		if depth > 0 || c.Name != "name" || found {
			return c
		}
		found = true
		return &encoding.Custom{Name: c.Name, Data: encoding.SetOwnName(c.Data, name)}
	}
	out, err := encoding.EditCustoms(f, edit)
	if err != nil || found {
		return out, err
	}
	add = append(add, &encoding.Custom{Name: "name", Data: encoding.SetOwnName(nil, name)})
	return encoding.EditCustoms(f, edit, add...)
}

// instantiate instantiates the modules: first the shims, last the module that fills them in, so that everybody gets what it imports although all
// need each other.
func (a *assembly) instantiate() error {
	fix := newFixup(len(a.main.module.Imports))
	if err := a.addShims(fix); err != nil {
		return err
	}
	if err := a.declareTypes(); err != nil {
		return err
	}
	for part := range a.pieces {
		if err := a.instantiatePart(part); err != nil {
			return err
		}
		if part.ownMemory {
			m := a.aliasCore(a.parts[part], encoding.SortCoreMemory, "memory", "memory of "+part.name).CoreMemory()
			part.memory = &m
		}
		if part.isMain() && a.memory == nil {
			if name := part.out.first(exportMemory); name != "" {
				m := a.aliasCore(a.parts[part], encoding.SortCoreMemory, name, "memory").CoreMemory()
				a.memory = &m
			}
		}
	}
	if name := a.main.out.first(exportInitialize); name != "" {
		fix.addInitialize(name)
	}
	if a.complete != nil {
		if err := a.complete(a, fix); err != nil {
			return err
		}
	}
	return a.addFixup(fix)
}

// declareTypes defines the types of exported interfaces that intrinsics refer to, above all resources: these must be there before the modules
// that implement them, so their destructors are shims.
func (a *assembly) declareTypes() error {
	for part := range a.given {
		for _, i := range part.exports {
			if i.Interface == nil {
				continue
			}
			s := a.rootScope(i.Interface)
			for _, t := range i.Interface.Types {
				if !isResource(t) {
					if _, err := s.typ(t.Type); err != nil {
						return err
					}
					continue
				}
				r := &encoding.Resource{Rep: core.I32}
				if name := part.out.dtor(t); name != "" {
					sh, _ := a.shims.list.Get(shimKey{kind: shimDtor, part: part, name: name})
					f := a.aliasFunc(*a.shim, sh.label, sh.debug)
					r.Dtor = &f
				}
				a.known.defs[t] = a.label(a.b.Type(r).SortIndex(), t.Name).Type()
			}
		}
	}
	return nil
}

// instantiatePart instantiates a core module with all that it imports.
func (a *assembly) instantiatePart(part *piece) error {
	var args []encoding.CoreInstantiateArg
	for _, m := range part.in.modules {
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
			item, err := a.provide(part, x)
			if err != nil {
				return err
			}
			exports = append(exports, encoding.CoreInlineExport{Name: x.field, Item: item})
		}
		at := a.label(a.b.CoreInlineExports(exports...).SortIndex(), m.name).CoreInstance()
		args = append(args, encoding.CoreInstantiateArg{Name: m.name, Instance: at})
	}
	a.parts[part] = a.label(a.b.CoreInstantiate(a.modules[part], args...).SortIndex(), part.debugName()).CoreInstance()
	return nil
}

// instanceOf returns the instance of an adapter or library, or of the main module.
func (a *assembly) instanceOf(name string) (encoding.CoreInstanceIdx, error) {
	for part := range a.pieces {
		if part.name == name {
			if at, ok := a.parts[part]; ok {
				return at, nil
			}
		}
	}
	return 0, fmt.Errorf("instance refers to unknown adapter `%s`", name)
}

// memoryOf returns the memory with which a part talks to the world, or nil.
func (a *assembly) memoryOf(part *piece) *encoding.CoreMemoryIdx {
	if part.ownMemory {
		return part.memory
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

// provide returns the definition that an import of a part gets.
func (a *assembly) provide(part *piece, x *coreImport) (encoding.SortIndex, error) {
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
		return a.aliasCore(a.parts[a.main], sortOfExtern(x.extern), x.field, x.field), nil
	case importLibraryItem:
		at, err := a.instanceOf(x.libItem.From.Part)
		if err != nil {
			return encoding.SortIndex{}, err
		}
		return a.aliasCore(at, sortOfExtern(x.extern), x.libItem.Name, x.libItem.Name), nil
	}
	f, err := a.provideFunc(part, x)
	return f.SortIndex(), err
}

// provideFunc returns the core function that an import gets: a shim if there is one for it.
func (a *assembly) provideFunc(part *piece, x *coreImport) (encoding.CoreFuncIdx, error) {
	if key, ok := a.shimKeyOf(part, x); ok && !a.ready(x) {
		if s, ok := a.shims.list.Get(key); ok {
			return a.aliasFunc(*a.shim, s.label, s.debug), nil
		}
	}
	switch x.kind {
	case importFunc:
		items, _ := a.imports.Get(x.home())
		low, _ := items.lowerings.Get(lowerKey{x.fn.Name, x.variant})
		enc, ok := part.importStrings.of(x.item, x.fn)
		if !ok {
			return 0, fmt.Errorf("missing component metadata for import of `%s`", x.fn.Name)
		}
		return a.lower(part, x, low.needs, enc, true)
	case importDrop:
		t, err := a.importedResource(x.resource)
		return a.builtin(encoding.Builtin{Op: encoding.OpResourceDrop, Type: t}), err
	case importResource:
		t, ok := a.known.defs[x.resource]
		if !ok {
			return 0, fmt.Errorf("resource `%s` is exported by no module", x.resource.Name)
		}
		return a.builtin(encoding.Builtin{Op: x.op, Type: t}), nil
	case importTaskReturn:
		enc, ok := part.exportStrings.of(x.item, x.fn)
		if !ok {
			return 0, fmt.Errorf("missing component metadata for export of `%s`", x.fn.Name)
		}
		result, err := a.typeScope(x.home()).optional(resultOf(x.fn))
		if err != nil {
			return 0, err
		}
		return a.taskReturn(result, needsOfTaskReturn(x.fn), enc)
	case importStream:
		return a.streamBuiltin(part, x, true)
	case importBuiltin:
		return a.plainBuiltin(part, x)
	case importTLS:
		return a.tlsBase(x), nil
	}
	panic(fmt.Sprintf("unreachable: import %d", x.kind))
}

// ready tells whether an import that would have a shim for want of memory can do without: adapters come after the main module.
func (a *assembly) ready(x *coreImport) bool {
	switch x.op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll, encoding.OpErrorContextNew:
		return a.memory != nil
	}
	return x.kind == importTaskReturn && a.memory != nil
}

func (a *assembly) builtin(x encoding.Builtin) encoding.CoreFuncIdx { return a.b.Builtin(x) }

// lower lowers an imported function.
func (a *assembly) lower(part *piece, x *coreImport, n needs, strings encoding.CanonOptKind, before bool) (encoding.CoreFuncIdx, error) {
	var f encoding.FuncIdx
	if home := x.home(); home != nil {
		f = a.label(a.b.AliasExport(a.instances[home.Interface], encoding.SortFunc, x.fn.Name), x.fn.Name).Func()
	} else {
		f = a.rootFuncs[x.fn]
	}
	realloc := a.reallocFunc(part, before, n, part.out.importsRealloc())
	opts, err := n.options(strings, a.memoryOf(part), realloc)
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
	return a.known.defs[t], nil
}

// typeScope returns the scope for the types of an intrinsic of an exported function: functions of the world itself use imported types only.
func (a *assembly) typeScope(home *wit.WorldItem) *scope {
	if home == nil || home.Interface == nil {
		return a.rootScope(nil)
	}
	return a.rootScope(home.Interface)
}

func resultOf(f *wit.Func) types.Type { return part(f.Result) }

func (a *assembly) taskReturn(result *encoding.ValType, n needs, strings encoding.CanonOptKind) (encoding.CoreFuncIdx, error) {
	opts, err := n.options(strings, a.memory, nil)
	if err != nil {
		return 0, err
	}
	return a.builtin(encoding.Builtin{Op: encoding.OpTaskReturn, Result: result, Opts: opts}), nil
}

// channelType defines the type of a stream or future.
func (a *assembly) channelType(c *channel) (encoding.TypeIdx, error) {
	s := a.rootScope(nil)
	if !c.imported {
		s = a.typeScope(c.item)
	}
	if c.typ == nil {
		return s.unit(c.unit)
	}
	return s.typ(c.typ)
}

// streamBuiltin adds a built-in of a stream or future.
func (a *assembly) streamBuiltin(part *piece, x *coreImport, before bool) (encoding.CoreFuncIdx, error) {
	b := encoding.Builtin{Op: x.op, Async: x.async}
	var realloc *encoding.CoreFuncIdx
	n := needs{}
	if copies(x.op) {
		n = needsOfCopy(x.payload, x.op, x.async)
		realloc = a.reallocFunc(part, before, n, part.channelRealloc(x.payload))
		b.Async = false // it is among the options
	}
	var err error
	if b.Type, err = a.channelType(x.payload); err != nil {
		return 0, err
	}
	if b.Opts, err = n.options(part.channelStrings(x.payload), a.memory, realloc); err != nil {
		return 0, x.neededBy(err)
	}
	return a.builtin(b), nil
}

// channelStrings returns the encoding of strings in the elements of a stream: that of the function that names its type.
func (p *piece) channelStrings(c *channel) encoding.CanonOptKind {
	if c.fn == nil {
		return 0
	}
	of := &p.exportStrings
	if c.imported {
		of = &p.importStrings
	}
	k, _ := of.of(c.item, c.fn)
	return k
}

// plainBuiltin adds a built-in that stands for itself.
func (a *assembly) plainBuiltin(part *piece, x *coreImport) (encoding.CoreFuncIdx, error) {
	b := encoding.Builtin{Op: x.op, Async: x.async, Val: x.val, Slot: x.slot}
	switch x.op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll:
		if a.memory == nil {
			return 0, x.neededBy(errNoMemory)
		}
		b.Memory = *a.memory
	case encoding.OpErrorContextNew, encoding.OpErrorContextDebugMessage:
		n := needs{memory: true, strings: true, realloc: x.op == encoding.OpErrorContextDebugMessage}
		realloc := a.reallocFunc(part, false, n, part.out.importsRealloc())
		var err error
		if b.Opts, err = n.options(x.strings, a.memory, realloc); err != nil {
			return 0, x.neededBy(err)
		}
	case encoding.OpThreadNewIndirect:
		start := core.Func([]core.ValType{core.I32}, nil)
		t := a.label(a.b.CoreType(&encoding.CoreRec{RecType: start}).SortIndex(), "thread-start").CoreType()
		name := a.main.out.first(exportTable)
		if name == "" {
			return 0, x.neededBy(fmt.Errorf("table __indirect_function_table must be an exported funcref table for thread.new-indirect"))
		}
		b.CoreType = t
		b.Table = a.aliasCore(a.parts[a.main], encoding.SortCoreTable, name, "indirect-function-table").CoreTable()
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

// fillShim returns the function that a shim stands for.
func (a *assembly) fillShim(s *shim) (encoding.CoreFuncIdx, error) {
	switch s.kind {
	case shimLower:
		return a.lower(s.part, s.source, s.needs, s.enc, false)
	case shimAdapter:
		at, err := a.instanceOf(s.adapter)
		return a.aliasFunc(at, s.name, s.name), err
	case shimDtor, shimRealloc:
		return a.aliasFunc(a.parts[s.part], s.name, s.name), nil
	case shimStream:
		return a.streamBuiltin(s.part, s.source, false)
	case shimTaskReturn:
		result, err := a.typeScope(s.source.home()).optional(resultOf(s.fn))
		if err != nil {
			return 0, err
		}
		if name := s.part.out.importsRealloc(); name != "" {
			a.aliasFunc(a.parts[s.part], name, "realloc") // of no use, but so the result is that of wasm-tools
		}
		return a.taskReturn(result, s.needs, s.enc)
	case shimBuiltin:
		return a.plainBuiltin(s.user, s.source)
	}
	panic(fmt.Sprintf("unreachable: shim %d", s.kind))
}

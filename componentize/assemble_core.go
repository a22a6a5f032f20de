package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/edit"
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
	if err := a.addShims(); err != nil {
		return err
	}
	for _, s := range a.shims.list.All() {
		fix.addShim(s, a.p.options.ReturnCallRef)
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
			if name := mod.out.first(roleMemory); name != "" {
				m := a.aliasCore(a.coreInstances[mod], encoding.SortCoreMemory, name, "memory").CoreMemory()
				a.memory = &m
			}
		}
	}
	if name := a.p.main.out.first(roleInitialize); name != "" {
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
					f, _ := a.shimFunc(dtorShim{mod, name})
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
			item, err := x.meaning.provide(a, mod, x)
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

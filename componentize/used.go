package componentize

import (
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// requiredFunc is a function that core code imports.
type requiredFunc struct {
	item *wit.WorldItem // nil for the world itself
	name string
	v    variant
}

// imported determines what the component imports.
func (p *program) imported() *imported {
	d := &imported{types: map[*wit.Interface][]*wit.TypeDef{}, exportsUsed: map[*wit.Interface]map[*wit.Interface]bool{}}
	p.importedFuncs(d)
	p.usedExports(d)
	p.importedTypes(d)
	return d
}

// importedFuncs determines which of the world's imports core code uses, and how they can be
// lowered.
func (p *program) importedFuncs(d *imported) {
	required := map[requiredFunc]bool{}
	for mod := range p.usedModules {
		for x := range mod.in.all {
			if f, ok := x.meaning.(*funcImport); ok {
				required[requiredFunc{homeOf(f.item), f.fn.Name, f.variant}] = true
			}
		}
	}
	for _, i := range p.world.Imports {
		var home *wit.WorldItem
		funcs := []*wit.Func{i.Func}
		switch {
		case i.Interface != nil:
			home, funcs = i, i.Interface.Funcs
		case i.Func == nil:
			funcs = nil
		}
		at, ok := d.imports.Get(home)
		if !ok {
			at = &importedItems{item: home}
			d.imports.Set(home, at)
		}
		for _, f := range funcs {
			for _, v := range []variant{importSync, importAsync} {
				if !required[requiredFunc{home, f.Name, v}] {
					continue
				}
				s := p.signature(f, v)
				n := needsOfLower(f, v, s)
				direct := !n.memory && !n.realloc || p.main.in.memory != nil
				at.lowerings.Set(lowerKey{f.Name, v}, &lowering{fn: f, needs: n, sig: s, direct: direct})
			}
		}
	}
}

// usedInterfaces calls f for each interface from which i takes a type.
func (p *program) usedInterfaces(i *wit.Interface, f func(*wit.Interface)) {
	for _, t := range i.Types {
		if a := p.model.Alias(t); a != nil && a.Interface != nil && a.Interface != i {
			f(a.Interface)
		}
	}
}

func (p *program) usedExports(d *imported) {
	exported := map[*wit.Interface]bool{}
	for _, i := range p.world.Exports {
		if i.Interface != nil && i.Name == "" {
			exported[i.Interface] = true
		}
	}
	for _, i := range p.world.Exports {
		if i.Interface == nil {
			continue
		}
		set := map[*wit.Interface]bool{}
		p.usedInterfaces(i.Interface, func(dep *wit.Interface) {
			if !exported[dep] || set[dep] {
				return
			}
			set[dep] = true
			for k := range d.exportsUsed[dep] {
				set[k] = true
			}
		})
		d.exportsUsed[i.Interface] = set
	}
}

// importedTypes finds the types of imported interfaces that imports, intrinsics and exports need.
func (p *program) importedTypes(d *imported) {
	live := &liveTypes{m: p.model}
	for mod := range p.usedModules {
		for _, i := range p.world.Imports {
			if i.Type != nil { // types of the world itself are always imported
				live.add(i.Type.Type)
			}
		}
		for x := range mod.in.all {
			x.meaning.addTypes(live)
		}
	}
	for _, i := range p.world.Exports {
		if i.Interface == nil {
			live.item(i)
			continue
		}
		of := &liveTypes{m: p.model}
		of.item(i)
		for t := range of.set.All() {
			if t.Interface != nil && t.Interface != i.Interface && !d.exportsUsed[i.Interface][t.Interface] {
				live.add(t.Type)
			}
		}
	}
	for t := range live.set.All() {
		if t.Interface != nil {
			d.types[t.Interface] = append(d.types[t.Interface], t)
		}
	}
}

// isDefinition reports whether a named type has a definition of its own and is not another name of
// a type.
func isDefinition(m *wit.Model, n *types.Named) bool {
	_, prim := n.Of.(types.Prim)
	return !prim && m.Def(n.Of) == nil
}

package componentize

import (
	"github.com/mortise-wasm/mortise/internal/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// demand is what of the world the component imports: only what core code imports, and the types that this and the exports need.
type demand struct {
	// imports are those of the world in their order, each interface with what is lowered of it. What belongs to the world itself is in
	// the entry of nil.
	imports ordered.Map[*wit.WorldItem, *importedItems]
	// types are the types needed of each interface.
	types map[*wit.Interface][]*wit.TypeDef
	// exportsUsed are, for each exported interface, the exported interfaces that it takes types from, by whatever steps.
	exportsUsed map[*wit.Interface]map[*wit.Interface]bool
}

// importedItems are what core code imports of an interface, or of the world itself.
type importedItems struct {
	item      *wit.WorldItem // nil for the world itself
	lowerings ordered.Map[lowerKey, *lowering]
}

type lowerKey struct {
	name string
	v    variant
}

// lowering is how a function gets to core code.
type lowering struct {
	fn *wit.Func
	needs
	sig signature
	// direct tells that it can be lowered before the main module is there.
	direct bool
}

// required are the functions that core code imports.
type requiredFunc struct {
	item *wit.WorldItem // nil for the world itself
	name string
	v    variant
}

// pieces yields the main module and then the adapters that are used.
func (p *program) pieces(yield func(*piece) bool) {
	if !yield(p.main) {
		return
	}
	for _, a := range p.adapters {
		if !yield(a) {
			return
		}
	}
}

// given yields the main module and then the adapters and libraries as they were given.
func (p *program) given(yield func(*piece) bool) {
	if !yield(p.main) {
		return
	}
	for _, a := range p.all {
		if !yield(a) {
			return
		}
	}
}

// home returns the interface that an import belongs to, or nil for the world itself.
func (x *coreImport) home() *wit.WorldItem {
	if x.item != nil && x.item.Interface != nil {
		return x.item
	}
	return nil
}

func (p *program) demand() *demand {
	d := &demand{types: map[*wit.Interface][]*wit.TypeDef{}, exportsUsed: map[*wit.Interface]map[*wit.Interface]bool{}}
	p.demandFuncs(d)
	p.demandExports(d)
	p.demandTypes(d)
	return d
}

// demandFuncs finds out what of the world's imports is imported by core code, and how it can be lowered.
func (p *program) demandFuncs(d *demand) {
	required := map[requiredFunc]bool{}
	for part := range p.pieces {
		for x := range part.in.all {
			if x.kind == importFunc {
				required[requiredFunc{x.home(), x.fn.Name, x.variant}] = true
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

// uses tells whether core code imports a function in some way.
func (i *importedItems) uses(f *wit.Func) bool {
	return i.lowerings.Has(lowerKey{f.Name, importSync}) || i.lowerings.Has(lowerKey{f.Name, importAsync})
}

// usedInterfaces calls f for each interface from which i takes a type.
func (p *program) usedInterfaces(i *wit.Interface, f func(*wit.Interface)) {
	for _, t := range i.Types {
		if a := p.model.Alias(t); a != nil && a.Interface != nil && a.Interface != i {
			f(a.Interface)
		}
	}
}

func (p *program) demandExports(d *demand) {
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

// demandTypes finds the types of imported interfaces that imports, intrinsics and exports need.
func (p *program) demandTypes(d *demand) {
	live := &liveTypes{m: p.model}
	for part := range p.pieces {
		for _, i := range p.world.Imports {
			if i.Type != nil { // types of the world itself are always imported
				live.add(i.Type.Type)
			}
		}
		for x := range part.in.all {
			switch x.kind {
			case importFunc:
				live.function(x.fn)
			case importDrop, importResource:
				live.add(x.resource.Type)
			case importStream:
				live.val(x.payload.typ)
			case importTaskReturn:
				live.val(x.fn.Result)
			}
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

// isSpelledOut tells whether a named type is one that its definition spells out, and not another name.
func isSpelledOut(m *wit.Model, n *types.Named) bool {
	_, prim := n.Of.(types.Prim)
	return !prim && m.Def(n.Of) == nil
}

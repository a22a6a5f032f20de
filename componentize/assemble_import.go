package componentize

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/scope"
)

// importItems imports the items of the world that core code uses, and the types that these items
// and the exports need.
func (a *assembly) importItems() error {
	for home, items := range a.imported.imports.All() {
		if home != nil {
			if err := a.importInterface(home, items); err != nil {
				return err
			}
		}
	}
	root := a.rootScope(nil)
	for _, i := range a.p.world.Imports {
		if i.Type != nil {
			if _, err := root.Type(i.Type.Type); err != nil {
				return err
			}
		}
	}
	items, ok := a.imported.imports.Get(nil)
	if !ok {
		return nil
	}
	for _, i := range a.p.world.Imports {
		if i.Func == nil || !items.uses(i.Func) {
			continue
		}
		t, err := root.Func(i.Func)
		if err != nil {
			return err
		}
		n := scope.Name(i.Name, "", i.Func.ExternalID, i.Func.HasExternalID)
		a.rootFuncs[i.Func] = a.label(a.b.Import(n, encoding.ExternFunc{Type: t}), i.Name).Func()
	}
	return nil
}

// importInterface imports the used items of an interface, if there are any.
func (a *assembly) importInterface(i *wit.WorldItem, items *importedItems) error {
	b := &encoding.TypeBuilder{}
	s := a.instanceScope(b, i.Interface)
	for _, t := range a.imported.types[i.Interface] {
		if _, err := s.Type(t.Type); err != nil {
			return err
		}
	}
	for _, f := range i.Interface.Funcs {
		if !items.uses(f) {
			continue
		}
		t, err := s.Func(f)
		if err != nil {
			return err
		}
		b.Export(scope.FuncName(f), encoding.ExternFunc{Type: t})
	}
	t := b.InstanceType()
	if len(t.Decls) == 0 {
		return nil
	}
	name, implements := a.p.importName(i)
	ty := a.label(a.b.Type(t).SortIndex(), "ty-"+name)
	n := scope.Name(name, implements, i.ExternalID, i.HasExternalID)
	a.instances[i.Interface] = a.label(a.b.Import(n, encoding.ExternInstance{Type: ty.Type()}), name).Instance()
	return nil
}

// instanceScope returns the scope of an instance type in the component.
func (a *assembly) instanceScope(b *encoding.TypeBuilder, i *wit.Interface) *scope.Scope {
	return &scope.Scope{
		Model: a.p.model, Numbers: a.numbers, Known: scope.NewKnown(), Current: i, Define: b.Type,
		Named: func(d *wit.TypeDef, at encoding.TypeIdx) encoding.TypeIdx {
			return b.Export(scope.TypeName(d), encoding.ExternTypeEq{Type: at}).Type()
		},
		Resource: func(d *wit.TypeDef) encoding.TypeIdx {
			return b.Export(scope.TypeName(d), encoding.ExternSubResource{}).Type()
		},
		Foreign: func(d *wit.TypeDef) (encoding.TypeIdx, error) {
			at, err := a.aliasType(d)
			return b.AliasOuter(1, at).Type(), err
		},
	}
}

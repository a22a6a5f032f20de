package componentize

import (
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/scope"
)

// exportItems exports the items that the world exports, in the order of the modules that implement
// them.
func (a *assembly) exportItems() error {
	for mod := range a.p.givenModules {
		for _, i := range mod.exports {
			var err error
			if i.Func != nil {
				err = a.exportFunc(mod, i)
			} else {
				err = a.exportInterface(mod, i)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// exportFunc exports a function of the world itself.
func (a *assembly) exportFunc(mod *module, i *wit.WorldItem) error {
	t, err := a.rootScope(nil).Func(i.Func)
	if err != nil {
		return err
	}
	f, err := a.lift(mod, i, i.Func, t)
	if err != nil {
		return err
	}
	n := scope.Name(i.Name, "", i.Func.ExternalID, i.Func.HasExternalID)
	a.label(a.b.Export(n, f, nil), "#"+i.Name)
	return nil
}

// lift lifts the core function for a function of item i.
func (a *assembly) lift(mod *module, i *wit.WorldItem, f *wit.Func, t encoding.TypeIdx) (encoding.FuncIdx, error) {
	home := worldFunc{item: homeOf(i), fn: f}
	e := mod.out.funcs[home]
	if e == nil {
		return 0, fmt.Errorf("failed to find export of function `%s`", f.Name)
	}
	fn := a.hookedExport(mod, e.name)
	n := a.p.needsOfExport(f, e.use.(*funcExport).variant)
	enc, _ := mod.exportStrings.of(i, f)
	var realloc *encoding.CoreFuncIdx
	if n.realloc {
		if from, name := a.realloc(mod, mod.out.exportsRealloc()); name != "" {
			r := a.hookedExport(from, name)
			realloc = &r
		}
	}
	opts, err := n.options(enc, a.memory, realloc)
	if err != nil {
		return 0, e.neededBy(err, home)
	}
	if p := mod.out.postReturns[home]; p != nil {
		opts = append(opts, encoding.PostReturnOpt(a.hookedExport(mod, p.name)))
	}
	if c := mod.out.callbacks[home]; c != nil {
		opts = append(opts, encoding.CallbackOpt(a.hookedExport(mod, c.name)))
	}
	return a.label(a.b.Lift(fn, t, opts...).SortIndex(), f.Name).Func(), nil
}

// hookedExport returns an exported core function, or the wrapper that announces its tasks to the
// main module.
func (a *assembly) hookedExport(mod *module, name string) encoding.CoreFuncIdx {
	if f, ok := a.hooked[hookedExport{mod, name}]; ok {
		return f
	}
	return a.aliasFunc(a.coreInstances[mod], name, name)
}

// exportInterface exports an interface. Its functions are lifted here with unnamed types, because
// the interface has to name the types and nothing outside of an instance can export types into it.
// Therefore a nested component imports the functions and the types, and exports the functions again
// with the types that the interface defines.
func (a *assembly) exportInterface(mod *module, i *wit.WorldItem) error {
	outer := a.rootScope(i.Interface)
	n := &nestedExport{a: a, item: i, imports: map[string]bool{}}
	for _, f := range i.Interface.Funcs {
		t, err := outer.Func(f)
		if err != nil {
			return err
		}
		lifted, err := a.lift(mod, i, f, t)
		if err != nil {
			return err
		}
		n.args = append(n.args, encoding.InstantiateArg{Name: nestedImportName(f), Item: lifted.SortIndex()})
	}
	if err := n.build(); err != nil {
		return err
	}
	name := i.ExternName()
	c := a.label(a.b.Nested(n.b.Component()).SortIndex(), name+"-shim-component").Component()
	at := a.label(a.b.Instantiate(c, n.args...).SortIndex(), name+"-shim-instance").Instance()
	x := scope.Name(name, i.Implements(), i.ExternalID, i.HasExternalID)
	a.instances[i.Interface] = a.label(a.b.Export(x, at, nil), "#"+name).Instance()
	// From here on, the types of the interface are those of the instance.
	for _, t := range i.Interface.Types {
		delete(a.known.Defs, t)
		if named, ok := t.Type.(*types.Named); ok && isDefinition(a.p.model, named) {
			a.known.Forget(a.numbers, named.Of)
		}
	}
	return nil
}

// nestedImportName returns the name under which a nested component imports a function: a label that
// no other function can have.
func nestedImportName(f *wit.Func) string {
	if f.Kind == wit.Freestanding {
		return "import-func-" + f.Name
	}
	name := strings.ReplaceAll(f.Name, "[", "")
	return "import-" + strings.NewReplacer("]", "-", ".", "-", " ", "-").Replace(name)
}

// nestedExport builds the nested component that exports an interface.
type nestedExport struct {
	a    *assembly
	item *wit.WorldItem
	b    encoding.Builder
	// imports are the names of the types that it imports.
	imports map[string]bool
	// args are the arguments of its instantiation, and fetched the imported types in order.
	args    []encoding.InstantiateArg
	fetched []fetchedType
}

type fetchedType struct {
	name string
	def  *wit.TypeDef
}

func (n *nestedExport) build() error {
	iface := n.item.Interface
	known, err := n.importForeign()
	if err != nil {
		return err
	}
	// Resources and functions are imported with types that need no names.
	in := n.importScope(iface, known.Clone())
	resources := map[*wit.TypeDef]encoding.TypeIdx{}
	for _, t := range iface.Types {
		if isResource(t) {
			if resources[t], err = in.Type(t.Type); err != nil {
				return err
			}
		}
	}
	for _, f := range iface.Funcs {
		t, err := in.Func(f)
		if err != nil {
			return err
		}
		n.b.Import(encoding.Plain(nestedImportName(f)), encoding.ExternFunc{Type: t})
	}
	for _, x := range n.fetched {
		n.args = append(n.args, encoding.InstantiateArg{Name: x.name, Item: n.a.known.Defs[x.def].SortIndex()})
	}
	// Everything is exported, the types first.
	out := n.exportScope(iface, known)
	for _, t := range iface.Types {
		if isResource(t) {
			known.Defs[t] = n.b.Export(scope.TypeName(t), resources[t], nil).Type()
			continue
		}
		if _, err := out.Type(t.Type); err != nil {
			return err
		}
	}
	for i, f := range iface.Funcs {
		t, err := out.Func(f)
		if err != nil {
			return err
		}
		n.b.Export(scope.FuncName(f), encoding.FuncIdx(i), encoding.ExternFunc{Type: t})
	}
	return nil
}

// importForeign imports the types of other interfaces that the interface uses.
func (n *nestedExport) importForeign() (*scope.Known, error) {
	known := scope.NewKnown()
	live := &liveTypes{m: n.a.p.model}
	live.iface(n.item.Interface)
	for t := range live.set.All() {
		if t.Interface == nil || t.Interface == n.item.Interface {
			continue
		}
		// The type must exist outside to be an argument of the nested component.
		if _, err := n.a.rootScope(n.item.Interface).Type(t.Type); err != nil {
			return nil, err
		}
		if _, err := n.importScope(t.Interface, known).Type(t.Type); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// importScope returns a scope that imports named types.
func (n *nestedExport) importScope(current *wit.Interface, known *scope.Known) *scope.Scope {
	fetch := func(d *wit.TypeDef, t encoding.ExternType) encoding.TypeIdx {
		name := "import-type-" + d.Name
		for k := 0; n.imports[name]; k++ {
			name = fmt.Sprintf("%s%d", name, k)
		}
		n.imports[name] = true
		n.fetched = append(n.fetched, fetchedType{name, d})
		return n.b.Import(encoding.Plain(name), t).Type()
	}
	s := n.scope(current, known)
	s.Named = func(d *wit.TypeDef, i encoding.TypeIdx) encoding.TypeIdx {
		return fetch(d, encoding.ExternTypeEq{Type: i})
	}
	s.Resource = func(d *wit.TypeDef) encoding.TypeIdx { return fetch(d, encoding.ExternSubResource{}) }
	return s
}

// exportScope returns a scope that exports named types.
func (n *nestedExport) exportScope(current *wit.Interface, known *scope.Known) *scope.Scope {
	s := n.scope(current, known)
	s.Named = func(d *wit.TypeDef, i encoding.TypeIdx) encoding.TypeIdx {
		return n.b.Export(scope.TypeName(d), i, nil).Type()
	}
	// Resources are exported before.
	s.Resource = func(d *wit.TypeDef) encoding.TypeIdx { panic("unreachable: resource " + d.Name) }
	return s
}

func (n *nestedExport) scope(current *wit.Interface, known *scope.Known) *scope.Scope {
	return &scope.Scope{
		Model: n.a.p.model, Numbers: n.a.numbers, Known: known, Current: current, Define: n.b.Type,
		Foreign: func(d *wit.TypeDef) (encoding.TypeIdx, error) {
			return 0, fmt.Errorf("type `%s` of interface `%s` is used before it is imported", d.Name, d.Interface.ID())
		},
	}
}

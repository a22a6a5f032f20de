package componentize

import (
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// exportItems exports what the world exports, by the module that each export belongs to.
func (a *assembly) exportItems() error {
	for part := range a.given {
		for _, i := range part.exports {
			var err error
			if i.Func != nil {
				err = a.exportFunc(part, i)
			} else {
				err = a.exportInterface(part, i)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// exportFunc exports a function of the world itself.
func (a *assembly) exportFunc(part *piece, i *wit.WorldItem) error {
	t, err := a.rootScope(nil).function(i.Func)
	if err != nil {
		return err
	}
	f, err := a.lift(part, i, i.Func, t)
	if err != nil {
		return err
	}
	n := externName(i.Name, "", i.Func.ExternalID, i.Func.HasExternalID)
	a.label(a.b.Export(n, f, nil), "#"+i.Name)
	return nil
}

// lift lifts the core function of a function of item i.
func (a *assembly) lift(part *piece, i *wit.WorldItem, f *wit.Func, t encoding.TypeIdx) (encoding.FuncIdx, error) {
	home := i
	if i.Func != nil {
		home = nil
	}
	e := part.out.find(exportFunc, home, f)
	if e == nil {
		return 0, fmt.Errorf("failed to find export of function `%s`", f.Name)
	}
	fn := a.hookedExport(part, e.name)
	n := a.needsOfExport(f, e.variant)
	enc, _ := part.exportStrings.of(i, f)
	var realloc *encoding.CoreFuncIdx
	if n.realloc {
		if from, name := a.realloc(part, part.out.exportsRealloc()); name != "" {
			r := a.hookedExport(from, name)
			realloc = &r
		}
	}
	opts, err := n.options(enc, a.memory, realloc)
	if err != nil {
		return 0, e.neededBy(err)
	}
	if p := part.out.find(exportPostReturn, home, f); p != nil {
		opts = append(opts, encoding.PostReturnOpt(a.hookedExport(part, p.name)))
	}
	if c := part.out.find(exportCallbackFunc, home, f); c != nil {
		opts = append(opts, encoding.CallbackOpt(a.hookedExport(part, c.name)))
	}
	return a.label(a.b.Lift(fn, t, opts...).SortIndex(), f.Name).Func(), nil
}

// hookedExport returns an exported core function, or the one that tells the main module about tasks around it.
func (a *assembly) hookedExport(part *piece, name string) encoding.CoreFuncIdx {
	if f, ok := a.hooked[hookedExport{part, name}]; ok {
		return f
	}
	return a.aliasFunc(a.parts[part], name, name)
}

// exportInterface exports an interface. Its functions are lifted here with types that have no names, since the interface is to give these names
// and nobody can export types into an instance from outside. So a nested component imports the functions, and the types, and exports them
// again with the types as the interface defines them.
func (a *assembly) exportInterface(part *piece, i *wit.WorldItem) error {
	outer := a.rootScope(i.Interface)
	n := &nestedExport{a: a, item: i, imports: map[string]bool{}}
	for _, f := range i.Interface.Funcs {
		t, err := outer.function(f)
		if err != nil {
			return err
		}
		lifted, err := a.lift(part, i, f, t)
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
	x := externName(name, i.Implements(), i.ExternalID, i.HasExternalID)
	a.instances[i.Interface] = a.label(a.b.Export(x, at, nil), "#"+name).Instance()
	// From here on the types of the interface are those of the instance.
	for _, t := range i.Interface.Types {
		delete(a.known.defs, t)
		if named, ok := t.Type.(*types.Named); ok && isSpelledOut(a.model, named) {
			delete(a.known.shapes, a.numbers.shapeKey(named.Of))
		}
	}
	return nil
}

// nestedImportName returns what a nested component imports a function as: a label that no other function can have.
func nestedImportName(f *wit.Func) string {
	if f.Kind == wit.Freestanding {
		return "import-func-" + f.Name
	}
	name := strings.ReplaceAll(f.Name, "[", "")
	return "import-" + strings.NewReplacer("]", "-", ".", "-", " ", "-").Replace(name)
}

// nestedExport is the nested component that exports an interface, in the making.
type nestedExport struct {
	a    *assembly
	item *wit.WorldItem
	b    encoding.Builder
	// imports are the names of the types that it imports.
	imports map[string]bool
	// args are what it is instantiated with, and fetched the imported types in order.
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
	in := n.importScope(iface, known.clone())
	resources := map[*wit.TypeDef]encoding.TypeIdx{}
	for _, t := range iface.Types {
		if isResource(t) {
			if resources[t], err = in.typ(t.Type); err != nil {
				return err
			}
		}
	}
	for _, f := range iface.Funcs {
		t, err := in.function(f)
		if err != nil {
			return err
		}
		n.b.Import(encoding.Plain(nestedImportName(f)), encoding.ExternFunc{Type: t})
	}
	for _, x := range n.fetched {
		n.args = append(n.args, encoding.InstantiateArg{Name: x.name, Item: n.a.known.defs[x.def].SortIndex()})
	}
	// And all is exported, the types first.
	out := n.exportScope(iface, known)
	for _, t := range iface.Types {
		if isResource(t) {
			known.defs[t] = n.b.Export(typeName(t), resources[t], nil).Type()
			continue
		}
		if _, err := out.typ(t.Type); err != nil {
			return err
		}
	}
	for i, f := range iface.Funcs {
		t, err := out.function(f)
		if err != nil {
			return err
		}
		n.b.Export(externName(f.Name, "", f.ExternalID, f.HasExternalID), encoding.FuncIdx(i), encoding.ExternFunc{Type: t})
	}
	return nil
}

// importForeign imports the types of other interfaces that the interface uses.
func (n *nestedExport) importForeign() (*knownTypes, error) {
	known := newKnownTypes()
	live := &liveTypes{m: n.a.model}
	live.iface(n.item.Interface)
	for t := range live.set.All() {
		if t.Interface == nil || t.Interface == n.item.Interface {
			continue
		}
		// It must be there outside, to be given to the nested component.
		if _, err := n.a.rootScope(n.item.Interface).typ(t.Type); err != nil {
			return nil, err
		}
		if _, err := n.importScope(t.Interface, known).typ(t.Type); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// importScope is where types with names are imported.
func (n *nestedExport) importScope(current *wit.Interface, known *knownTypes) *scope {
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
	s.named = func(d *wit.TypeDef, i encoding.TypeIdx) encoding.TypeIdx {
		return fetch(d, encoding.ExternTypeEq{Type: i})
	}
	s.resource = func(d *wit.TypeDef) encoding.TypeIdx { return fetch(d, encoding.ExternSubResource{}) }
	return s
}

// exportScope is where they are exported.
func (n *nestedExport) exportScope(current *wit.Interface, known *knownTypes) *scope {
	s := n.scope(current, known)
	s.named = func(d *wit.TypeDef, i encoding.TypeIdx) encoding.TypeIdx {
		return n.b.Export(typeName(d), i, nil).Type()
	}
	s.resource = func(d *wit.TypeDef) encoding.TypeIdx { panic("unreachable: resource " + d.Name) } // exported before
	return s
}

func (n *nestedExport) scope(current *wit.Interface, known *knownTypes) *scope {
	return &scope{
		m: n.a.model, numbers: n.a.numbers, known: known, current: current, define: n.b.Type,
		foreign: func(d *wit.TypeDef) (encoding.TypeIdx, error) {
			return 0, fmt.Errorf("type `%s` of interface `%s` is used before it is imported", d.Name, d.Interface.ID())
		},
	}
}

package binary

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// decoder builds a model from the types of a component. An interface that occurs in several places
// becomes one interface of the model, with the items of all places.
type decoder struct {
	m    wit.Model
	pkgs ordered.Map[name.Package, *wit.Package]
	// ifaces holds the interfaces that have a name.
	ifaces map[name.Interface]*owner
	// defs maps types of the component to their definitions, and own does the same for types of the
	// model.
	defs, own map[types.Type]*wit.TypeDef
}

// owner is an interface or a world under construction.
type owner struct {
	iface *wit.Interface
	world *wit.World
	home  string
	types map[string]*wit.TypeDef
	funcs map[string]bool
	// complete is set once the full definition of the interface has been read. Nothing can be added to
	// it then.
	complete bool
}

func newDecoder() *decoder {
	return &decoder{ifaces: map[name.Interface]*owner{}, defs: map[types.Type]*wit.TypeDef{}, own: map[types.Type]*wit.TypeDef{}}
}

func newOwner(i *wit.Interface, w *wit.World, home string) *owner {
	return &owner{iface: i, world: w, home: home, types: map[string]*wit.TypeDef{}, funcs: map[string]bool{}}
}

func (d *decoder) pkg(id name.Package) *wit.Package {
	p, ok := d.pkgs.Get(id)
	if !ok {
		p = &wit.Package{Name: id}
		d.pkgs.Set(id, p)
	}
	return p
}

// mainPackage sets the package that all items must belong to.
func (d *decoder) mainPackage(id name.Package) error {
	p := d.pkg(id)
	if d.m.Main != nil && d.m.Main != p {
		return fmt.Errorf("item of package `%s` in package `%s`", id, d.m.Main.Name)
	}
	d.m.Main = p
	return nil
}

// items reads a package with a component type for each item.
func (d *decoder) items(exports types.Items) error {
	for _, x := range exports.All() {
		c := componentOf(x)
		if c.Exports.Len() != 1 {
			return fmt.Errorf("`%s`: expected a single export, but found %d instead", x.Name, c.Exports.Len())
		}
		item := c.Exports.At(0)
		n, err := parseName(item)
		if err != nil || n.Kind != name.KindInterface {
			return fmt.Errorf("`%s`: expected the name of an interface or world, but found `%s`", x.Name, item.Name)
		}
		if err := d.mainPackage(n.Interface.Package); err != nil {
			return err
		}
		if err := d.imports(c); err != nil {
			return err
		}
		if err := d.item(item, n.Interface); err != nil {
			return err
		}
	}
	return nil
}

// whole reads a package that is one component type.
func (d *decoder) whole(exports types.Items) error {
	if exports.Len() != 1 {
		return fmt.Errorf("expected a single package, but found %d", exports.Len())
	}
	x := exports.At(0)
	n, err := parseName(x)
	if err != nil {
		return err
	}
	if err := d.mainPackage(n.Interface.Package); err != nil {
		return err
	}
	c := componentOf(x)
	if err := d.imports(c); err != nil {
		return err
	}
	for _, item := range c.Exports.All() {
		n, err := parseName(item)
		if err != nil {
			return err
		}
		if n.Kind != name.KindInterface || n.Interface.Package != d.m.Main.Name {
			return fmt.Errorf("expected an interface or world of package `%s`, but found `%s`", d.m.Main.Name, item.Name)
		}
		if err := d.item(item, n.Interface); err != nil {
			return err
		}
	}
	return nil
}

// imports reads the interfaces that a component type imports.
func (d *decoder) imports(c *types.Component) error {
	for _, x := range c.Imports.All() {
		n, err := parseName(x)
		if err != nil {
			return err
		}
		t, ok := x.Type.(*types.Instance)
		if n.Kind != name.KindInterface || !ok {
			return fmt.Errorf("expected an import of an interface, but found `%s`", x.Name)
		}
		if _, err := d.namedInterface(n.Interface, t); err != nil {
			return err
		}
	}
	return nil
}

// item reads an interface or a world of the main package.
func (d *decoder) item(x types.Item, id name.Interface) error {
	switch t := x.Type.(type) {
	case *types.Instance:
		if _, err := d.namedInterface(id, t); err != nil {
			return err
		}
		d.ifaces[id].complete = true
		return nil
	case *types.Component:
		return d.world(id.Name, t)
	}
	return fmt.Errorf("`%s` is neither an interface nor a world", x.Name)
}

// root reads the imports and exports of a component.
func (d *decoder) root(t *types.Component) error {
	if err := d.mainPackage(name.Package{Namespace: "root", Name: "component"}); err != nil {
		return err
	}
	var imports []types.Item
	for _, x := range t.Imports.All() {
		switch x.Type.(type) {
		case *types.Instance, *types.Func, *types.Bound:
			imports = append(imports, x)
		}
		// WIT cannot express modules, components and values. They are left out, so that the rest can be
		// read.
	}
	return d.world("root", &types.Component{Imports: types.NewItems(imports), Exports: t.Exports})
}

// world reads a world of the main package.
func (d *decoder) world(label string, t *types.Component) error {
	if d.m.Main.World(label) != nil {
		return fmt.Errorf("world `%s` is defined twice", label)
	}
	w := &wit.World{Name: label, Package: d.m.Main}
	o := newOwner(nil, w, "")
	for _, x := range t.Imports.All() {
		i, err := d.worldItem(o, x)
		if err != nil {
			return fmt.Errorf("import `%s` of world `%s`: %w", x.Name, label, err)
		}
		w.Imports = append(w.Imports, i)
	}
	for _, x := range t.Exports.All() {
		if _, ok := x.Type.(*types.Bound); ok {
			return fmt.Errorf("export `%s` of world `%s` is a type: worlds export functions and interfaces", x.Name, label)
		}
		i, err := d.worldItem(o, x)
		if err != nil {
			return fmt.Errorf("export `%s` of world `%s`: %w", x.Name, label, err)
		}
		w.Exports = append(w.Exports, i)
	}
	d.m.Worlds = append(d.m.Worlds, w)
	d.m.Main.Worlds = append(d.m.Main.Worlds, w)
	return nil
}

func (d *decoder) worldItem(o *owner, x types.Item) (*wit.WorldItem, error) {
	switch t := x.Type.(type) {
	case *types.Func:
		f, err := d.function(o, x, t)
		return &wit.WorldItem{Name: x.Name, Func: f}, err
	case *types.Bound:
		def, err := d.typeExport(o, x, t)
		return &wit.WorldItem{Name: x.Name, Type: def}, err
	case *types.Instance:
		i := &wit.WorldItem{ExternalID: x.ExternalID, HasExternalID: x.HasExternalID}
		n, err := parseName(x)
		if err != nil {
			return nil, err
		}
		switch {
		case x.Implements != "":
			id, err := name.ParseInterface(x.Implements, name.Options{NestedNames: true, CanonVersions: true})
			if err != nil {
				return nil, err
			}
			i.Name = x.Name
			i.Interface, err = d.namedInterface(id, t)
			return i, err
		case n.Kind == name.KindInterface:
			i.Interface, err = d.namedInterface(n.Interface, t)
			return i, err
		case n.Kind == name.KindLabel:
			i.Name, i.Interface = x.Name, &wit.Interface{Package: o.world.Package}
			err = d.exports(newOwner(i.Interface, nil, ""), t)
			d.m.Interfaces = append(d.m.Interfaces, i.Interface)
			return i, err
		}
		return nil, fmt.Errorf("an instance cannot have this name in WIT")
	default:
		return nil, fmt.Errorf("worlds consist of functions, interfaces and types, not of a %s", types.KindOf(t))
	}
}

// namedInterface returns the interface of that name, after adding the items of an instance to it.
func (d *decoder) namedInterface(id name.Interface, t *types.Instance) (*wit.Interface, error) {
	o := d.ifaces[id]
	if o == nil {
		p := d.pkg(id.Package)
		i := &wit.Interface{Name: id.Name, Package: p}
		o = newOwner(i, nil, id.String())
		d.ifaces[id] = o
		p.Interfaces = append(p.Interfaces, i)
		d.m.Interfaces = append(d.m.Interfaces, i)
	}
	if err := d.exports(o, t); err != nil {
		return nil, fmt.Errorf("interface `%s`: %w", id, err)
	}
	return o.iface, nil
}

// exports adds the items of an instance to an interface that lacks them.
func (d *decoder) exports(o *owner, t *types.Instance) error {
	for _, x := range t.Exports.All() {
		switch t := x.Type.(type) {
		case *types.Bound:
			if def := o.types[x.Name]; def != nil {
				if err := d.same(def, t.Type); err != nil {
					return fmt.Errorf("type `%s`: %w", x.Name, err)
				}
				continue
			}
			if o.complete {
				return fmt.Errorf("type `%s` is not part of its definition", x.Name)
			}
			def, err := d.typeExport(o, x, t)
			if err != nil {
				return fmt.Errorf("type `%s`: %w", x.Name, err)
			}
			o.iface.Types = append(o.iface.Types, def)
		case *types.Func:
			if o.funcs[x.Name] {
				continue
			}
			if o.complete {
				return fmt.Errorf("function `%s` is not part of its definition", x.Name)
			}
			f, err := d.function(o, x, t)
			if err != nil {
				return fmt.Errorf("function `%s`: %w", x.Name, err)
			}
			o.funcs[x.Name] = true
			o.iface.Funcs = append(o.iface.Funcs, f)
		default:
			return fmt.Errorf("`%s` is a %s: interfaces consist of functions and types", x.Name, types.KindOf(t))
		}
	}
	return nil
}

// function reads a function of an interface or world.
func (d *decoder) function(o *owner, x types.Item, t *types.Func) (*wit.Func, error) {
	n, err := parseName(x)
	if err != nil {
		return nil, err
	}
	f := &wit.Func{Name: x.Name, Async: t.Async, ExternalID: x.ExternalID, HasExternalID: x.HasExternalID, Params: make([]wit.Param, len(t.Params))}
	switch n.Kind {
	case name.KindLabel:
		f.Kind = wit.Freestanding
	case name.KindMethod:
		f.Kind = wit.Method
	case name.KindStatic:
		f.Kind = wit.Static
	case name.KindConstructor:
		f.Kind = wit.Constructor
	default:
		return nil, fmt.Errorf("a function cannot have this name in WIT")
	}
	if f.Kind != wit.Freestanding {
		if f.Resource = o.types[n.Resource]; f.Resource == nil {
			return nil, fmt.Errorf("there is no resource `%s`", n.Resource)
		}
		if _, ok := f.Resource.Type.(*types.Resource); !ok {
			return nil, fmt.Errorf("`%s` is another name of a resource: functions belong where it is defined", n.Resource)
		}
	}
	for i, p := range t.Params {
		v, err := d.val(p.Type)
		if err != nil {
			return nil, fmt.Errorf("parameter `%s`: %w", p.Name, err)
		}
		f.Params[i] = wit.Param{Name: p.Name, Type: v}
	}
	if t.Result != nil {
		if f.Result, err = d.val(t.Result); err != nil {
			return nil, fmt.Errorf("result: %w", err)
		}
	}
	return f, nil
}

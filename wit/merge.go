package wit

import (
	"errors"
	"fmt"
)

// Merge returns a model with the contents of both into and from. A package of both models becomes
// one package with the items of both. Items that are in both must agree, and worlds must be the
// same. The error describes the first mismatch. Merge does not change its arguments.
func Merge(into, from *Model) (*Model, error) {
	g := thaw(into)
	if _, err := g.merge(thaw(from)); err != nil {
		return nil, err
	}
	return g.freeze(), nil
}

// merger maps the nodes of a graph that is merged into another one to the nodes that replace them.
type merger struct {
	from, into *graph
	pkgs       map[*pkg]*pkg
	ifaces     map[*iface]*iface
	types      map[*def]*def
	worlds     map[*world]*world
}

// pkg returns the package that replaces p, or p itself.
func (m *merger) pkg(p *pkg) *pkg {
	if q, ok := m.pkgs[p]; ok {
		return q
	}
	return p
}

func (m *merger) def(d *def) *def {
	if e, ok := m.types[d]; ok {
		return e
	}
	return d
}

func (m *merger) iface(i *iface) *iface {
	if j, ok := m.ifaces[i]; ok {
		return j
	}
	return i
}

// merge moves the nodes of from into g. The caller must not use from afterwards, nor g after an
// error.
func (g *graph) merge(from *graph) (*merger, error) {
	m := &merger{from, g, map[*pkg]*pkg{}, map[*iface]*iface{}, map[*def]*def{}, map[*world]*world{}}
	for _, p := range from.topological() {
		if q := g.byName[p.name]; q != nil {
			if err := m.matchPackage(p, q); err != nil {
				return nil, fmt.Errorf("failed to merge package `%s` into existing copy: %w", p.name, err)
			}
		}
	}
	if err := m.moveTypes(); err != nil {
		return nil, err
	}
	if err := m.moveIfaces(); err != nil {
		return nil, err
	}
	if err := m.moveWorlds(); err != nil {
		return nil, err
	}
	m.movePackages()
	for _, w := range g.worlds {
		if c := g.elaborate(w); c != nil {
			return nil, c
		}
	}
	return m, nil
}

// topological returns the packages, each after its dependencies.
func (g *graph) topological() []*pkg {
	done := map[*pkg]bool{}
	var order []*pkg
	var visit func(*pkg)
	visit = func(p *pkg) {
		if done[p] {
			return
		}
		done[p] = true
		dep := func(i *iface) bool {
			if i.pkg != nil && i.pkg != p {
				visit(i.pkg)
			}
			return true
		}
		for _, i := range p.ifaces.All() {
			i.deps(dep)
		}
		for _, w := range p.worlds.All() {
			for _, items := range []*itemMap{&w.imports, &w.exports} {
				for _, it := range items.All() {
					switch {
					case it.iface != nil:
						dep(it.iface)
					case it.def != nil && it.def.dep() != nil:
						dep(it.def.dep())
					}
				}
			}
		}
		order = append(order, p)
	}
	for _, p := range g.pkgs {
		visit(p)
	}
	return order
}

func (m *merger) matchPackage(from, into *pkg) error {
	m.pkgs[from] = into
	for label, i := range from.ifaces.All() {
		if j, ok := into.ifaces.Get(label); ok {
			if err := m.matchIface(i, j); err != nil {
				return fmt.Errorf("failed to merge interface `%s`: %w", label, err)
			}
		}
	}
	for label, w := range from.worlds.All() {
		if v, ok := into.worlds.Get(label); ok {
			if err := m.matchWorld(w, v); err != nil {
				return fmt.Errorf("failed to merge world `%s`: %w", label, err)
			}
		}
	}
	return nil
}

func (m *merger) matchIface(from, into *iface) error {
	m.ifaces[from] = into
	for label, d := range from.types.All() {
		if e, ok := into.types.Get(label); ok {
			m.types[d] = e
		}
	}
	for label, f := range from.funcs.All() {
		if g, ok := into.funcs.Get(label); ok {
			if err := matchFunc(f, g); err != nil {
				return fmt.Errorf("mismatch in function `%s`: %w", label, err)
			}
		}
	}
	return nil
}

func matchFunc(from, into *fn) error {
	switch {
	case from.name != into.name:
		return fmt.Errorf("different function names `%s` and `%s`", from.name, into.name)
	case from.kind != into.kind || from.async != into.async:
		return errors.New("different function kind types")
	case len(from.params) != len(into.params):
		return errors.New("different number of function parameters")
	}
	for i, p := range from.params {
		q := into.params[i]
		if p.name != q.name {
			return fmt.Errorf("different function parameter names: %s != %s", p.name, q.name)
		}
		if !sameKind(p.ty, q.ty) {
			return fmt.Errorf("different function parameter types for `%s`: different kinds of types", p.name)
		}
	}
	switch {
	case from.result.none() != into.result.none():
		return errors.New("different number of function results")
	case !sameKind(from.result, into.result):
		return errors.New("different function result types: different kinds of types")
	}
	return nil
}

// sameKind reports whether two types may be the same. Primitive types must be equal. Definitions
// are not compared.
func sameKind(a, b ref) bool {
	return a.prim == b.prim && (a.def == nil) == (b.def == nil)
}

func (m *merger) matchWorld(from, into *world) error {
	m.worlds[from] = into
	if from.imports.Len() != into.imports.Len() {
		return errors.New("world contains different number of imports than expected")
	}
	if from.exports.Len() != into.exports.Len() {
		return errors.New("world contains different number of exports than expected")
	}
	for _, dir := range []struct {
		verb       string
		from, into *itemMap
	}{{"import", &from.imports, &into.imports}, {"export", &from.exports, &into.exports}} {
		for k, it := range dir.from.All() {
			mapped := k
			if k.iface != nil {
				mapped.iface = m.iface(k.iface)
			}
			other, ok := dir.into.Get(mapped)
			if !ok {
				return fmt.Errorf("%s `%s` not found in target world", dir.verb, k.text())
			}
			if err := m.matchItem(it, other); err != nil {
				return fmt.Errorf("%s `%s` didn't match target world: %w", dir.verb, k.text(), err)
			}
		}
	}
	return nil
}

func (m *merger) matchItem(from, into *item) error {
	switch {
	case from.iface != nil && into.iface != nil:
		if from.iface.name == "" && into.iface.name == "" {
			return m.matchIface(from.iface, into.iface)
		}
		if m.ifaces[from.iface] != into.iface {
			return errors.New("interfaces are not the same")
		}
	case from.fn != nil && into.fn != nil:
	case from.def != nil && into.def != nil:
		m.types[from.def] = into.def
	default:
		return errors.New("world items do not have the same type")
	}
	return nil
}

// mergeStability merges the gate of an item into that of an equal item. It returns a message if the
// gates contradict each other.
func mergeStability(from Stability, into *Stability) string {
	switch {
	case from == *into || from.IsZero():
	case into.IsZero():
		*into = from
	default:
		return fmt.Sprintf("mismatch in stability from '%s' to '%s'", from, *into)
	}
	return ""
}

func (m *merger) gates(from Stability, into *Stability) error {
	if msg := mergeStability(from, into); msg != "" {
		return errors.New(msg)
	}
	return nil
}

func (m *merger) ref(r *ref) {
	if r.def != nil {
		r.def = m.def(r.def)
	}
}

func (m *merger) fn(f *fn) {
	if f.res != nil {
		f.res = m.def(f.res)
	}
	for i := range f.params {
		m.ref(&f.params[i].ty)
	}
	m.ref(&f.result)
}

func (m *merger) moveTypes() error {
	for _, d := range m.from.types {
		if e, ok := m.types[d]; ok {
			if err := m.gates(d.stab, &e.stab); err != nil {
				return err
			}
			continue
		}
		m.ref(&d.a)
		m.ref(&d.b)
		for i := range d.elems {
			m.ref(&d.elems[i])
		}
		for i := range d.members {
			m.ref(&d.members[i].ty)
		}
		if d.owner.iface != nil {
			d.owner.iface = m.iface(d.owner.iface)
		}
		if w, ok := m.worlds[d.owner.world]; ok && d.owner.world != nil {
			d.owner.world = w
		}
		m.into.types = append(m.into.types, d)
	}
	return nil
}

func (m *merger) moveIfaces() error {
	for _, i := range m.from.ifaces {
		j, ok := m.ifaces[i]
		if ok {
			if err := m.gates(i.stab, &j.stab); err != nil {
				return err
			}
			for label, d := range i.types.All() {
				j.types.Add(label, m.def(d))
			}
			for label, f := range i.funcs.All() {
				if j.funcs.Add(label, f) {
					m.fn(f)
				}
			}
			continue
		}
		types := i.types
		i.types = typeMap{}
		for label, d := range types.All() {
			i.types.Set(label, m.def(d))
		}
		for _, f := range i.funcs.All() {
			m.fn(f)
		}
		if i.pkg != nil {
			i.pkg = m.pkg(i.pkg)
		}
		if i.cloneOf != nil {
			i.cloneOf = m.iface(i.cloneOf)
		}
		m.into.ifaces = append(m.into.ifaces, i)
	}
	return nil
}

func (m *merger) moveWorlds() error {
	for _, w := range m.from.worlds {
		v, merged := m.worlds[w]
		if merged {
			if err := m.gates(w.stab, &v.stab); err != nil {
				return err
			}
		}
		for n, items := range []*itemMap{&w.imports, &w.exports} {
			old := *items
			*items = itemMap{}
			for k, it := range old.All() {
				if k.iface != nil {
					k.iface = m.iface(k.iface)
				}
				if merged {
					dst := &v.imports
					if n == 1 {
						dst = &v.exports
					}
					if other, ok := dst.Get(k); ok && k.iface != nil {
						if err := m.gates(it.stab, &other.stab); err != nil {
							return err
						}
					}
					continue
				}
				switch {
				case it.iface != nil:
					it.iface = m.iface(it.iface)
				case it.def != nil:
					it.def = m.def(it.def)
				default:
					m.fn(it.fn)
				}
				items.Set(k, it)
			}
		}
		if merged {
			continue
		}
		if w.pkg != nil {
			w.pkg = m.pkg(w.pkg)
		}
		m.into.worlds = append(m.into.worlds, w)
	}
	return nil
}

func (m *merger) movePackages() {
	for _, p := range m.from.pkgs {
		q, merged := m.pkgs[p]
		if !merged {
			m.into.pkgs = append(m.into.pkgs, p)
			m.into.byName[p.name] = p
			continue
		}
		for label, i := range p.ifaces.All() {
			q.ifaces.Add(label, i)
		}
		for label, w := range p.worlds.All() {
			q.worlds.Add(label, w)
		}
	}
}

package wit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/model/types"
)

// Merge returns a model with the contents of both into and from. A package of both models becomes
// one package with the items of both. Items that are in both must agree, and worlds must be the
// same. The error describes the first mismatch. Merge does not change its arguments.
func Merge(into, from *Model) (*Model, error) {
	m, _ := copyModel(into)
	if _, err := m.merge(from); err != nil {
		return nil, err
	}
	return m, nil
}

// copyModel returns a copy of a model, and the merger that made it.
func copyModel(m *Model) (*Model, *merger) {
	c := NewModel(Model{})
	g, err := c.add(m)
	if err != nil {
		panic("unreachable: " + err.Error())
	}
	c.Main = g.pkgs[m.Main]
	return c, g
}

// merger maps the nodes of a model that is merged into another one to the nodes that take their
// place.
type merger struct {
	copier
	pkgs   map[*Package]*Package
	ifaces map[*Interface]*Interface
	worlds map[*World]*World
	// merged holds the packages, interfaces and worlds of from that the other model has too.
	merged map[any]bool
}

// merge adds copies of the packages of from to m, and merges those that m has too. Then it
// completes the worlds. The caller must not use m after an error.
func (m *Model) merge(from *Model) (*merger, error) {
	g, err := m.add(from)
	if err != nil {
		return nil, err
	}
	for _, w := range m.Worlds {
		if c := m.elaborate(w); c != nil {
			return nil, c
		}
	}
	return g, nil
}

// add is merge without the completion of worlds.
func (m *Model) add(from *Model) (*merger, error) {
	g := newMerger(m, from)
	for _, p := range from.topological() {
		if q := m.byName[p.Name]; q != nil {
			if err := g.matchPackage(p, q); err != nil {
				return nil, fmt.Errorf("failed to merge package `%s` into existing copy: %w", p.Name, err)
			}
		}
	}
	g.declare()
	if err := g.copyTypes(); err != nil {
		return nil, err
	}
	if err := g.copyInterfaces(); err != nil {
		return nil, err
	}
	if err := g.copyWorlds(); err != nil {
		return nil, err
	}
	g.copyPackages()
	return g, nil
}

func newMerger(to, from *Model) *merger {
	m := &merger{
		pkgs: map[*Package]*Package{}, ifaces: map[*Interface]*Interface{}, worlds: map[*World]*World{}, merged: map[any]bool{},
	}
	m.copier = copier{
		from: from, to: to, types: make(map[types.Type]types.Type, len(from.Types)),
		owner:  func(o owner) owner { return owner{m.ifaces[o.iface], m.worlds[o.world]} },
		shares: func(*TypeDef) bool { return false },
	}
	return m
}

// topological returns the packages, each after its dependencies.
func (m *Model) topological() []*Package {
	done := map[*Package]bool{}
	var order []*Package
	var visit func(*Package)
	visit = func(p *Package) {
		if done[p] {
			return
		}
		done[p] = true
		dep := func(i *Interface) bool {
			if i.Package != nil && i.Package != p {
				visit(i.Package)
			}
			return true
		}
		for _, i := range p.Interfaces {
			m.dependencies(i, dep)
		}
		for _, w := range p.Worlds {
			for _, it := range slices.Concat(w.Imports, w.Exports) {
				switch {
				case it.Interface != nil:
					dep(it.Interface)
				case it.Type != nil:
					if from := m.usedFrom(it.Type); from != nil {
						dep(from)
					}
				}
			}
		}
		order = append(order, p)
	}
	for _, p := range m.Packages {
		visit(p)
	}
	return order
}

func (m *merger) matchPackage(from, into *Package) error {
	m.pkgs[from], m.merged[from] = into, true
	for _, i := range from.Interfaces {
		if j := into.Interface(i.Name); j != nil {
			if err := m.matchInterface(i, j); err != nil {
				return fmt.Errorf("failed to merge interface `%s`: %w", i.Name, err)
			}
		}
	}
	for _, w := range from.Worlds {
		if v := into.World(w.Name); v != nil {
			if err := m.matchWorld(w, v); err != nil {
				return fmt.Errorf("failed to merge world `%s`: %w", w.Name, err)
			}
		}
	}
	return nil
}

func (m *merger) matchInterface(from, into *Interface) error {
	m.ifaces[from], m.merged[from] = into, true
	for _, t := range from.Types {
		if other := into.Type(t.Name); other != nil {
			m.types[t.Type] = other.Type
		}
	}
	return matchItems(from, into)
}

// matchItems returns an error unless the types and functions with equal names in two interfaces may
// be the same.
func matchItems(from, into *Interface) error {
	for _, t := range from.Types {
		if other := into.Type(t.Name); other != nil {
			if err := matchType(t, other); err != nil {
				return err
			}
		}
	}
	for _, f := range from.Funcs {
		if g := into.Func(f.Name); g != nil {
			if err := matchFunc(f, g); err != nil {
				return fmt.Errorf("mismatch in function `%s`: %w", f.Name, err)
			}
		}
	}
	return nil
}

// matchType returns an error if one of two types is a resource and the other one is not. Otherwise
// types are not compared.
func matchType(from, into *TypeDef) error {
	_, a := types.Unname(from.Type).(*types.Resource)
	_, b := types.Unname(into.Type).(*types.Resource)
	if a != b {
		return fmt.Errorf("only one of the types `%s` is a resource", from.Name)
	}
	return nil
}

func matchFunc(from, into *Func) error {
	switch {
	case from.Name != into.Name:
		return fmt.Errorf("different function names `%s` and `%s`", from.Name, into.Name)
	case from.Kind != into.Kind || from.Async != into.Async:
		return errors.New("different function kind types")
	case len(from.Params) != len(into.Params):
		return errors.New("different number of function parameters")
	}
	for i, p := range from.Params {
		q := into.Params[i]
		if p.Name != q.Name {
			return fmt.Errorf("different function parameter names: %s != %s", p.Name, q.Name)
		}
		if !sameKind(p.Type, q.Type) {
			return fmt.Errorf("different function parameter types for `%s`: different kinds of types", p.Name)
		}
	}
	switch {
	case (from.Result == nil) != (into.Result == nil):
		return errors.New("different number of function results")
	case !sameKind(from.Result, into.Result):
		return errors.New("different function result types: different kinds of types")
	}
	return nil
}

// sameKind reports whether two types may be the same. Primitive types must be equal. Definitions
// are not compared.
func sameKind(a, b types.ValType) bool {
	return a == b || a != nil && b != nil && !primitive(a) && !primitive(b)
}

func (m *merger) matchWorld(from, into *World) error {
	m.worlds[from], m.merged[from] = into, true
	if len(from.Imports) != len(into.Imports) {
		return errors.New("world contains different number of imports than expected")
	}
	if len(from.Exports) != len(into.Exports) {
		return errors.New("world contains different number of exports than expected")
	}
	for _, dir := range []struct {
		verb       string
		from, into []*WorldItem
	}{{"import", from.Imports, into.Imports}, {"export", from.Exports, into.Exports}} {
		others := newItemMap(dir.into)
		for _, it := range dir.from {
			other, ok := others.Get(m.key(it))
			if !ok {
				return fmt.Errorf("%s `%s` not found in target world", dir.verb, it.key().text())
			}
			if err := m.matchItem(it, other); err != nil {
				return fmt.Errorf("%s `%s` didn't match target world: %w", dir.verb, it.key().text(), err)
			}
		}
	}
	return nil
}

// key returns the key of the item that takes the place of an item.
func (m *merger) key(i *WorldItem) key {
	k := i.key()
	if to := m.ifaces[k.iface]; to != nil {
		k.iface = to
	}
	return k
}

func (m *merger) matchItem(from, into *WorldItem) error {
	switch {
	case from.Interface != nil && into.Interface != nil:
		if from.Interface.Name == "" && into.Interface.Name == "" {
			return m.matchInterface(from.Interface, into.Interface)
		}
		if m.ifaces[from.Interface] != into.Interface {
			return errors.New("interfaces are not the same")
		}
	case from.Func != nil && into.Func != nil:
	case from.Type != nil && into.Type != nil:
		m.types[from.Type.Type] = into.Type.Type
		return matchType(from.Type, into.Type)
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

func mergeGates(from Stability, into *Stability) error {
	if msg := mergeStability(from, into); msg != "" {
		return errors.New(msg)
	}
	return nil
}

// declare creates the packages, interfaces and worlds that the other model lacks.
func (m *merger) declare() {
	for _, p := range m.from.Packages {
		if m.pkgs[p] == nil {
			m.pkgs[p] = &Package{Name: p.Name, Docs: p.Docs, Span: p.Span}
			m.to.addPackage(m.pkgs[p])
		}
	}
	for _, i := range m.from.Interfaces {
		if m.ifaces[i] == nil {
			m.ifaces[i] = &Interface{Name: i.Name, Docs: i.Docs, Stability: i.Stability, Span: i.Span, Package: m.pkgs[i.Package]}
			m.to.Interfaces = append(m.to.Interfaces, m.ifaces[i])
		}
	}
	for _, w := range m.from.Worlds {
		if m.worlds[w] == nil {
			m.worlds[w] = &World{Name: w.Name, Docs: w.Docs, Stability: w.Stability, Span: w.Span, Package: m.pkgs[w.Package]}
			m.to.Worlds = append(m.to.Worlds, m.worlds[w])
		}
	}
}

func (m *merger) copyTypes() error {
	for _, t := range m.from.Types {
		to, merged := m.types[t.Type]
		if !merged {
			m.def(t)
			continue
		}
		if err := mergeGates(t.Stability, &m.to.byType[to].Stability); err != nil {
			return err
		}
	}
	return nil
}

func (m *merger) copyInterfaces() error {
	for _, from := range m.from.Interfaces {
		into := m.ifaces[from]
		if m.merged[from] {
			if err := mergeGates(from.Stability, &into.Stability); err != nil {
				return err
			}
		} else {
			into.CloneOf = m.ifaces[from.CloneOf]
		}
		into.Types = appendMissing(into.Types, from.Types, func(t *TypeDef) bool { return into.Type(t.Name) != nil }, m.def)
		into.Funcs = appendMissing(into.Funcs, from.Funcs, func(f *Func) bool { return into.Func(f.Name) != nil }, m.function)
	}
	return nil
}

// appendMissing appends the copies of those elements of from that the list does not have yet.
func appendMissing[T any](list, from []T, has func(T) bool, cp func(T) T) []T {
	list = slices.Grow(slices.Clip(list), len(from))
	for _, x := range from {
		if !has(x) {
			list = append(list, cp(x))
		}
	}
	return list
}

func (m *merger) copyWorlds() error {
	for _, from := range m.from.Worlds {
		into := m.worlds[from]
		if !m.merged[from] {
			into.Imports, into.Exports = m.copyItems(from.Imports), m.copyItems(from.Exports)
			continue
		}
		if err := mergeGates(from.Stability, &into.Stability); err != nil {
			return err
		}
		if err := m.mergeItems(from.Imports, into.Imports); err != nil {
			return err
		}
		if err := m.mergeItems(from.Exports, into.Exports); err != nil {
			return err
		}
	}
	return nil
}

func (m *merger) copyItems(items []*WorldItem) []*WorldItem {
	list := make([]*WorldItem, len(items))
	for n, i := range items {
		c := *i
		switch {
		case i.Interface != nil:
			c.Interface = m.ifaces[i.Interface]
		case i.Type != nil:
			c.Type = m.def(i.Type)
		default:
			c.Func = m.function(i.Func)
		}
		list[n] = &c
	}
	return list
}

// mergeItems merges the gates of interfaces that two worlds import or export.
func (m *merger) mergeItems(from, into []*WorldItem) error {
	others := newItemMap(into)
	for _, i := range from {
		if k := m.key(i); k.iface != nil {
			if other, ok := others.Get(k); ok {
				if err := mergeGates(i.Stability, &other.Stability); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (m *merger) copyPackages() {
	for _, from := range m.from.Packages {
		into := m.pkgs[from]
		into.Interfaces = appendMissing(into.Interfaces, from.Interfaces, func(i *Interface) bool { return m.merged[i] },
			func(i *Interface) *Interface { return m.ifaces[i] })
		into.Worlds = appendMissing(into.Worlds, from.Worlds, func(w *World) bool { return m.merged[w] },
			func(w *World) *World { return m.worlds[w] })
	}
}

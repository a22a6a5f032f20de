package compose

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// Package is a validated component that can be instantiated in graphs. It is immutable.
type Package struct {
	// Name is used in messages and inside a composition.
	Name      string
	Component *encoding.Component
	Type      *types.Component
}

// PackageOf returns the package of a component that is already validated, such as one that
// componentize made.
func PackageOf(name string, info *validate.Info) *Package {
	return &Package{Name: name, Component: info.Component, Type: info.Type}
}

// NewPackage decodes and validates the component in f. The zero Set of features means
// [feature.Default], and [feature.None] means no features. The error is a [diag.List] or a
// [*diag.Diagnostic].
func NewPackage(name string, f *diag.File, features feature.Set) (*Package, error) {
	c, err := encoding.Decode(f)
	if err != nil {
		return nil, err
	}
	info, err := validate.Component(f, c, validate.Options{Features: features})
	if err != nil {
		return nil, err
	}
	return PackageOf(name, info), nil
}

// Graph is a composition under construction. The zero value is an empty graph. A Graph is not safe
// for concurrent use.
type Graph struct {
	nodes   []*node
	exports []export
}

// Instance is an instance in a graph.
type Instance struct{ n *node }

type node struct {
	pkg   *Package
	label string
	index int
	args  map[string]Source
}

// Source is an export of an instance.
type Source struct {
	Instance Instance
	Export   string
}

func (s Source) String() string { return fmt.Sprintf("`%s` of %s", s.Export, s.Instance.n.label) }

type export struct {
	name string
	from Source
}

// Instantiate adds an instance of a package. The label stands for the instance in messages and in
// the composition's name section.
func (g *Graph) Instantiate(p *Package, label string) Instance {
	n := &node{pkg: p, label: label, index: len(g.nodes), args: make(map[string]Source)}
	g.nodes = append(g.nodes, n)
	return Instance{n}
}

// Connect satisfies an import of an instance with an export of another. [Graph.Encode] checks
// whether the types fit.
func (g *Graph) Connect(from Source, to Instance, importName string) error {
	if err := from.check(); err != nil {
		return err
	}
	if to.n.pkg.Type.Imports.Get(importName) == nil {
		return diag.Errorf(diag.Span{}, CodeName, "%s has no import `%s`", to.n.label, importName)
	}
	if have, ok := to.n.args[importName]; ok {
		return diag.Errorf(diag.Span{}, CodeName, "import `%s` of %s is already connected to %v", importName, to.n.label, have)
	}
	to.n.args[importName] = from
	return nil
}

// Export makes the composition export an instance's export under the given name.
func (g *Graph) Export(from Source, name string) error {
	if err := from.check(); err != nil {
		return err
	}
	if slices.ContainsFunc(g.exports, func(e export) bool { return e.name == name }) {
		return diag.Errorf(diag.Span{}, CodeName, "`%s` is exported twice", name)
	}
	g.exports = append(g.exports, export{name, from})
	return nil
}

func (s Source) check() error {
	if s.Instance.n.pkg.Type.Exports.Get(s.Export) == nil {
		d := diag.Errorf(diag.Span{}, CodeName, "%s has no export `%s`", s.Instance.n.label, s.Export)
		if similar, ok := diag.Suggest(s.Export, slices.Values(s.Instance.n.pkg.Type.Exports.Names())); ok {
			d.Helpf("an export with a similar name exists: `%s`", similar)
		}
		return d
	}
	return nil
}

// order returns the instances so that each comes after the instances that it takes arguments from,
// and otherwise in the order in which they were added.
func (g *Graph) order() ([]*node, error) {
	const (
		entered = 1
		done    = 2
	)
	state := make([]int, len(g.nodes))
	var out []*node
	var visit func(n *node) error
	visit = func(n *node) error {
		switch state[n.index] {
		case done:
			return nil
		case entered:
			return diag.Errorf(diag.Span{}, CodeCycle, "%s needs an export of an instance that needs it", n.label)
		}
		state[n.index] = entered
		for _, im := range n.pkg.Type.Imports.All() {
			if from, ok := n.args[im.Name]; ok {
				if err := visit(from.Instance.n); err != nil {
					return err
				}
			}
		}
		state[n.index] = done
		out = append(out, n)
		return nil
	}
	for _, n := range g.nodes {
		if err := visit(n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

package encoding

import (
	"iter"
	"strings"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// Node is a component or core module in a tree. Exactly one of Component and Module is set.
type Node struct {
	// Path names the items that lead to the node, outermost first, such as "component 0" and "core
	// module 2". It is empty for the root.
	Path      []string
	Component *Component
	Module    *CoreModule
}

// String returns the path as "component 0 > core module 2".
func (n Node) String() string { return strings.Join(n.Path, " > ") }

// All yields c and every component and core module nested in it, outermost first, in file order.
func (c *Component) All() iter.Seq[Node] {
	return func(yield func(Node) bool) { c.walk(nil, yield) }
}

func (c *Component) walk(path []string, yield func(Node) bool) bool {
	if !yield(Node{Path: path, Component: c}) {
		return false
	}
	var names itemNames
	for _, d := range c.Defs {
		inner := func() []string { return append(path[:len(path):len(path)], names.next(sectionOf(d))) }
		switch d := d.(type) {
		case *CoreModule:
			if !yield(Node{Path: inner(), Module: d}) {
				return false
			}
		case *NestedComponent:
			if !d.Component.walk(inner(), yield) {
				return false
			}
		}
		names.add(d)
	}
	return true
}

// ItemNames returns the name of each definition of c in an item path, such as "type 3" or "import
// 0".
func (c *Component) ItemNames() []string {
	var names itemNames
	out := make([]string, len(c.Defs))
	for i, d := range c.Defs {
		out[i] = names.next(sectionOf(d))
		names.add(d)
	}
	return out
}

// Producers returns the contents of the first producers section of c. It returns nil if c has none
// or the section cannot be read.
func (c *Component) Producers() *core.Producers {
	for _, d := range c.Defs {
		if x, ok := d.(*Custom); ok && x.Name == core.ProducersName {
			p, err := core.DecodeProducers(x.Data)
			if err != nil {
				return nil
			}
			return p
		}
	}
	return nil
}

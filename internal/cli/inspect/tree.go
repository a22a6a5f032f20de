package inspect

import (
	"errors"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// A node is a component or core module with its sections: a file, or a part nested in it.
type node struct {
	// item identifies the part in the enclosing part, as in "core module 2"; it is "" for the file
	// itself. path holds the items from the outermost part on.
	item string
	path []string
	// kind is "component" or "module".
	kind     string
	name     string
	span     encoding.Span
	sections []encoding.Section
	// parts are the nested parts by their start offsets.
	parts  map[int]*node
	names  int          // number of definitions, or functions, that have a name
	module *core.Module // nil for a component, and for a module that cannot be read
	err    error        // the reason if the module cannot be read
}

// newTree reads the sections of a file. If a nested core module cannot be read, its node has the
// error. newTree returns all other errors.
func newTree(f *diag.File) (*node, error) {
	whole := encoding.Span{End: len(f.Data)}
	if encoding.IsCoreModule(f.Data) {
		n := moduleNode(f, whole, nil)
		return n, n.err
	}
	c, err := encoding.Decode(f)
	if err != nil {
		return nil, err
	}
	return componentNode(f, c, nil)
}

func componentNode(f *diag.File, c *encoding.Component, path []string) (*node, error) {
	names := c.Names()
	n := &node{kind: "component", path: path, name: names.Component, span: c.Span, parts: map[int]*node{}}
	for _, s := range names.Sorts {
		n.names += len(s.Names)
	}
	var err error
	if n.sections, err = sectionsAt(f, c.Span); err != nil {
		return nil, err
	}
	modules, components := names.Of(encoding.SortCoreModule), names.Of(encoding.SortComponent)
	items := c.ItemNames()
	var spaces encoding.Spaces
	for i, d := range c.Defs {
		inner := append(slices.Clone(path), items[i])
		switch d := d.(type) {
		case *encoding.CoreModule:
			n.add(d.Start, moduleNode(f, d.Span, inner), modules[spaces.Len(encoding.SortCoreModule)])
		case *encoding.NestedComponent:
			nested, err := componentNode(f, d.Component, inner)
			if err != nil {
				return nil, err
			}
			n.add(d.Start, nested, components[spaces.Len(encoding.SortComponent)])
		}
		spaces.Add(d)
	}
	return n, nil
}

func (n *node) add(start int, part *node, name string) {
	part.item = part.path[len(part.path)-1]
	if part.name == "" {
		part.name = name
	}
	n.parts[start] = part
}

func moduleNode(f *diag.File, at encoding.Span, path []string) *node {
	n := &node{kind: "module", path: path, span: at}
	m, err := core.Decode(f.Data[at.Start:at.End])
	if err != nil {
		n.err = moduleError(f, at, path, err)
		return n
	}
	if n.sections, n.err = sectionsAt(f, at); n.err != nil {
		return n
	}
	names := m.Names()
	n.module, n.name, n.names = m, names.Module, len(names.Funcs)
	return n
}

// moduleError turns an error of package core into a diagnostic. at is the span of the module in the
// file.
func moduleError(f *diag.File, at encoding.Span, path []string, err error) error {
	var e *core.Error
	if !errors.As(err, &e) {
		return err
	}
	d := e.Diagnostic(f, at.Start)
	d.ItemPath = append(slices.Clone(path), d.ItemPath...)
	return d
}

func sectionsAt(f *diag.File, at encoding.Span) (list []encoding.Section, err error) {
	for s, err := range encoding.Sections(f, at) {
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// nested returns the parts nested directly in n, in file order.
func (n *node) nested() []*node {
	var list []*node
	for _, s := range n.sections {
		if p := n.parts[s.Contents.Start]; p != nil && s.IsNested() {
			list = append(list, p)
		}
	}
	return list
}

// walk calls visit for n and all its nested parts, outermost first, until visit returns an error.
func (n *node) walk(visit func(*node) error) error {
	if err := visit(n); err != nil {
		return err
	}
	for _, p := range n.nested() {
		if err := p.walk(visit); err != nil {
			return err
		}
	}
	return nil
}

// checkReadable returns the errors of nested modules that cannot be read.
func (n *node) checkReadable() error {
	var list diag.List
	_ = n.walk(func(p *node) error {
		if p.err != nil {
			list.AddError(p.err)
		}
		return nil
	})
	return list.Err()
}

func (n *node) size() int { return n.span.End - n.span.Start }

// where returns the path in the form "component 0 > core module 2".
func (n *node) where() string { return strings.Join(n.path, " > ") }

// share returns size as a fraction of whole, rounded to four digits.
func share(size, whole int) float64 {
	r := Report{Size: whole}
	return r.share(size)
}

// headline writes the first line of a report: "app.wasm: component, 1,207 bytes (1.2 KiB)".
func (s *screen) headline(file, kind string, size int) {
	if kind == "module" {
		kind = "core module"
	}
	text := kind + ", " + count(size, "byte")
	if size >= kib {
		text += " (" + human(float64(size)) + ")"
	}
	s.title(file, "%s", text)
}

// label returns a part's item and name, indented by depth.
func (n *node) label(depth int) string {
	text := strings.Repeat("  ", depth) + n.item
	if n.name != "" {
		text += " " + clip(n.name, maxNames)
	}
	return text
}

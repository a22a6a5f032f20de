package wit

import (
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
)

// maxFlags is how many flags a flags type may have. See "Validation" of `flags` in Explainer.md of the component model.
const maxFlags = 32

// Check reports what in the main package is WIT and yet no component can have: it is read, printed and formatted, but the types
// that it is encoded as are not valid. The list is in no order. Every package is checked if all is set.
func (m *Model) Check(all bool) diag.List {
	c := checker{m: m}
	mine := func(p *Package) bool { return all || p == m.Main }
	for _, p := range m.Packages {
		if mine(p) {
			c.items(p)
		}
	}
	homes := m.homes()
	for _, t := range m.Types {
		if mine(homes[t]) {
			c.typ(t)
		}
	}
	for _, i := range m.Interfaces {
		if mine(i.Package) {
			c.funcs(i.Funcs)
		}
	}
	for _, w := range m.Worlds {
		if !mine(w.Package) {
			continue
		}
		for _, i := range w.Imports {
			if i.Func != nil {
				c.funcs([]*Func{i.Func})
			}
		}
	}
	return c.list
}

type checker struct {
	m    *Model
	list diag.List
}

func (c *checker) errorf(at diag.Span, code diag.Code, format string, args ...any) *diag.Diagnostic {
	d := diag.Errorf(at, code, format, args...)
	c.list.Add(d)
	return d
}

func (c *checker) typ(t *TypeDef) {
	ty := t.Type
	if n, ok := ty.(*types.Named); ok {
		if ty = n.Of; c.m.Def(ty) != nil {
			return // another name of a type, or of one without name that is checked itself
		}
	}
	switch ty := ty.(type) {
	case *types.Record:
		if len(ty.Fields) == 0 {
			c.errorf(t.Span, EmptyType, "record type must have at least one field").Captionf("has no fields")
		}
	case *types.Flags:
		switch n := len(ty.Names); {
		case n == 0:
			c.errorf(t.Span, EmptyType, "flags must have at least one entry").Captionf("has no flags")
		case n > maxFlags:
			c.errorf(t.Span, TooLarge, "cannot have more than %d flags", maxFlags).Captionf("has %d flags", n).Helpf("split them into several types, such as the fields of a record")
		}
	case *types.Tuple:
		if len(ty.Elems) == 0 {
			c.errorf(t.Span, EmptyType, "tuple type must have at least one type").Captionf("has no types")
		}
	case *types.FixedList:
		if ty.Len == 0 {
			c.errorf(t.Span, EmptyType, "Fixed-length lists must have more than zero elements").Captionf("has no elements")
		}
	case *types.Stream:
		if ty.Elem != nil && types.Unname(ty.Elem) == types.Char {
			c.errorf(t.Span, BadStream, "`stream<char>` is not valid at this time").Helpf("use `stream<u8>` with an encoding")
		}
	}
}

// items checks that the names in a package differ in more than case.
func (c *checker) items(p *Package) {
	seen := map[string]diag.Span{}
	names := map[string]string{}
	add := func(label string, at diag.Span) {
		lower := strings.ToLower(label)
		if before, ok := seen[lower]; ok {
			c.errorf(at, DuplicateName, "`%s` conflicts with `%s`: names must differ in more than case", label, names[lower]).Labelf(before, "the other one")
			return
		}
		seen[lower], names[lower] = at, label
	}
	for _, i := range p.Interfaces {
		add(i.Name, i.Span)
	}
	for _, w := range p.Worlds {
		add(w.Name, w.Span)
	}
}

// funcs checks the names of methods: the name of the resource is that of its constructor.
func (c *checker) funcs(list []*Func) {
	for _, f := range list {
		if (f.Kind == Method || f.Kind == Static) && f.Label() == f.Resource.Name {
			c.errorf(f.Span, DuplicateName, "`%s` has the name of its resource, and a component cannot tell them apart", f.Label()).
				Captionf("a method of resource `%s`", f.Resource.Name)
		}
	}
}

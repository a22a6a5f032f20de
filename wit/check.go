package wit

import (
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

// Check reports constructs of the main package that are valid WIT but that no component can have.
// They are read, printed and formatted, but the component types that encode them are not valid. The
// list is unsorted. If all is set, Check checks every package.
func (m *Model) Check(all bool) diag.List {
	c := checker{m: m, sizes: newSizes()}
	mine := func(p *Package) bool { return all || p == m.Main }
	for _, p := range m.Packages {
		if mine(p) {
			c.items(p)
		}
	}
	homes := m.homes()
	for _, t := range m.Types {
		e := c.sizes.of(t.Type) // in definition order, which keeps the recursion shallow
		if mine(homes[t]) {
			c.typ(t, e)
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
	m     *Model
	sizes *sizes
	list  diag.List
}

func (c *checker) errorf(at diag.Span, code diag.Code, format string, args ...any) *diag.Diagnostic {
	d := diag.Errorf(at, code, format, args...)
	c.list.Add(d)
	return d
}

func (c *checker) typ(t *TypeDef, e extent) {
	ty := t.Type
	if n, ok := ty.(*types.Named); ok {
		if ty = n.Of; c.m.Def(ty) != nil {
			return // an alias; the anonymous type of one is checked on its own
		}
	}
	c.size(t, e)
	switch ty := ty.(type) {
	case *types.Record:
		if len(ty.Fields) == 0 {
			c.errorf(t.Span, CodeEmptyType, "record type must have at least one field").Captionf("has no fields")
		}
	case *types.Flags:
		switch n := len(ty.Names); {
		case n == 0:
			c.errorf(t.Span, CodeEmptyType, "flags must have at least one entry").Captionf("has no flags")
		case n > abi.MaxFlags:
			c.errorf(t.Span, CodeTooLarge, "cannot have more than %d flags", abi.MaxFlags).Captionf("has %d flags", n).Helpf("split them into several types, such as the fields of a record")
		}
	case *types.Tuple:
		if len(ty.Elems) == 0 {
			c.errorf(t.Span, CodeEmptyType, "tuple type must have at least one type").Captionf("has no types")
		}
	case *types.FixedList:
		if ty.Len == 0 {
			c.errorf(t.Span, CodeEmptyType, "fixed-length lists must have more than zero elements").Captionf("has no elements")
		}
	case *types.Stream:
		if ty.Elem != nil && types.Unname(ty.Elem) == types.Char {
			c.errorf(t.Span, CodeBadStream, "`stream<char>` is not valid at this time").Helpf("use `stream<u8>` with an encoding")
		}
	}
}

// size reports a type that is too large, unless one of its component types has been reported.
func (c *checker) size(t *TypeDef, e extent) {
	v, ok := t.Type.(types.ValType)
	if !ok || e.reported {
		return
	}
	name := "the type"
	if t.Name != "" {
		name = "type `" + t.Name + "`"
	}
	switch {
	case e.parts > maxParts:
		c.errorf(t.Span, CodeTooLarge, "%s is too large: it has more than %d parts", name, maxParts).
			Notef("a part counts as often as it occurs in the type").Helpf("use resources, or lists, for what repeats")
	case e.depth > maxTypeDepth:
		c.errorf(t.Span, CodeTooLarge, "%s is nested too deeply: at most %d levels are allowed", name, maxTypeDepth)
	case c.sizes.layout.ElemSize(v) > abi.MaxElemSize:
		c.errorf(t.Span, CodeTooLarge, "%s is too large: a value takes more than %d bytes", name, abi.MaxElemSize).
			Helpf("use a list without a fixed length")
	default:
		return
	}
	c.sizes.markReported(t.Type)
}

// items checks that names in a package do not differ only in case.
func (c *checker) items(p *Package) {
	seen := map[string]diag.Span{}
	names := map[string]string{}
	add := func(label string, at diag.Span) {
		lower := strings.ToLower(label)
		if before, ok := seen[lower]; ok {
			c.errorf(at, CodeDuplicateName, "`%s` conflicts with `%s`: names must differ in more than case", label, names[lower]).Labelf(before, "the other one")
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

// funcs checks the names of methods, because the name of the resource is that of its constructor,
// and the sizes of function types.
func (c *checker) funcs(list []*Func) {
	for _, f := range list {
		e := c.sizes.of(f.Result)
		for _, p := range f.Params {
			e.add(c.sizes.of(p.Type))
		}
		if e.parts > maxParts && !e.reported {
			c.errorf(f.Span, CodeTooLarge, "the types of function `%s` are too large together: they have more than %d parts", f.Label(), maxParts)
		}
		if (f.Kind == Method || f.Kind == Static) && f.Label() == f.Resource.Name {
			c.errorf(f.Span, CodeDuplicateName, "`%s` has the name of its resource, and a component cannot tell them apart", f.Label()).
				Captionf("a method of resource `%s`", f.Resource.Name)
		}
	}
}

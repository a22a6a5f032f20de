package types

import "strings"

// module checks that a is a subtype of b. A core module may have fewer imports and more exports
// than expected.
func (c *checker) module(a, b *Module) *Mismatch {
	if a == b {
		return nil
	}
	given := make(map[[2]string]CoreExtern, len(b.Imports))
	for _, i := range b.Imports {
		given[[2]string{i.Module, i.Name}] = i.Type
	}
	for _, w := range a.Imports {
		have := given[[2]string{w.Module, w.Name}]
		if have == nil {
			return mismatch("missing expected import `%s::%s`", w.Module, w.Name)
		}
		if m := CoreSubtype(have, w.Type); m != nil {
			return m.in("type mismatch in import `%s::%s`", w.Module, w.Name)
		}
	}
	exports := make(map[string]CoreExtern, len(a.Exports))
	for _, e := range a.Exports {
		exports[e.Name] = e.Type
	}
	for _, w := range b.Exports {
		have := exports[w.Name]
		if have == nil {
			return mismatch("missing expected export `%s`", w.Name)
		}
		if m := CoreSubtype(have, w.Type); m != nil {
			return m.in("type mismatch in export `%s`", w.Name)
		}
	}
	return nil
}

// CoreSubtype returns nil if a core definition of type a can satisfy an import of type b (core
// specification, "Import Matching"), and the difference otherwise.
func CoreSubtype(a, b CoreExtern) *Mismatch {
	if CoreKindOf(a) != CoreKindOf(b) {
		return mismatch("expected %s, found %s", CoreKindOf(b), CoreKindOf(a))
	}
	switch b := b.(type) {
	case *CoreFunc:
		if a := a.(*CoreFunc); !a.Sub(b) {
			return mismatch("expected: %s\nfound:    %s", b.text(), a.text())
		}
	case *CoreTag:
		if a := a.(*CoreTag); !a.Func.Sub(b.Func) || !b.Func.Sub(a.Func) {
			return mismatch("expected: %s\nfound:    %s", b.Func.text(), a.Func.text())
		}
	case *CoreTable:
		a := a.(*CoreTable)
		switch {
		case a.Elem != b.Elem:
			return mismatch("expected table element type %s, found %s", b.Elem, a.Elem)
		case a.Shared != b.Shared:
			return mismatch("mismatch in the shared flag for tables")
		case !limitsMatch(a.Limits, b.Limits):
			return mismatch("mismatch in table limits")
		}
	case *CoreMemory:
		a := a.(*CoreMemory)
		switch {
		case a.Shared != b.Shared:
			return mismatch("mismatch in the shared flag for memories")
		case a.Is64 != b.Is64:
			return mismatch("mismatch in index type used for memories")
		case a.PageSizeLog2 != b.PageSizeLog2:
			return mismatch("mismatch in page size for memories")
		case !limitsMatch(a.Limits, b.Limits):
			return mismatch("mismatch in memory limits")
		}
	case *CoreGlobal:
		a := a.(*CoreGlobal)
		switch {
		case a.Mutable != b.Mutable:
			return mismatch("global types differ in mutability")
		case a.Shared != b.Shared:
			return mismatch("mismatch in the shared flag for globals")
		case a.Type != b.Type && (a.Mutable || !a.Type.Sub(b.Type)):
			return mismatch("expected global type %s, found %s", b.Type, a.Type)
		}
	default:
		panic(unreachable(b))
	}
	return nil
}

// text returns the type in the text format, such as `(func (param i32 i32) (result i32))`.
func (f *CoreFunc) text() string {
	var b strings.Builder
	b.WriteString("(func")
	for _, part := range [...]struct {
		word string
		vals []CoreVal
	}{{"param", f.Params}, {"result", f.Results}} {
		if len(part.vals) == 0 {
			continue
		}
		b.WriteString(" (" + part.word)
		for _, v := range part.vals {
			b.WriteString(" " + v.String())
		}
		b.WriteString(")")
	}
	return b.String() + ")"
}

// limitsMatch implements the core rule: a must be at least as large as b, and bounded if b is
// bounded.
func limitsMatch(a, b Limits) bool {
	return a.Is64 == b.Is64 && a.Min >= b.Min && (!b.HasMax || a.HasMax && a.Max <= b.Max)
}

package lsp

import (
	"slices"

	"github.com/mortise-wasm/mortise/wit/syntax"
)

// keywordDocs describes the keywords of WIT.
var keywordDocs = map[string]string{
	"bool": "`true` or `false`.",
	"u8":   "An integer from 0 to 255.", "u16": "An integer from 0 to 65,535.",
	"u32": "An integer from 0 to 4,294,967,295.", "u64": "An integer from 0 to 18,446,744,073,709,551,615.",
	"s8": "An integer from -128 to 127.", "s16": "An integer from -32,768 to 32,767.",
	"s32": "An integer from -2,147,483,648 to 2,147,483,647.", "s64": "An integer from -9,223,372,036,854,775,808 to 9,223,372,036,854,775,807.",
	"f32": "A floating-point number of 32 bits. All NaNs are one value.", "f64": "A floating-point number of 64 bits. All NaNs are one value.",
	"char":          "A Unicode scalar value: any code point but the surrogates.",
	"string":        "A sequence of Unicode scalar values.",
	"error-context": "Details about an error of an asynchronous operation, to help find its cause.",
	"list":          "`list<t>` is a sequence of values of type `t`; `list<t, 4>` has a fixed length.",
	"map":           "`map<k, v>` maps keys to values. A key is a bool, an integer, a char or a string.",
	"option":        "`option<t>` is a value or nothing.",
	"result":        "`result<t, e>` is a value or an error. Either may have no type: `result<t>`, `result<_, e>`, `result`.",
	"tuple":         "`tuple<t, u>` is a record whose fields have no names.",
	"future":        "`future<t>` is a value that becomes available later.",
	"stream":        "`stream<t>` is a sequence of values that become available one after the other.",
	"own":           "`own<r>` is a handle that transfers ownership of a resource. `r` alone means the same.",
	"borrow":        "`borrow<r>` is a handle that lends a resource for the duration of a call.",
	"record":        "`record r { a: t, b: u }` is a type with a value for each field.",
	"variant":       "`variant v { a, b(t) }` is a type with one of several cases, which may hold a value.",
	"enum":          "`enum e { a, b }` is a type with one of several cases that hold nothing.",
	"flags":         "`flags f { a, b }` is a type with a bool for each flag.",
	"resource":      "`resource r { … }` is a type whose values stay in the component that defines it; other components have handles of them.",
	"type":          "`type t = u;` gives a type another name.",
	"func":          "`f: func(a: t) -> u;` is a function.",
	"async":         "`f: async func()` is a function that may wait without blocking its caller.",
	"static":        "`f: static func()` is a function of a resource that has no `self`.",
	"constructor":   "`constructor(a: t);` creates a value of the resource.",
	"interface":     "`interface i { … }` is a set of types and functions that is imported or exported as a whole.",
	"world":         "`world w { … }` describes what a component imports and exports.",
	"import":        "`import i;` declares that a component needs `i`.",
	"export":        "`export i;` declares that a component provides `i`.",
	"include":       "`include w;` adds the imports and exports of another world; `with { a as b }` renames some of them.",
	"with":          "`include w with { a as b }` renames items of the included world.",
	"use":           "`use i.{t, u as v};` takes types of another interface; at the top of a file, `use a:b/c as d;` gives an interface a short name.",
	"as":            "The name after it stands for the name before it.",
	"package":       "`package a:b@1.0.0;` names the package that a file is part of.",
}

// keywordAt returns the keyword at an offset of a text outside of comments, and reports whether
// there is one.
func (t *tree) keywordAt(offset int) (syntax.Range, bool) {
	data := t.file.Source.Data
	start, end := offset, offset
	for start > 0 && wordByte(data[start-1]) {
		start--
	}
	for end < len(data) && wordByte(data[end]) {
		end++
	}
	r := syntax.Range{Start: int32(start), End: int32(end)}
	if keywordDocs[t.src(r)] == "" || start > 0 && data[start-1] == '%' {
		return r, false
	}
	comment := slices.ContainsFunc(t.file.Comments, func(c syntax.Range) bool { return c.Start <= r.Start && r.Start < c.End })
	return r, !comment
}

// features returns the names of the features that gate items in all packages of k.
func (k *pack) features() []string {
	var out []string
	for _, t := range k.trees {
		syntax.Walk(t.file, func(n syntax.Node) bool {
			for _, a := range attrsOf(n) {
				if a.Kind == syntax.Unstable && a.Feature.Name != "" {
					out = append(out, a.Feature.Name)
				}
			}
			return true
		})
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func attrsOf(n syntax.Node) []syntax.Attr {
	switch n := n.(type) {
	case *syntax.Interface:
		return n.Attrs
	case *syntax.World:
		return n.Attrs
	case *syntax.TopUse:
		return n.Attrs
	case *syntax.Use:
		return n.Attrs
	case *syntax.Include:
		return n.Attrs
	case *syntax.Extern:
		return n.Attrs
	case *syntax.TypeDef:
		return n.Attrs
	case *syntax.Func:
		return n.Attrs
	}
	return nil
}

// mayBeResource reports whether a type is a resource, or may be one as far as is known.
func (k *pack) mayBeResource(t *tree, n name) bool {
	const maxAliases = 100 // aliases may form a cycle
	for range maxAliases {
		at := n
		if d, ok := n.node.(*syntax.TypeDef); ok {
			if d.Kind != syntax.AliasDef || d.Type == nil || d.Type.Kind != syntax.Named {
				return d.Kind == syntax.ResourceDef
			}
			if at, ok = t.at(int(d.Type.Name.Start)); !ok {
				return true
			}
		}
		o, _ := k.object(t, at)
		if o == nil {
			return true
		}
		var ok bool
		if t, n, ok = k.find(unalias(o)); !ok {
			return true
		}
	}
	return false
}

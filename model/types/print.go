package types

import (
	"strconv"
	"strings"
)

// maxPrint limits the length of what TypeString returns. Types are graphs, and a small graph can
// print as gigabytes.
const maxPrint = 4096

// TypeString returns a type in WIT. A named type prints as its name; [Definition] returns its
// definition. Function, instance and component types also print in a WIT style. A very long result
// is cut and ends with "…".
func TypeString(t Type) string {
	var p printer
	p.typ(t)
	return p.b.String()
}

// Definition is [TypeString] for the type behind a name: `record { x: u32 }` instead of `point`.
func Definition(t Type) string { return TypeString(Unname(t)) }

// ExternString returns the type of an import or export in WIT: `func(a: u32) -> string`, `interface
// { … }`, `type …`.
func ExternString(x Extern) string {
	var p printer
	p.extern(x)
	return p.b.String()
}

// String returns the type as WIT.
func (t *Record) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Variant) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *List) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *FixedList) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Tuple) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Flags) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Enum) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Option) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Result) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Map) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Own) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Borrow) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Stream) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Future) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Named) String() string { return TypeString(t) }

// String returns the type as WIT.
func (t *Resource) String() string { return TypeString(t) }

// String returns the type as WIT.
func (x *Func) String() string { return ExternString(x) }

// String returns the type as WIT.
func (x *Instance) String() string { return ExternString(x) }

// String returns the type as WIT.
func (x *Component) String() string { return ExternString(x) }

// String returns the type as WIT.
func (x *Module) String() string { return ExternString(x) }

// String returns the type as WIT.
func (x *Value) String() string { return ExternString(x) }

// String returns the type as WIT.
func (x *Bound) String() string { return ExternString(x) }

type printer struct {
	b   strings.Builder
	cut bool
}

func (p *printer) write(s string) {
	if p.cut {
		return
	}
	if p.b.Len()+len(s) > maxPrint {
		p.cut = true
		p.b.WriteString("…")
		return
	}
	p.b.WriteString(s)
}

func (p *printer) typ(t Type) {
	if p.cut {
		return
	}
	switch t := t.(type) {
	case nil:
		p.write("_")
	case Prim:
		p.write(t.String())
	case *Named:
		p.write(t.Name)
	case *Record:
		p.write("record { ")
		for i, f := range t.Fields {
			p.comma(i)
			p.write(f.Name + ": ")
			p.typ(f.Type)
		}
		p.write(" }")
	case *Variant:
		p.write("variant { ")
		for i, c := range t.Cases {
			p.comma(i)
			p.write(c.Name)
			if c.Type != nil {
				p.args("", c.Type, "(", ")")
			}
		}
		p.write(" }")
	case *Flags:
		p.write("flags { " + strings.Join(t.Names, ", ") + " }")
	case *Enum:
		p.write("enum { " + strings.Join(t.Names, ", ") + " }")
	case *Resource:
		if t.Name == "" {
			p.write("resource")
		} else {
			p.write(t.Name)
		}
	case *Func:
		p.function(t)
	case *Instance:
		p.instance(t)
	case *Component:
		p.component(t)
	default:
		p.generic(t)
	}
}

// generic prints the types that WIT writes in the form name<arguments>.
func (p *printer) generic(t Type) {
	switch t := t.(type) {
	case *List:
		p.args("list", t.Elem, "<", ">")
	case *FixedList:
		p.write("list<")
		p.typ(t.Elem)
		p.write(", " + strconv.FormatUint(uint64(t.Len), 10) + ">")
	case *Tuple:
		p.write("tuple<")
		for i, e := range t.Elems {
			p.comma(i)
			p.typ(e)
		}
		p.write(">")
	case *Option:
		p.args("option", t.Elem, "<", ">")
	case *Result:
		switch {
		case t.OK == nil && t.Err == nil:
			p.write("result")
		case t.Err == nil:
			p.args("result", t.OK, "<", ">")
		default:
			p.write("result<")
			p.val(t.OK)
			p.write(", ")
			p.typ(t.Err)
			p.write(">")
		}
	case *Map:
		p.write("map<")
		p.typ(t.Key)
		p.write(", ")
		p.typ(t.Value)
		p.write(">")
	case *Own:
		p.typ(t.Of)
	case *Borrow:
		p.args("borrow", t.Of, "<", ">")
	case *Stream:
		p.optional("stream", t.Elem)
	case *Future:
		p.optional("future", t.Elem)
	default:
		panic(unreachable(t))
	}
}

func (p *printer) val(t ValType) {
	if t == nil {
		p.write("_")
		return
	}
	p.typ(t)
}

func (p *printer) optional(word string, elem ValType) {
	if elem == nil {
		p.write(word)
		return
	}
	p.args(word, elem, "<", ">")
}

func (p *printer) args(word string, t Type, open, close string) {
	p.write(word + open)
	p.typ(t)
	p.write(close)
}

func (p *printer) comma(i int) {
	if i > 0 {
		p.write(", ")
	}
}

func (p *printer) function(t *Func) {
	if t.Async {
		p.write("async ")
	}
	p.write("func(")
	for i, q := range t.Params {
		p.comma(i)
		p.write(q.Name + ": ")
		p.typ(q.Type)
	}
	p.write(")")
	if t.Result != nil {
		p.write(" -> ")
		p.typ(t.Result)
	}
}

func (p *printer) items(keyword string, it Items) {
	for _, x := range it.list {
		p.write(keyword + x.Name + ": ")
		p.extern(x.Type)
		p.write("; ")
	}
}

func (p *printer) instance(t *Instance) {
	p.write("interface { ")
	p.items("", t.Exports)
	p.write("}")
}

func (p *printer) component(t *Component) {
	p.write("world { ")
	p.items("import ", t.Imports)
	p.items("export ", t.Exports)
	p.write("}")
}

func (p *printer) extern(x Extern) {
	switch x := x.(type) {
	case *Func:
		p.function(x)
	case *Instance:
		p.instance(x)
	case *Component:
		p.component(x)
	case *Module:
		p.write("core module")
	case *Value:
		p.write("value ")
		p.typ(x.Type)
	case *Bound:
		if _, ok := x.Type.(*Resource); ok {
			p.write("resource")
			return
		}
		p.write("type ")
		if n, ok := x.Type.(*Named); ok {
			p.typ(n.Of)
			return
		}
		p.typ(x.Type)
	default:
		panic(unreachable(x))
	}
}

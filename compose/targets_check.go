package compose

import (
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// check compares the two sides of an import or export.
func (t *target) check(p *pair) {
	if p.have.Type == nil || p.want.Type == nil {
		p.failed = true
		t.missing(p)
		return
	}
	t.item(p, place{span: p.item.Span}, p.have.Type, p.want.Type)
}

// place is where in the world something is, as WIT where there is any.
type place struct {
	span diag.Span
	// where are the steps from the import or export to it: "func `f`", "parameter `a`".
	where []string
	fn    *wit.Func
}

// in returns a place below p, which has a place in the text of its own if that is known.
func (p place) in(at diag.Span, step string) place {
	if at.IsValid() {
		p.span = at
	}
	p.where = append(p.where[:len(p.where):len(p.where)], step)
	return p
}

// item compares what the component has with what the world has.
func (t *target) item(p *pair, at place, have, want types.Extern) {
	if types.KindOf(have) != types.KindOf(want) {
		t.differ(p, at, "expected %s, found %s", kindWord(want), kindWord(have))
		return
	}
	switch want := want.(type) {
	case *types.Func:
		if at.fn == nil && p.item.Func != nil {
			at.fn = p.item.Func
		}
		t.function(p, at, have.(*types.Func), want)
	case *types.Bound:
		t.typ(p, at, have.(*types.Bound).Type, want.Type)
	case *types.Instance:
		t.instance(p, have.(*types.Instance), want)
	default:
		panic(fmt.Sprintf("unreachable: %T in a world", want))
	}
}

// instance compares interfaces: those who need one must be given all that they know of it.
func (t *target) instance(p *pair, have, want *types.Instance) {
	needed, given := have.Exports, want.Exports
	if p.export {
		needed, given = given, needed
	}
	for _, x := range needed.All() {
		at := below(p, want, x)
		other := given.Get(x.Name)
		switch {
		case other == nil && memberOfMissing(x.Name, needed, given):
			p.failed = true
		case other == nil && p.export:
			t.differ(p, at, "the component does not export it")
		case other == nil:
			t.differ(p, at, "the world does not have it")
		case p.export:
			t.item(p, at, other, x.Type)
		default:
			t.item(p, at, x.Type, other)
		}
	}
}

// memberOfMissing tells that a function belongs to a resource that is not there either, which is told already.
func memberOfMissing(fn string, needed, given types.Items) bool {
	n, err := name.Parse(fn, name.Options{})
	return err == nil && n.Resource != "" && isResource(needed.Get(n.Resource)) && !isResource(given.Get(n.Resource))
}

func isResource(x types.Extern) bool {
	b, ok := x.(*types.Bound)
	if !ok {
		return false
	}
	_, ok = types.Unname(b.Type).(*types.Resource)
	return ok
}

// below returns the place of an item of an interface.
func below(p *pair, want *types.Instance, x types.Item) place {
	at := place{span: p.item.Span}
	// The type of an interface has its types and then its functions.
	n, all := want.Exports.Index(x.Name), p.item.Interface
	var span diag.Span
	switch {
	case n < 0:
	case n < len(all.Types):
		span = all.Types[n].Span
	default:
		at.fn = all.Funcs[n-len(all.Types)]
		span = at.fn.Span
	}
	switch {
	case isResource(x.Type):
		return at.in(span, fmt.Sprintf("resource `%s`", x.Name))
	case types.KindOf(x.Type) == "type":
		return at.in(span, fmt.Sprintf("type `%s`", x.Name))
	default:
		return at.in(span, funcWord(x.Name))
	}
}

// funcWord names a function as WIT's readers know it.
func funcWord(fn string) string {
	n, err := name.Parse(fn, name.Options{})
	if err == nil {
		switch n.Kind {
		case name.KindConstructor:
			return fmt.Sprintf("constructor of `%s`", n.Resource)
		case name.KindMethod:
			return fmt.Sprintf("method `%s.%s`", n.Resource, n.Label)
		case name.KindStatic:
			return fmt.Sprintf("static func `%s.%s`", n.Resource, n.Label)
		}
	}
	return fmt.Sprintf("func `%s`", fn)
}

func kindWord(x types.Extern) string {
	switch types.KindOf(x) {
	case "func":
		return "a function"
	case "instance":
		return "an interface"
	case "component":
		return "a component"
	case "module":
		return "a core module"
	case "value":
		return "a value"
	default:
		return "a type"
	}
}

// diff compares types, and returns a difference that is not told yet.
func (t *target) diff(p *pair, have, want types.Type) *types.Mismatch {
	want = t.exports.Type(want)
	m := types.Diff(t.imports.Type(have), want)
	if m == nil {
		return nil
	}
	p.failed = true
	return types.Diff(t.quiet.Type(have), want)
}

// typ compares types under one name.
func (t *target) typ(p *pair, at place, have, want types.Type) {
	m := t.diff(p, have, want)
	if m == nil {
		return
	}
	if x, y := types.Describe(have), types.Describe(want); x != y {
		m.Text = fmt.Sprintf("expected `%s`, found `%s`", y, x)
		if x == "resource" || y == "resource" {
			m.Found, m.Expected = "", ""
		}
	}
	t.mismatch(p, at, m)
	// What uses the type differs for this reason alone: to be quiet about that, both sides get the world's.
	if n, ok := have.(*types.Named); ok {
		_, ok1 := types.AsVal(have)
		if _, ok2 := types.AsVal(want); ok1 && ok2 {
			t.quiet.Rename(n, t.exports.Type(want))
		}
	}
}

// function compares functions: each parameter and the result, if they are otherwise alike.
func (t *target) function(p *pair, at place, have, want *types.Func) {
	if !sameShape(have, want) {
		m := &types.Mismatch{Text: "the signatures differ", Found: types.TypeString(have), Expected: types.TypeString(want)}
		if have.Async != want.Async {
			word := map[bool]string{false: "a function that is not async", true: "an async function"}
			m.Text = fmt.Sprintf("expected %s, found %s", word[want.Async], word[have.Async])
		}
		t.mismatch(p, at, m)
		return
	}
	for i, q := range want.Params {
		if m := t.diff(p, have.Params[i].Type, q.Type); m != nil {
			var span diag.Span
			if at.fn != nil && i < len(at.fn.Params) {
				span = at.fn.Params[i].Span
			}
			t.mismatch(p, at.in(span, fmt.Sprintf("parameter `%s`", q.Name)), m)
		}
	}
	if want.Result != nil {
		if m := t.diff(p, have.Result, want.Result); m != nil {
			t.mismatch(p, at.in(diag.Span{}, "result"), m)
		}
	}
}

// sameShape tells that functions differ in the types of parameters and results at most.
func sameShape(a, b *types.Func) bool {
	if a.Async != b.Async || len(a.Params) != len(b.Params) || (a.Result == nil) != (b.Result == nil) {
		return false
	}
	for i := range a.Params {
		if a.Params[i].Name != b.Params[i].Name {
			return false
		}
	}
	return true
}

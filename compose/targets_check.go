package compose

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// check compares the two sides of an import or export.
func (t *target) check(p *pair) {
	if p.have.Type == nil || p.want.Type == nil {
		p.failed = true
		if p.export || !t.usesMissing(p.have) {
			t.missing(p)
		}
		return
	}
	t.item(p, place{span: t.spanOf(p)}, p.have.Type, p.want.Type)
}

// spanOf returns the place of an item that both sides have. An item that the world has only because
// another needs it is placed at the world.
func (t *target) spanOf(p *pair) diag.Span {
	if p.item.Span.IsValid() {
		return p.item.Span
	}
	return t.world.Span
}

// place is a location in the world, in terms of WIT if the world was read from it.
type place struct {
	span diag.Span
	// where lists the steps from the import or export to the place: "func `f`", "parameter `a`".
	where []string
	fn    *wit.Func
	def   *wit.TypeDef
}

// in returns the place one step below p. It is at the given span, or at that of p if the span is
// not valid.
func (p place) in(at diag.Span, step string) place {
	if at.IsValid() {
		p.span = at
	}
	p.where = append(p.where[:len(p.where):len(p.where)], step)
	return p
}

// item compares an item of the component with the world's.
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
		if at.def == nil {
			at.def = p.item.Type
		}
		t.typ(p, at, have.(*types.Bound).Type, want.Type)
	case *types.Instance:
		t.instance(p, have.(*types.Instance), want)
	default:
		panic(fmt.Sprintf("unreachable: %T in a world", want))
	}
}

// instance compares interfaces. The side that needs the interface must be given every item that it
// knows of.
func (t *target) instance(p *pair, have, want *types.Instance) {
	needed, given := have.Exports, want.Exports
	if p.export {
		needed, given = given, needed
	}
	for _, x := range needed.All() {
		at := t.below(p, want, x)
		other := given.Get(x.Name)
		switch {
		case other == nil && (memberOfMissing(x.Name, needed, given) || t.usesMissing(x)):
			p.failed = true
		case other == nil && p.export:
			t.suggest(t.differ(p, at, "the component does not export it"), p, x, needed, given)
		case other == nil:
			t.suggest(t.differ(p, at, "the world does not have it"), p, x, needed, given)
		case p.export:
			t.item(p, at, other, x.Type)
		default:
			t.item(p, at, x.Type, other)
		}
	}
}

// usesMissing reports whether x is another name of a type whose absence on the other side has been
// reported. If not, it records x, whose absence the caller reports.
func (t *target) usesMissing(x types.Item) bool {
	b, ok := x.Type.(*types.Bound)
	if !ok {
		return false
	}
	first, _ := b.Type.(*types.Named)
	for n := first; n != nil; n, _ = n.Of.(*types.Named) {
		if t.missed[n] {
			return true
		}
	}
	if first != nil {
		t.missed[first] = true
	}
	return false
}

// memberOfMissing reports whether a function belongs to a resource that is missing too. This has
// been reported already.
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
func (t *target) below(p *pair, want *types.Instance, x types.Item) place {
	at := place{span: t.spanOf(p)}
	// The type of an interface lists the types before the functions.
	n, all := want.Exports.Index(x.Name), p.item.Interface
	var span diag.Span
	switch {
	case n < 0:
	case n < len(all.Types):
		at.def = all.Types[n]
		span = at.def.Span
	default:
		at.fn = all.Funcs[n-len(all.Types)]
		span = at.fn.Span
	}
	return at.in(span, itemWord(x))
}

// itemWord returns words for an item of an interface, for messages.
func itemWord(x types.Item) string {
	switch {
	case isResource(x.Type):
		return fmt.Sprintf("resource `%s`", x.Name)
	case types.KindOf(x.Type) == "type":
		return fmt.Sprintf("type `%s`", x.Name)
	default:
		return funcWord(x.Name)
	}
}

// funcWord returns words for a function in WIT's terms.
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

// agree reports whether types are the same.
func (t *target) agree(p *pair, have, want types.Type) bool {
	if types.Equal(t.imports.Type(have), t.exports.Type(want)) {
		return true
	}
	p.failed = true
	return false
}

// typ compares types of the same name.
func (t *target) typ(p *pair, at place, have, want types.Type) {
	if t.agree(p, have, want) {
		return
	}
	w := t.walk(p, at)
	// Differences that both sides take from a type that has been reported are not repeated.
	if a, b := w.have(have), w.want(want); !types.Equal(t.quiet.Type(have), t.exports.Type(want)) {
		w.parts(have, want, a, b)
	}
	t.reportWalk(p, at, w)
	// Uses of the type differ for this reason alone. Both sides get the world's type, so that the uses
	// are not reported.
	if n, ok := have.(*types.Named); ok {
		_, ok1 := types.AsVal(have)
		if _, ok2 := types.AsVal(want); ok1 && ok2 {
			t.quiet.Rename(n, t.exports.Type(want))
			t.renamed[n] = t.exports.Type(want)
		}
	}
}

// function compares functions: the list of parameters, the type of each parameter, and the results.
func (t *target) function(p *pair, at place, have, want *types.Func) {
	if t.agree(p, have, want) {
		return
	}
	w := t.walk(p, at)
	if have.Async != want.Async {
		word := map[bool]string{false: "a function that is not async", true: "an async function"}
		w.add("expected %s, found %s", word[want.Async], word[have.Async])
	}
	list := paramsOf(want)
	if at.fn != nil && len(at.fn.Params) == len(list) {
		for i := range list {
			list[i].span = at.fn.Params[i].Span
		}
	}
	w.members("parameter", paramsOf(have), list)
	w.in("result", diag.Span{}, func() { w.optional(have.Result, want.Result) })
	if d := t.reportWalk(p, at, w); d != nil && len(w.found) > 1 && !sameShape(have, want) {
		if s := types.TypeString(have); len(s) <= maxSignature {
			d.Notef("the component has: `%s`", s)
		}
	}
}

// sameShape reports whether functions differ at most in the types of parameters and results.
func sameShape(a, b *types.Func) bool {
	return a.Async == b.Async && (a.Result == nil) == (b.Result == nil) &&
		slices.EqualFunc(a.Params, b.Params, func(x, y types.Param) bool { return x.Name == y.Name })
}

func (t *target) walk(p *pair, at place) *walk {
	return &walk{target: t, path: p.path(at.where), home: at.span, def: at.def, span: at.span}
}

func paramsOf(f *types.Func) []typeMember {
	list := make([]typeMember, len(f.Params))
	for i, x := range f.Params {
		list[i] = typeMember{name: x.Name, typ: x.Type}
	}
	return list
}

package validate

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// Two rules tie the types of imports and exports to names.
//
// Explainer.md, "External visibility of types": users of a component must be able to name the types
// of its imports and exports. Records, variants, enums and flags, and the resources of handles,
// must therefore be imported before an import mentions them, and imported or exported before an
// export does. Lists, tuples and similar types need no name, but their elements do. The index that
// an import or export adds counts as named, not the original definition.
//
// Binary.md, "Import and Export Definitions": a function with an annotated name, such as
// `[method]r.f`, must have the form that the annotation requires, for a resource that is named `r`
// in the same scope.

// visibility holds the types that have a name so far in the scope of a component.
type visibility struct {
	imported, exported map[types.Type]bool
	// hidden are the handles that were written with the index of a resource definition, not with the
	// index of its export.
	hidden map[types.Type]bool
	// private are the type indices of resource definitions.
	private map[int]bool
}

// hide marks a handle type that was written with the index of a resource definition.
func (v *visibility) hide(handle types.Type, of encoding.TypeIdx) {
	if v.private[int(of)] {
		set(&v.hidden, handle, true)
	}
}

// checkVisible checks that all types that an import or export mentions have a name. It adds the
// types that the import or export itself names.
func (s *scope) checkVisible(kind string, t types.Extern) error {
	// The types that an instance type mentions are checked when it becomes the type of an import or
	// export.
	if s.kind == inInstanceType {
		return nil
	}
	if err := s.v.charge(s.v.externFacts(t).size); err != nil {
		return err
	}
	c := visibleChecker{visibility: &s.visible, set: s.visible.exported, isImport: kind == "import", seen: make(map[types.Type]bool)}
	if c.isImport {
		c.set = s.visible.imported
	}
	if c.extern(t) {
		return nil
	}
	p := errorf(CodeVisibility, "%s not valid to be used as %s", types.KindOf(t), kind).(*problem)
	if c.missing != "" {
		p.notes = append(p.notes, "the "+kind+" mentions "+c.missing+", which has no name outside of the component")
	}
	p.help = kind + " the type first, and refer to it by the index that this gives"
	return p
}

type visibleChecker struct {
	*visibility
	set      map[types.Type]bool
	isImport bool
	seen     map[types.Type]bool // visited types that need no name themselves and are valid
	missing  string
}

func (c *visibleChecker) extern(t types.Extern) bool {
	switch t := t.(type) {
	case *types.Bound:
		of := t.Type
		if n, ok := of.(*types.Named); ok {
			of = n.Of
		}
		if !c.parts(of) {
			return false
		}
		if c.isImport {
			c.imported[t.Type] = true
		}
		c.exported[t.Type] = true
		return true
	case *types.Instance:
		for _, x := range t.Exports.All() {
			if !c.extern(x.Type) {
				return false
			}
		}
		return true
	case *types.Func:
		return c.parts(t)
	case *types.Value:
		return c.val(t.Type)
	default: // components and modules need no names
		return true
	}
}

// val reports whether values of type t can be expressed with named types.
func (c *visibleChecker) val(t types.Type) bool {
	u := types.Unname(t)
	if types.HasMembers(u) {
		return c.named(t, t)
	}
	return c.parts(u)
}

func (c *visibleChecker) named(t, at types.Type) bool { return c.set[t] || c.lacks(at) }

func (c *visibleChecker) lacks(t types.Type) bool {
	c.missing = "`" + types.TypeString(t) + "`"
	return false
}

// handle reports whether a handle and its resource can be expressed with named types.
func (c *visibleChecker) handle(t, of types.Type) bool {
	return !c.hidden[t] && c.named(of, t) || c.lacks(t)
}

// parts reports whether the parts of t can be expressed with named types. The type t itself need
// not have a name.
func (c *visibleChecker) parts(t types.Type) bool {
	t = types.Unname(t)
	switch t := t.(type) {
	case types.Prim, *types.Component:
		return true
	case *types.Own:
		return c.handle(t, t.Of)
	case *types.Borrow:
		return c.handle(t, t.Of)
	}
	if c.seen[t] {
		return true
	}
	if x, ok := t.(*types.Instance); ok {
		for _, x := range x.Exports.All() {
			if !c.mentions(x.Type) {
				return false
			}
		}
	} else {
		for part := range types.Parts(t) {
			if !c.val(part) {
				return false
			}
		}
	}
	c.seen[t] = true
	return true
}

// mentions reports whether an export of an instance type that is itself exported as a type can be
// expressed with named types. It adds no names.
func (c *visibleChecker) mentions(t types.Extern) bool {
	switch t := t.(type) {
	case *types.Func:
		return c.parts(t)
	case *types.Bound:
		return c.parts(t.Type)
	case *types.Value:
		return c.parts(t.Type)
	case *types.Instance:
		return c.parts(t)
	default:
		return true
	}
}

// register records the name of an import or export that is a resource type.
func (n *namespace) register(label string, t types.Extern) {
	b, ok := t.(*types.Bound)
	if !ok {
		return
	}
	if _, ok := types.Unname(b.Type).(*types.Resource); ok {
		set(&n.resources, b.Type, label)
		set(&n.labels, label, true)
	}
}

// checkAnnotation checks the type of a function with an annotated name.
func (s *scope) checkAnnotation(n *namespace, x name.Extern, t types.Extern) error {
	var text string
	switch x.Kind {
	case name.KindConstructor, name.KindMethod, name.KindStatic:
		if f, ok := t.(*types.Func); !ok {
			text = "item is not a func"
		} else {
			text = s.annotationError(n, x, f)
		}
	}
	if text == "" {
		return nil
	}
	return errorf(CodeName, "%s name `%s` is not valid: %s", n.kind, x, text)
}

func (s *scope) annotationError(n *namespace, x name.Extern, f *types.Func) string {
	switch x.Kind {
	case name.KindConstructor:
		if f.Async {
			return "constructor function cannot be async"
		}
		if f.Result == nil {
			return "function should return one value"
		}
		r := types.UnnameVal(f.Result)
		if res, ok := r.(*types.Result); ok && res.OK != nil {
			r = types.UnnameVal(res.OK)
		}
		own, ok := r.(*types.Own)
		if !ok {
			return "function should return `(own $T)` or `(result (own $T))`"
		}
		return s.resourceNameError(n, own, own.Of, x.Resource)
	case name.KindMethod:
		if len(f.Params) == 0 {
			return "function should have at least one argument"
		}
		if f.Params[0].Name != "self" {
			return "function should have a first argument called `self`"
		}
		b, ok := types.UnnameVal(f.Params[0].Type).(*types.Borrow)
		if !ok {
			return "function should take a first argument of `(borrow $T)`"
		}
		return s.resourceNameError(n, b, b.Of, x.Resource)
	default:
		if !n.labels[x.Resource] {
			return "static resource name is not known in this context"
		}
		return ""
	}
}

func (s *scope) resourceNameError(n *namespace, handle, of types.Type, want string) string {
	have, ok := n.resources[of]
	switch {
	case !ok || s.visible.hidden[handle]:
		return "resource used in function does not have a name in this context"
	case have != want:
		return "function does not match expected resource name `" + have + "`"
	}
	return ""
}

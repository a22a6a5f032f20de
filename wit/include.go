package wit

import (
	"iter"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
)

// maxWorldItems limits the number of imports and exports of all worlds of a package. A world has
// the items of the worlds that it includes, so a chain of n worlds has n²/2 items. Packages of
// real interfaces have some hundred.
const maxWorldItems = 200_000

// room reports whether n more items are within the limit. If they are not, it reports an error
// once, and no more worlds are completed.
func (k *linker) room(n int, w *world) bool {
	if k.full {
		return false
	}
	if k.items += n; k.items <= maxWorldItems {
		return true
	}
	k.full = true
	k.errorf(w.span, CodeTooLarge, "the worlds of package `%s` are too large: together they have more than %d imports and exports", k.pkg.name, maxWorldItems).
		Captionf("here the limit is passed").
		Notef("a world has all imports and exports of the worlds that it includes").Helpf("include fewer worlds, or share interfaces instead of functions")
	return false
}

// includes adds the items of included worlds to w.
func (k *linker) includes(w *world) {
	for _, inc := range w.includes {
		if k.included(inc.stab, inc.span) {
			k.include(w, inc)
		}
	}
	w.includes = nil
	k.checkCase(w, &w.imports, "import")
	k.checkCase(w, &w.exports, "export")
}

// checkCase reports labels that differ only in case.
func (k *linker) checkCase(w *world, items *itemMap, verb string) {
	seen := map[string]key{}
	for ky, it := range items.All() {
		if ky.iface != nil {
			continue
		}
		folded := name.LabelKey(ky.name)
		if prev, ok := seen[folded]; ok {
			other, _ := items.Get(prev)
			k.errorf(it.span, CodeDuplicateExtern, "%s `%s` in world `%s` conflicts with %s `%s` (kebab-case identifiers are case-insensitive)",
				verb, ky.name, w.name, verb, prev.name).Labelf(other.span, "the other one")
		}
		seen[folded] = ky
	}
}

func (k *linker) include(w *world, inc include) {
	from := inc.world
	switch {
	case from.poison:
		return
	case from.excluded:
		k.excluded(inc.span, diag.Span{}, "world", from.name, from.stab).Labelf(from.span, "the world")
		return
	case from.fwd != nil:
		from = from.fwd
	}
	for _, r := range inc.with {
		if !hasLabel(&from.imports, r) && !hasLabel(&from.exports, r) {
			d := k.errorf(inc.span, CodeUnknownName, "no import or export kebab-name `%s`. Note that an ID does not support renaming", r.from).
				Labelf(r.at, "world `%s` has no import or export `%s`", from.name, r.from).Labelf(from.span, "the included world")
			if best, ok := diag.Suggest(r.from, from.labels()); ok {
				d.Helpf("a similar name exists: `%s`", best).Replace(r.at, escaped(best))
			}
			return
		}
		k.usesLabel(from, r)
	}
	if !k.room(from.imports.Len()+from.exports.Len(), w) {
		return
	}
	c := &cloner{g: k.graph, types: map[*def]*def{}, from: owner{world: from}, to: owner{world: w}, pkg: k.pkg}
	external := from.pkg != w.pkg
	// A world cannot include itself, so the source maps do not grow while they are copied.
	k.includeItems(c, inc, &from.imports, &w.imports, "import", external)
	k.includeItems(c, inc, &from.exports, &w.exports, "export", external)
}

func hasLabel(items *itemMap, r rename) bool {
	for k := range items.All() {
		if k.iface == nil {
			if _, ok := r.apply(k.name); ok {
				return true
			}
		}
	}
	return false
}

// labels returns the labels of the items of a world, without functions of resources.
func (w *world) labels() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, items := range []*itemMap{&w.imports, &w.exports} {
			for k := range items.All() {
				if k.iface == nil && !strings.HasPrefix(k.name, "[") && !yield(k.name) {
					return
				}
			}
		}
	}
}

// usesLabel records the item that a name in the `with` of an include refers to.
func (k *linker) usesLabel(from *world, r rename) {
	it, ok := from.imports.Get(key{name: r.from})
	if !ok {
		it, ok = from.exports.Get(key{name: r.from})
	}
	if ok {
		k.uses(r.at, it)
		if r.obj != nil {
			k.opts.Info.pending = append(k.opts.Info.pending, pendingUse{alias: r.obj, node: it})
		}
	}
}

// apply renames a label, or the resource in the name of one of its functions.
func (r rename) apply(label string) (string, bool) {
	if label == r.from {
		return r.to, true
	}
	kind, rest, ok := strings.Cut(label, "]")
	if !ok {
		return "", false
	}
	if res, f, ok := strings.Cut(rest, "."); ok && res == r.from {
		return kind + "]" + r.to + "." + f, true
	}
	if rest == r.from {
		return kind + "]" + r.to, true
	}
	return "", false
}

func (k *linker) includeItems(c *cloner, inc include, from, to *itemMap, verb string, external bool) {
	for ky, it := range from.All() {
		if ky.iface != nil {
			prev, ok := to.Get(ky)
			if !ok {
				cp := *it
				prev = &cp
				to.Set(ky, prev)
			}
			k.mergeGates(it, prev, external, inc.span)
			continue
		}
		label, obj := ky.name, it.obj
		for _, r := range inc.with {
			if to, ok := r.apply(label); ok {
				if label == r.from {
					obj = r.obj
				}
				label = to
				break
			}
		}
		cp := c.item(it, label)
		cp.span, cp.obj = inc.span, obj
		if prev, ok := to.Get(key{name: label}); ok {
			k.errorf(inc.span, CodeDuplicateExtern, "%s of `%s` shadows previously %sed items", verb, label, verb).
				Labelf(prev.span, "the other `%s`", label).Helpf("rename one of them: `include … with { %s as other-name }`", label)
			continue
		}
		to.Set(key{name: label}, cp)
	}
}

// mergeGates combines the gates of an interface that both a world and an included world import or
// export.
func (k *linker) mergeGates(from, into *item, external bool, at diag.Span) {
	if external && !from.stab.Since.IsZero() {
		// Versions of another package have no meaning here.
		into.stab = Stability{}
		return
	}
	if err := mergeStability(from.stab, &into.stab); err != "" {
		k.errorf(at, CodeBadGate, "%s", err)
	}
}

// cloner copies items of a world, or of an interface in a world, to another owner. It also copies
// types that belong to the first owner, and the types that refer to them.
type cloner struct {
	g        *graph
	types    map[*def]*def
	from, to owner
	pkg      *pkg
}

// item returns a copy of an item with the given label in the new owner.
func (c *cloner) item(it *item, label string) *item {
	cp := *it
	switch {
	case it.def != nil:
		cp.def = c.def(it.def)
		cp.def.name = label
	case it.fn != nil && it.fn.name == label && it.fn.primitive():
		// The copy would be the same.
	case it.fn != nil:
		cp.fn = c.fn(it.fn)
		cp.fn.name = label
	case it.iface.name == "":
		cp.iface = c.iface(it.iface)
	}
	return &cp
}

func (c *cloner) def(d *def) *def {
	if n, ok := c.types[d]; ok {
		return n
	}
	n := *d
	n.out, n.index = nil, 0
	if n.owner != (owner{}) {
		n.owner = c.to
	}
	switch {
	case n.kind != kindAlias:
		c.ref(&n.a)
		c.ref(&n.b)
		n.elems = append([]ref(nil), n.elems...)
		for i := range n.elems {
			c.ref(&n.elems[i])
		}
		n.members = append([]member(nil), n.members...)
		for i := range n.members {
			c.ref(&n.members[i].ty)
		}
	case n.a.def == nil:
	case n.a.def.owner == c.from:
		n.a.def = c.def(n.a.def)
	default:
		// A type of an interface is shared, unless the interface was copied.
		if m, ok := c.types[n.a.def]; ok {
			n.a.def = m
		}
	}
	c.g.types = append(c.g.types, &n)
	c.types[d] = &n
	return &n
}

func (c *cloner) ref(r *ref) {
	if r.def != nil {
		r.def = c.def(r.def)
	}
}

// primitive reports whether a function uses only primitive types.
func (f *fn) primitive() bool {
	for _, p := range f.params {
		if p.ty.def != nil {
			return false
		}
	}
	return f.res == nil && f.result.def == nil
}

func (c *cloner) fn(f *fn) *fn {
	n := *f
	if n.res != nil {
		n.res = c.def(n.res)
	}
	n.params = append([]param(nil), n.params...)
	for i := range n.params {
		c.ref(&n.params[i].ty)
	}
	c.ref(&n.result)
	return &n
}

func (c *cloner) iface(i *iface) *iface {
	n := &iface{name: i.name, docs: i.docs, stab: i.stab, span: i.span, pkg: c.pkg, cloneOf: i}
	inner := &cloner{g: c.g, types: c.types, from: owner{iface: i}, to: owner{iface: n}, pkg: c.pkg}
	for label, d := range i.types.All() {
		n.types.Set(label, inner.def(d))
	}
	for label, f := range i.funcs.All() {
		n.funcs.Set(label, inner.fn(f))
	}
	c.g.ifaces = append(c.g.ifaces, n)
	return n
}

package wit

import (
	"iter"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// maxWorldItems limits the number of imports and exports of all worlds of a package. A world has
// the items of the worlds that it includes, so a chain of n worlds has n²/2 items. Packages of
// real interfaces have some hundred.
const maxWorldItems = 200_000

// room reports whether n more items are within the limit. If they are not, it reports an error
// once, and no more worlds are completed.
func (r *resolver) room(n int, w *World) bool {
	if r.full {
		return false
	}
	if r.items += n; r.items <= maxWorldItems {
		return true
	}
	r.full = true
	r.errorf(w.Span, CodeTooLarge, "the worlds of package `%s` are too large: together they have more than %d imports and exports", r.pkg.Name, maxWorldItems).
		Captionf("here the limit is passed").
		Notef("a world has all imports and exports of the worlds that it includes").Helpf("include fewer worlds, or share interfaces instead of functions")
	return false
}

// include is an include statement.
type include struct {
	world *World
	gate  Stability
	with  []rename
	span  diag.Span
}

// rename is a renaming in the `with` of an include.
type rename struct {
	from, to string
	at       diag.Span // of from
	obj      *Object   // what `to` names
}

// expandIncludes adds the items of included worlds to w.
func (r *resolver) expandIncludes(w *World) {
	x := &expansion{r, w, newItemMap(w.Imports), newItemMap(w.Exports)}
	for _, inc := range r.includes[w] {
		if r.included(inc.gate, inc.span) {
			x.include(inc)
		}
	}
	w.Imports, w.Exports = x.imports.list(), x.exports.list()
	r.checkCase(w, w.Imports, "import")
	r.checkCase(w, w.Exports, "export")
}

// checkCase reports labels that differ only in case.
func (r *resolver) checkCase(w *World, items []*WorldItem, verb string) {
	seen := map[string]*WorldItem{}
	for _, it := range items {
		if it.Name == "" {
			continue
		}
		folded := name.LabelKey(it.Name)
		if prev, ok := seen[folded]; ok {
			r.errorf(it.Span, CodeDuplicateExtern, "%s `%s` in world `%s` conflicts with %s `%s` (kebab-case identifiers are case-insensitive)",
				verb, it.Name, w.Name, verb, prev.Name).Labelf(prev.Span, "the other one")
		}
		seen[folded] = it
	}
}

// expansion is a world to which included items are added.
type expansion struct {
	*resolver
	world            *World
	imports, exports *itemMap
}

func (x *expansion) include(inc include) {
	from := inc.world
	switch {
	case x.missing[from]:
		return
	case x.excluded[from]:
		x.gatedReference(inc.span, diag.Span{}, "world", from.Name, from.Stability).Labelf(from.Span, "the world")
		return
	}
	for _, r := range inc.with {
		if !hasLabel(from.Imports, r) && !hasLabel(from.Exports, r) {
			d := x.errorf(inc.span, CodeUnknownName, "no import or export kebab-name `%s`. Note that an ID does not support renaming", r.from).
				Labelf(r.at, "world `%s` has no import or export `%s`", from.Name, r.from).Labelf(from.Span, "the included world")
			if best, ok := diag.Suggest(r.from, from.labels()); ok {
				d.Helpf("a similar name exists: `%s`", best).Replace(r.at, escaped(best))
			}
			return
		}
		x.usesLabel(from, r)
	}
	if !x.room(len(from.Imports)+len(from.Exports), x.world) {
		return
	}
	c := x.m.cloner(owner{world: from}, owner{world: x.world}, map[types.Type]types.Type{})
	c.copied = x.copyObject
	x.includeItems(c, inc, from.Imports, x.imports, "import")
	x.includeItems(c, inc, from.Exports, x.exports, "export")
}

func hasLabel(items []*WorldItem, r rename) bool {
	return slices.ContainsFunc(items, func(it *WorldItem) bool {
		_, ok := r.apply(it.Name)
		return ok && it.Name != ""
	})
}

// labels yields the labels of the items of a world, without functions of resources.
func (w *World) labels() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, it := range slices.Concat(w.Imports, w.Exports) {
			if it.Name != "" && !strings.HasPrefix(it.Name, "[") && !yield(it.Name) {
				return
			}
		}
	}
}

// usesLabel records the item that a name in the `with` of an include refers to.
func (r *resolver) usesLabel(from *World, with rename) {
	items := slices.Concat(from.Imports, from.Exports)
	i := slices.IndexFunc(items, func(it *WorldItem) bool { return it.Name == with.from })
	if i < 0 {
		return
	}
	r.uses(with.at, items[i])
	if with.obj != nil {
		r.opts.Info.pending = append(r.opts.Info.pending, pendingUse{alias: with.obj, node: items[i]})
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

func (x *expansion) includeItems(c *copier, inc include, from []*WorldItem, to *itemMap, verb string) {
	for _, it := range from {
		if it.Name == "" {
			prev, ok := to.Get(it.key())
			if !ok {
				cp := *it
				prev = &cp
				to.put(prev)
			}
			x.mergeGates(it, prev, inc)
			continue
		}
		label, obj := it.Name, x.objects[it]
		for _, r := range inc.with {
			if to, ok := r.apply(label); ok {
				if label == r.from {
					obj = r.obj
				}
				label = to
				break
			}
		}
		cp := c.item(it, label, x.pkg)
		cp.Span = inc.span
		x.setObject(cp, obj)
		if prev, ok := to.Get(cp.key()); ok {
			x.errorf(inc.span, CodeDuplicateExtern, "%s of `%s` shadows previously %sed items", verb, label, verb).
				Labelf(prev.Span, "the other `%s`", label).Helpf("rename one of them: `include … with { %s as other-name }`", label)
			continue
		}
		to.put(cp)
	}
}

// mergeGates combines the gates of an interface that both a world and an included world import or
// export.
func (x *expansion) mergeGates(from, into *WorldItem, inc include) {
	if inc.world.Package != x.world.Package && !from.Stability.Since.IsZero() {
		// Versions of another package have no meaning here.
		into.Stability = Stability{}
		return
	}
	if err := mergeStability(from.Stability, &into.Stability); err != "" {
		x.errorf(inc.span, CodeBadGate, "%s", err)
	}
}

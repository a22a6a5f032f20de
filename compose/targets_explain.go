package compose

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// maxInline is the longest type, in bytes, that a message shows inline. Longer types become notes.
const maxInline = 48

// maxSignature is the longest function type, in bytes, that a note shows.
const maxSignature = 160

// maxNames limits how many names of the other side a message lists.
const maxNames = 8

// maxNearest limits how many missing names get a suggestion: each search scans all candidates, and
// nobody reads that many.
const maxNearest = 100

// path returns the name of an import or export, followed by the steps in where.
func (p *pair) path(where []string) string {
	verb, x := "import", p.have
	if p.export {
		verb, x = "export", p.want
	}
	switch {
	case isResource(x.Type):
		verb = "resource"
	case types.KindOf(x.Type) == "type":
		verb = "type" // WIT does not say that the type is imported
	}
	return strings.Join(append([]string{fmt.Sprintf("%s `%s`", verb, x.Name)}, where...), ": ")
}

// differ reports a mismatch at a place.
func (t *target) differ(p *pair, at place, format string, args ...any) *diag.Diagnostic {
	p.failed = true
	d := t.list.Errorf(at.span, CodeTargetType, "%s: %s", p.path(at.where), fmt.Sprintf(format, args...))
	if at.span != p.item.Span {
		verb := "imports"
		if p.export {
			verb = "exports"
		}
		d.Labelf(p.item.Span, "world `%s` %s it", t.world.Name, verb)
	}
	switch {
	case p.have.Name == p.want.Name, p.noted:
	case p.export:
		d.Notef("the component exports `%s`, the world wants `%s`", p.have.Name, p.want.Name)
	default:
		d.Notef("the component was made for `%s`, the world has `%s`", p.have.Name, p.want.Name)
	}
	p.noted = true
	return d
}

// reportWalk reports what a walk has found: a single difference at its own place, several as a
// list.
func (t *target) reportWalk(p *pair, at place, w *walk) *diag.Diagnostic {
	if len(w.found) == 0 {
		return nil
	}
	var d *diag.Diagnostic
	if one := w.found[0]; len(w.found) == 1 {
		at.span, at.where = one.span, slices.Concat(at.where, one.where)
		d = t.differ(p, at, "%s", one.text)
		d.Notes = append(one.notes, d.Notes...)
	} else {
		n := shared(w.found)
		if n > 0 {
			at.span, at.where = w.found[0].span, slices.Concat(at.where, w.found[0].where[:n])
		}
		count := fmt.Sprint(len(w.found))
		if w.full() {
			count = fmt.Sprintf("more than %d", maxDifferences)
		}
		d = t.differ(p, at, "%s differences", count)
		reportAll(d, at, w.found[:min(len(w.found), maxDifferences)], n)
	}
	for _, e := range w.fresh {
		e.at = d
		t.explained = append(t.explained, e)
	}
	return d
}

// suggest adds a note that names the item of the other side that a missing item was probably meant
// to be: one that is spelled similarly and that the first side lacks.
func (t *target) suggest(d *diag.Diagnostic, p *pair, x types.Item, needed, given types.Items) {
	if t.searches++; t.searches > maxNearest {
		return
	}
	extra := make(map[string]int)
	for i, y := range given.All() {
		if needed.Index(y.Name) < 0 && types.KindOf(x.Type) == types.KindOf(y.Type) && isResource(x.Type) == isResource(y.Type) {
			extra[y.Name] = i
		}
	}
	similar, ok := diag.Suggest(x.Name, keys(extra))
	if !ok {
		return
	}
	near := given.At(extra[similar])
	if p.export {
		d.Notef("the component exports %s", itemWord(near))
		return
	}
	d.Notef("the world has %s", itemWord(near))
	if at := t.below(p, p.want.Type.(*types.Instance), near).span; at != d.Primary {
		d.Labelf(at, "this is the nearest")
	}
}

// shared returns how many leading steps all differences have in common, or 0 if they are in
// different places.
func shared(found []difference) int {
	first := found[0]
	n := len(first.where)
	for _, x := range found[1:] {
		if x.span != first.span {
			return 0
		}
		n = min(n, len(x.where))
		for n > 0 && !slices.Equal(x.where[:n], first.where[:n]) {
			n--
		}
	}
	return n
}

// reportAll adds differences to a diagnostic at a place, without their first n steps. Each becomes
// a label at its own place, or else a note.
func reportAll(d *diag.Diagnostic, at place, found []difference, n int) {
	used := map[diag.Span]bool{at.span: true}
	world := d.Labels
	d.Labels = nil
	var notes []string
	for _, x := range found {
		text := (&difference{where: x.where[n:], text: x.text}).sentence()
		if x.span.IsValid() && !used[x.span] {
			used[x.span] = true
			d.Labelf(x.span, "%s", text)
			continue
		}
		notes = append(notes, text)
	}
	if d.Labels == nil {
		d.Labels = world
	}
	d.Notes = append(notes, d.Notes...)
}

// finishExplained adds to the reports about types the further places that use them.
func (t *target) finishExplained() {
	for _, e := range t.explained {
		for _, place := range e.again {
			e.at.Notef("the same in %s", place)
		}
		if e.more > 0 {
			e.at.Notef("the same in %d more places", e.more)
		}
	}
}

// resourceWord returns words for a resource and its origin.
func (t *target) resourceWord(r *types.Resource) string {
	verb := "exported"
	if slices.Contains(t.want.ImportedResources, r) || slices.Contains(t.c.ImportedResources, r) {
		verb = "imported"
	}
	switch {
	case r.Name == "":
		return "a resource of the component's own"
	case r.Home == "":
		return fmt.Sprintf("the %s resource `%s`", verb, r.Name)
	default:
		return fmt.Sprintf("resource `%s` of the %s `%s`", r.Name, verb, r.Home)
	}
}

// missing reports an import that the world lacks, or an export that the component lacks, with the
// most similar item of the other side.
func (t *target) missing(p *pair) {
	if !p.export {
		d := diag.Errorf(t.world.Span, CodeTargetImport, "%s: world `%s` does not have it", p.path(nil), t.world.Name)
		d.Captionf("it is not imported here")
		if i := t.nearest(p.have.Name, t.want.Imports); i >= 0 {
			if at := t.world.Imports[i].Span; at.IsValid() {
				d.Primary = at
				d.Captionf("this is the nearest")
			}
			d.Notef("the component imports `%s`, the world has `%s`", p.have.Name, t.want.Imports.At(i).Name)
		} else if t.want.Exports.Get(p.have.Name) != nil {
			d.Notef("the world exports it")
		}
		if types.KindOf(p.have.Type) == "type" {
			d.Helpf("add it to the world as well")
		} else {
			d.Helpf("satisfy it with `compose plug`, or let the world import it")
		}
		t.list.Add(d)
		return
	}
	d := diag.Errorf(p.item.Span, CodeTargetExport, "%s: the component does not export it", p.path(nil))
	d.Captionf("world `%s` wants it", t.world.Name)
	names := t.c.Exports.Names()
	switch i := t.nearest(p.want.Name, t.c.Exports); {
	case i >= 0:
		d.Notef("the component exports `%s`, the world wants `%s`", names[i], p.want.Name)
	case len(names) == 0:
		d.Notef("the component exports nothing")
	default:
		more := ""
		if n := len(names) - maxNames; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
			names = names[:maxNames]
		}
		d.Notef("the component exports `%s`%s", strings.Join(names, "`, `"), more)
	}
	if t.c.Imports.Get(p.want.Name) != nil {
		d.Notef("the component imports it")
	}
	t.list.Add(d)
}

// nearest returns the position of the item that a name was probably meant to be, or -1. This is the
// same interface in its highest version, or an item that is spelled similarly.
func (t *target) nearest(extern string, items types.Items) int {
	if t.searches++; t.searches > maxNearest {
		return -1
	}
	want, err := name.ParseInterface(extern, name.Options{})
	if err != nil {
		if similar, ok := diag.Suggest(extern, slices.Values(items.Names())); ok {
			return items.Index(similar)
		}
		return -1
	}
	best := -1
	for i, x := range items.All() {
		in, err := name.ParseInterface(x.Name, name.Options{})
		if err != nil || in.Unversioned() != want.Unversioned() {
			continue
		}
		if best < 0 || in.Package.Version.Compare(versionOf(items.At(best).Name)) > 0 {
			best = i
		}
	}
	if best >= 0 {
		return best
	}
	// In a similar name, either the package or the label is right.
	same := func(key func(name.Interface) string, other func(name.Interface) string) int {
		byOther := make(map[string]int)
		for i, x := range items.All() {
			if in, err := name.ParseInterface(x.Name, name.Options{}); err == nil && key(in) == key(want) {
				if _, ok := byOther[other(in)]; !ok {
					byOther[other(in)] = i
				}
			}
		}
		if similar, ok := diag.Suggest(other(want), keys(byOther)); ok {
			return byOther[similar]
		}
		return -1
	}
	pkg := func(i name.Interface) string { return i.Package.Unversioned() }
	label := func(i name.Interface) string { return i.Name }
	if i := same(pkg, label); i >= 0 {
		return i
	}
	return same(label, pkg)
}

// keys yields the keys of a map in any order, which suits [diag.Suggest].
func keys(m map[string]int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// versions returns notes about packages whose versions differ between the two sides, each once.
func (t *target) versions() diag.List {
	var list diag.List
	reported := make(map[[3]string]bool)
	for _, p := range t.pairs {
		if p.have.Name == p.want.Name {
			continue
		}
		have, err1 := name.ParseInterface(p.have.Name, name.Options{})
		want, err2 := name.ParseInterface(p.want.Name, name.Options{})
		a, b := have.Package.String(), want.Package.String()
		if err1 != nil || err2 != nil {
			a, b = p.have.Name, p.want.Name
		}
		verb, has := "imports", "has"
		if p.export {
			verb, has = "exports", "wants"
		}
		if k := [3]string{verb, a, b}; !reported[k] {
			reported[k] = true
			d := diag.Errorf(p.item.Span, CodeTargetVersion, "the component %s `%s`, the world %s `%s`", verb, a, has, b)
			d.Severity = diag.Note
			list.Add(d.Notef("the versions are on one semver track, and the types agree"))
		}
	}
	return list
}

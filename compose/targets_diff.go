package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// maxDifferences limits how many differences one diagnostic lists. Types are graphs, and two small
// ones can differ in more places than memory could hold.
const maxDifferences = 100

// maxAgain limits how many further places are listed for types whose differences have been
// reported.
const maxAgain = 3

// difference is one way in which the component's type differs from the world's.
type difference struct {
	// span is the place in the WIT, if it is smaller than that of the compared item.
	span diag.Span
	// where lists the steps to the difference from the compared item.
	where []string
	text  string
	// notes are facts that get lines of their own.
	notes []string
}

// sentence returns the difference after the steps that lead to it.
func (d *difference) sentence() string {
	return strings.Join(append(slices.Clone(d.where), d.text), ": ")
}

// twoTypes is a type of the component and one of the world.
type twoTypes [2]types.Type

// explained is a pair of named types whose differences are reported at the first place that uses
// one for the other.
type explained struct {
	at    *diag.Diagnostic
	again []string
	more  int
}

// walk finds all differences between a type of the component and one of the world. It takes types
// as they are declared and substitutes as it goes, so that a type with many uses is compared once.
type walk struct {
	*target
	// path names the import or export, and home is the place of the compared item.
	path string
	home diag.Span
	// def is the definition that is compared, or nil if the item is not a definition.
	def   *wit.TypeDef
	span  diag.Span
	where []string
	found []difference
	// seen holds types without names that this walk has visited.
	seen map[twoTypes]bool
	// fresh lists the pairs that this walk's differences explain.
	fresh []*explained
	// silent counts the differences that are reported elsewhere.
	silent int
}

// in calls f one step further down the path.
func (w *walk) in(step string, at diag.Span, f func()) {
	span, n := w.span, len(w.where)
	if at.IsValid() {
		w.span = at
	}
	w.where = append(w.where, step)
	f()
	w.span, w.where = span, w.where[:n]
}

// add adds a difference at the walk's current place.
func (w *walk) add(format string, args ...any) *difference {
	w.found = append(w.found, difference{span: w.span, where: slices.Clone(w.where), text: fmt.Sprintf(format, args...)})
	return &w.found[len(w.found)-1]
}

// full reports whether the walk has found more differences than a diagnostic lists.
func (w *walk) full() bool { return len(w.found) > maxDifferences }

// have resolves the names of a component's type, up to the world's type if a reported name stands
// for that.
func (w *walk) have(t types.Type) types.Type {
	for {
		n, ok := t.(*types.Named)
		if !ok {
			break
		}
		if to, ok := w.renamed[n]; ok {
			return types.Unname(to)
		}
		t = n.Of
	}
	if r, ok := t.(*types.Resource); ok {
		if to, ok := w.imports.Bound(r); ok {
			return types.Unname(to)
		}
	}
	return t
}

// want resolves the names of a type of the world.
func (w *walk) want(t types.Type) types.Type {
	t = types.Unname(t)
	if r, ok := t.(*types.Resource); ok {
		if to, ok := w.exports.Bound(r); ok {
			return types.Unname(to)
		}
	}
	return t
}

// types compares two types in the same place.
func (w *walk) types(have, want types.Type) {
	a, b := w.have(have), w.want(want)
	k := twoTypes{a, b}
	if a == b || w.same[k] || w.full() {
		return
	}
	named, inside := false, want
	if _, ok := have.(*types.Named); ok {
		_, named = inside.(*types.Named)
	}
	named = named && types.HasMembers(a) && types.HasMembers(b)
	before, silent := len(w.found), w.silent
	switch {
	case named:
		if e := w.reported[k]; e != nil {
			w.again(e)
			return
		}
		w.named(k, have.(*types.Named), want.(*types.Named))
	case w.seen[k]:
		w.add("the same difference as above")
	case isSelfContained(a) && isSelfContained(b):
		if !types.Equal(a, b) {
			w.add("expected `%s`, found `%s`", types.TypeString(b), types.TypeString(a))
		}
	default:
		if w.seen == nil {
			w.seen = make(map[twoTypes]bool)
		}
		w.parts(have, want, a, b)
		w.seen[k] = len(w.found) > before
	}
	if len(w.found) == before && w.silent == silent {
		w.same[k] = true
	}
}

// named compares two types with names. Their differences are reported once, however often the types
// are used.
func (w *walk) named(k twoTypes, have, want *types.Named) {
	before := len(w.found)
	e := &explained{}
	w.reported[k] = e
	step := fmt.Sprintf("type `%s`", want.Name)
	if have.Name != want.Name {
		step = fmt.Sprintf("type `%s`, in the component `%s`", want.Name, have.Name)
	}
	w.in(step, diag.Span{}, func() { w.parts(have, want, k[0], k[1]) })
	if len(w.found) == before {
		delete(w.reported, k)
		return
	}
	w.fresh = append(w.fresh, e)
}

// again adds the current place to those of types whose differences have been reported.
func (w *walk) again(e *explained) {
	w.silent++
	if len(e.again) == maxAgain {
		e.more++
		return
	}
	e.again = append(e.again, strings.Join(append([]string{w.path}, w.where...), ": "))
}

// parts compares the contents of two types. The types have and want are as written, for messages; a
// and b are resolved.
func (w *walk) parts(have, want, a, b types.Type) {
	if types.Describe(a) != types.Describe(b) {
		w.otherForm(have, want, a, b)
		return
	}
	switch b := b.(type) {
	case *types.Record:
		w.members("field", membersOf(a), membersOf(b))
	case *types.Variant, *types.Enum:
		w.members("case", membersOf(a), membersOf(b))
	case *types.Flags:
		w.members("flag", membersOf(a), membersOf(b))
	case *types.Tuple:
		w.tuple(a.(*types.Tuple), b)
	case *types.List:
		w.types(a.(*types.List).Elem, b.Elem)
	case *types.FixedList:
		if a := a.(*types.FixedList); a.Len != b.Len {
			w.add("expected %s, found %d", diag.Count(b.Len, "element"), a.Len)
		}
		w.types(a.(*types.FixedList).Elem, b.Elem)
	case *types.Option:
		w.types(a.(*types.Option).Elem, b.Elem)
	case *types.Result:
		w.in("ok", diag.Span{}, func() { w.optional(a.(*types.Result).OK, b.OK) })
		w.in("err", diag.Span{}, func() { w.optional(a.(*types.Result).Err, b.Err) })
	case *types.Map:
		w.in("key", diag.Span{}, func() { w.types(a.(*types.Map).Key, b.Key) })
		w.in("value", diag.Span{}, func() { w.types(a.(*types.Map).Value, b.Value) })
	case *types.Stream:
		w.optional(a.(*types.Stream).Elem, b.Elem)
	case *types.Future:
		w.optional(a.(*types.Future).Elem, b.Elem)
	case *types.Own:
		w.types(a.(*types.Own).Of, b.Of)
	case *types.Borrow:
		w.types(a.(*types.Borrow).Of, b.Of)
	case *types.Resource:
		w.resource(a.(*types.Resource), b)
	default:
		panic(fmt.Sprintf("unreachable: %T in a world", b))
	}
}

// otherForm reports that two types have different forms, such as a record and a variant.
func (w *walk) otherForm(have, want, a, b types.Type) {
	x, y := types.TypeString(a), types.TypeString(b)
	switch {
	case types.Describe(a) == "resource" || types.Describe(b) == "resource":
		w.add("expected %s, found %s", formOf(b), formOf(a))
	case len(x) <= maxInline && len(y) <= maxInline:
		w.add("expected `%s`, found `%s`", y, x)
	default:
		found, expected := brief(have, want, a, b)
		d := w.add("expected %s, found %s", expected, found)
		d.notes = []string{"the world has:     " + y, "the component has: " + x}
	}
}

// formOf returns words for a resource type, and the text or the form of any other type.
func formOf(t types.Type) string {
	if s := types.TypeString(t); types.Describe(t) != "resource" && len(s) <= maxInline {
		return "`" + s + "`"
	}
	return "`" + types.Describe(t) + "`"
}

// brief returns words for two types.
func brief(have, want, a, b types.Type) (found, expected string) {
	x, y := types.TypeString(have), types.TypeString(want)
	word := func(s string, t types.Type) string {
		form := types.Describe(t)
		if s == form || x == y || len(s) > maxInline {
			return "`" + form + "`"
		}
		return fmt.Sprintf("`%s`, a type of the form `%s`", s, form)
	}
	return word(x, a), word(y, b)
}

// optional compares types that may be nil.
func (w *walk) optional(have, want types.ValType) {
	switch {
	case have == nil && want == nil:
	case have == nil:
		w.add("expected `%s`, found none", cutType(want))
	case want == nil:
		w.add("expected none, found `%s`", cutType(have))
	default:
		w.types(have, want)
	}
}

// cutType returns a type as WIT, cut to a readable line.
func cutType(t types.Type) string {
	s := types.TypeString(t)
	if len(s) <= maxInline {
		return s
	}
	cut := maxInline
	for cut > 0 && s[cut]&0xc0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}

// resource reports that two resources are not the same, once for each pair.
func (w *walk) resource(have, want *types.Resource) {
	both := [2]*types.Resource{have, want}
	if w.unmet[have] || w.unmet[want] || w.others[both] {
		w.silent++
		return
	}
	w.others[both] = true
	w.add("expected %s, found %s", w.resourceWord(want), w.resourceWord(have))
}

func (w *walk) tuple(have, want *types.Tuple) {
	for i := range max(len(have.Elems), len(want.Elems)) {
		w.in(fmt.Sprintf("element %d", i), diag.Span{}, func() {
			switch {
			case i >= len(have.Elems):
				w.add("the component does not have it")
			case i >= len(want.Elems):
				w.add("the world does not have it")
			default:
				w.types(have.Elems[i], want.Elems[i])
			}
		})
	}
}

// isSelfContained reports whether the text of a type is short and complete, without names of other
// types.
func isSelfContained(t types.Type) bool {
	budget := maxInline
	return selfContained(t, &budget) && len(types.TypeString(t)) <= maxInline
}

// selfContained stops at types with more elements than a short text can have.
func selfContained(t types.Type, budget *int) bool {
	if *budget--; *budget < 0 {
		return false
	}
	switch t.(type) {
	case *types.Named, *types.Resource:
		return false
	}
	if types.HasMembers(t) {
		return false
	}
	for part := range types.Parts(t) {
		if !selfContained(part, budget) {
			return false
		}
	}
	return true
}

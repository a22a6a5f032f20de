package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// maxDifferences is how many differences one diagnostic lists. Types are graphs, and two small ones can differ in more places than there is
// memory for.
const maxDifferences = 100

// maxAgain is how many further places are named where types stand whose differences are told.
const maxAgain = 3

// difference is one way in which what the component has is not what the world has.
type difference struct {
	// span is where it is in the WIT, if that is smaller than the thing compared.
	span diag.Span
	// where are the steps to it from the thing compared.
	where []string
	text  string
	// notes are facts that need lines of their own.
	notes []string
}

// sentence is the difference with the steps to it.
func (d *difference) sentence() string {
	return strings.Join(append(slices.Clone(d.where), d.text), ": ")
}

// twoTypes is a type of the component and one of the world.
type twoTypes [2]types.Type

// explained is a pair of named types whose differences are told at the first place that uses the one for the other.
type explained struct {
	at    *diag.Diagnostic
	again []string
	more  int
}

// walk finds all differences between a type of the component and one of the world. It takes types as they are declared, and looks at what
// stands for them as it goes, so that a type that is used in many places stays one.
type walk struct {
	*target
	// path names the import or export, and home is where the thing compared stands.
	path string
	home diag.Span
	// def is the definition that is compared, if it is one.
	def   *wit.TypeDef
	span  diag.Span
	where []string
	found []difference
	// seen are types without names that this walk has been at.
	seen map[twoTypes]bool
	// fresh are the pairs that are explained by what this walk has found.
	fresh []*explained
	// silent counts the differences that are told elsewhere.
	silent int
}

// in walks on with a further step of the path.
func (w *walk) in(step string, at diag.Span, f func()) {
	span, n := w.span, len(w.where)
	if at.IsValid() {
		w.span = at
	}
	w.where = append(w.where, step)
	f()
	w.span, w.where = span, w.where[:n]
}

// add notes a difference at the place where the walk is.
func (w *walk) add(format string, args ...any) *difference {
	w.found = append(w.found, difference{span: w.span, where: slices.Clone(w.where), text: fmt.Sprintf(format, args...)})
	return &w.found[len(w.found)-1]
}

// full tells that there are enough differences.
func (w *walk) full() bool { return len(w.found) > maxDifferences }

// have looks through the names of a type of the component, to the world's where a name is told to stand for another type.
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

// want looks through the names of a type of the world.
func (w *walk) want(t types.Type) types.Type {
	t = types.Unname(t)
	if r, ok := t.(*types.Resource); ok {
		if to, ok := w.exports.Bound(r); ok {
			return types.Unname(to)
		}
	}
	return t
}

// types compares two types that stand in the same place.
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
	named = named && hasMembers(a) && hasMembers(b)
	before, silent := len(w.found), w.silent
	switch {
	case named:
		if e := w.told[k]; e != nil {
			w.again(e)
			return
		}
		w.named(k, have.(*types.Named), want.(*types.Named))
	case w.seen[k]:
		w.add("the same difference as above")
	case isSpelledOut(a) && isSpelledOut(b):
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

// named compares two types that have names: their differences are told once, wherever they are used.
func (w *walk) named(k twoTypes, have, want *types.Named) {
	before := len(w.found)
	e := &explained{}
	w.told[k] = e
	step := fmt.Sprintf("type `%s`", want.Name)
	if have.Name != want.Name {
		step = fmt.Sprintf("type `%s`, in the component `%s`", want.Name, have.Name)
	}
	w.in(step, diag.Span{}, func() { w.parts(have, want, k[0], k[1]) })
	if len(w.found) == before {
		delete(w.told, k)
		return
	}
	w.fresh = append(w.fresh, e)
}

// again notes that types whose differences are told stand here too.
func (w *walk) again(e *explained) {
	w.silent++
	if len(e.again) == maxAgain {
		e.more++
		return
	}
	e.again = append(e.again, strings.Join(append([]string{w.path}, w.where...), ": "))
}

// parts compares what two types are made of. The first two are the types as they are written, for messages.
func (w *walk) parts(have, want, a, b types.Type) {
	if types.Describe(a) != types.Describe(b) {
		w.otherForm(have, want, a, b)
		return
	}
	switch b := b.(type) {
	case *types.Record:
		w.members("field", fieldsOf(a.(*types.Record)), fieldsOf(b))
	case *types.Variant:
		w.members("case", casesOf(a.(*types.Variant)), casesOf(b))
	case *types.Enum:
		w.members("case", labelsOf(a.(*types.Enum).Names), labelsOf(b.Names))
	case *types.Flags:
		w.members("flag", labelsOf(a.(*types.Flags).Names), labelsOf(b.Names))
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

// otherForm notes that one is a record, say, and the other a variant.
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

// formOf names a resource type or spells out another one.
func formOf(t types.Type) string {
	if s := types.TypeString(t); types.Describe(t) != "resource" && len(s) <= maxInline {
		return "`" + s + "`"
	}
	return "`" + types.Describe(t) + "`"
}

// brief names two types in a few words.
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

// cutType returns a type as WIT, in one line that can be read.
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

// resource notes that two resources are not the same, once for each two.
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

// hasMembers tells that a type is one that WIT must give a name.
func hasMembers(t types.Type) bool {
	switch t.(type) {
	case *types.Record, *types.Variant, *types.Enum, *types.Flags:
		return true
	}
	return false
}

// isSpelledOut tells that the text of a type is short and says all: it mentions nothing by name.
func isSpelledOut(t types.Type) bool {
	budget := maxInline
	return spelledOut(t, &budget) && len(types.TypeString(t)) <= maxInline
}

// spelledOut stops at types of more parts than a short text can have.
func spelledOut(t types.Type, budget *int) bool {
	if *budget--; *budget < 0 {
		return false
	}
	all := func(list ...types.ValType) bool {
		return !slices.ContainsFunc(list, func(v types.ValType) bool { return v != nil && !spelledOut(v, budget) })
	}
	switch t := t.(type) {
	case types.Prim:
		return true
	case *types.List:
		return all(t.Elem)
	case *types.FixedList:
		return all(t.Elem)
	case *types.Tuple:
		return all(t.Elems...)
	case *types.Option:
		return all(t.Elem)
	case *types.Result:
		return all(t.OK, t.Err)
	case *types.Map:
		return all(t.Key, t.Value)
	case *types.Stream:
		return all(t.Elem)
	case *types.Future:
		return all(t.Elem)
	}
	return false
}

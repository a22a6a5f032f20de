package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
)

// maxMoved limits how many moved members are reported one by one. If more have moved, both orders
// are shown.
const maxMoved = 2

// typeMember is a field, case, flag or parameter. The type is nil if it has none.
type typeMember struct {
	name string
	typ  types.ValType
	span diag.Span
}

// step returns words for a member that one side lacks, with its type.
func (m *typeMember) step(word string) string {
	switch {
	case m.typ == nil:
		return fmt.Sprintf("%s `%s`", word, m.name)
	case word == "case":
		return fmt.Sprintf("case `%s(%s)`", m.name, cutType(m.typ))
	default:
		return fmt.Sprintf("%s `%s: %s`", word, m.name, cutType(m.typ))
	}
}

// membersOf returns the members of a type, without places.
func membersOf(t types.Type) []typeMember {
	var list []typeMember
	for name, typ := range types.Members(t) {
		list = append(list, typeMember{name: name, typ: typ})
	}
	return list
}

// members compares lists of members. It reports members that are missing, extra, renamed, moved, or
// of another type.
func (w *walk) members(word string, have, want []typeMember) {
	w.locate(want)
	given, other := pairUp(have, want, w.equal)
	for i, m := range want {
		h := given[i]
		step := fmt.Sprintf("%s `%s`", word, m.name)
		if h < 0 {
			step = m.step(word)
		}
		w.in(step, m.span, func() {
			switch {
			case w.full():
			case h < 0:
				w.add("the component does not have it")
			case have[h].name != m.name:
				w.add("the component has it as `%s`", have[h].name)
			default:
				w.optional(have[h].typ, m.typ)
			}
		})
	}
	for h, m := range have {
		if other[h] < 0 && !w.full() {
			w.in(m.step(word), diag.Span{}, func() {
				w.add("the world does not have it").span = w.home
			})
		}
	}
	w.order(word, have, want, given)
}

// locate gives members their places in the text, if the walk is at the definition that lists them.
func (w *walk) locate(want []typeMember) {
	if w.def == nil || len(w.def.Members) != len(want) || len(w.where) > 0 {
		return
	}
	for i, m := range w.def.Members {
		want[i].span = m.Span
	}
}

// equal reports whether types that may be nil are the same.
func (w *walk) equal(have, want types.ValType) bool {
	if have == nil || want == nil {
		return have == nil && want == nil
	}
	return types.Equal(w.quiet.Type(have), w.exports.Type(want))
}

// order reports which members have moved: of the members that both sides have, the smallest number
// whose moves explain the order.
func (w *walk) order(word string, have, want []typeMember, given []int) {
	var at []int // positions in the component of the members that both have, in the world's order
	for i, h := range given {
		if h >= 0 && have[h].name == want[i].name {
			at = append(at, h)
		}
	}
	stays := increasing(at)
	if len(stays) == len(at) || w.full() {
		return
	}
	if len(at)-len(stays) > maxMoved {
		var mine []string
		for _, h := range at {
			mine = append(mine, have[h].name)
		}
		sorted := slices.Sorted(slices.Values(at))
		var theirs []string
		for _, h := range sorted {
			theirs = append(theirs, have[h].name)
		}
		w.add("the %ss are in another order: expected %s, found %s", word, shortList(mine), shortList(theirs)).span = w.home
		return
	}
	for i, h := range given {
		if h < 0 || have[h].name != want[i].name || stays[h] {
			continue
		}
		w.in(fmt.Sprintf("%s `%s`", word, want[i].name), want[i].span, func() {
			w.add("expected %s, found %s", position(want, i), position(have, h))
		})
	}
}

// position returns words for the position of a member in a list.
func position(list []typeMember, i int) string {
	if i == 0 {
		return "first"
	}
	return fmt.Sprintf("after `%s`", list[i-1].name)
}

// shortList returns the first names of a list in quotes.
func shortList(names []string) string {
	if n := len(names) - maxNames; n > 0 {
		return fmt.Sprintf("`%s` and %d more", strings.Join(names[:maxNames], "`, `"), n)
	}
	return "`" + strings.Join(names, "`, `") + "`"
}

// pairUp returns the position in have of each wanted member, and the position in want of each
// member of the component. Members are paired by name, or else by place if the types are the same.
// A member without a counterpart has -1.
func pairUp(have, want []typeMember, equal func(have, want types.ValType) bool) (given, other []int) {
	given, other = slices.Repeat([]int{-1}, len(want)), slices.Repeat([]int{-1}, len(have))
	byName := make(map[string]int, len(have))
	for h, m := range have {
		byName[m.name] = h
	}
	for i, m := range want {
		if h, ok := byName[m.name]; ok {
			given[i], other[h] = h, i
		}
	}
	// Two members are in the same place if they lie between the same paired neighbours.
	gaps := make(map[string][]int)
	before := ""
	for h, m := range have {
		if other[h] >= 0 {
			before = m.name
			continue
		}
		gaps[before] = append(gaps[before], h)
	}
	for i := 0; i < len(want); i++ {
		if given[i] >= 0 {
			continue
		}
		before, first := "", i
		if i > 0 {
			before = want[i-1].name
		}
		for i+1 < len(want) && given[i+1] < 0 {
			i++
		}
		pairGap(have, want, gaps[before], first, i+1, equal, func(h, i int) { given[i], other[h] = h, i })
	}
	return given, other
}

// pairGap pairs the component's members at the given positions with the wanted members from first
// to end.
func pairGap(have, want []typeMember, at []int, first, end int, equal func(have, want types.ValType) bool, pair func(h, i int)) {
	if len(at) == end-first {
		for k, h := range at {
			if equal(have[h].typ, want[first+k].typ) {
				pair(h, first+k)
			}
		}
		return
	}
	if len(at) > maxNearest {
		at = at[:maxNearest]
	}
	for i := first; i < min(end, first+maxNearest); i++ {
		byName := make(map[string]int)
		for k, h := range at {
			if h >= 0 && equal(have[h].typ, want[i].typ) {
				byName[have[h].name] = k
			}
		}
		if similar, ok := diag.Suggest(want[i].name, keys(byName)); ok {
			k := byName[similar]
			pair(at[k], i)
			at[k] = -1
			continue
		}
		// Otherwise, pair members that are the only ones of their type on both sides.
		others := 0
		for k := first; k < min(end, first+maxNearest); k++ {
			if equal(want[k].typ, want[i].typ) {
				others++
			}
		}
		if len(byName) == 1 && others == 1 && want[i].typ != nil {
			for _, k := range byName {
				pair(at[k], i)
				at[k] = -1
			}
		}
	}
}

// increasing returns the members of a longest increasing subsequence of distinct numbers.
func increasing(list []int) map[int]bool {
	var tails []int // tails[n] is the position of the smallest end of one of length n+1
	back := make([]int, len(list))
	for i, x := range list {
		n, _ := slices.BinarySearchFunc(tails, x, func(j, x int) int { return list[j] - x })
		back[i] = -1
		if n > 0 {
			back[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	out := make(map[int]bool, len(tails))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = back[i] {
			out[list[i]] = true
		}
	}
	return out
}

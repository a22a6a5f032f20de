package feature

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Group is the name of a version of core WebAssembly.
type Group struct {
	Name string
	// Doc is a one-line description without a full stop.
	Doc string
	// Set holds the core proposals of the version.
	Set Set
}

// Groups iterates over the groups, from the smallest version to the largest.
func Groups() iter.Seq[Group] {
	return func(yield func(Group) bool) {
		for _, g := range groups {
			if !yield(Group{Name: g.name, Doc: g.doc, Set: groupSet(g.name)}) {
				return
			}
		}
	}
}

func groupSet(name string) Set {
	for _, g := range groups {
		if g.name == name {
			s := Of(g.adds...)
			if g.includes != "" {
				s |= groupSet(g.includes)
			}
			return s
		}
	}
	panic("unreachable: group " + name)
}

// Lookup returns the feature with the given name or alias. It ignores case and treats `_` as `-`.
func Lookup(name string) (Feature, bool) {
	name = normal(name)
	for i := range List() {
		if i.Name == name || slices.Contains(i.Aliases, name) {
			return i.Feature, true
		}
	}
	return 0, false
}

func normal(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }

// Parse returns base changed as list specifies. The list contains names separated by commas or
// spaces. The name of a feature adds the feature and those that it implies; with a leading `-` it
// removes the feature. `all` and `-all` add and remove every feature. The name of one of the
// [Groups] replaces the core proposals and keeps the gates of the component model. Names take
// effect from left to right.
//
// If names are unknown, the error is an [*UnknownError]. The set is still valid and ignores these
// names.
func Parse(base Set, list string) (Set, error) {
	var unknown []string
	for _, item := range strings.FieldsFunc(list, isSeparator) {
		name, off := strings.CutPrefix(item, "-")
		name = normal(name)
		if f, ok := Lookup(name); ok && off {
			base = base.Without(f)
			continue
		} else if ok {
			base = base.With(f)
			continue
		}
		isGroup := slices.ContainsFunc(groups[:], func(g group) bool { return g.name == name })
		switch {
		case name == "all" && off:
			base = None()
		case name == "all":
			base = All()
		case isGroup && !off:
			base = base&gates() | groupSet(name)
		default:
			unknown = append(unknown, item)
		}
	}
	if unknown != nil {
		return base, &UnknownError{Names: unknown}
	}
	return base, nil
}

func isSeparator(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// gates returns all features of the component model.
func gates() Set { return 1<<(ComponentModel+1) - 1 }

// UnknownError reports that a list names features that do not exist.
type UnknownError struct {
	// Names lists the unknown names as written, including a leading `-`.
	Names []string
}

// Error names the first unknown feature, a similar feature if one exists, and all known features.
func (e *UnknownError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "unknown feature `%s`", e.Names[0])
	if s, ok := Suggest(e.Names[0]); ok {
		fmt.Fprintf(&b, "; did you mean `%s`?", s)
	}
	b.WriteString("; known are ")
	for n := range Names() {
		fmt.Fprintf(&b, "%s, ", n)
	}
	b.WriteString("all")
	return b.String()
}

// Names iterates over the canonical names of all features and the names of the groups.
func Names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range List() {
			if !yield(i.Name) {
				return
			}
		}
		for g := range Groups() {
			if !yield(g.Name) {
				return
			}
		}
	}
}

// Suggest returns the known name most similar to unknown, if one is similar enough to be a likely
// intention.
func Suggest(unknown string) (string, bool) {
	sign := ""
	if rest, off := strings.CutPrefix(unknown, "-"); off {
		sign, unknown = "-", rest
	}
	unknown = normal(unknown)
	best, bestDist := "", 1+len(unknown)/3
	consider := func(spelling, name string) {
		if d := distance(unknown, spelling, bestDist); d < bestDist {
			best, bestDist = name, d
		}
	}
	for i := range List() {
		consider(i.Name, i.Name)
		for _, a := range i.Aliases {
			consider(a, i.Name)
		}
	}
	for g := range Groups() {
		consider(g.Name, g.Name)
	}
	return sign + best, best != ""
}

// distance returns the edit distance of a and b, or limit if it is at least limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return min(row[len(b)], limit)
}

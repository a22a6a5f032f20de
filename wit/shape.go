package wit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// maxShapeText limits the length in bytes of a type in the text of a change. A longer type is
// described by the part that changed.
const maxShapeText = 200

// shapes identifies types by the structure that matters to their users. The shape of a definition
// with members, and that of a resource, is its name, because Diff compares definitions separately.
// Other shapes consist of all their parts. Each shape has a number, so that each type is examined
// only once: a few lines of WIT can describe a type whose text would fill a disk.
type shapes struct {
	// own is the name of the compared package. Its versions may differ in any way.
	own   string
	ids   map[string]int
	memo  map[types.Type]int
	kinds map[types.Type]string
}

func newShapes(own string) *shapes {
	return &shapes{own: own, ids: map[string]int{}, memo: map[types.Type]int{}, kinds: map[types.Type]string{}}
}

// kindOf is [types.Describe] with a cache for definitions that are long chains of aliases.
func (s *shapes) kindOf(t types.Type) string {
	n, ok := t.(*types.Named)
	if !ok {
		return types.Describe(t)
	}
	kind, ok := s.kinds[n]
	if !ok {
		kind = s.kindOf(n.Of)
		s.kinds[n] = kind
	}
	return kind
}

// id returns the number of a type's shape, or 0 for nil.
func (s *shapes) id(t types.Type) int {
	if t == nil {
		return 0
	}
	if id, ok := s.memo[t]; ok {
		return id
	}
	var id int
	if n, ok := t.(*types.Named); ok && !nominal(n) {
		id = s.id(n.Of)
	} else {
		head, tail, parts := s.spell(t)
		key := head + "\x00" + tail
		for _, p := range parts {
			key += " " + strconv.Itoa(s.id(p))
		}
		if id, ok = s.ids[key]; !ok {
			id = len(s.ids) + 1
			s.ids[key] = id
		}
	}
	s.memo[t] = id
	return id
}

// same reports whether two types have the same shape. Either may be nil.
func (s *shapes) same(a, b types.Type) bool { return s.id(a) == s.id(b) }

// nominal reports whether the name of a definition identifies its type.
func nominal(n *types.Named) bool {
	switch n.Of.(type) {
	case *types.Record, *types.Variant, *types.Enum, *types.Flags:
		return true
	}
	return false
}

// unalias returns the type that an alias refers to.
func unalias(t types.Type) types.Type {
	for {
		n, ok := t.(*types.Named)
		if !ok || nominal(n) {
			return t
		}
		t = n.Of
	}
}

// nameOf returns the name that identifies a type, or "".
func (s *shapes) nameOf(t types.Type) string {
	switch t := unalias(t).(type) {
	case *types.Named:
		return s.qualified(t.Home, t.Name)
	case *types.Resource:
		return s.qualified(t.Home, t.Name)
	}
	return ""
}

// spell returns the text of a type that is not an alias: the text before and after its parts, and
// the parts, which are separated by commas.
func (s *shapes) spell(t types.Type) (head, tail string, parts []types.Type) {
	of := func(name string, parts ...types.Type) (string, string, []types.Type) { return name + "<", ">", parts }
	val := func(t types.ValType) types.Type {
		if t == nil {
			return nil
		}
		return t
	}
	switch t := t.(type) {
	case *types.Named, *types.Resource:
		return s.nameOf(t), "", nil
	case *types.Own:
		return of("own", t.Of)
	case *types.Borrow:
		return of("borrow", t.Of)
	case *types.List:
		return of("list", t.Elem)
	case *types.FixedList:
		return "list<", fmt.Sprintf(", %d>", t.Len), []types.Type{t.Elem}
	case *types.Tuple:
		for _, e := range t.Elems {
			parts = append(parts, e)
		}
		return of("tuple", parts...)
	case *types.Option:
		return of("option", t.Elem)
	case *types.Result:
		return of("result", val(t.OK), val(t.Err))
	case *types.Map:
		return of("map", t.Key, t.Value)
	case *types.Stream:
		return of("stream", val(t.Elem))
	case *types.Future:
		return of("future", val(t.Elem))
	default:
		return types.TypeString(t), "", nil
	}
}

// text returns the text of a shape. It returns false if the text is too long.
func (s *shapes) text(t types.Type) (string, bool) {
	p := shapePrinter{shapes: s}
	p.typ(t)
	return p.b.String(), !p.cut
}

type shapePrinter struct {
	*shapes
	b   strings.Builder
	cut bool
}

func (p *shapePrinter) write(text string) {
	if p.cut = p.cut || p.b.Len()+len(text) > maxShapeText; !p.cut {
		p.b.WriteString(text)
	}
}

func (p *shapePrinter) typ(t types.Type) {
	if t == nil {
		p.write("_")
		return
	}
	head, tail, parts := p.spell(unalias(t))
	p.write(head)
	for i, part := range parts {
		if p.cut {
			return
		}
		if i > 0 {
			p.write(", ")
		}
		p.typ(part)
	}
	p.write(tail)
}

// change describes how a type changed. If the types are long, it names the innermost parts that
// differ.
func (s *shapes) change(a, b types.Type) string {
	x, fits := s.text(a)
	y, fit := s.text(b)
	if fits && fit {
		return fmt.Sprintf("changed from `%s` to `%s`", x, y)
	}
	for {
		parts, others, ok := s.partsOf(a, b)
		if !ok {
			break
		}
		for i := range parts {
			if !s.same(parts[i], others[i]) {
				a, b = parts[i], others[i]
				break
			}
		}
	}
	x, fits = s.text(a)
	y, fit = s.text(b)
	if !fits || !fit {
		return "changed"
	}
	return fmt.Sprintf("changed in a part, from `%s` to `%s`", x, y)
}

// partsOf returns the parts of two types that are equal except for their parts. It returns false if
// the types differ otherwise or have no parts.
func (s *shapes) partsOf(a, b types.Type) (parts, others []types.Type, ok bool) {
	if a == nil || b == nil {
		return nil, nil, false
	}
	headA, tailA, parts := s.spell(unalias(a))
	headB, tailB, others := s.spell(unalias(b))
	return parts, others, headA == headB && tailA == tailB && len(parts) == len(others) && len(parts) > 0
}

// qualified returns a name with its interface, whose version is cut to the part that compatible
// versions share.
func (s *shapes) qualified(home, label string) string {
	if home == "" {
		return label
	}
	if i, err := name.ParseInterface(home, name.Options{NestedNames: true}); err == nil {
		home = s.track(i)
	}
	return home + "." + label
}

// track returns the name of an interface, with its version cut to the part that compatible versions
// share.
func (s *shapes) track(i name.Interface) string {
	if i.Package.Unversioned() == s.own {
		return i.Unversioned()
	}
	return i.TrackName()
}

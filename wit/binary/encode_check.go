package binary

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// maxBinarySize limits the size of all types in the binary form of a package or world, as counted
// by [validate.Component]. For each interface and world, the form repeats the types of the
// interfaces that it uses: a chain of n interfaces takes n² steps.
const maxBinarySize = 1_000_000

// tally computes the size of the types of a binary before they are written.
type tally struct {
	sum  int
	memo map[types.Type]int
	// of holds the sizes of interfaces, without and with their functions.
	of [2]map[*wit.Interface]int
}

func newTally() *tally {
	return &tally{memo: map[types.Type]int{}, of: [2]map[*wit.Interface]int{{}, {}}}
}

// add adds n to the size. It reports an error at package p if the size exceeds the limit.
func (t *tally) add(n int, p *wit.Package) error {
	if t.sum = min(t.sum+n, maxBinarySize); t.sum < maxBinarySize {
		return nil
	}
	return diag.Errorf(p.Span, wit.CodeTooLarge, "package `%s` is too large for a binary: its types have more than %d parts", p.Name, maxBinarySize).
		Notef("the binary repeats, for each interface and world, the types of all interfaces that it uses").
		Helpf("use types from the interfaces that define them, and split the package")
}

// typ returns the size of a type. Each type in it counts as often as it occurs.
func (t *tally) typ(x types.Type) int {
	if x == nil {
		return 0
	}
	if n, ok := t.memo[x]; ok {
		return n
	}
	n := 1
	if named, ok := x.(*types.Named); ok {
		n = t.typ(named.Of)
	} else if !isHandle(x) {
		for p := range types.Parts(x) {
			n = min(n+t.typ(p), maxBinarySize)
		}
	}
	t.memo[x] = n
	return n
}

func isHandle(t types.Type) bool {
	switch t.(type) {
	case *types.Own, *types.Borrow:
		return true
	}
	return false
}

func (t *tally) function(f *wit.Func) int {
	n := 1 + t.typ(f.Result)
	for _, p := range f.Params {
		n = min(n+t.typ(p.Type), maxBinarySize)
	}
	return n
}

// iface returns the size of an instance of an interface.
func (t *tally) iface(i *wit.Interface, funcs bool) int {
	memo := t.of[0]
	if funcs {
		memo = t.of[1]
	}
	if n, ok := memo[i]; ok {
		return n
	}
	n := 1
	for _, d := range i.Types {
		n = min(n+t.typ(d.Type), maxBinarySize)
	}
	if funcs {
		for _, f := range i.Funcs {
			n = min(n+t.function(f), maxBinarySize)
		}
	}
	memo[i] = n
	return n
}

// world returns the size of a component with a world.
func (t *tally) world(w *wit.World) int {
	n := 2 // the type of the world and the type that wraps it
	for _, list := range [...][]*wit.WorldItem{w.Imports, w.Exports} {
		for _, i := range list {
			switch {
			case i.Type != nil:
				n += t.typ(i.Type.Type)
			case i.Func != nil:
				n += t.function(i.Func)
			default:
				n += t.iface(i.Interface, true)
			}
			n = min(n, maxBinarySize)
		}
	}
	return n
}

// pkg adds the interfaces and worlds of a package. For each interface it returns the interfaces
// that the interface takes types from, followed by the interface itself.
func (t *tally) pkg(m *wit.Model, p *wit.Package) (deps [][]*wit.Interface, err error) {
	for _, i := range p.Interfaces {
		list := withDeps(m, i, nil, map[*wit.Interface]bool{})
		n := 2 // the type of the component and the type that exports it
		for _, dep := range list {
			n += t.iface(dep, dep == i)
		}
		if err := t.add(n, p); err != nil {
			return nil, err
		}
		deps = append(deps, list)
	}
	for _, w := range p.Worlds {
		if err := t.add(t.world(w), p); err != nil {
			return nil, err
		}
	}
	return deps, nil
}

// checkEncoded reports the parts of c that no component can have. c is the binary form of a package
// of m, or of world w unless w is nil. If whole is set, the main package of m is checked in full,
// not only the items in c.
func checkEncoded(m *wit.Model, whole bool, w *wit.World, c *encoding.Component) error {
	if whole {
		if list := m.Check(false); list.HasErrors() {
			list.Sort()
			return list
		}
	}
	all := m.Check(true)
	if !all.HasErrors() {
		return nil
	}
	all.Sort()
	if _, err := validate.Component(diag.NewBinary("the package", nil), c, validate.Options{Features: feature.All()}); err != nil {
		return all
	}
	if w == nil {
		return nil
	}
	// A type can be small enough for a world, but too large for the component, which repeats it.
	spans := spansOf(m, w)
	var large diag.List
	for _, d := range all {
		if d.Code == wit.CodeTooLarge && spans[d.Primary] {
			large.Add(d)
		}
	}
	return large.Err()
}

// spansOf returns the places of the types and functions that a world uses.
func spansOf(m *wit.Model, w *wit.World) map[diag.Span]bool {
	spans, seen := map[diag.Span]bool{}, map[types.Type]bool{}
	var typ func(types.Type)
	typ = func(t types.Type) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		if d := m.Def(t); d != nil {
			spans[d.Span] = true
		}
		if n, ok := t.(*types.Named); ok {
			typ(n.Of)
		} else if !isHandle(t) {
			for p := range types.Parts(t) {
				typ(p)
			}
		}
	}
	function := func(f *wit.Func) {
		spans[f.Span] = true
		typ(f.Result)
		for _, p := range f.Params {
			typ(p.Type)
		}
	}
	for _, list := range [...][]*wit.WorldItem{w.Imports, w.Exports} {
		for _, i := range list {
			switch {
			case i.Type != nil:
				typ(i.Type.Type)
			case i.Func != nil:
				function(i.Func)
			default:
				for _, d := range i.Interface.Types {
					typ(d.Type)
				}
				for _, f := range i.Interface.Funcs {
					function(f)
				}
			}
		}
	}
	return spans
}

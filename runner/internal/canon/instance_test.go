package canon

import (
	"testing"

	"github.com/tetratelabs/wazero/api"
)

// global is a global of the engine.
type global struct {
	api.MutableGlobal
	v uint64
}

func (g *global) Get() uint64  { return g.v }
func (g *global) Set(v uint64) { g.v = v }

// Flags in a global are those that generated code sees, and what it writes counts.
func TestSharedFlags(t *testing.T) {
	s := &Store{}
	root := newInstance(s, nil)
	a, b := newInstance(s, root), newInstance(s, root)
	b.set(Locked)
	var g global
	b.ShareFlags(&g)
	if g.v != uint64(Locked) || b.MayLeave() {
		t.Errorf("flags %#x after sharing, may leave: %t", g.v, b.MayLeave())
	}
	b.clear(Locked)
	a.EnterFrom(nil)
	b.EnterFrom(a)
	if g.v != uint64(Entered) {
		t.Errorf("flags %#x while entered", g.v)
	}
	b.LeaveTo(a)
	if g.v != 0 || !b.MayEnterFrom(a) || !b.MayLeave() {
		t.Errorf("flags %#x after leaving", g.v)
	}
	g.v = uint64(Entered | Locked)
	if b.MayEnterFrom(a) || b.MayLeave() {
		t.Error("the flags of generated code do not count")
	}
	if got := catch(func() { b.EnterFrom(a) }); got != "cannot enter component instance" {
		t.Errorf("trap %q", got)
	}
}

// A parent may call the instances inside it while they are not entered, and they may call it.
// Cousins enter each other's parents.
func TestEnteringSets(t *testing.T) {
	s := &Store{}
	root := newInstance(s, nil)
	left, right := newInstance(s, root), newInstance(s, root)
	child, niece := newInstance(s, left), newInstance(s, right)
	for _, r := range []struct {
		name       string
		to, caller *ComponentInstance
		want       []*ComponentInstance
	}{
		{"host", child, nil, []*ComponentInstance{child, left, root}},
		{"parent", child, left, []*ComponentInstance{child}},
		{"grandparent", child, root, []*ComponentInstance{child, left}},
		{"cousin", child, niece, []*ComponentInstance{child, left}},
		{"itself", child, child, nil},
		{"child", left, child, nil},
		{"grandchild", root, child, nil},
	} {
		r.to.EnterFrom(r.caller)
		for _, i := range []*ComponentInstance{root, left, right, child, niece} {
			want := false
			for _, w := range r.want {
				want = want || w == i
			}
			if i.has(Entered) != want {
				t.Errorf("entered by %s: instance at depth %d is entered: %t", r.name, i.depth, !want)
			}
		}
		r.to.LeaveTo(r.caller)
		for _, i := range []*ComponentInstance{root, left, right, child, niece} {
			if i.has(Entered) {
				t.Errorf("entered by %s: an instance at depth %d is not left", r.name, i.depth)
			}
		}
	}
}

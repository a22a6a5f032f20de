package canon

import (
	"context"
	"slices"
	"testing"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// two holds two instances of one store. The first defines a resource.
type two struct {
	a, b   *ComponentInstance
	rt     *ResourceType
	task   Task
	lent   Subtask
	own    *Type
	borrow *Type
	dead   []uint32 // representations passed to the destructor
	direct bool     // pass handles from table to table
}

func newInstance(s *Store, parent *ComponentInstance) *ComponentInstance {
	i := new(ComponentInstance)
	i.Init(s, parent, "")
	return i
}

func newTwo() *two {
	s := &Store{}
	x := &two{a: newInstance(s, nil), b: newInstance(s, nil)}
	x.rt = &ResourceType{Name: "r", Impl: x.a, Dtor: x}
	s.Resources = []*ResourceType{x.rt, {Name: "other", Impl: x.a}}
	r := &types.Resource{Name: "r"}
	c := compiler()
	x.own, x.borrow = c.Type(&types.Own{Of: r}), c.Type(&types.Borrow{Of: r})
	return x
}

func (x *two) Call(_ context.Context, stack []uint64) { x.dead = append(x.dead, uint32(stack[0])) }

func (x *two) in(i *ComponentInstance) *Context {
	return &Context{Ctx: context.Background(), Inst: i, Opts: &Options{}, Task: &x.task, Subtask: &x.lent}
}

// both runs a test with handles that pass through values of Go and from table to table.
func both(t *testing.T, f func(t *testing.T, x *two)) {
	for name, direct := range map[string]bool{"values": false, "direct": true} {
		t.Run(name, func(t *testing.T) {
			x := newTwo()
			x.direct = direct
			f(t, x)
		})
	}
}

// give passes a handle from one instance to another.
func (x *two) give(t *Type, from *ComponentInstance, i uint32, to *ComponentInstance) uint32 {
	var stack [1]uint64
	if x.direct {
		copying{x.in(from), x.in(to)}.flat(t, t, []uint64{uint64(i)}, stack[:])
		return uint32(stack[0])
	}
	x.in(to).lowerFlat(t, x.in(from).liftFlat(t, []uint64{uint64(i)}), stack[:])
	return uint32(stack[0])
}

func TestOwn(t *testing.T) { both(t, testOwn) }

func testOwn(t *testing.T, x *two) {
	h := x.a.ResourceNew(x.rt, 7)
	g := x.give(x.own, x.a, h, x.b)
	if got := catch(func() { x.a.ResourceRep(x.rt, h) }); got != "unknown handle index 1" {
		t.Errorf("the giver still has it: %q", got)
	}
	if got := x.b.ResourceRep(x.rt, g); got != 7 {
		t.Errorf("rep = %d", got)
	}
	x.b.ResourceDrop(context.Background(), x.rt, g)
	if !slices.Equal(x.dead, []uint32{7}) || x.b.Handles.Len() != 0 {
		t.Errorf("destroyed %v, %d handles left", x.dead, x.b.Handles.Len())
	}
}

func TestBorrow(t *testing.T) { both(t, testBorrow) }

func testBorrow(t *testing.T, x *two) {
	h := x.a.ResourceNew(x.rt, 7)
	g := x.give(x.borrow, x.a, h, x.b)
	if x.task.numBorrows != 1 {
		t.Errorf("%d borrows", x.task.numBorrows)
	}
	for name, f := range map[string]func(){
		"drop of a lent handle":   func() { x.a.ResourceDrop(context.Background(), x.rt, h) },
		"giving a lent handle":    func() { x.in(x.a).liftFlat(x.own, []uint64{uint64(h)}) },
		"borrow passed as an own": func() { x.in(x.b).liftFlat(x.own, []uint64{uint64(g)}) },
	} {
		want := "cannot remove owned resource while borrowed"
		if name == "borrow passed as an own" {
			want = "cannot lift own resource from a borrow"
		}
		if got := catch(f); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// The instance that defines the resource gets the representation itself and no borrow is counted.
	if rep := x.give(x.borrow, x.b, g, x.a); rep != 7 || x.task.numBorrows != 1 {
		t.Errorf("rep %d, %d borrows", rep, x.task.numBorrows)
	}
	x.lent.deliverResolve()
	x.b.ResourceDrop(context.Background(), x.rt, g)
	if x.task.numBorrows != 0 || x.dead != nil {
		t.Errorf("%d borrows, destroyed %v", x.task.numBorrows, x.dead)
	}
	x.a.ResourceDrop(context.Background(), x.rt, h)
	if !slices.Equal(x.dead, []uint32{7}) {
		t.Errorf("destroyed %v", x.dead)
	}
}

// An owned handle that passes from one table to another stays the same one in Go.
func TestPassingAHandleAllocatesNothing(t *testing.T) {
	x := newTwo()
	h := x.a.ResourceNew(x.rt, 7)
	there, back := copying{x.in(x.a), x.in(x.b)}, copying{x.in(x.b), x.in(x.a)}
	var stack [1]uint64
	if n := testing.AllocsPerRun(100, func() {
		stack[0] = uint64(h)
		there.flat(x.own, x.own, stack[:], stack[:])
		back.flat(x.own, x.own, stack[:], stack[:])
		h = uint32(stack[0])
	}); n >= 1 {
		t.Errorf("%v allocations", n)
	}
	if rep := x.a.ResourceRep(x.rt, h); rep != 7 {
		t.Errorf("rep = %d", rep)
	}
}

func TestWrongResource(t *testing.T) {
	x := newTwo()
	h := x.a.ResourceNew(x.a.Store.Resources[1], 7)
	want := "handle index 1 used with the wrong type, expected guest-defined resource but found a different guest-defined resource"
	for name, f := range map[string]func(){
		"own":    func() { x.in(x.a).liftFlat(x.own, []uint64{uint64(h)}) },
		"borrow": func() { x.in(x.a).liftFlat(x.borrow, []uint64{uint64(h)}) },
		"rep":    func() { x.a.ResourceRep(x.rt, h) },
		"drop":   func() { x.a.ResourceDrop(context.Background(), x.rt, h) },
	} {
		if got := catch(f); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, v := range map[string]any{"of another type": &Resource{Type: x.a.Store.Resources[1]}, "no resource": 5} {
		if got := catch(func() { x.in(x.b).lowerFlat(x.own, value.Own(v), make([]uint64, 1)) }); got != "a value passed as resource `r` is of another type" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Indices start at 1. Those of dropped handles are reused, the last first.
func TestTable(t *testing.T) {
	var tab Table
	h := &ResourceHandle{}
	var got []uint32
	for range 3 {
		got = append(got, tab.Add(h))
	}
	tab.Remove(1)
	tab.Remove(2)
	got = append(got, tab.Add(h), tab.Add(h), tab.Add(h))
	if want := []uint32{1, 2, 3, 2, 1, 4}; !slices.Equal(got, want) {
		t.Errorf("indices %v, want %v", got, want)
	}
	if tab.Len() != 4 {
		t.Errorf("length %d", tab.Len())
	}
	tab.Remove(3)
	for _, i := range []uint32{0, 3, 5, 1 << 31} {
		if got := catch(func() { tab.Get(i) }); got == "" {
			t.Errorf("there is something at %d", i)
		}
	}
	n := 0
	tab.Each(func(uint32, Elem) { n++ })
	if n != 3 {
		t.Errorf("%d elements", n)
	}
}

// Component Invariant 2: an instance that a call is inside of cannot be entered from outside, and
// neither can its ancestors.
func TestEnter(t *testing.T) {
	s := &Store{}
	root := newInstance(s, nil)
	a, b := newInstance(s, root), newInstance(s, root)
	a.EnterFrom(nil) // the host calls a, which is inside root
	for _, r := range []struct {
		name       string
		to, caller *ComponentInstance
		want       bool
	}{
		{"the host into a", a, nil, false}, {"the host into root", root, nil, false}, {"the host into b", b, nil, false},
		{"a into its sibling", b, a, true}, {"a into its parent", root, a, true},
	} {
		if got := r.to.MayEnterFrom(r.caller); got != r.want {
			t.Errorf("%s: %v", r.name, got)
		}
	}
	b.EnterFrom(a)
	if a.MayEnterFrom(b) {
		t.Error("b may call back into a")
	}
	if got := catch(func() { a.EnterFrom(b) }); got != "cannot enter component instance" {
		t.Errorf("trap %q", got)
	}
	b.LeaveTo(a)
	a.LeaveTo(nil)
	if !root.MayEnterFrom(nil) || !b.MayEnterFrom(nil) {
		t.Error("left, and cannot be entered again")
	}
	s.Dead = true
	if root.MayEnterFrom(nil) {
		t.Error("a dead store can be entered")
	}
}

func TestMayLeave(t *testing.T) {
	x := newTwo()
	x.a.set(Locked)
	for name, f := range map[string]func(){
		"call":         x.a.CheckLeave,
		"resource.new": func() { x.a.ResourceNew(x.rt, 1) },
		"drop":         func() { x.a.ResourceDrop(context.Background(), x.rt, 1) },
	} {
		if got := catch(f); got != "cannot leave component instance" {
			t.Errorf("%s: %q", name, got)
		}
	}
	x.a.clear(Locked)
	if got := catch(x.a.CheckLeave); got != "" {
		t.Errorf("afterwards: %q", got)
	}
}

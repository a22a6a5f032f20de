package canon

import (
	"fmt"
	"slices"
	"testing"
)

func TestBackpressure(t *testing.T) {
	i := newInstance(&Store{}, nil)
	for range maxBackpressure {
		i.BackpressureInc()
	}
	i.BackpressureDec()
	i.BackpressureInc()
	if got := catch(i.BackpressureInc); got != "backpressure counter overflow" {
		t.Errorf("too many: %q", got)
	}
	i = newInstance(&Store{}, nil)
	if got := catch(i.BackpressureDec); got != "backpressure counter underflow" {
		t.Errorf("too few: %q", got)
	}
}

// Waitables of one set take turns, and have no event when it has been delivered.
func TestWaitableSet(t *testing.T) {
	g := newGuest(t)
	o := g.context(UTF8).Opts
	set := g.WaitableSetNew()
	event := func(n uint32) *Subtask {
		s := &Subtask{}
		s.pendingEvent = func() Event { return Event{EventSubtask, n, n + 1} }
		return s
	}
	a, b := event(7), event(9)
	ai, bi := g.Handles.Add(a), g.Handles.Add(b)
	g.WaitableJoin(ai, set)
	g.WaitableJoin(bi, set)
	if got := catch(func() { g.WaitableSetDrop(set) }); got != "cannot drop waitable set with waiters" {
		t.Errorf("drop of a set in use: %q", got)
	}
	set = g.WaitableSetNew()
	g.WaitableJoin(ai, set)
	g.WaitableJoin(bi, set)
	g.WaitableJoin(bi, set) // again
	var got []uint32
	for range 3 {
		code := g.WaitableSetPoll(o, set, 64)
		m, _ := g.mem.Read(64, 8)
		p1, p2 := loadPair(m)
		got = append(got, code, p1, p2)
	}
	if want := []uint32{1, 7, 8, 1, 9, 10, 0, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
	for ptr, want := range map[uint32]string{66: "unaligned pointer", end - 4: "pointer out-of-bounds"} {
		if got := catch(func() { g.WaitableSetPoll(o, set, ptr) }); got != want {
			t.Errorf("poll to %#x: %q, want %q", ptr, got, want)
		}
	}
	g.WaitableJoin(ai, 0)
	a.delivered, b.delivered = true, true
	g.SubtaskDrop(bi) // leaves the set
	g.WaitableSetDrop(set)
	g.SubtaskDrop(ai)
}

func TestSubtaskDrop(t *testing.T) {
	i := newInstance(&Store{}, nil)
	index := i.Handles.Add(&Subtask{})
	if got := catch(func() { i.SubtaskDrop(index) }); got != "cannot drop a subtask which has not yet resolved" {
		t.Errorf("trap %q", got)
	}
}

// Each built-in takes only elements of its kind from the table that they all share.
func TestElementsOfTheWrongKind(t *testing.T) {
	g := newGuest(t)
	o := g.context(UTF8).Opts
	rt := &ResourceType{Name: "r", Impl: g.ComponentInstance}
	resource, set, subtask := g.ResourceNew(rt, 1), g.WaitableSetNew(), g.Handles.Add(&Subtask{})
	for _, r := range []struct {
		name string
		f    func(uint32)
		bad  []uint32
		want string
	}{
		{"resource.rep", func(i uint32) { g.ResourceRep(rt, i) }, []uint32{set, subtask}, "handle index %d is not a resource"},
		{"waitable-set.drop", g.WaitableSetDrop, []uint32{resource, subtask}, "handle index %d is not a waitable set"},
		{"waitable-set.poll", func(i uint32) { g.WaitableSetPoll(o, i, 0) }, []uint32{resource, subtask}, "handle index %d is not a waitable set"},
		{"waitable.join", func(i uint32) { g.WaitableJoin(subtask, i) }, []uint32{resource, subtask}, "handle index %d is not a waitable set"},
		{"join of", func(i uint32) { g.WaitableJoin(i, set) }, []uint32{resource, set}, "handle index %d is not a waitable"},
		{"subtask.drop", g.SubtaskDrop, []uint32{resource, set}, "handle index %d is not a subtask"},
	} {
		for _, i := range r.bad {
			if got, want := catch(func() { r.f(i) }), fmt.Sprintf(r.want, i); got != want {
				t.Errorf("%s: %q, want %q", r.name, got, want)
			}
		}
		if got := catch(func() { r.f(77) }); got != "unknown handle index 77" {
			t.Errorf("%s of nothing: %q", r.name, got)
		}
	}
	g.set(Locked)
	for name, f := range map[string]func(){
		"waitable-set.new": func() { g.WaitableSetNew() }, "waitable-set.drop": func() { g.WaitableSetDrop(set) },
		"waitable-set.poll": func() { g.WaitableSetPoll(o, set, 0) }, "waitable.join": func() { g.WaitableJoin(subtask, set) },
		"subtask.drop": func() { g.SubtaskDrop(subtask) },
	} {
		if got := catch(f); got != "cannot leave component instance" {
			t.Errorf("%s in realloc: %q", name, got)
		}
	}
}

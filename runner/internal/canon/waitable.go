package canon

import "slices"

// EventCode says what happened to a waitable.
type EventCode uint32

// The events.
const (
	EventNone EventCode = iota
	EventSubtask
	EventStreamRead
	EventStreamWrite
	EventFutureRead
	EventFutureWrite
	EventTaskCancelled
)

// Event is what waiting for waitables returns: a code with two numbers, whose meaning depends on
// the code.
type Event struct {
	Code   EventCode
	P1, P2 uint32
}

// waitable is an element of a handle table that can be waited for: a [*Subtask].
type waitable interface {
	Elem
	asWaitable() *Waitable
}

// Waitable is the state that all waitable elements have (CanonicalABI.md, "Waitable State").
type Waitable struct {
	pendingEvent func() Event
	wset         *WaitableSet
}

func (*Waitable) isElem()                 {}
func (w *Waitable) asWaitable() *Waitable { return w }

// join moves w to a set, or out of its set if wset is nil.
func (w *Waitable) join(wset *WaitableSet) {
	if w.wset != nil {
		w.wset.elems = slices.DeleteFunc(w.wset.elems, func(e *Waitable) bool { return e == w })
	}
	if w.wset = wset; wset != nil {
		wset.elems = append(wset.elems, w)
	}
}

// getPendingEvent returns the event of w and removes it.
func (w *Waitable) getPendingEvent() Event {
	f := w.pendingEvent
	w.pendingEvent = nil
	return f()
}

// WaitableSet is a set of waitables, which is waited for as one.
type WaitableSet struct {
	elems []*Waitable
}

func (*WaitableSet) isElem() {}

// poll returns the event of an element that has one, or [EventNone]. The element moves to the end
// of the set, so that every element gets its turn.
func (s *WaitableSet) poll() Event {
	for i, w := range s.elems {
		if w.pendingEvent != nil {
			s.elems = append(slices.Delete(s.elems, i, i+1), w)
			return w.getPendingEvent()
		}
	}
	return Event{}
}

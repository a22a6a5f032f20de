package p2

import (
	"errors"
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// Files and directories count as long as the host has them open: a stream keeps the file of a
// descriptor that is dropped.
func TestLimitOfOpenFiles(t *testing.T) {
	g := newFS(t, false)
	g.dir.Handle().(*descriptor).h.MaxOpen = 3
	full := func() {
		t.Helper()
		_, err := g.try("filesystem/types [method]descriptor.open-at", append([]value.Value{borrow(g.dir)}, openArgs(noFollow, "file", 0, flagRead)...)...)
		var limit *runner.LimitError
		if !errors.As(err, &limit) || limit.Limit != 3 || limit.Option != "wasi.Config.MaxOpen" {
			t.Errorf("%v, want the limit", err)
		}
	}
	drop := func(res string, v value.Value) {
		t.Helper()
		must(t, g.drop(res, v))
	}
	file, dir, other := g.open("file", 0, flagRead), g.open("dir", 0, flagRead), g.open("file", 0, flagRead)
	full()
	drop("filesystem/types descriptor", dir)
	dir = g.open("dir", 0, flagRead)
	full()
	stream := g.get("read-via-stream", file, value.U64(0))
	drop("filesystem/types descriptor", file)
	full()
	drop("io/streams input-stream", stream)
	file = g.open("file", 0, flagRead)
	full()
	for _, v := range []value.Value{file, dir, other} {
		drop("filesystem/types descriptor", v)
	}
	if n := g.dir.Handle().(*descriptor).h.open.Load(); n != 0 {
		t.Errorf("%d are open", n)
	}
	// Nothing is opened, so nothing counts.
	for range 5 {
		if got := g.do("open-at", g.dir, openArgs(noFollow, "nothing", 0, flagRead)...); got != "no-entry" {
			t.Errorf("open-at: %s", got)
		}
	}
}

// counted is an event that counts who waits for it.
type counted struct{ waiting, most int }

func (c *counted) ready() bool { return c.most > 0 }

func (c *counted) notify(wake chan<- struct{}) (stop func()) {
	c.waiting++
	c.most = max(c.most, c.waiting)
	return func() { c.waiting-- }
}

// A pollable that is listed many times is waited for once.
func TestPollOfOneEventManyTimes(t *testing.T) {
	g := newGuest(t, newHost())
	e := &counted{}
	list := make([]value.Value, 1000)
	for i := range list {
		list[i] = value.Borrow(&pollable{on: e})
	}
	if got := g.call("io/poll poll", value.List(list)); got.Len() != len(list) {
		t.Errorf("%d are ready, want %d", got.Len(), len(list))
	}
	if e.most != 1 || e.waiting != 0 {
		t.Errorf("waited for %d times, and %d still wait", e.most, e.waiting)
	}
}

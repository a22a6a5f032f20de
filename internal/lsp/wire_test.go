package lsp

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
)

// TestCancelAhead reads calls and their cancellations before any call is handled.
func TestCancelAhead(t *testing.T) {
	var in strings.Builder
	for _, body := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"a"}`,
		`{"jsonrpc":"2.0","id":"x","method":"b"}`,
		`{"jsonrpc":"2.0","id":2,"method":"c"}`,
		`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}`,
		`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"x"}}`,
		`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":77}}`,
		`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":[]}}`,
	} {
		fmt.Fprintf(&in, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	w, err := newWire(strings.NewReader(in.String()), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	w.read(context.Background())
	if len(w.in) != 3 {
		t.Errorf("%d messages, want the calls only", len(w.in))
	}
	for id, want := range map[jsonrpc2.ID]bool{
		jsonrpc2.NewNumberID(1): true, jsonrpc2.NewStringID("x"): true, jsonrpc2.NewNumberID(2): false, jsonrpc2.NewNumberID(77): false,
	} {
		if w.cancelled(id) != want {
			t.Errorf("%v: cancelled %v, want %v", id, !want, want)
		}
	}
	s := &server{wire: w, state: ready, ctx: context.Background(), opts: Options{Log: io.Discard}}
	if _, err := s.request((<-w.in).msg.(*jsonrpc2.Call)); err == nil || !strings.Contains(err.Error(), "cancelled") {
		t.Errorf("a cancelled call: %v", err)
	}
	if err := w.answer(s.ctx, jsonrpc2.NewNumberID(1), nil, nil); err != nil || len(w.open) != 2 {
		t.Errorf("an answered call is still recorded: %v %v", err, w.open)
	}
}

// TestGuard checks that the session outlives a fault in a handler.
func TestGuard(t *testing.T) {
	var log strings.Builder
	s := &server{opts: Options{Log: &log}}
	if _, err := s.guard("x", func() (any, error) { panic("oh") }); err == nil || !strings.Contains(err.Error(), "oh") {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(log.String(), "x: oh") {
		t.Errorf("log: %s", log.String())
	}
}

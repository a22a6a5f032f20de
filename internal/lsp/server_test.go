package lsp_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/internal/lsp"
)

func TestLifecycle(t *testing.T) {
	c := start(t, "")
	if err := c.call("textDocument/hover", map[string]any{}, nil); err == nil || !strings.HasPrefix(err.Error(), "-32002") {
		t.Errorf("before initialize: %v", err)
	}
	var caps struct {
		Capabilities map[string]any
		ServerInfo   struct{ Name string }
	}
	if err := json.Unmarshal(c.initialize(map[string]any{}), &caps); err != nil {
		t.Fatal(err)
	}
	if have := caps.Capabilities; caps.ServerInfo.Name != "wit" || have["positionEncoding"] != "utf-16" || have["hoverProvider"] != true ||
		have["renameProvider"] != true || have["codeActionProvider"] != nil {
		t.Errorf("got %v", caps)
	}
	if err := c.call("initialize", map[string]any{"capabilities": map[string]any{}}, nil); err == nil || !strings.HasPrefix(err.Error(), "-32600") {
		t.Errorf("initialize twice: %v", err)
	}
	if err := c.call("textDocument/hover", map[string]any{"textDocument": 7}, nil); err == nil || !strings.HasPrefix(err.Error(), "-32602") {
		t.Errorf("bad parameters: %v", err)
	}
	if err := c.call("textDocument/hover", map[string]any{
		"textDocument": map[string]any{"uri": "file:///nowhere.wit"}, "position": position{},
	}, nil); err == nil || !strings.HasPrefix(err.Error(), "-32602") {
		t.Errorf("not open: %v", err)
	}
	c.notify("$/unknown", nil)
	c.notify("textDocument/didChange", map[string]any{"textDocument": "?"})
	c.must("shutdown", nil, nil)
	if err := c.call("textDocument/hover", map[string]any{}, nil); err == nil || !strings.HasPrefix(err.Error(), "-32600") {
		t.Errorf("after shutdown: %v", err)
	}
	c.notify("exit", nil)
	if err := <-c.done; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// TestLongForms checks that a client that supports the long form of options gets it.
func TestLongForms(t *testing.T) {
	c := start(t, "")
	got := string(c.initialize(map[string]any{"textDocument": map[string]any{
		"rename":     map[string]any{"prepareSupport": true},
		"codeAction": map[string]any{"codeActionLiteralSupport": map[string]any{"codeActionKind": map[string]any{"valueSet": []string{"quickfix"}}}},
	}}))
	for _, want := range []string{`"renameProvider":{"prepareProvider":true}`, `"codeActionProvider":{"codeActionKinds":["quickfix"]}`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestExitWithoutShutdown(t *testing.T) {
	c := serve(t, "")
	c.notify("exit", nil)
	if err := <-c.done; !errors.Is(err, lsp.ErrNoShutdown) {
		t.Errorf("exit: %v", err)
	}
	c = serve(t, "")
	c.in.Close()
	if err := <-c.done; !errors.Is(err, lsp.ErrNoShutdown) {
		t.Errorf("closed: %v", err)
	}
}

// TestMalformed sends malformed messages. The server answers each where possible, and the session
// continues.
func TestMalformed(t *testing.T) {
	c := serve(t, "-- a.wit --\npackage a:b;\n")
	for _, body := range []string{"{", "nonsense", `{"jsonrpc":"2.0","id":{},"method":"x"}`, "[]", "7", `{"jsonrpc":"1.0","id":1}`, "{\"\xff"} {
		c.raw("Content-Length: " + itoa(len(body)) + "\r\n\r\n" + body)
		if m := c.answer(); m.Error == nil || m.Error.Code != -32700 && m.Error.Code != -32600 {
			t.Errorf("%s: got %+v", body, m)
		}
	}
	c.raw("Content-Length: many\r\n\r\n")
	if m := c.answer(); m.Error == nil || m.Error.Code != -32700 {
		t.Errorf("bad length: got %+v", m)
	}
	c.raw("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n")
	c.open("a.wit")
	equal(t, "diagnostics", c.report(), "")
	if err := c.end(); err != nil {
		t.Error(err)
	}
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// TestCancel cancels waiting requests. The server is busy with the first one while the others
// arrive.
func TestCancel(t *testing.T) {
	c := serve(t, "-- a.wit --\npackage a:b;\ninterface ^i^i {}\n")
	c.open("a.wit")
	c.settle()
	var b strings.Builder
	frame := func(m map[string]any) {
		m["jsonrpc"] = "2.0"
		body, _ := json.Marshal(m)
		b.WriteString("Content-Length: " + itoa(len(body)) + "\r\n\r\n" + string(body))
	}
	const n = 200
	for i := range n {
		frame(map[string]any{"id": "h" + itoa(i), "method": "textDocument/hover", "params": c.at("i")})
	}
	for i := range n {
		frame(map[string]any{"method": "$/cancelRequest", "params": map[string]any{"id": "h" + itoa(i)}})
	}
	go c.raw(b.String())
	for i := range n {
		m := c.answer()
		if string(m.ID) != `"h`+itoa(i)+`"` {
			t.Fatalf("answer %d to %s", i, m.ID)
		}
		if m.Error != nil && m.Error.Code != -32800 {
			t.Errorf("got %v", m.Error)
		}
	}
	c.notify("$/cancelRequest", map[string]any{"id": 999})
	if err := c.end(); err != nil {
		t.Error(err)
	}
}

func TestWatch(t *testing.T) {
	c := start(t, "-- a.wit --\npackage a:b;\ninterface i { use c:d/e.{t}; }\n-- deps/c.wit --\npackage c:d;\ninterface e {}\n")
	c.initialize(map[string]any{"workspace": map[string]any{"didChangeWatchedFiles": map[string]any{"dynamicRegistration": true}}})
	c.open("a.wit")
	equal(t, "before", c.report(), "a.wit:2:26 wit/unknown-type: type `t` not defined in interface")
	if strings.Join(c.asked, " ") != "client/registerCapability" {
		t.Errorf("asked for %v", c.asked)
	}
	text := c.texts["a.wit"]
	c.write("-- deps/c.wit --\npackage c:d;\ninterface e { type t = u8; }\n")
	c.texts["a.wit"] = text
	c.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": c.uri("deps/c.wit"), "type": 2}}})
	equal(t, "after", c.report(), "")
}

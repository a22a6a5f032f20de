package lsp_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/mortise-wasm/mortise/internal/lsp"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// client drives a server. It frames and encodes messages itself, so that it does not share bugs
// with the library of the server.
type client struct {
	t    testing.TB
	in   io.WriteCloser
	out  *bufio.Reader
	done chan error
	id   int
	dir  string
	// marks are the places marked `^name^` in a fixture. texts are the files without marks.
	marks map[string]mark
	texts map[string]string
	// diags are the current diagnostics by file.
	diags map[string][]diagnostic
	// asked are the methods of the server's requests.
	asked []string
}

type mark struct {
	file string
	pos  position
}

type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type rng struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

type diagnostic struct {
	Range              rng    `json:"range"`
	Severity           int    `json:"severity"`
	Code               string `json:"code"`
	Message            string `json:"message"`
	RelatedInformation []struct {
		Location location `json:"location"`
		Message  string   `json:"message"`
	} `json:"relatedInformation"`
}

type location struct {
	URI   string `json:"uri"`
	Range rng    `json:"range"`
}

type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *rpcError) Error() string { return fmt.Sprintf("%d: %s", e.Code, e.Message) }

type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *rpcError       `json:"error"`
}

var markRE = regexp.MustCompile(`\^([a-z0-9-]+)\^`)

// serve writes the files of an archive to a folder and starts a server on it. The client is
// initialized.
func serve(t testing.TB, archive string) *client {
	t.Helper()
	c := start(t, archive)
	c.initialize(map[string]any{})
	return c
}

// start is like serve without initialize.
func start(t testing.TB, archive string) *client {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := connect(t, dir)
	c.write(archive)
	return c
}

// connect starts a server that runs in this process.
func connect(t testing.TB, dir string) *client {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	c := &client{t: t, in: inW, out: bufio.NewReader(outR), done: make(chan error, 1), dir: dir}
	go func() {
		err := lsp.Serve(context.Background(), inR, outW, lsp.Options{
			Version: "test", Dir: func(p string) fs.FS { return os.DirFS(p) },
			Load: wit.Options{Decode: binary.DecodeWIT}, Log: t.Output(),
		})
		outW.Close()
		inR.Close()
		c.done <- err
	}()
	t.Cleanup(func() { inW.Close(); outR.Close() })
	return c
}

// write writes the files of an archive and records its marks.
func (c *client) write(archive string) {
	c.marks, c.texts, c.diags = map[string]mark{}, map[string]string{}, map[string][]diagnostic{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		data := string(f.Data)
		for {
			m := markRE.FindStringSubmatchIndex(data)
			if m == nil {
				break
			}
			before := data[:m[0]]
			line := strings.Count(before, "\n")
			col := len(utf16s(before[strings.LastIndexByte(before, '\n')+1:]))
			c.marks[data[m[2]:m[3]]] = mark{f.Name, position{line, col}}
			data = before + data[m[1]:]
		}
		c.texts[f.Name] = data
		p := filepath.Join(c.dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			c.t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(data), 0o666); err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c *client) uri(file string) string {
	if strings.Contains(file, ":") {
		return file
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(c.dir, file))}).String()
}

// file is the inverse of uri.
func (c *client) file(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		c.t.Fatal(err)
	}
	if rel, err := filepath.Rel(c.dir, filepath.FromSlash(u.Path)); u.Scheme == "file" && err == nil && !strings.HasPrefix(rel, "..") {
		return filepath.ToSlash(rel)
	}
	return uri
}

// raw sends bytes unchanged.
func (c *client) raw(s string) {
	if _, err := io.WriteString(c.in, s); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) send(m map[string]any) {
	m["jsonrpc"] = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		c.t.Fatal(err)
	}
	c.raw("Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + string(body))
}

// read reads a message.
func (c *client) read() message {
	c.t.Helper()
	n := -1
	for {
		line, err := c.out.ReadString('\n')
		if err != nil {
			c.t.Fatalf("the server closed the connection: %v", err)
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			n, _ = strconv.Atoi(v)
		}
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(c.out, body); err != nil {
		c.t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		c.t.Fatalf("%v in %s", err, body)
	}
	return m
}

// answer reads messages up to the next response. It records diagnostics and requests on the way.
func (c *client) answer() message {
	c.t.Helper()
	for {
		m := c.read()
		switch {
		case m.Method == "textDocument/publishDiagnostics":
			var p struct {
				URI         string
				Diagnostics []diagnostic
			}
			if err := json.Unmarshal(m.Params, &p); err != nil {
				c.t.Fatal(err)
			}
			c.diags[c.file(p.URI)] = p.Diagnostics
			if len(p.Diagnostics) == 0 {
				delete(c.diags, c.file(p.URI))
			}
		case m.Method != "":
			c.asked = append(c.asked, m.Method)
		default:
			return m
		}
	}
}

// call calls a method. It decodes the result into out unless out is nil.
func (c *client) call(method string, params, out any) error {
	c.t.Helper()
	c.id++
	m := map[string]any{"id": c.id, "method": method}
	if params != nil {
		m["params"] = params
	}
	c.send(m)
	r := c.answer()
	if string(r.ID) != strconv.Itoa(c.id) {
		c.t.Fatalf("answer to %s, want %d", r.ID, c.id)
	}
	if r.Error != nil {
		return r.Error
	}
	if out != nil {
		if err := json.Unmarshal(r.Result, out); err != nil {
			c.t.Fatalf("%s: %v in %s", method, err, r.Result)
		}
	}
	return nil
}

// must is like call but fails the test on an error.
func (c *client) must(method string, params, out any) {
	c.t.Helper()
	if err := c.call(method, params, out); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

func (c *client) notify(method string, params any) {
	c.send(map[string]any{"method": method, "params": params})
}

func (c *client) initialize(caps map[string]any) json.RawMessage {
	c.t.Helper()
	var out json.RawMessage
	c.must("initialize", map[string]any{"processId": nil, "rootUri": nil, "capabilities": caps}, &out)
	c.notify("initialized", map[string]any{})
	return out
}

// open opens files with their contents on disk.
func (c *client) open(files ...string) {
	for _, f := range files {
		c.openText(f, c.texts[f])
	}
}

func (c *client) openText(file, text string) {
	c.notify("textDocument/didOpen", map[string]any{
		"textDocument": map[string]any{"uri": c.uri(file), "languageId": "wit", "version": 1, "text": text},
	})
}

// edit replaces the text of a file.
func (c *client) edit(file, text string) {
	c.notify("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": c.uri(file), "version": 2}, "contentChanges": []any{map[string]any{"text": text}},
	})
}

func (c *client) doc(file string) map[string]any {
	return map[string]any{"textDocument": map[string]any{"uri": c.uri(file)}}
}

// at returns the parameters for a request at a mark.
func (c *client) at(name string) map[string]any {
	c.t.Helper()
	m, ok := c.marks[name]
	if !ok {
		c.t.Fatalf("no mark %s", name)
	}
	p := c.doc(m.file)
	p["position"] = m.pos
	return p
}

// settle waits until the server has sent all diagnostics. The server sends them before it answers a
// request.
func (c *client) settle() {
	c.t.Helper()
	if err := c.call("mortise/nothing", nil, nil); err == nil || !strings.Contains(err.Error(), "-32601") {
		c.t.Fatalf("got %v, want method not found", err)
	}
}

// report formats the current diagnostics.
func (c *client) report() string {
	c.t.Helper()
	c.settle()
	var out []string
	for f, list := range c.diags {
		for _, d := range list {
			msg, _, _ := strings.Cut(d.Message, "\n")
			out = append(out, fmt.Sprintf("%s:%d:%d %s: %s", f, d.Range.Start.Line+1, d.Range.Start.Character+1, d.Code, msg))
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// where formats locations.
func (c *client) where(list []location) string {
	var out []string
	for _, l := range list {
		out = append(out, fmt.Sprintf("%s:%d:%d-%d", c.file(l.URI), l.Range.Start.Line+1, l.Range.Start.Character+1, l.Range.End.Character+1))
	}
	return strings.Join(out, " ")
}

// end shuts the server down and returns the result of Serve.
func (c *client) end() error {
	c.t.Helper()
	c.must("shutdown", nil, nil)
	c.notify("exit", nil)
	return <-c.done
}

// offset returns the byte offset of a position in a text, whose columns count UTF-16 units.
func offset(text string, p position) int {
	at := 0
	for range p.Line {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	units := 0
	for i, r := range text[at:] {
		if units >= p.Character {
			return at + i
		}
		units += len(utf16s(string(r)))
	}
	return len(text)
}

func utf16s(s string) []uint16 {
	var out []uint16
	for _, r := range s {
		out = append(out, uint16(r))
		if r > 0xffff {
			out = append(out, 0)
		}
	}
	return out
}

type textEdit struct {
	Range   rng    `json:"range"`
	NewText string `json:"newText"`
}

// applied returns a text with edits applied.
func applied(text string, edits []textEdit) string {
	slices.SortFunc(edits, func(a, b textEdit) int { return offset(text, b.Range.Start) - offset(text, a.Range.Start) })
	for _, e := range edits {
		text = text[:offset(text, e.Range.Start)] + e.NewText + text[offset(text, e.Range.End):]
	}
	return text
}

// corpus returns a folder of the public test data. It skips the test if the data is missing.
func corpus(t testing.TB, dir string) string {
	t.Helper()
	root := os.Getenv("CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	root, err := filepath.Abs(filepath.Join(root, filepath.FromSlash(dir)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("SKIPPED, NOTHING IS CHECKED: no public test data at %s (set CORPUS)", root)
	}
	return root
}

func equal(t testing.TB, what, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("%s:\ngot\n%s\nwant\n%s", what, got, bytes.TrimSpace([]byte(want)))
	}
}

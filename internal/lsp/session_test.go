package lsp_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// TestEncoding checks that columns count bytes for a client that offers it, and UTF-16 units
// otherwise.
func TestEncoding(t *testing.T) {
	const archive = "-- a.wit --\npackage a:b;\n/* \U0001F600\u00e9 */ interface i { use no.{t}; }\n"
	for offered, want := range map[string]int{"": 28, "utf-16": 28, "utf-16 utf-8": 31, "utf-8 utf-32": 31, "utf-32": 28} {
		c := start(t, archive)
		res := c.initialize(map[string]any{"general": map[string]any{"positionEncodings": strings.Fields(offered)}})
		enc := "utf-16"
		if want == 31 {
			enc = "utf-8"
		}
		if !bytes.Contains(res, []byte(`"positionEncoding":"`+enc+`"`)) {
			t.Errorf("%s: %s", offered, res)
		}
		c.open("a.wit")
		c.settle()
		if d := c.diags["a.wit"]; len(d) != 1 || d[0].Range.Start.Character != want {
			t.Errorf("%s: got %+v, want column %d", offered, d, want)
		}
	}
}

// TestFolders opens files with spaces in their names, a package in a folder with others, files in
// deps, and a text that was never saved.
func TestFolders(t *testing.T) {
	c := serve(t, `-- my pkg/a b.wit --
package a:b;
interface i { use c:d/e.{^t^t}; }
-- my pkg/deps/c d.wit --
package c:d;
interface e { use f:g/h.{^u^u}; type t = u; }
-- my pkg/deps/f/f.wit --
package f:g;
interface h { type u = u8; }
-- mixed/one.wit --
package one:one;
interface i { type t = u8; }
-- mixed/two.wit --
package two:two;
interface i { type ^two^t = u8; type v = t; }
-- alone/deps/x.wit --
package x:x;
interface i { type t = u8; }
`)
	c.open("my pkg/a b.wit", "my pkg/deps/c d.wit", "mixed/two.wit", "alone/deps/x.wit")
	equal(t, "diagnostics", c.report(), "")
	var list []location
	c.must("textDocument/definition", c.at("t"), &list)
	equal(t, "t", c.where(list), "my pkg/deps/c d.wit:2:35-36")
	c.must("textDocument/definition", c.at("u"), &list)
	equal(t, "u", c.where(list), "my pkg/deps/f/f.wit:2:20-21")
	p := c.at("two")
	p["newName"] = "size"
	c.must("textDocument/rename", p, nil)
	c.openText("my pkg/new.wit", "package a:b;\ninterface k { use i.{t, none}; }\n")
	equal(t, "a file that is not on disk", c.report(), "my pkg/new.wit:2:25 wit/unknown-name: name `none` does not exist")
	c.openText("untitled:Untitled-1", "package a:b;\ninterface i { type t = u; }\n")
	equal(t, "untitled", strings.Split(c.report(), "\n")[1], "untitled:Untitled-1:2:24 wit/unknown-type: type `u` does not exist")
	c.notify("textDocument/didClose", c.doc("untitled:Untitled-1"))
	c.notify("textDocument/didClose", c.doc("my pkg/new.wit"))
	equal(t, "closed", c.report(), "")
}

// TestFeatures checks that names have objects in spite of an error about a disabled feature.
func TestFeatures(t *testing.T) {
	c := serve(t, "-- a.wit --\npackage a:b@1.0.0;\n@unstable(feature = new)\ninterface i { @unstable(feature = new) type t = u8; }\ninterface j { use i.{^t^t}; }\n")
	c.open("a.wit")
	if got := c.report(); !strings.HasPrefix(got, "a.wit:4:22 wit/gated-reference: ") {
		t.Errorf("got %s", got)
	}
	var list []location
	c.must("textDocument/definition", c.at("t"), &list)
	equal(t, "t", c.where(list), "a.wit:3:45-46")
}

// TestEncodedDeps loads a dependency from a binary. Its items have descriptions but no places.
func TestEncodedDeps(t *testing.T) {
	m, list := wit.Parse(diag.NewFile("c.wit", []byte("package c:d@1.0.0;\n/// E.\ninterface e {\n/// T.\nrecord t { a: u8 } }\ninterface e2 { use e.{t as s}; }\nworld w { import e; }\n")), wit.Options{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	enc, err := binary.EncodePackage(m, m.Main, binary.PackageOptions{})
	if err != nil {
		t.Fatal(err)
	}
	data := encoding.Append(nil, enc)
	c := start(t, "-- a.wit --\npackage a:b;\ninterface i { use c:d/^e^e@1.0.0.{^t^t, no}; f: func(a: ^use^t); }\ninterface j { use c:d/e2@1.0.0.{^s^s}; }\n")
	if err := os.MkdirAll(filepath.Join(c.dir, "deps"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.dir, "deps", "c.wasm"), data, 0o666); err != nil {
		t.Fatal(err)
	}
	c.initialize(map[string]any{})
	c.open("a.wit")
	equal(t, "diagnostics", c.report(), "a.wit:2:35 wit/unknown-type: type `no` not defined in interface")
	for mark, want := range map[string]string{
		"use": "```wit\nrecord t {\n  a: u8,\n}\n```\n\nT.\n\nin interface `c:d/e@1.0.0`", "s": "```wit\nuse e.{t as s}\n```\n\nin interface `c:d/e2@1.0.0`", "e": "```wit\ninterface e\n```\n\nE.\n\nin package `c:d@1.0.0`",
	} {
		var h struct{ Contents struct{ Value string } }
		c.must("textDocument/hover", c.at(mark), &h)
		equal(t, mark, h.Contents.Value, want)
	}
	var none []location
	c.must("textDocument/definition", c.at("use"), &none)
	equal(t, "definition", c.where(none), "")
	p := c.at("use")
	p["newName"] = "x"
	if err := c.call("textDocument/rename", p, nil); err == nil || !strings.Contains(err.Error(), "encoded package") {
		t.Errorf("rename: %v", err)
	}
	c.edit("a.wit", "package a:b;\ninterface i { use c:d/e@1.0.0.{} }")
	p = c.doc("a.wit")
	p["position"] = position{1, 31}
	var items struct{ Items []struct{ Label string } }
	c.must("textDocument/completion", p, &items)
	equal(t, "completion", fmt.Sprint(items.Items), "[{t}]")
}

// TestIncremental types a text letter by letter into another one, then edits it.
func TestIncremental(t *testing.T) {
	c := serve(t, "-- a.wit --\npackage a:b;\n// \U0001F600\ninterface i {\n}\n")
	c.open("a.wit")
	typed := "  type t = u8;\n  f: func() -> t;\n"
	line, col := 3, 0
	for v, r := range typed {
		at := position{line, col}
		c.notify("textDocument/didChange", map[string]any{
			"textDocument":   map[string]any{"uri": c.uri("a.wit"), "version": v + 2},
			"contentChanges": []any{map[string]any{"range": rng{at, at}, "text": string(r)}},
		})
		if col++; r == '\n' {
			line, col = line+1, 0
		}
	}
	equal(t, "diagnostics", c.report(), "")
	p := c.doc("a.wit")
	p["position"] = position{4, 15}
	var list []location
	c.must("textDocument/definition", p, &list)
	equal(t, "definition", c.where(list), "a.wit:4:8-9")
	c.notify("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": c.uri("a.wit"), "version": 99},
		"contentChanges": []any{
			map[string]any{"range": rng{position{4, 0}, position{5, 0}}, "text": ""},
			map[string]any{"range": rng{position{3, 7}, position{3, 8}}, "text": "\u00e9"},
		},
	})
	equal(t, "at the end", c.report(), "a.wit:4:8 wit/bad-identifier: invalid character in identifier `\u00e9`")
}

// TestProcess tests the wit command.
func TestProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a command")
	}
	bin := filepath.Join(t.TempDir(), "wit")
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/wit").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func() (*client, *exec.Cmd) {
		cmd := exec.Command(bin, "lsp", "--stdio")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stderr = t.Output()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		dir, err := filepath.EvalSymlinks(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		c := &client{t: t, in: in, out: bufio.NewReader(out), dir: dir}
		c.write(shop)
		c.initialize(map[string]any{})
		c.open("shop.wit")
		return c, cmd
	}
	c, cmd := run()
	equal(t, "diagnostics", c.report(), "")
	var list []location
	c.must("textDocument/definition", c.at("dt"), &list)
	equal(t, "definition", c.where(list), "deps/clocks/clocks.wit:6:10-18")
	c.must("shutdown", nil, nil)
	c.notify("exit", nil)
	if err := cmd.Wait(); err != nil {
		t.Errorf("after a shutdown: %v", err)
	}
	c, cmd = run()
	c.notify("exit", nil)
	if cmd.Wait(); cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("without a shutdown: %v", cmd.ProcessState)
	}
}

// FuzzSession makes random edits of a package and checks that each request gets an answer, whatever
// the text is.
func FuzzSession(f *testing.F) {
	f.Add(int64(1))
	f.Add(int64(2))
	f.Add(int64(3))
	pieces := []string{
		"{", "}", ";", "use ", "types.{item}", " as ", "interface x {", "world y {", "include base with { log as q }", "@since(", "package a:b;", "/*", "*/",
		"//", "\"", "%", "record r { a: r }", "\n", "resource z { constructor(); }", "wasi:clocks/wall@0.2.0", "\U0001F600", "import k: interface {", "type t = t;",
	}
	f.Fuzz(func(t *testing.T, seed int64) {
		c := serve(t, shop)
		c.open("shop.wit", "world.wit")
		r := rand.New(rand.NewSource(seed))
		files := []string{"shop.wit", "world.wit"}
		texts := map[string]string{"shop.wit": c.texts["shop.wit"], "world.wit": c.texts["world.wit"]}
		for range 12 {
			file := files[r.Intn(2)]
			runes := []rune(texts[file])
			a := r.Intn(len(runes) + 1)
			b := min(a+r.Intn(1+r.Intn(30)), len(runes))
			texts[file] = string(slices.Concat(runes[:a], []rune(pieces[r.Intn(len(pieces))]), runes[b:]))
			c.edit(file, texts[file])
			lines := strings.Split(texts[file], "\n")
			line := r.Intn(len(lines))
			p := c.doc(file)
			p["position"] = position{line, r.Intn(len(utf16s(lines[line])) + 1)}
			p["context"] = map[string]any{"includeDeclaration": true, "diagnostics": []any{}}
			p["newName"], p["query"], p["options"] = "renamed", "e", map[string]any{"tabSize": 2, "insertSpaces": true}
			p["range"] = rng{position{0, 0}, position{line, 0}}
			for _, m := range []string{"hover", "definition", "references", "documentHighlight", "prepareRename", "rename", "completion", "formatting",
				"documentSymbol", "foldingRange", "codeAction", "semanticTokens/full"} {
				if err := c.call("textDocument/"+m, p, nil); err != nil && !strings.HasPrefix(err.Error(), "-32803") {
					t.Errorf("%s: %v", m, err)
				}
			}
			c.must("workspace/symbol", p, nil)
		}
		if err := c.end(); err != nil {
			t.Error(err)
		}
	})
}

package lsp_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// shop is a package with a textual dependency.
const shop = `-- shop.wit --
/// A shop.
package ns:^pkg^shop@1.0.0;

use ^clockpkg^wasi:clocks/^clock^wall@0.2.0 as ^wallas^w;

/// What is sold.
interface ^types^types {
  use ^w^w.{^dt^datetime, ^instant^instant as ^when^when};
  /// A thing
  /// to buy.
  @since(version = 1.0.0)
  record ^item^item {
    /// In cents.
    ^price^price: ^price-type^u32,
    name: /* of ^comment^use */ str^string^ing,
    sold: option<^item-when^when>,
  }
  enum colour {^brace^ red, ^green^green }
  type items = list<^item-use^item>;
}

interface store {
  use types.{^item-from^item, items as ^stock^stock};
  /// A basket.
  resource ^basket^basket {
    ^new^constructor(owner: string);
    /// Adds one.
    ^add^add: func(^what^what: ^item-in-add^item, count: u32) -> result<_, string>;
    ^open^open: static func() -> basket;
  }
  ^list^list-all: func() -> ^stock-use^stock;
  take: func(b: borrow<^basket-use^basket>);
}
-- world.wit --
package ns:shop@1.0.0;

world ^base^base {
  import ^store-use^store;
  ^log-import^import ^log^log: func(msg: string);
  export handler: interface {
    use types.{item};
    handle: func(i: ^item-handler^item);
  }
}

world ^full^full {
  include ^base-use^base with { ^log-with^log as ^trace^trace }
  include wasi:clocks/^clockworld^imports@0.2.0;
}
-- deps/clocks/clocks.wit --
package ^clocks^wasi:clocks@0.2.0;

/// Wall clocks.
interface ^wall^wall {
  /// A point.
  record ^datetime^datetime { seconds: u64 }
  type ^instant-def^instant = u64;
  now: func() -> datetime;
}
world imports { import wall; }
`

func TestHover(t *testing.T) {
	c := serve(t, shop)
	c.open("shop.wit", "world.wit")
	hover := func(mark string) string {
		var h struct {
			Contents struct{ Kind, Value string }
			Range    rng
		}
		c.must("textDocument/hover", c.at(mark), &h)
		return h.Contents.Value
	}
	for mark, want := range map[string]string{
		"item-in-add": "```wit\n@since(version = 1.0.0)\nrecord item {\n  price: u32,\n  name: string,\n  sold: option<when>,\n}\n```\n\nA thing\nto buy.\n\nin interface `ns:shop/types@1.0.0`",
		"price":       "```wit\nprice: u32\n```\n\nIn cents.\n\nof `item`, in interface `ns:shop/types@1.0.0`",
		"green":       "```wit\ngreen\n```\n\nof `colour`, in interface `ns:shop/types@1.0.0`",
		"basket-use":  "```wit\nresource basket {\n  constructor(owner: string);\n  add: func(what: item, count: u32) -> result<_, string>;\n  open: static func() -> basket;\n}\n```\n\nA basket.\n\nin interface `ns:shop/store@1.0.0`",
		"add":         "```wit\nadd: func(what: item, count: u32) -> result<_, string>\n```\n\nAdds one.\n\nof `basket`, in interface `ns:shop/store@1.0.0`",
		"open":        "```wit\nopen: static func() -> basket\n```\n\nof `basket`, in interface `ns:shop/store@1.0.0`",
		"what":        "```wit\nwhat: item\n```\n\nof `add`, of `basket`, in interface `ns:shop/store@1.0.0`",
		"stock-use":   "```wit\nuse types.{items as stock}\n\ntype items = list<item>\n```\n\nin interface `ns:shop/types@1.0.0`",
		"dt":          "```wit\nrecord datetime {\n  seconds: u64,\n}\n```\n\nA point.\n\nin interface `wasi:clocks/wall@0.2.0`",
		"w":           "```wit\nuse wasi:clocks/wall@0.2.0 as w\n\ninterface wall\n```\n\nWall clocks.\n\nin package `wasi:clocks@0.2.0`",
		"clockpkg":    "```wit\npackage wasi:clocks@0.2.0\n```",
		"pkg":         "```wit\npackage ns:shop@1.0.0\n```\n\nA shop.",
		"store-use":   "```wit\ninterface store\n```\n\nin package `ns:shop@1.0.0`",
		"log-with":    "```wit\nimport log: func(msg: string)\n```\n\nin world `base`",
		"trace":       "```wit\ninclude base with { log as trace }\n\nimport log: func(msg: string)\n```\n\nin world `base`",
		"base-use":    "```wit\nworld base\n```\n\nin package `ns:shop@1.0.0`",
		"log-import":  "`import i;` declares that a component needs `i`.",
		"price-type":  "An integer from 0 to 4,294,967,295.",
		"string":      "A sequence of Unicode scalar values.",
		"comment":     "",
		"brace":       "",
	} {
		equal(t, mark, hover(mark), want)
	}
	plain := start(t, shop)
	plain.initialize(map[string]any{"textDocument": map[string]any{"hover": map[string]any{"contentFormat": []string{"plaintext"}}}})
	plain.open("shop.wit")
	c = plain
	equal(t, "plain", hover("price"), "price: u32\n\nIn cents.\n\nof `item`, in interface `ns:shop/types@1.0.0`")
}

func TestDefinition(t *testing.T) {
	c := serve(t, shop)
	c.open("shop.wit", "world.wit")
	for mark, want := range map[string]string{
		"item-use": "shop.wit:12:10-14", "item-in-add": "shop.wit:12:10-14", "item-from": "shop.wit:12:10-14", "item-handler": "shop.wit:12:10-14",
		"item": "shop.wit:12:10-14", "stock-use": "shop.wit:23:29-34", "stock": "shop.wit:19:8-13", "basket-use": "shop.wit:25:12-18",
		"dt": "deps/clocks/clocks.wit:6:10-18", "instant": "deps/clocks/clocks.wit:7:8-15", "when": "deps/clocks/clocks.wit:7:8-15",
		"w": "shop.wit:4:31-32", "wallas": "deps/clocks/clocks.wit:4:11-15", "clock": "deps/clocks/clocks.wit:4:11-15",
		"clockpkg": "deps/clocks/clocks.wit:1:9-26", "pkg": "shop.wit:2:9-22 world.wit:1:9-22", "base-use": "world.wit:3:7-11",
		"log-with": "world.wit:5:10-13", "clockworld": "deps/clocks/clocks.wit:10:7-14", "store-use": "shop.wit:22:11-16",
	} {
		var list []location
		c.must("textDocument/definition", c.at(mark), &list)
		equal(t, mark, c.where(list), want)
	}
}

func TestReferences(t *testing.T) {
	c := serve(t, shop)
	c.open("shop.wit", "deps/clocks/clocks.wit")
	refs := func(mark string, decl bool) string {
		p := c.at(mark)
		p["context"] = map[string]any{"includeDeclaration": decl}
		var list []location
		c.must("textDocument/references", p, &list)
		return c.where(list)
	}
	equal(t, "item", refs("item-use", true),
		"shop.wit:12:10-14 shop.wit:19:21-25 shop.wit:23:14-18 shop.wit:28:21-25 world.wit:7:16-20 world.wit:8:21-25")
	equal(t, "when", refs("when", false), "shop.wit:16:18-22")
	equal(t, "datetime, from the dependency", refs("datetime", true),
		"deps/clocks/clocks.wit:6:10-18 deps/clocks/clocks.wit:8:18-26 shop.wit:8:10-18")
	equal(t, "package", refs("clockpkg", false), "shop.wit:4:5-16 world.wit:14:11-22")
	var marks []struct {
		Range rng
		Kind  int
	}
	c.must("textDocument/documentHighlight", c.at("item-use"), &marks)
	if len(marks) != 4 || marks[0].Kind != 3 || marks[1].Kind != 2 {
		t.Errorf("highlights: %+v", marks)
	}
}

// broken has errors that quick fixes correct.
const broken = `-- a.wit --
package a:b;
interface i {
  type size = u32;
  f: func(x: siez) -> size;
}
interface ^dup^i2 { g: func(); g: func(); }
-- b.wit --
package a:b;
interface j { use i.{nothing}; }
`

func TestDiagnostics(t *testing.T) {
	c := start(t, broken)
	c.initialize(map[string]any{"textDocument": map[string]any{"publishDiagnostics": map[string]any{"relatedInformation": true}}})
	c.open("a.wit")
	equal(t, "at first", c.report(), "a.wit:4:14 wit/unknown-type: name `siez` does not exist\n"+
		"a.wit:6:27 wit/duplicate-name: name `g` is defined more than once\nb.wit:2:22 wit/unknown-name: name `nothing` does not exist")
	dup := c.diags["a.wit"][1]
	if len(dup.RelatedInformation) != 1 || c.where([]location{dup.RelatedInformation[0].Location}) != "a.wit:6:16-17" || dup.Severity != 1 {
		t.Errorf("got %+v", dup)
	}
	if !strings.Contains(c.diags["a.wit"][0].Message, "help: a similar name exists: `size`") {
		t.Errorf("no help in %q", c.diags["a.wit"][0].Message)
	}
	// The quick fix.
	p := c.doc("a.wit")
	p["range"], p["context"] = c.diags["a.wit"][0].Range, map[string]any{"diagnostics": []any{}}
	var actions []struct {
		Title string
		Edit  struct{ Changes map[string][]textEdit }
	}
	c.must("textDocument/codeAction", p, &actions)
	if len(actions) != 1 || actions[0].Title != "Replace `siez` by `size`" {
		t.Fatalf("actions: %+v", actions)
	}
	text := applied(c.texts["a.wit"], actions[0].Edit.Changes[c.uri("a.wit")])
	text = strings.Replace(text, " g: func(); g: func();", "", 1)
	c.edit("a.wit", text)
	equal(t, "fixed", c.report(), "b.wit:2:22 wit/unknown-name: name `nothing` does not exist")
	c.openText("b.wit", "package a:b;\ninterface j { use i.{size}; }\n")
	equal(t, "all fixed", c.report(), "")
	// After the file is closed, its contents on disk count again.
	c.notify("textDocument/didClose", c.doc("b.wit"))
	equal(t, "closed", c.report(), "b.wit:2:22 wit/unknown-name: name `nothing` does not exist")
	c.notify("textDocument/didClose", c.doc("a.wit"))
	equal(t, "nothing is open", c.report(), "")
}

// TestQuickFixes applies the first fix for each error in turn until no errors remain.
func TestQuickFixes(t *testing.T) {
	c := serve(t, `-- a.wit --
package acme:shop@1.0.0;

interface types {
  record line { a: u8 }
}

interface orders {
  get_all: func() -> list[line]
  find: func(name: string?, all: boolean) -> (u8, u8);
  type: func() -> void;
}

world w {
  import acme:pay/gateway;
}
-- deps/pay.wit --
package acme:pay@2.0.0;
interface gateway {}
`)
	c.open("a.wit")
	var titles []string
	for range 20 {
		if c.report() == "" {
			break
		}
		p := c.doc("a.wit")
		p["range"], p["context"] = c.diags["a.wit"][0].Range, map[string]any{"diagnostics": []any{}}
		var actions []struct {
			Title string
			Edit  struct{ Changes map[string][]textEdit }
		}
		c.must("textDocument/codeAction", p, &actions)
		if len(actions) == 0 {
			t.Fatalf("no fix for\n%s", c.report())
		}
		titles = append(titles, actions[0].Title)
		c.texts["a.wit"] = applied(c.texts["a.wit"], actions[0].Edit.Changes[c.uri("a.wit")])
		c.edit("a.wit", c.texts["a.wit"])
	}
	equal(t, "titles", strings.Join(titles, "\n"), "Replace `get_all` by `get-all`\nFix: write `list<…>`\nInsert `use types.{line};`\nInsert `;`\n"+
		"Fix: write `option<string>`\nReplace `boolean` by `bool`\nReplace `(u8, u8)` by `tuple<u8, u8>`\nReplace `type` by `%type`\nRemove `-> void`\nInsert `@2.0.0`")
	equal(t, "text", c.texts["a.wit"], `package acme:shop@1.0.0;

interface types {
  record line { a: u8 }
}

interface orders {
  use types.{line};

  get-all: func() -> list<line>;
  find: func(name: option<string>, all: bool) -> tuple<u8, u8>;
  %type: func();
}

world w {
  import acme:pay/gateway@2.0.0;
}
`)
}

func TestRename(t *testing.T) {
	for _, test := range []struct{ mark, to, want string }{
		{"item-use", "thing", ""},
		{"item-handler", "thing", ""},
		{"when", "moment", ""},
		{"item-when", "moment", ""},
		{"stock", "all-of-it", ""},
		{"wallas", "wall-clock", ""},
		{"price", "cost", ""},
		{"green", "blue", ""},
		{"add", "put", ""},
		{"what", "list", ""},
		{"basket", "resource", ""},
		{"types", "goods", ""},
		{"base", "world", ""},
		{"log", "debug", ""},
		{"trace", "out", ""},
		{"log-with", "debug", ""},
		{"item", "Bad_Name", "is not a name"},
		{"item", "", "is not a name"},
		{"item", "items", "defined more than once"},
		{"item", "ITEMS", "defined more than once"},
		{"types", "store", "duplicate item"},
		{"types", "w", "w` in this file"},
		{"dt", "date", "part of a dependency (deps/clocks/clocks.wit)"},
		{"clock", "clock", "part of a dependency"},
		{"clockpkg", "a:b", "packages cannot be renamed"},
		{"new", "make", "keyword"},
		{"log-import", "x", "nothing to rename"},
	} {
		t.Run(test.mark+" "+test.to, func(t *testing.T) {
			c := serve(t, shop)
			c.open("shop.wit", "world.wit")
			before := shape(c)
			p := c.at(test.mark)
			p["newName"] = test.to
			var edit struct{ Changes map[string][]textEdit }
			err := c.call("textDocument/rename", p, &edit)
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Fatalf("got %v %+v, want %s", err, edit, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for uri, edits := range edit.Changes {
				f := c.file(uri)
				c.texts[f] = applied(c.texts[f], edits)
				c.edit(f, c.texts[f])
			}
			equal(t, "diagnostics", c.report(), "")
			if after := shape(c); after != before {
				t.Errorf("the structure changed:\n%s\n%s", before, after)
			}
			all := c.texts["shop.wit"] + c.texts["world.wit"]
			if !strings.Contains(all, test.to) {
				t.Error("nothing has the new name")
			}
			if test.to == "resource" && !strings.Contains(all, "borrow<%resource>") {
				t.Error("a keyword is not escaped")
			}
		})
	}
}

// shape returns the tree of symbols without names.
func shape(c *client) string {
	var b strings.Builder
	type symbol struct {
		Kind     int
		Children []json.RawMessage
	}
	var walk func(json.RawMessage)
	walk = func(raw json.RawMessage) {
		var s symbol
		if err := json.Unmarshal(raw, &s); err != nil {
			c.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%d(", s.Kind)
		for _, k := range s.Children {
			walk(k)
		}
		b.WriteString(")")
	}
	for _, f := range []string{"shop.wit", "world.wit"} {
		var list []json.RawMessage
		c.must("textDocument/documentSymbol", c.doc(f), &list)
		for _, s := range list {
			walk(s)
		}
	}
	return b.String()
}

func TestPrepareRename(t *testing.T) {
	c := serve(t, shop)
	c.open("shop.wit", "world.wit")
	var got *struct {
		Range       rng
		Placeholder string
	}
	c.must("textDocument/prepareRename", c.at("item-use"), &got)
	if got == nil || got.Placeholder != "item" || got.Range.Start.Character != 20 {
		t.Errorf("got %+v", got)
	}
	got = nil
	c.must("textDocument/prepareRename", c.at("log-import"), &got)
	if got != nil {
		t.Errorf("a keyword: %+v", got)
	}
	if err := c.call("textDocument/prepareRename", c.at("dt"), nil); err == nil || !strings.Contains(err.Error(), "dependency") {
		t.Errorf("a dependency: %v", err)
	}
}

// TestDocumentChanges checks that a client that supports versioned edits gets them.
func TestDocumentChanges(t *testing.T) {
	c := start(t, shop)
	c.initialize(map[string]any{"workspace": map[string]any{"workspaceEdit": map[string]any{"documentChanges": true}}})
	c.open("shop.wit")
	p := c.at("item")
	p["newName"] = "thing"
	var edit struct {
		DocumentChanges []struct {
			TextDocument struct {
				URI     string
				Version *int
			}
			Edits []textEdit
		}
	}
	c.must("textDocument/rename", p, &edit)
	if d := edit.DocumentChanges; len(d) != 2 || c.file(d[0].TextDocument.URI) != "shop.wit" || *d[0].TextDocument.Version != 1 ||
		len(d[0].Edits) != 4 || d[1].TextDocument.Version != nil {
		t.Errorf("got %+v", edit)
	}
}

func TestCompletion(t *testing.T) {
	const prims = "bool borrow char error-context f32 f64 future list map option own result s16 s32 s64 s8 stream string tuple u16 u32 u64 u8"
	const paths = "types wasi:clocks/wall@0.2.0"
	for _, test := range []struct{ text, want string }{
		{"^", "interface use world"},
		{"in^", "interface use world"},
		{"@^", "deprecated external-id since unstable"},
		{"interface i { @si^", "deprecated external-id since unstable"},
		{"interface i { @since(^", "version ="},
		{"interface i { @since(version = ^", "1.0.0"},
		{"interface i { @unstable(^", "feature ="},
		{"interface i { @unstable(feature = ^", "bulk files"},
		{"interface i { @unstable(feature = ^) f: func(); }", "bulk files"},
		{"interface i { @external-id(\"x; use ^", ""},
		{"interface i { use \"^", ""},
		{"interface i { use \"ty^", ""},
		{"interface i { @external-id(\"x\\\";\") ^ }", "enum flags record resource type use variant"},
		{"interface i { @external-id(\"\") f: ^ }", "async func"},
		{"interface i { @external-id(\"never closed\n ^ }", ""},
		{"interface i { ^ }", "enum flags record resource type use variant"},
		{"interface i { @since(version = 1.0.0) ^ }", "enum flags record resource type use variant"},
		{"interface i { f: ^", "async func"},
		{"interface i { f: async ^", "func"},
		{"interface i { f: func(a: ^", "i-type " + prims},
		{"interface i { f: func(a: u8, b: ^) -> u8; }", "i-type " + prims},
		{"interface i { f: func(^", ""},
		{"interface i { f: func() -> li^", "i-type " + prims},
		{"interface i { f: func() -> list<^", "i-type " + prims},
		{"interface i { f: func() -> result<u8, ^", "i-type " + prims},
		{"interface i { resource q; f: func(x: own<^", "q"},
		{"interface i { resource q; f: func(x: own<^>); }", "q"},
		{"interface i { use types.{item, thing, file, handle as h}; resource q; type p = h; type o = thing; record n { x: u8 } f: func(x: borrow<^>); }", "file h p q"},
		{"interface i { type z = u8; use types.{thing as t2, item}; type y = ^", "i-type item t2 z " + prims},
		{"interface i { record r { ^", ""},
		{"interface i { record r { a: ^", "i-type " + prims},
		{"interface i { record r { a: u8, b: tuple<u8, ^", "i-type " + prims},
		{"interface i { variant v { a(^", "i-type " + prims},
		{"interface i { enum e { ^", ""},
		{"interface i { resource r { ^", "constructor"},
		{"interface i { resource r { constructor(a: ^", "i-type r " + prims},
		{"interface i { resource r { m: ^", "async func static"},
		{"interface i { resource r { m: static ^", "async func"},
		{"interface i { resource r { m: func() -> ^", "i-type r " + prims},
		{"interface i { use ^", paths},
		{"interface i { use wasi:clo^", paths},
		{"interface i { use types.^", "{"},
		{"interface i { use types.^ }", "{"},
		{"interface i { use wasi:clocks/wall@0.2.0.^", "{"},
		{"interface i { use wasi:clocks/wall@0.2.^", paths},
		{"interface types2 { type a = u8; use ^ }", paths},
		{"interface i { use types.{^", "file handle item thing"},
		{"interface i { use types.{item, ^}; }", "file handle thing"},
		{"interface i { use types.{item ^", "as"},
		{"interface i { use wasi:clocks/wall@0.2.0.{^", "datetime instant"},
		{"use wasi:clocks/wall@0.2.0 as c;\ninterface i { use c.{^", "datetime instant"},
		{"use ^", "base types wasi:clocks/imports@0.2.0 wasi:clocks/wall@0.2.0"},
		{"world w { ^ }", "enum export flags import include record resource type use variant"},
		{"world w { import ^", paths},
		{"world w { export wasi:clocks/^", paths},
		{"world w { import x: ^", "async func interface " + paths},
		{"world w { import x: func(a: ^", "w-type " + prims},
		{"world w { import x: interface { ^", "enum flags record resource type use variant"},
		{"world w { include ^", "base wasi:clocks/imports@0.2.0"},
		{"world w { include base ^", "with"},
		{"world w { include base with { ^", "base-type log"},
		{"world w { include base with {^}", "base-type log"},
		{"world w { include base with {^} }", "base-type log"},
		{"world w { include base with { log as l, ^ } }", "base-type"},
		{"world w { include other with {^} }\nworld other { import f: func(); }", "f"},
		{"world w { include base with { log ^", "as"},
		{"// ^", ""},
		{"/* ^", ""},
		{"interface i { type x = u8; // comment\n ^ }", "enum flags record resource type use variant"},
	} {
		c := serve(t, "-- types.wit --\npackage ns:shop@1.0.0;\ninterface types { record item { a: u8 } type thing = u8; @unstable(feature = files) resource file; type handle = file; @unstable(feature = bulk) g: func(); }\n"+
			"world base { type base-type = u8; import log: func(); }\n"+
			"-- deps/c.wit --\npackage wasi:clocks@0.2.0;\ninterface wall { record datetime { a: u8 } type instant = u8; }\nworld imports {}\n")
		text := strings.Replace("package ns:shop@1.0.0;\n"+test.text, "interface i {", "interface i { type i-type = u8;", 1)
		text = strings.Replace(text, "world w {", "world w { type w-type = u8;", 1)
		at := strings.IndexByte(text, '^')
		text = strings.Replace(text, "^", "", 1)
		c.openText("a.wit", text)
		p := c.doc("a.wit")
		line := strings.Count(text[:at], "\n")
		p["position"] = position{line, at - 1 - strings.LastIndexByte(text[:at], '\n')}
		var list struct {
			Items []struct {
				Label    string
				TextEdit textEdit
			}
		}
		c.must("textDocument/completion", p, &list)
		var got []string
		for _, i := range list.Items {
			// The parser may or may not find the interfaces of the text itself.
			if l := strings.TrimSpace(i.Label); l != "i" && l != "w" && l != "c" {
				got = append(got, l)
			}
			if e := offset(text, i.TextEdit.Range.End); e != at {
				t.Errorf("%s: %s ends at %d, not at the cursor %d", test.text, i.Label, e, at)
			}
		}
		sort.Strings(got)
		want := strings.Fields(strings.ReplaceAll(strings.ReplaceAll(test.want, "version =", "version="), "feature =", "feature="))
		for i := range want {
			want[i] = strings.ReplaceAll(want[i], "=", " =")
		}
		sort.Strings(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %s\nwant %s", test.text, strings.Join(got, " "), strings.Join(want, " "))
		}
	}
}

func TestFormatting(t *testing.T) {
	c := serve(t, "-- a.wit --\npackage a:b;\n\n// kept\ninterface  i{type x=u8;}\n\nworld w {}\n-- bad.wit --\npackage a:b;\ninterface {\n")
	c.open("a.wit", "bad.wit")
	format := func(file string) string {
		p := c.doc(file)
		p["options"] = map[string]any{"tabSize": 8, "insertSpaces": false}
		var edits []textEdit
		c.must("textDocument/formatting", p, &edits)
		return applied(c.texts[file], edits)
	}
	equal(t, "a.wit", format("a.wit"), "package a:b;\n\n// kept\ninterface i {\n  type x = u8;\n}\n\nworld w {}\n")
	// The edits must replace only whole lines that change.
	for _, test := range []struct{ text, want string }{
		{"package  a:b;\n\nworld w {}\n", "0-1"},
		{"package a:b;\n\nworld w {}", "2-2"},
		{"package a:b;\n\nworld w {\n}\n\nworld v {}\n", "2-4"},
		{"package a:b;\n\nworld w {}\n\n\nworld v {}\n", "4-5"},
		{"package a:b;\nworld w {}\n", "1-1"},
		{"package a:b;\n\nworld w {}\n\n", "3-4"},
		{"package a:b;\n\nworld w {}\n", ""},
	} {
		c.edit("a.wit", test.text)
		p := c.doc("a.wit")
		p["options"] = map[string]any{"tabSize": 8, "insertSpaces": false}
		var edits []textEdit
		c.must("textDocument/formatting", p, &edits)
		var got []string
		for _, e := range edits {
			got = append(got, fmt.Sprintf("%d-%d", e.Range.Start.Line, e.Range.End.Line))
		}
		equal(t, test.text, strings.Join(got, " "), test.want)
		out, _ := syntax.Format(diag.NewFile("a.wit", []byte(test.text)), syntax.Options{})
		equal(t, test.text, applied(test.text, edits), string(out))
	}
	equal(t, "bad.wit", format("bad.wit"), c.texts["bad.wit"])
}

func TestSymbols(t *testing.T) {
	c := serve(t, shop)
	c.open("shop.wit", "world.wit")
	type symbol struct {
		Name, Detail string
		Range        rng
		Selection    rng `json:"selectionRange"`
		Children     []symbol
	}
	var list []symbol
	c.must("textDocument/documentSymbol", c.doc("shop.wit"), &list)
	var b strings.Builder
	var show func([]symbol, string)
	show = func(list []symbol, indent string) {
		for _, s := range list {
			fmt.Fprintf(&b, "%s%s %s\n", indent, s.Name, s.Detail)
			text := c.texts["shop.wit"]
			if offset(text, s.Range.Start) > offset(text, s.Selection.Start) || offset(text, s.Range.End) < offset(text, s.Selection.End) {
				t.Errorf("%s: the name is outside", s.Name)
			}
			show(s.Children, indent+"  ")
		}
	}
	show(list, "")
	equal(t, "symbols", b.String(), `types 
  item 
    price 
    name 
    sold 
  colour 
    red 
    green 
  items list<item>
store 
  basket 
    constructor constructor(owner: string)
    add add: func(what: item, count: u32) -> result<_, string>
    open open: static func() -> basket
  list-all list-all: func() -> stock
  take take: func(b: borrow<basket>)`)
	var found []struct {
		Name, ContainerName string
		Location            location
	}
	c.must("workspace/symbol", map[string]any{"query": "Dat"}, &found)
	if len(found) != 1 || found[0].Name != "datetime" || found[0].ContainerName != "wasi:clocks/wall@0.2.0" ||
		c.where([]location{found[0].Location}) != "deps/clocks/clocks.wit:6:10-18" {
		t.Errorf("got %+v", found)
	}
}

func TestFolding(t *testing.T) {
	c := serve(t, "-- a.wit --\npackage a:b;\n// one\n// two\ninterface i {\n  /* a\n  b */\n  record r {\n    a: u8,\n  }\n}\nworld w {}\n")
	c.open("a.wit")
	var list []struct {
		StartLine, EndLine int
		Kind               string
	}
	c.must("textDocument/foldingRange", c.doc("a.wit"), &list)
	equal(t, "folding", fmt.Sprint(list), "[{1 2 comment} {4 5 comment} {6 7 } {3 8 }]")
}

func TestSemanticTokens(t *testing.T) {
	c := serve(t, "-- a.wit --\npackage a:b;\n/* x\n*/ interface i { record r { f: u8 } @since(version = 1.0.0) g: func(p: r); }\n")
	c.open("a.wit")
	var got struct{ Data []int }
	c.must("textDocument/semanticTokens/full", c.doc("a.wit"), &got)
	legend := strings.Fields("namespace interface type struct enum class property enumMember function method parameter keyword comment string number decorator")
	var out []string
	lines := strings.Split(c.texts["a.wit"], "\n")
	line, col := 0, 0
	for i := 0; i+4 < len(got.Data); i += 5 {
		d := got.Data[i : i+5]
		if line += d[0]; d[0] > 0 {
			col = 0
		}
		col += d[1]
		out = append(out, lines[line][col:col+d[2]]+"="+legend[d[3]]+strings.Repeat("!", d[4]))
	}
	equal(t, "tokens", strings.Join(out, " "), "package=keyword a:b=namespace! /* x=comment */=comment interface=keyword i=interface! record=keyword r=struct! "+
		"f=property! u8=keyword @=decorator since=decorator 1=number 0=number 0=number g=function! func=keyword p=parameter! r=struct")
}

// TestDiagnosticsOfPackages checks that constructs that no component can have are reported, and
// that versioned packages in adjacent folders are found.
func TestDiagnosticsOfPackages(t *testing.T) {
	c := start(t, `-- main/a.wit --
package a:main@1.0.0;
interface i {
  use a:other/i@1.0.0.{^t^t};
  record empty {}
  f: func() -> t;
}
-- other/b.wit --
package a:other@1.0.0;
interface i {
  type t = u8;
}
`)
	c.initialize(nil)
	c.open("main/a.wit")
	equal(t, "beside", c.report(), "main/a.wit:4:10 wit/empty-type: record type must have at least one field")
	var at []location
	c.must("textDocument/definition", c.at("t"), &at)
	equal(t, "definition", c.where(at), "other/b.wit:3:8-9")
}

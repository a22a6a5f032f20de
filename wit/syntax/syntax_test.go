package syntax_test

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

func TestCodes(t *testing.T) {
	golden.Codes(t, syntax.Codes, func(example string) error {
		_, list := syntax.Parse(diag.NewFile("a.wit", []byte(example)), syntax.Options{})
		return list.Err()
	})
}

// TestParseErrors checks the first error of each text. The words after `expected` and `found` are
// those of wit-parser 0.257, which its suite asserts.
func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"package a:b; interface i { f: func( }", "a.wit:1:36: `)` is missing after the parameters"},
		{"package a:b; interface i { f: func() -> ; }", "a.wit:1:41: expected a type, found `;`"},
		{"package a:b; interface i { f: func(", "a.wit:1:36: `)` is missing after the parameters"},
		{"package a:b; interface i { type t = list<u8, x>; }", "a.wit:1:46: expected fixed-length, found an identifier"},
		{"package a:b; interface i { type t = map<u8>; }", "a.wit:1:43: expected ',', found '>'"},
		{"package a:b; interface iI {}", "a.wit:1:24: `iI` is not in kebab case"},
		{"package a:b; interface i- {}", "a.wit:1:24: `i-` is not in kebab case"},
		{"package a:b; interface % {}", "a.wit:1:24: identifiers must have characters between hyphens"},
		{"package a:b; interface use {}", "a.wit:1:24: expected an identifier or string, found keyword `use`"},
		{"package a:b; interface i { f: func(a: own<u8>); }", "a.wit:1:43: expected an identifier or string, found keyword `u8`"},
		{"package a:b@1.0; ", "a.wit:1:13: `1.0` is not a version: a version has three numbers"},
		{"package a:b@1.0.01;", "a.wit:1:13: invalid leading zero in patch version number"},
		{"package a:b; @since(version = 1) interface i {}", "a.wit:1:31: `1` is not a version: a version has three numbers"},
		{"package a:b; @since(ver = 1.0.0) interface i {}", "a.wit:1:21: expected `version`, found `ver`"},
		{"package a:b; interface i { # }", "a.wit:1:28: unexpected character `#`"},
		{"package a:b; interface i { \x01 }", "a.wit:1:28: control character `\\u{1}`"},
		{"package a:b; // \u202e", "a.wit:1:17: character `\\u{202e}`, which changes the direction of writing"},
		{"package a:b; /* ", "a.wit:1:14: unterminated block comment"},
		{"package a:b; world w { import a; foo }", "a.wit:1:34: expected `import`, `export`, `include`, `use`, or type definition, found an identifier"},
		{"package a:b; package c:d { package e:f {} }", "a.wit:1:36: nested packages must be placed at the top-level"},
		{"package a:b; interface i { @external-id(\"\\u{d800}\") f: func(); }", "a.wit:1:43: invalid unicode value 0xd800"},
		{"package a:b; interface i { @external-id(\"x", "a.wit:1:43: unexpected end of file"},
		{"package a:b; interface i { @external-id(\"\\", "a.wit:1:43: unexpected end of file"},
		{"package a:b; interface i { @external-id(\"\\u", "a.wit:1:44: expected `{`"},
		{"package a:b; interface i { @external-id(\"\\u{", "a.wit:1:45: unexpected end of file"},
		{"package a:b; interface i { @external-id(\"\\u{4", "a.wit:1:46: unexpected end of file"},
		{"package a:b; interface i { @external-id(\"\\u{41", "a.wit:1:47: unexpected end of file"},
		{"package a:b; interface i { @external-id(\"\\u{110000}\")", "a.wit:1:43: invalid unicode value 0x110000"},
		{"package a:b; interface i { @external-id(\"\\u{dfff}\")", "a.wit:1:43: invalid unicode value 0xdfff"},
		{"package a:b; interface i { @external-id(\"\\u{100000000}\")", "a.wit:1:53: the number has more than 32 bits"},
		{"package a:b; interface i { @external-id(\"\\4", "a.wit:1:44: unexpected end of file"},
		{"package a:b; interface i { @external-id(\"\\ff\")", "a.wit:1:42: invalid UTF-8: its escapes do not make characters"},
	} {
		_, list := syntax.Parse(diag.NewFile("a.wit", []byte(c.text)), syntax.Options{})
		if len(list) == 0 || list[0].Error() != c.want {
			t.Errorf("%s\nwant %s\ngot  %v", c.text, c.want, list)
		}
	}
}

func TestFormat(t *testing.T) {
	golden.Corpus{
		Dir: "testdata/format", Exts: []string{".wit"}, Outputs: []string{".out"},
		Test: func(t *testing.T, name string, input []byte) []string {
			src := diag.NewFile(name, input)
			checkFormat(t, src, syntax.Options{})
			out, list := syntax.Format(src, syntax.Options{})
			if list.HasErrors() {
				t.Fatal(list)
			}
			return []string{string(out)}
		},
	}.Run(t)
}

// TestLimits reads texts at a limit and just beyond it.
func TestLimits(t *testing.T) {
	lists := func(n int) string {
		return "package a:b; interface i { type t = " + strings.Repeat("list<", n) + "u8" + strings.Repeat(">", n) + "; }"
	}
	packages := func(n int) string { return strings.Repeat("package a:b {", n) + strings.Repeat("}", n) }
	for _, c := range []struct {
		name, text string
		code       diag.Code
	}{
		{"99 lists around a type", lists(99), ""},
		{"100 lists around a type", lists(100), syntax.CodeNestingTooDeep},
		{"100 packages in each other", packages(100), syntax.CodeMisplacedPackage},
		{"101 packages in each other", packages(101), syntax.CodeNestingTooDeep},
		{"the longest list", "package a:b; interface i { type t = list<u8, 4294967295>; }", ""},
		{"a longer list", "package a:b; interface i { type t = list<u8, 4294967296>; }", syntax.CodeBadNumber},
		{"a letter", "package a:b; interface a { z: func(); Z: func(); a9: func(); }", ""},
		{"a character before the letters", "package a:b; interface i { `: func(); }", syntax.CodeBadCharacter},
		{"a character after the letters", "package a:b; interface i { {: func(); }", syntax.CodeUnexpectedToken},
		{"the last character below the controls", "package a:b; // \x7e", ""},
		{"a control character", "package a:b; // \x7f", syntax.CodeBadCharacter},
		{"characters around those that change the direction", "package a:b; // \u2029\u202f\u2065\u206a", ""},
		{"the first of them", "package a:b; // \u202a", syntax.CodeBadCharacter},
		{"the last of them", "package a:b; // \u202e", syntax.CodeBadCharacter},
		{"the first of the others", "package a:b; // \u2066", syntax.CodeBadCharacter},
		{"the last of the others", "package a:b; // \u2069", syntax.CodeBadCharacter},
	} {
		_, list := syntax.Parse(diag.NewFile("a.wit", []byte(c.text)), syntax.Options{})
		switch {
		case c.code == "" && len(list) > 0:
			t.Errorf("%s: %v", c.name, list)
		case c.code != "" && (len(list) == 0 || list[0].Code != c.code):
			t.Errorf("%s: want %s, got %v", c.name, c.code, list)
		}
	}
}

// TestItem reads one valid item and one with an error.
func TestItem(t *testing.T) {
	p := syntax.NewParser(diag.NewFile("a.wac", []byte("/// d\nf: func() -> u8; g: func() -> $;")), 0, syntax.Options{})
	if f, ok := p.InterfaceItem().(*syntax.Func); !ok || f.Name.Name != "f" || f.Result.Kind != syntax.U8 || len(p.Diagnostics()) > 0 {
		t.Errorf("got %+v, %v", f, p.Diagnostics())
	}
	if n := p.InterfaceItem(); n != nil || !p.Failed() {
		t.Errorf("got %+v", n)
	}
	if d := p.Diagnostics(); len(d) != 1 || d[0].Code != syntax.CodeBadCharacter {
		t.Errorf("got %v", d)
	}
}

// TestStrings reads the greatest and smallest characters that an escape can express.
func TestStrings(t *testing.T) {
	const text = `package a:b; interface i { @external-id("\u{0}\u{d7ff}\u{e000}\u{10ffff}\u{4_1}\e2\82\ac\t\'") f: func(); }`
	f, list := syntax.Parse(diag.NewFile("a.wit", []byte(text)), syntax.Options{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	got := f.Items[0].(*syntax.Interface).Items[0].(*syntax.Func).Attrs[0].Value
	if want := "\x00\ud7ff\ue000\U0010ffffA\u20ac\t'"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestItems reads items embedded in the text of another language.
func TestItems(t *testing.T) {
	const text = "let x = y; interface { use a.{b}; f: func(c: list<u8>) -> b; } rest ..."
	p := syntax.NewParser(diag.NewFile("a.wac", []byte(text)), strings.Index(text, "{"), syntax.Options{})
	items := p.InterfaceBody()
	if err := p.Err(); err != nil || len(items) != 2 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	if rest := text[p.Offset():]; rest != " rest ..." {
		t.Errorf("stopped before %q", rest)
	}
	var kinds []string
	syntax.Walk(items[1], func(n syntax.Node) bool {
		r := n.Pos()
		kinds = append(kinds, text[r.Start:r.End])
		return true
	})
	if d := cmp.Diff([]string{"f: func(c: list<u8>) -> b;", "list<u8>", "u8", "b"}, kinds); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestDocText(t *testing.T) {
	const text = "package a:b;\n///  one\n///\n///   two  \n/** three\n   four */\ninterface i {}\n//\ninterface j {}\n"
	f, list := syntax.Parse(diag.NewFile("a.wit", []byte(text)), syntax.Options{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	var got []string
	for _, i := range f.Items {
		s, ok := f.DocText(i.(*syntax.Interface).Docs)
		if !ok {
			t.Error("no documentation")
		}
		got = append(got, s)
	}
	if d := cmp.Diff([]string{" one\n\n  two\nthree\n   four", ""}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// TestLinear reads texts that are long in various ways. If any of them took quadratic time, the
// test would take minutes.
func TestLinear(t *testing.T) {
	const n = 200_000
	start := time.Now()
	for name, text := range map[string]string{
		"braces":     strings.Repeat("interface i {", n),
		"closing":    strings.Repeat("}", n),
		"errors":     "package a:b;\n" + strings.Repeat("interface i { f: func(a: ); }\n", n),
		"bad-tokens": strings.Repeat("# ", n),
		"strings":    strings.Repeat("\"", n),
		"comments":   strings.Repeat("/*", n),
		"params":     "package a:b; interface i { f: func(" + strings.Repeat("a: u8, ", n) + "); }",
		"types":      "package a:b; interface i { type t = " + strings.Repeat("list<", n),
		"packages":   strings.Repeat("package a:b {", n),
		"attributes": "package a:b; " + strings.Repeat("@since(version = 1.0.0) ", n) + "interface i {}",
		"keywords":   strings.Repeat("\nworld", n),
	} {
		src := diag.NewFile(name, []byte(text))
		syntax.Parse(src, syntax.Options{})
		syntax.Format(src, syntax.Options{})
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("took %v", d)
	}
}

// TestNoise reads texts that are not WIT. Each must get few diagnostics and little more memory than
// its size.
func TestNoise(t *testing.T) {
	const n = 1 << 20
	random := func(from, to int) string {
		r := rand.New(rand.NewPCG(1, 2))
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(from + r.IntN(to-from))
		}
		return string(b)
	}
	for _, c := range []struct {
		name, text, first string
		most              int
	}{
		{"NULs", strings.Repeat("\x00", n), "a.wit:1:1: the file is not text: it contains byte 0x00", 1},
		{"random bytes", "\xff" + random(0, 256), "a.wit:1:1: the file is not UTF-8 text: byte 0xff is not part of a character", 1},
		{"UTF-16", "\xff\xfep\x00a\x00", "a.wit:1:1: the file is not UTF-8 text: byte 0xff is not part of a character", 1},
		{"a NUL after text", "package a:b; interface i { #\x00", "a.wit:1:29: the file is not text: it contains byte 0x00", 1},
		{"control characters", "package a:b; " + strings.Repeat("\x01", n), "a.wit:1:14: control character `\\u{1}`", 1},
		{"two control characters", "package a:b; interface i { \x01 \x02 }", "a.wit:1:28: control character `\\u{1}`", 2},
		{"signs", strings.Repeat("#$~", n/3), "a.wit:1:1: unexpected characters, the first of which is `#`", 1},
		{"letters and signs", random(' ', 127), "", 1001},
		{"names", "package a:b; interface i {" + strings.Repeat("\nf: func(A_b: u8);", n/18), "", 1001},
		{"open braces", strings.Repeat("{", n), "", 1},
	} {
		src := diag.NewFile("a.wit", []byte(c.text))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		tree, list := syntax.Parse(src, syntax.Options{})
		runtime.ReadMemStats(&after)
		if len(list) == 0 || len(list) > c.most || c.first != "" && list[0].Error() != c.first {
			t.Errorf("%s: %d diagnostics, the first is %v; want at most %d", c.name, len(list), list[0], c.most)
		}
		if tree == nil || !tree.Bad {
			t.Errorf("%s: the tree is missing or not bad", c.name)
		}
		if got := after.TotalAlloc - before.TotalAlloc; got > uint64(8*len(c.text))+1<<21 {
			t.Errorf("%s: %d bytes were allocated for a text of %d bytes", c.name, got, len(c.text))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("package a:b@1.0.0-x;\n/// d\n@since(version = 1.0.0)\ninterface i { use c:d/e@1.0.0.{f as g,}; r: async func(a: u8, /* c */) -> result<_, g>; }\nworld w { include x with { a as b } import l: c:d/e; }"))
	f.Add([]byte("interface i { resource r { constructor(); m: static func(); } flags f { a, } variant v { a(u8) } %type: func(); }"))
	f.Add([]byte("package a:b; interface i { @external-id(\"\\u"))
	f.Add([]byte("package a:b@1; interface i { f: func(a: list[u8] b: vec<u8>?; async g(x: record { y: u8 }) -> (u8, u8) record r { a = u8; b? : [u8; 4] "))
	f.Add([]byte("package a:b { use c:d/e as f; } // x\n/* y */ world w { @external-id(\"\\u{41}\") export f: func(); // z\n }"))
	f.Fuzz(func(t *testing.T, data []byte) {
		src := diag.NewFile("a.wit", data)
		opts := syntax.Options{NestedNames: true}
		tree, list := syntax.Parse(src, opts)
		syntax.Walk(tree, func(n syntax.Node) bool {
			if r := n.Pos(); r.Start > r.End || int(r.End) > len(data) {
				t.Errorf("%T has range %v of %d bytes", n, r, len(data))
			}
			return true
		})
		if !list.HasErrors() {
			checkFormat(t, src, opts)
		}
	})
}

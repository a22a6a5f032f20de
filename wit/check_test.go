package wit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/wit"
)

// TestCheck checks constructs that no component can have. Messages for errors that wasmparser 0.257
// also reports are its messages.
func TestCheck(t *testing.T) {
	m := parse(t, `// file: a.wit
package a:b;
interface i {
  f: func(a: tuple<>) -> option<list<u8, 0>>;
  resource r { r: func(); s: func(); }
  resource s { s: static func(); constructor(); }
  record e {}
  flags none {}
  type ok = e;
  h: func(a: stream<char>, b: stream<u8>);
  type c = char;
  k: func(a: stream<c>);
}
world w {
  resource q { q: func(); }
  import x: interface { resource p { p: func(); } }
}
interface HTTP-get {}
interface http-get {}
// file: deps/d.wit
package a:d;
interface j { record e {} f: func(a: tuple<>); }
`, wit.Options{})
	list := m.Check(false)
	list.Sort()
	var got []string
	for _, d := range list {
		p := d.Primary.File.Position(d.Primary.Start)
		got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, d.Message))
	}
	want := []string{
		"3:14 tuple type must have at least one type",
		"3:33 fixed-length lists must have more than zero elements",
		"4:16 `r` has the name of its resource, and a component cannot tell them apart",
		"5:16 `s` has the name of its resource, and a component cannot tell them apart",
		"6:10 record type must have at least one field",
		"7:9 flags must have at least one entry",
		"9:14 `stream<char>` is not valid at this time",
		"11:14 `stream<char>` is not valid at this time",
		"14:16 `q` has the name of its resource, and a component cannot tell them apart",
		"15:38 `p` has the name of its resource, and a component cannot tell them apart",
		"18:11 `http-get` conflicts with `HTTP-get`: names must differ in more than case",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if n := len(m.Check(true)); n != len(want)+2 {
		t.Errorf("%d errors in all packages, want %d", n, len(want)+2)
	}
	// Types without a name belong to the package that uses them, even if a file holds several
	// packages.
	nested := parse(t, `// file: a.wit
package a:b;
package c:d {
  interface j { f: func(a: tuple<>) -> option<list<u8, 0>>; type t = list<tuple<>>; }
  world v { import g: func(a: result<tuple<>>); }
}
interface i { f: func() -> list<tuple<>>; }
world w { import h: func(a: stream<char>); }
`, wit.Options{})
	if mine, all := len(nested.Check(false)), len(nested.Check(true)); mine != 2 || all != 4 {
		t.Errorf("nested: %d errors in the main package and %d in all, want 2 and 4:\n%v", mine, all, nested.Check(true))
	}
	many := parse(t, "package a:b; interface i { flags f { "+strings.Join(slices.Collect(func(yield func(string) bool) {
		for i := range 33 {
			if !yield(fmt.Sprint("n", i)) {
				return
			}
		}
	}), ", ")+" } }", wit.Options{})
	if list := many.Check(false); len(list) != 1 || list[0].Message != "cannot have more than 32 flags" {
		t.Errorf("33 flags: %v", list)
	}
}

// nested returns n types. Each is defined in terms of the previous one by a constructor such as
// `list<%[2]s>`.
func nested(n int, of string) string {
	var b strings.Builder
	b.WriteString("package a:b;\ninterface i {\ntype t0 = u8;\n")
	for i := range n {
		fmt.Fprintf(&b, "type t%d = "+of+";\n", i+1, fmt.Sprint("t", i))
	}
	return b.String() + "}\n"
}

// TestCheckSizes checks types at each limit and one above. The limits are those of validators,
// except the number of parts.
func TestCheckSizes(t *testing.T) {
	fields := func(n int) string {
		return "package a:b;\ninterface i { type t = tuple<" + strings.Repeat("u8, ", n) + ">; }"
	}
	for _, c := range []struct{ name, text, want string }{
		{"99999 parts and itself", fields(99_999), ""},
		{"100000 parts and itself", fields(100_000), "type `t` is too large: it has more than 100000 parts"},
		{"100 levels", nested(100, "list<%[2]s>"), ""},
		{"101 levels, and types made of them", nested(103, "list<%[2]s>"), "type `t101` is nested too deeply: at most 100 levels are allowed"},
		{"parts that double", nested(40, "tuple<%[2]s, %[2]s>"), "type `t16` is too large: it has more than 100000 parts"},
		{"names do not add levels", nested(200, "%[2]s"), ""},
		{"bytes", "package a:b;\ninterface i { type t = list<u8, 268435455>; }", ""},
		{"one byte more", "package a:b;\ninterface i { type t = list<u8, 268435456>; f: func(x: t); }",
			"type `t` is too large: a value takes more than 268435455 bytes"},
		{"without name", "package a:b;\ninterface i { f: func(x: list<list<string, 65536>, 65536>); }",
			"the type is too large: a value takes more than 268435455 bytes"},
		{"a function of large types", "package a:b;\ninterface i { type t = tuple<" + strings.Repeat("u8, ", 60_000) + ">; f: func(a: t) -> t; }",
			"the types of function `f` are too large together: they have more than 100000 parts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := parse(t, c.text, wit.Options{}).Check(false).Error()
			if _, message, ok := strings.Cut(got, ": "); ok {
				got = message
			}
			if got != c.want {
				t.Errorf("want %s, got %s", c.want, got)
			}
		})
	}
}

package wit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/wit"
)

// TestCheck holds what no component can have. Messages that have a counterpart in wasmparser 0.257 are its messages.
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
		"3:33 Fixed-length lists must have more than zero elements",
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
	// What has no name belongs to the package that uses it, also if packages stand in one file.
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

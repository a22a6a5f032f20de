package wit_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit"
)

// TestMergeMistakes checks that contradictory copies of a package are an error, for each kind of
// contradiction.
func TestMergeMistakes(t *testing.T) {
	for _, c := range []struct{ name, one, two, want string }{
		{"types", "interface i { @since(version = 1.0.0) type t = u8; }", "interface i { @unstable(feature = x) type t = u8; }",
			"mismatch in stability from '@unstable(feature = x)' to '@since(version = 1.0.0)'"},
		{"interfaces", "@since(version = 1.0.0) interface i { f: func(); }", "@unstable(feature = x) interface i { f: func(); }",
			"mismatch in stability from '@unstable(feature = x)' to '@since(version = 1.0.0)'"},
		{"worlds", "@since(version = 1.0.0) world w { import f: func(); }", "@unstable(feature = x) world w { import f: func(); }",
			"mismatch in stability from '@unstable(feature = x)' to '@since(version = 1.0.0)'"},
		{"statements", "interface i {} world w { @since(version = 1.0.0) import i; }", "interface i {} world w { @unstable(feature = x) import i; }",
			"mismatch in stability from '@unstable(feature = x)' to '@since(version = 1.0.0)'"},
		{"a gate on one side", "interface i { type t = u8; }", "interface i { @since(version = 1.0.0) type t = u8; }", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{
				"a.wit": {Data: []byte("package a:b;")}, "deps/one.wat": {Data: []byte("(" + c.one)}, "deps/two.wat": {Data: []byte("(" + c.two)},
			}
			decode := func(f *diag.File) (*wit.Model, error) {
				m, list := wit.Parse(diag.NewFile(f.Name, append([]byte("package c:d@1.0.0; "), f.Data[1:]...)), wit.Options{AllFeatures: true})
				return m, list.Err()
			}
			m, list := wit.Load(fsys, ".", wit.Options{Decode: decode})
			switch {
			case c.want == "" && list.HasErrors():
				t.Error(list)
			case c.want != "" && (m != nil || len(list) != 1 || list[0].Code != wit.CodeCannotMerge || !strings.Contains(list[0].Message, c.want)):
				t.Errorf("want %s, got %v", c.want, list)
			}
		})
	}
}

// TestPrintExternalID checks that an external id may be any text. Letters, digits and common
// punctuation print unescaped.
func TestPrintExternalID(t *testing.T) {
	for id, want := range map[string]string{
		"azAZ09-_./: ": "azAZ09-_./: ",
		"`{@[;":        `\u{60}\u{7b}\u{40}\u{5b}\u{3b}`,
		"\\\"\n\r\té":  `\\\"\n\r\t\u{e9}`,
	} {
		m := parse(t, `package a:b; interface i { @external-id("`+want+`") f: func(); }`, wit.Options{})
		if got := m.Main.Interfaces[0].Funcs[0].ExternalID; got != id {
			t.Errorf("%q is read as %q", want, got)
		}
		if got := wit.Print(m, m.Main, wit.PrintOptions{}); !strings.Contains(got, `@external-id("`+want+`")`) {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
}

// TestResourceAndValue checks that a resource and another type of the same name do not merge: the
// resource could not take the place of the value.
func TestResourceAndValue(t *testing.T) {
	const resource, value = "package a:b; interface i { resource t; } world w { resource u; }", "package a:b; interface i { type t = u8; f: func(a: t); }"
	if _, err := wit.Merge(parse(t, resource, wit.Options{}), parse(t, value, wit.Options{})); err == nil || !strings.Contains(err.Error(), "`t` is a resource") {
		t.Errorf("merge: got error %v", err)
	}
	const other = "package c:d; world w { type u = u8; import g: func(a: u); }"
	if _, err := union(t, wit.UnionOptions{}, resource, other); err == nil || !strings.Contains(err.Error(), "`u` is a resource") {
		t.Errorf("union: got error %v", err)
	}
}

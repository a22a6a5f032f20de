package wit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// files splits a text into files at lines `// file: path`.
func files(text string) fstest.MapFS {
	fsys := fstest.MapFS{}
	if !strings.HasPrefix(text, "// file: ") {
		fsys["a.wit"] = &fstest.MapFile{Data: []byte(text)}
		return fsys
	}
	for _, part := range strings.Split(text, "// file: ")[1:] {
		path, data, _ := strings.Cut(part, "\n")
		fsys[path] = &fstest.MapFile{Data: []byte(data)}
	}
	return fsys
}

func parse(t testing.TB, text string, opts wit.Options) *wit.Model {
	t.Helper()
	m, list := wit.Load(files(text), ".", opts)
	if list.HasErrors() {
		t.Fatalf("%v\n%s", list, text)
	}
	return m
}

func TestCodes(t *testing.T) {
	decode := func(f *diag.File) (*wit.Model, error) {
		text := map[string]string{"(one)\n": "f: func()", "(two)\n": "f: func(a: u8)"}[string(f.Data)]
		if text == "" {
			return nil, errors.New("not a package")
		}
		m, list := wit.Parse(diag.NewFile(f.Name, []byte("package x:y; interface i { "+text+"; }")), wit.Options{})
		return m, list.Err()
	}
	golden.Codes(t, wit.Codes, func(example string) error {
		if example == "// file: missing\n" {
			_, list := wit.Load(fstest.MapFS{}, "missing", wit.Options{})
			return list
		}
		opts := wit.Options{}
		if strings.Contains(example, "(one)") {
			opts.Decode = decode
		}
		m, list := wit.Load(files(example), ".", opts)
		if m == nil {
			return list
		}
		if list := m.Check(true); len(list) > 0 {
			return list
		}
		_, err := m.World("missing")
		return err
	})
}

// TestErrors checks the errors found in one run. Messages for errors that wit-parser 0.257 also
// reports are its messages.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"many-at-once", `package a:b;
interface i {
  f: func(a: nowhere);
  g: func( -> u8;
  h: func() -> alsonowhere;
}
interface j {
  use i.{t};
  record r { x: u8, x: u8 }
}
world w { export k; }`, `
a.wit:4:11: ` + "`)`" + ` is missing after the parameters
a.wit:3:14: name ` + "`nowhere`" + ` does not exist
a.wit:5:16: name ` + "`alsonowhere`" + ` does not exist
a.wit:8:10: name ` + "`t`" + ` does not exist
a.wit:9:21: field ` + "`x`" + ` is defined more than once
a.wit:11:18: interface or world ` + "`k`" + ` does not exist`},
		{"a-lost-item-is-not-missed", `package a:b;
interface i {
  type t $ u8;
  f: func(a: t) -> other;
}`, `
a.wit:3:10: unexpected character ` + "`$`"},
		{"after-braces-in-braces", `package a:b;
interface i {
  record r { a: $ { b { c } d } e: u8, }
  f: func(a: r);
  resource s {
    m: func(a: $ { { } });
    n: func();
  }
  g: func();
  g: func();
}
interface j { use i.{r, s, nothing}; }`, `
a.wit:3:17: unexpected character ` + "`$`" + `
a.wit:6:16: unexpected character ` + "`$`" + `
a.wit:10:3: name ` + "`g`" + ` is defined more than once`},
		{"one-cycle-one-error", `package a:b;
interface i {
  type t = u;
  type u = t;
  f: func(a: t, b: u, c: v);
}`, `
a.wit:3:12: type ` + "`u`" + ` depends on itself
a.wit:5:26: name ` + "`v`" + ` does not exist`},
		{"missing-brace", `package a:b;
interface i {
  f: func();

interface j {
}
world w {
  import j;
}`, `
a.wit:5:1: expected ` + "`type`, `resource` or `func`" + `, found keyword ` + "`interface`"},
		{"case", `package a:b;
interface i { f: func(a: u8, A: u8); F: func(); }`, `
a.wit:2:30: param ` + "`A`" + ` is defined more than once
a.wit:2:38: name ` + "`F`" + ` is defined more than once: ` + "`f`" + ` differs only in case`},
		{"gate", `package a:b:c;`, `
a.wit:1:9: nested namespace ` + "`a:b:c`" + ` needs --features=nested-names`},
		{"errors-in-two-packages", `// file: a.wit
package a:b;
world w { import c:d/nowhere; import e:f/g; }
// file: deps/d/d.wit
package c:d;
interface i { f: func() -> nothing; }
`, `
deps/d/d.wit:2:28: name ` + "`nothing`" + ` does not exist
a.wit:2:22: interface 'nowhere' not found in package 'c:d'
a.wit:2:38: package 'e:f' not found. known packages: c:d, a:b`},
		{"nested-packages-alone", `package a:b {
  interface i { f: func() -> nothing; }
}
`, `
no ` + "`package`" + ` header was found in any WIT file for this package
a.wit:2:30: name ` + "`nothing`" + ` does not exist`},
		{"a-disabled-type-is-one-error", `package a:b;
interface a { resource t; @unstable(feature = off) type u = borrow<t>; }
interface b { use a.{u as v}; f: func() -> v; }
interface c { use b.{v}; }
world w { export a; export c; }
`, `
a.wit:3:27: found a reference to a type which is excluded due to its feature not being activated`},
		{"a-name-twice-before-its-gate", `package a:b;
interface i { type t = u8; @since(version = 1.0.0) type t = u8; }
`, `
a.wit:2:57: name ` + "`t`" + ` is defined more than once`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, list := wit.Load(files(c.text), ".", wit.Options{})
			if m != nil {
				t.Error("got a model in spite of errors")
			}
			if d := cmp.Diff(strings.TrimPrefix(c.want, "\n"), list.Error()); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

// TestMissingPackage checks the helps for missing packages.
func TestMissingPackage(t *testing.T) {
	const uses = "package a:b;\nworld w { import wasi:io/streams; }\n"
	for _, c := range []struct{ name, path, text, want string }{
		{"nothing beside", ".", "// file: a.wit\n" + uses, "put the package in the folder deps, as deps/io"},
		{"a file alone", "a.wit", "// file: a.wit\n" + uses, "put the package in the folder deps, as deps/io"},
		{"a file beside deps", "x/a.wit", "// file: x/a.wit\n" + uses + "// file: x/deps/io.wit\npackage wasi:io;\n",
			"a single file is read without the packages in `x/deps`: check the folder that holds both"},
		{"wit-deps", "wit", "// file: wit/a.wit\n" + uses + "// file: wit/deps.toml\n",
			"`deps.toml` is here: `wit-deps` fetches what it lists\nput the package in the folder deps, as deps/io"},
		{"wkg", "wit", "// file: wit/a.wit\n" + uses + "// file: wkg.lock\n",
			"`wkg.lock` is here: `wkg wit fetch` fetches what the package needs\nput the package in the folder deps, as deps/io"},
		{"several versions", ".", "// file: a.wit\n" + uses + "// file: deps/one.wit\npackage wasi:io@1.0.0;\n// file: deps/two.wit\npackage wasi:io@2.0.0;\n", ""},
	} {
		_, list := wit.Load(files(c.text), c.path, wit.Options{})
		if len(list) != 1 || list[0].Code != wit.CodeUnknownPackage || strings.Join(list[0].Help, "\n") != c.want || len(list[0].Edits) > 0 {
			t.Errorf("%s: got %v, help %q, want %q", c.name, list, list[0].Help, c.want)
		}
	}
}

func TestSuggestion(t *testing.T) {
	_, list := wit.Load(files("package a:b;\ninterface timer {\n  type clock = u64;\n  now: func() -> clok;\n}"), ".", wit.Options{})
	if len(list) != 1 || len(list[0].Help) != 1 || !strings.Contains(list[0].Help[0], "`clock`") {
		t.Errorf("no suggestion: %v", list)
	}
}

func TestTargetVersion(t *testing.T) {
	const text = `package a:b@1.2.0;
interface i {
  @since(version = 1.0.0)
  f: func();
  @since(version = 1.1.0)
  g: func();
  @since(version = 1.2.0)
  h: func();
  @unstable(feature = x)
  u: func();
}`
	for _, c := range []struct {
		opts wit.Options
		want string
	}{
		{wit.Options{}, "f g h"},
		{wit.Options{Target: name.NewVersion(1, 1, 0)}, "f g"},
		{wit.Options{Target: name.NewVersion(1, 0, 0), Features: []string{"x"}}, "f u"},
		{wit.Options{AllFeatures: true}, "f g h u"},
	} {
		m := parse(t, text, c.opts)
		var got []string
		for _, f := range m.Main.Interfaces[0].Funcs {
			got = append(got, f.Name)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%+v: want %s, got %s", c.opts, c.want, s)
		}
	}
}

func TestNestedNames(t *testing.T) {
	const text = "// file: a.wit\npackage x:y;\nworld w { import a:b:c/d/e@1.0.0; import l: a:b:c/d/e@1.0.0; }\n// file: deps/d.wit\npackage a:b:c/d@1.0.0;\ninterface e {}\n"
	m := parse(t, text, wit.Options{Gates: feature.Default().With(feature.NestedNames)})
	var got []string
	for _, i := range m.Main.Worlds[0].Imports {
		got = append(got, i.ExternName()+" "+i.Implements())
	}
	if d := cmp.Diff([]string{"a:b:c/d/e@1.0.0 ", "l a:b:c/d/e@1.0.0"}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestComponentResources(t *testing.T) {
	m := parse(t, `package a:b;
interface i { resource r { constructor(); } }
interface j { use i.{r}; f: func(x: borrow<r>) -> r; }
world both { import i; import j; export i; export j; }
world one { import i; export j; export f: func(); }
`, wit.Options{})
	both, err := m.World("both")
	if err != nil {
		t.Fatal(err)
	}
	resource := func(items types.Items, iface, label string) *types.Resource {
		b := items.Get(iface).(*types.Instance).Exports.Get(label).(*types.Bound)
		return types.Unname(b.Type).(*types.Resource)
	}
	c := both.Component()
	if resource(c.Imports, "a:b/i", "r") == resource(c.Exports, "a:b/i", "r") {
		t.Error("the import and the export of an interface share a resource")
	}
	if resource(c.Exports, "a:b/i", "r") != resource(c.Exports, "a:b/j", "r") || resource(c.Imports, "a:b/i", "r") != resource(c.Imports, "a:b/j", "r") {
		t.Error("an interface does not use the resource of its side")
	}
	f := c.Exports.Get("a:b/j").(*types.Instance).Exports.Get("f").(*types.Func)
	if f.Result.(*types.Own).Resource() != resource(c.Exports, "a:b/i", "r") {
		t.Error("a function does not use the resource of its side")
	}
	if len(c.ImportedResources) != 1 || len(c.ExportedResources) != 1 {
		t.Errorf("%d imported and %d exported resources, want 1 and 1", len(c.ImportedResources), len(c.ExportedResources))
	}
	one, err := m.World("a:b/one")
	if err != nil {
		t.Fatal(err)
	}
	c = one.Component()
	if resource(c.Imports, "a:b/i", "r") != resource(c.Exports, "a:b/j", "r") {
		t.Error("an export does not use the imported resource")
	}
	if mismatch := types.Subtype(one.Component(), one.Component()); mismatch != nil {
		t.Errorf("a world is not a subtype of itself: %v", mismatch)
	}
}

func TestWorldErrors(t *testing.T) {
	m := parse(t, "package a:b@1.0.0;\nworld one {}\nworld two {}", wit.Options{})
	for spec, want := range map[string]string{
		"":                "package `a:b@1.0.0` has several worlds, and one must be chosen",
		"three":           "package `a:b@1.0.0` has no world `three`",
		"a:c/one":         "unknown package `a:c`",
		"a:b/one@2.0.0":   "unknown package `a:b@2.0.0`",
		"a:b/one@1.0.0 x": "`a:b/one@1.0.0 x` is not the name of a world",
		"One":             "`One` is not the name of a world",
	} {
		if _, err := m.World(spec); err == nil || diag.FromError(err)[0].Message != want {
			t.Errorf("%q: want %s, got %v", spec, want, err)
		}
	}
	for _, spec := range []string{"one", "a:b/one", "a:b/one@1.0.0"} {
		if w, err := m.World(spec); err != nil || w.Name != "one" {
			t.Errorf("%q: %v", spec, err)
		}
	}
}

func TestDiff(t *testing.T) {
	for _, c := range []struct {
		name, old, new, want string
		bump                 wit.Bump
		next                 string
		allowed              bool
	}{
		{"nothing", "package a:b@1.0.0; interface i { f: func(); }", "package a:b@1.0.0; interface i { f: func(); }", "", 0, "1.0.0", true},
		{"function-added", "package a:b@1.0.0; interface i { f: func(); }", "package a:b@1.1.0; interface i { f: func(); g: func(); }",
			"interface i: func g: function added", wit.Minor, "1.1.0", true},
		{"function-added-in-a-patch", "package a:b@1.0.0; interface i { f: func(); }", "package a:b@1.0.1; interface i { f: func(); g: func(); }",
			"interface i: func g: function added", wit.Minor, "1.1.0", false},
		{"function-added-before-1", "package a:b@0.2.1; interface i { f: func(); }", "package a:b@0.2.2; interface i { f: func(); g: func(); }",
			"interface i: func g: function added", wit.Minor, "0.2.2", true},
		{"function-removed-before-1", "package a:b@0.2.1; interface i { f: func(); }", "package a:b@0.2.2; interface i { }",
			"interface i: func f: function removed", wit.Major, "0.3.0", false},
		{"parameters", "package a:b@1.0.0; interface i { f: func(a: u8, b: u8); }", "package a:b@2.0.0; interface i { f: func(a: u16, c: u8) -> string; }",
			"interface i: func f: parameter `a` changed from `u8` to `u16`\ninterface i: func f: parameter `b` renamed to `c`\ninterface i: func f: result changed from `_` to `string`",
			wit.Major, "2.0.0", true},
		{"parameters-added-and-removed", "package a:b@1.0.0; interface i { f: func(a: u8); g: func(a: u8, b: u8); }",
			"package a:b@2.0.0; interface i { f: func(a: u8, b: u16, c: u8); g: func(); }",
			"interface i: func f: parameter `b` added\ninterface i: func f: parameter `c` added\ninterface i: func g: parameter `a` removed\ninterface i: func g: parameter `b` removed",
			wit.Major, "2.0.0", true},
		{"members", "package a:b@1.0.0; interface i { variant v { a, b(u8), c(string) } flags f { x, y } record r { x: u8 } }",
			"package a:b@2.0.0; interface i { variant v { a(u8), b, c(string) } flags f { y } record r { x: list<u8> } }",
			"interface i: type v: case `a` changed from `_` to `u8`\ninterface i: type v: case `b` changed from `u8` to `_`\ninterface i: type f: flag `x` removed\ninterface i: type r: field `x` changed from `u8` to `list<u8>`",
			wit.Major, "2.0.0", true},
		{"documentation-of-members", "package a:b@1.0.0; interface i { enum e { a, b, c } }", "package a:b@1.0.1; interface i { enum e { a, b, /// last\nc } }",
			"interface i: type e: documentation of case `c` changed", wit.Patch, "1.0.1", true},
		{"types-without-name", "package a:b@1.0.0; interface i { resource r; resource s; f: func(a: list<r>, b: list<u8, 3>, c: result<_, u8>, d: map<u8, u8>, e: borrow<r>); }",
			"package a:b@2.0.0; interface i { resource r; resource s; f: func(a: list<s>, b: list<u8, 4>, c: result<u8>, d: map<u8, u16>, e: borrow<s>); }",
			"interface i: func f: parameter `a` changed from `list<own<a:b/i.r>>` to `list<own<a:b/i.s>>`\ninterface i: func f: parameter `b` changed from `list<u8, 3>` to `list<u8, 4>`\ninterface i: func f: parameter `c` changed from `result<_, u8>` to `result<u8, _>`\ninterface i: func f: parameter `d` changed from `map<u8, u8>` to `map<u8, u16>`\ninterface i: func f: parameter `e` changed from `borrow<a:b/i.r>` to `borrow<a:b/i.s>`",
			wit.Major, "2.0.0", true},
		{"a-type-is-compared-once", "package a:b@1.0.0; interface i { record r { x: u8 } f: func(a: r) -> list<r>; }",
			"package a:b@2.0.0; interface i { record r { x: u8, y: u8 } f: func(a: r) -> list<r>; }",
			"interface i: type r: field `y` added", wit.Major, "2.0.0", true},
		{"an-alias-is-what-it-stands-for", "package a:b@1.0.0; interface i { f: func(a: u8); }", "package a:b@1.1.0; interface i { type t = u8; f: func(a: t); }",
			"interface i: type t: u8 added", wit.Minor, "1.1.0", true},
		{"documentation", "package a:b@1.0.0; interface i { f: func(); }", "package a:b@1.0.1; interface i { /// why\nf: func(); }",
			"interface i: func f: documentation changed", wit.Patch, "1.0.1", true},
		{"order", "package a:b@1.0.0; interface i { enum e { a, b } }", "package a:b@2.0.0; interface i { enum e { b, a } }",
			"interface i: type e: cases changed their order", wit.Major, "2.0.0", true},
		{"behind-a-feature", "package a:b@1.0.0; interface i { f: func(); }", "package a:b@1.0.1; interface i { @unstable(feature = on) f: func(); }",
			"interface i: func f: moved behind the feature `on`, which is on", wit.Patch, "1.0.1", true},
		{"behind-a-feature-that-is-off", "package a:b@1.0.0; interface i { f: func(); }", "package a:b@1.0.1; interface i { @unstable(feature = off) f: func(); }",
			"interface i: func f: function removed: it moved behind the feature `off`, which is off", wit.Major, "2.0.0", false},
		{"world", "package a:b@1.0.0; world w { import f: func(); export g: func(); }", "package a:b@1.1.0; world w { import f: func(); import h: func(); }",
			"world w: import h: import added\nworld w: export g: export removed", wit.Minor, "1.1.0", true},
		{"world-asks-for-more", "package a:b@1.0.0; interface i {} world w { export i; }", "package a:b@1.1.0; interface i { f: func(); } world w { export i; export j: func(); }",
			"interface i: func f: function added\nworld w: export a:b/i: components must now provide function `f`\nworld w: export j: export added", wit.Major, "2.0.0", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts := wit.Options{Features: []string{"on"}}
			d := wit.Diff(parse(t, c.old, opts).Main, parse(t, c.new, opts).Main)
			d.Behind(parse(t, c.new, wit.Options{AllFeatures: true}).Main)
			var got []string
			for _, ch := range d.Changes {
				got = append(got, ch.String())
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if d.Bump() != c.bump || d.Next().String() != c.next || d.Allowed() != c.allowed {
				t.Errorf("want %v %s %v, got %v %s %v", c.bump, c.next, c.allowed, d.Bump(), d.Next(), d.Allowed())
			}
		})
	}
}

// TestDiffOfTypesThatShareParts compares types whose parts are shared. Their full text would take
// gigabytes.
func TestDiffOfTypesThatShareParts(t *testing.T) {
	for _, of := range []string{"tuple<%[2]s, %[2]s>", "result<%[2]s, %[2]s>", "list<%[2]s>", "%[2]s"} {
		old := parse(t, nested(60, of), wit.Options{}).Main
		if c := wit.Diff(old, parse(t, nested(60, of), wit.Options{}).Main); len(c.Changes) != 0 {
			t.Errorf("%s differs from itself: %v", of, c.Changes)
		}
		other := strings.Replace(nested(60, of), "t0 = u8", "t0 = list<u8>", 1)
		c := wit.Diff(old, parse(t, other, wit.Options{}).Main)
		if len(c.Changes) != 61 {
			t.Fatalf("%s: %d changes, want one for each type", of, len(c.Changes))
		}
		if last := c.Changes[60].Text; of != "%[2]s" && last != "changed in a part, from `u8` to `list<u8>`" {
			t.Errorf("%s: %s", of, last)
		}
	}
}

// TestDiffOfLongTypes checks that the text of a change contains types of up to 200 bytes.
func TestDiffOfLongTypes(t *testing.T) {
	diff := func(elems string) string {
		old := "package a:b; interface i { f: func(a: tuple<" + elems + "u64>); }"
		c := wit.Diff(parse(t, old, wit.Options{}).Main, parse(t, strings.Replace(old, "u64", "s64", 1), wit.Options{}).Main)
		return c.Changes[0].Text
	}
	long := strings.Repeat("u8, ", 45) + "u16, u16, " // with `tuple<` and `u64>` 200 bytes
	if got := diff(long); got != "parameter `a` changed from `tuple<"+long+"u64>` to `tuple<"+long+"s64>`" {
		t.Errorf("200 bytes: %s", got)
	}
	if got := diff("u16, " + long[len("u8, "):]); got != "parameter `a` changed in a part, from `u64` to `s64`" {
		t.Errorf("201 bytes: %s", got)
	}
}

func TestDiffPlaces(t *testing.T) {
	old := parse(t, `package a:b;
interface i {
  record r { x: u8, y: u8 }
  f: func(a: u8, b: u8);
  gone: func();
}`, wit.Options{})
	next := parse(t, `package a:b;
interface i {
  record r { x: u8, z: u8 }
  f: func(a: u8, b: u16, c: u8);
  new: func();
}`, wit.Options{})
	var got []string
	for _, c := range wit.Diff(old.Main, next.Main).Changes {
		got = append(got, fmt.Sprintf("%s: %s -> %s", c.Text, c.Old, c.New))
	}
	want := []string{
		"field `y` removed: a.wit:3:21 -> a.wit:3:10",
		"field `z` added: a.wit:3:10 -> a.wit:3:21",
		"parameter `b` changed from `u8` to `u16`: a.wit:4:18 -> a.wit:4:18",
		"parameter `c` added: a.wit:4:3 -> a.wit:4:26",
		"function removed: a.wit:5:3 -> ",
		"function added:  -> a.wit:5:3",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// includeChain returns a package of n worlds. Each world includes the previous one and has one more
// import.
func includeChain(n int) string {
	var b strings.Builder
	b.WriteString("package a:b;\nworld w0 { import x0: func(); }\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "world w%d { include w%d; import x%[1]d: func(a: u8) -> string; }\n", i, i-1)
	}
	return b.String()
}

// TestLongChainsOfIncludes checks the limit on the items of all worlds. A world has the items of
// its included worlds, so the size of a chain grows with the square of its length.
func TestLongChainsOfIncludes(t *testing.T) {
	m := parse(t, includeChain(100), wit.Options{})
	if w := m.Main.World("w99"); len(w.Imports) != 100 || w.Import("x7") == nil {
		t.Errorf("the last world has %d imports", len(w.Imports))
	}
	// Each world counts its own items and those it includes: 632 worlds have 632 + 632*631/2 =
	// 200,028.
	for _, n := range []int{632, 20_000} {
		_, list := wit.Parse(diag.NewFile("a.wit", []byte(includeChain(n))), wit.Options{})
		want := "a.wit:633:7: the worlds of package `a:b` are too large: together they have more than 200000 imports and exports"
		if list.Error() != want {
			t.Errorf("%d worlds: want %s, got %v", n, want, list)
		}
	}
	// The world v has 99,999 items. The world w includes v and has 2 items of its own; u adds a third.
	var large strings.Builder
	large.WriteString("package a:b; world w { export a: func(); export b: func(); include v; } world v {")
	for i := range 99_999 {
		fmt.Fprintf(&large, " import x%d: func();", i)
	}
	for more, want := range map[string]bool{" } ": true, " } world u { import x: func(); }": false} {
		if m, _ := wit.Parse(diag.NewFile("a.wit", []byte(large.String()+more)), wit.Options{}); (m != nil) != want {
			t.Errorf("200,000 items and %q: read %v, want %v", more, m != nil, want)
		}
	}
}

// TestNoFile checks the error for a directory without WIT.
func TestNoFile(t *testing.T) {
	_, list := wit.Load(files("// file: readme.md\nhello\n"), ".", wit.Options{})
	if len(list) != 1 || list[0].Code != wit.CodeNoPackage {
		t.Errorf("got %v", list)
	}
}

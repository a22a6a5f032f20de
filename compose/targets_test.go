package compose_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// world reads WIT text and returns its world w.
func world(t *testing.T, file, text string) *wit.World {
	t.Helper()
	m, list := wit.Parse(diag.NewFile(file, []byte(text)), wit.Options{AllFeatures: true})
	if list.HasErrors() {
		t.Fatal(list)
	}
	w, err := m.World("w")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// all returns diagnostics as text: their positions, messages and remarks.
func all(list diag.List) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.Error())
		for _, l := range d.Labels {
			out = append(out, "  "+l.Span.String()+": "+l.Text)
		}
		for _, n := range d.Notes {
			out = append(out, "  note: "+n)
		}
	}
	return out
}

// Each case is a component, given by the world that it was made for, and a world. It lists all
// errors.
var targetCases = []struct {
	name             string
	component, world string
	want             string
}{
	{"the same", "world w { import f: func(); export g: func() -> u32; }", "world w { import f: func(); export g: func() -> u32; }", ``},
	{"imports less", "world w { export g: func(); }", "world w { import f: func(); export g: func(); }", ``},
	{"exports more", "world w { export f: func(); export g: func(); }", "world w { export g: func(); }", ``},
	{"uses less of an interface",
		"interface i { f: func(); } world w { import i; }",
		"interface i { f: func(); g: func(); } world w { import i; }", ``},
	{"provides more of an interface",
		"interface i { f: func(); g: func(); } world w { export i; }",
		"interface i { f: func(); } world w { export i; }", ``},
	{"nothing of it",
		"world w { import f: func(); import h: func(); }",
		"world w { import other: func(); export g: func(); export h: func(); }", `
w:2:7: import ¬f¬: world ¬w¬ does not have it
w:2:7: import ¬h¬: world ¬w¬ does not have it
  note: the world exports it
w:2:40: export ¬g¬: the component does not export it
  note: the component exports nothing
w:2:58: export ¬h¬: the component does not export it
  note: the component exports nothing
  note: the component imports it`},
	{"misspelled",
		"interface handlers { f: func(); } world w { import log-line: func(); export handlers; }",
		"interface handler { f: func(); } world w { import log-lines: func(); export handler; }", `
w:2:51: import ¬log-line¬: world ¬w¬ does not have it
  note: the component imports ¬log-line¬, the world has ¬log-lines¬
w:2:77: export ¬a:b/handler¬: the component does not export it
  note: the component exports ¬a:b/handlers¬, the world wants ¬a:b/handler¬`},
	{"functions missing from interfaces",
		"interface i { f: func(); } interface e { f: func(); } world w { import i; export e; }",
		"interface i { } interface e { f: func(); g: func(); } world w { import i; export e; }", `
w:2:72: import ¬a:b/i¬: func ¬f¬: the world does not have it
w:2:42: export ¬a:b/e¬: func ¬g¬: the component does not export it
  w:2:82: world ¬w¬ exports it`},
	{"types of parameters and results",
		"world w { import f: func(a: u32, b: u32) -> string; }",
		"world w { import f: func(a: s32, b: u64) -> list<u8>; }", `
w:2:18: import ¬f¬: 3 differences
  w:2:26: parameter ¬a¬: expected ¬s32¬, found ¬u32¬
  w:2:34: parameter ¬b¬: expected ¬u64¬, found ¬u32¬
  note: result: expected ¬list<u8>¬, found ¬string¬`},
	{"signatures",
		"world w { export f: func(a: u32); export g: func(); export h: func(x: u8); export r: func(); }",
		"world w { export f: func(b: u32); export g: async func(); export h: func(); export r: func() -> u8; }", `
w:2:26: export ¬f¬: parameter ¬b¬: the component has it as ¬a¬
  w:2:18: world ¬w¬ exports it
w:2:42: export ¬g¬: expected an async function, found a function that is not async
w:2:66: export ¬h¬: parameter ¬x: u8¬: the world does not have it
w:2:84: export ¬r¬: result: expected ¬u8¬, found none`},
	{"kinds",
		"interface i { f: func(); } world w { import x: interface { f: func(); } }",
		"world w { import x: func(); }", `
w:2:18: import ¬x¬: expected a function, found an interface`},
	{"a type differs, and its uses are not reported again",
		"interface i { record p { x: u32, y: u32 } f: func(a: p) -> list<p>; } interface j { use i.{p}; g: func(a: p, b: u8); } world w { export i; export j; }",
		"interface i { record p { x: u32, y: u64 } f: func(a: p) -> list<p>; } interface j { use i.{p}; g: func(a: p, b: u16); } world w { export i; export j; }", `
w:2:34: export ¬a:b/i¬: type ¬p¬: field ¬y¬: expected ¬u64¬, found ¬u32¬
  w:2:138: world ¬w¬ exports it
w:2:110: export ¬a:b/j¬: func ¬g¬: parameter ¬b¬: expected ¬u16¬, found ¬u8¬
  w:2:148: world ¬w¬ exports it`},
	{"a type of another form",
		"interface i { enum e { a } type t = u8; } world w { import i; }",
		"interface i { flags e { a } type t = string; } world w { import i; }", `
w:2:21: import ¬a:b/i¬: type ¬e¬: expected ¬flags { a }¬, found ¬enum { a }¬
  w:2:65: world ¬w¬ imports it
w:2:34: import ¬a:b/i¬: type ¬t¬: expected ¬string¬, found ¬u8¬
  w:2:65: world ¬w¬ imports it`},
	{"resources agree",
		"interface i { resource r { constructor(); m: func(o: borrow<r>); } } interface j { use i.{r}; f: func(a: r) -> r; } world w { import j; export i; export j; }",
		"interface i { resource r { constructor(); m: func(o: borrow<r>); } } interface j { use i.{r}; f: func(a: r) -> r; } world w { import j; export i; export j; }", ``},
	{"members of resources",
		"interface i { resource r { m: func(); } } world w { export i; }",
		"interface i { resource r { constructor(); m: func(a: u8); s: static func(); } } world w { export i; }", `
w:2:28: export ¬a:b/i¬: constructor of ¬r¬: the component does not export it
  w:2:98: world ¬w¬ exports it
w:2:51: export ¬a:b/i¬: method ¬r.m¬: parameter ¬a: u8¬: the component does not have it
  w:2:98: world ¬w¬ exports it
w:2:59: export ¬a:b/i¬: static func ¬r.s¬: the component does not export it
  w:2:98: world ¬w¬ exports it`},
	{"a resource is missing, and its uses are not reported again",
		"interface i { resource r { m: func(); } f: func() -> r; } interface j { use i.{r}; g: func(a: r); } world w { import i; import j; }",
		"interface i { f: func(); } interface j { resource r; g: func(a: r); } world w { import i; import j; }", `
w:2:88: import ¬a:b/i¬: resource ¬r¬: the world does not have it
w:2:15: import ¬a:b/i¬: func ¬f¬: result: expected none, found ¬r¬
  w:2:88: world ¬w¬ imports it`},
	{"a resource that is none",
		"interface i { type r = u32; f: func(); } world w { export i; }",
		"interface i { resource r { m: func(); } f: func(); } world w { export i; }", `
w:2:24: export ¬a:b/i¬: resource ¬r¬: expected ¬resource¬, found ¬u32¬
  w:2:71: world ¬w¬ exports it`},
	{"two resources where one is wanted",
		"interface i { resource r; } interface j { resource r; f: func(a: r); g: func(a: r); } world w { export i; export j; }",
		"interface i { resource r; } interface j { use i.{r}; f: func(a: r); g: func(a: r); } world w { export i; export j; }", `
w:2:50: export ¬a:b/j¬: resource ¬r¬: expected resource ¬r¬ of the exported ¬a:b/i¬, found resource ¬r¬ of the exported ¬a:b/j¬
  w:2:113: world ¬w¬ exports it`},
	{"the nearest is the highest version",
		"package x:y@4.0.0 { interface i { f: func(); } } world w { import x:y/i@4.0.0; }",
		"package x:y@3.0.0 { interface i { f: func(); } } package x:y@1.0.0 { interface i { f: func(); } } world w { import x:y/i@3.0.0; import x:y/i@1.0.0; }", `
w:2:120: import ¬x:y/i@4.0.0¬: world ¬w¬ does not have it
  note: the component imports ¬x:y/i@4.0.0¬, the world has ¬x:y/i@3.0.0¬`},
	{"a place is pointed to once",
		"interface i { variant v { a, b(u8), c } } world w { import i; }",
		"interface i { variant v { c, b(u16), a } } world w { import i; }", `
w:2:23: import ¬a:b/i¬: type ¬v¬: 3 differences
  w:2:30: case ¬b¬: expected ¬u16¬, found ¬u8¬
  w:2:27: case ¬c¬: expected first, found after ¬b¬
  note: case ¬b¬: expected after ¬c¬, found after ¬a¬`},
	{"an export uses the import's resource",
		"interface i { resource r; } interface j { use i.{r}; f: func(a: r); } world w { import i; export j; }",
		"interface i { resource r; } interface j { use i.{r}; f: func(a: r); } world w { import i; export i; export j; }", `
w:2:98: export ¬a:b/i¬: the component does not export it
  note: the component exports ¬a:b/j¬
  note: the component imports it`},
}

func TestTargetCases(t *testing.T) {
	for _, c := range targetCases {
		t.Run(c.name, func(t *testing.T) {
			component := world(t, "c", "package a:b;\n"+c.component).Component()
			report, list := compose.Targets(component, world(t, "w", "package a:b;\n"+c.world))
			var want []string
			if c.want != "" {
				want = strings.Split(strings.ReplaceAll(c.want[1:], "¬", "`"), "\n")
			}
			if diff := cmp.Diff(want, all(list)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if report.Fits() != (len(want) == 0) {
				t.Errorf("the report says %v", report.Fits())
			}
		})
	}
}

// Interfaces fit along semver tracks, as hosts connect them. The WIT names the versions.
func TestTargetVersions(t *testing.T) {
	const iface = " { interface i { f: func(); } interface j { g: func(); } }\n"
	packages := func(world string, versions ...string) string {
		text := "package a:b;\n"
		for _, v := range versions {
			text += "package x:y@" + v + iface
		}
		return text + world
	}
	for _, c := range []struct {
		name             string
		component, world string
		want             []string
	}{
		{"one track",
			packages("world w { import x:y/i@0.2.0; import x:y/j@0.2.0; export x:y/i@0.2.1; }", "0.2.0", "0.2.1"),
			packages("world w { import x:y/i@0.2.6; import x:y/j@0.2.6; export x:y/i@0.2.3; }", "0.2.6", "0.2.3"),
			[]string{
				"w:4:22: note: the component imports `x:y@0.2.0`, the world has `x:y@0.2.6`",
				"  note: the versions are on one semver track, and the types agree",
				"w:4:62: note: the component exports `x:y@0.2.1`, the world wants `x:y@0.2.3`",
				"  note: the versions are on one semver track, and the types agree",
			}},
		{"the highest on the track",
			packages("world w { import x:y/i@1.1.0; }", "1.1.0"),
			packages("world w { import x:y/i@1.0.0; import x:y/i@1.2.0; }", "1.0.0", "1.2.0"),
			[]string{
				"w:4:42: note: the component imports `x:y@1.1.0`, the world has `x:y@1.2.0`",
				"  note: the versions are on one semver track, and the types agree",
			}},
		{"the exact name first",
			packages("world w { import x:y/i@1.0.0; }", "1.0.0"),
			packages("world w { import x:y/i@1.0.0; import x:y/i@1.2.0; }", "1.0.0", "1.2.0"), nil},
		{"other tracks",
			packages("world w { import x:y/i@0.2.0; export x:y/j@0.2.0; }", "0.2.0"),
			packages("world w { import x:y/i@0.3.0; export x:y/j@0.3.0; }", "0.3.0"),
			[]string{
				"w:3:22: import `x:y/i@0.2.0`: world `w` does not have it",
				"  note: the component imports `x:y/i@0.2.0`, the world has `x:y/i@0.3.0`",
				"w:3:42: export `x:y/j@0.3.0`: the component does not export it",
				"  note: the component exports `x:y/j@0.2.0`, the world wants `x:y/j@0.3.0`",
			}},
		{"pre-releases promise nothing",
			packages("world w { import x:y/i@0.3.0-rc-1; }", "0.3.0-rc-1"),
			packages("world w { import x:y/i@0.3.0; }", "0.3.0"),
			[]string{
				"w:3:22: import `x:y/i@0.3.0-rc-1`: world `w` does not have it",
				"  note: the component imports `x:y/i@0.3.0-rc-1`, the world has `x:y/i@0.3.0`",
			}},
		{"newer than the world, and uses a new item",
			"package a:b;\npackage x:y@0.2.1 { interface i { f: func(); new: func(); } }\nworld w { import x:y/i@0.2.1; }",
			packages("world w { import x:y/i@0.2.0; }", "0.2.0"),
			[]string{
				"w:3:22: import `x:y/i@0.2.1`: func `new`: the world does not have it",
				"  note: the component was made for `x:y/i@0.2.1`, the world has `x:y/i@0.2.0`",
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, list := compose.Targets(world(t, "c", c.component).Component(), world(t, "w", c.world))
			if diff := cmp.Diff(c.want, all(list)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTargetReport(t *testing.T) {
	report, _ := compose.Targets(
		world(t, "c", "package a:b; world w { import f: func(); import g: func(); export f: func(); export more: func(); }").Component(),
		world(t, "w", "package a:b@1.0.0; world w { import f: func(); import unused: func(); export f: func() -> u8; export h: func(); }"))
	want := &compose.TargetReport{
		World:   "a:b/w@1.0.0",
		Imports: []compose.TargetItem{{Component: "f", World: "f", Fits: true}, {Component: "g"}},
		Exports: []compose.TargetItem{{Component: "f", World: "f"}, {World: "h"}},
		Extra:   []string{"more"},
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The first 100 differences are listed. Types of up to 48 bytes are shown in the message itself.
func TestTargetLimits(t *testing.T) {
	record := func(n int, of string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "n%d: %s, ", i, of)
		}
		return "package a:b; interface i { record r { " + b.String() + "} f: func(a: r); } world w { import i; }"
	}
	for n, want := range map[int]string{100: "type `r`: 100 differences", 101: "type `r`: more than 100 differences"} {
		_, list := compose.Targets(world(t, "c", record(n, "u8")).Component(), world(t, "w", record(n, "u16")))
		if len(list) != 1 || !strings.HasSuffix(list[0].Message, want) || len(list[0].Labels) != 100 {
			t.Errorf("%d: want %s and 100 labels, got %v", n, want, list)
		}
	}
	use := func(def, of string) string {
		return "package a:b; world w { " + def + " import f: func(a: " + of + "); }"
	}
	for n, inline := range map[int]bool{33: true, 34: false} {
		long := "record { " + strings.Repeat("x", n) + ": u8 }" // 15 bytes and the name
		def := "record r " + strings.TrimPrefix(long, "record ")
		for _, c := range []struct{ component, world, want string }{
			{use(def, "r"), use("", "list<u8>"), "expected `list<u8>`, found `" + long + "`"},
			{use("", "list<u8>"), use(def, "r"), "expected `" + long + "`, found `list<u8>`"},
		} {
			_, list := compose.Targets(world(t, "c", c.component).Component(), world(t, "w", c.world))
			if strings.Contains(strings.Join(all(list), "\n"), c.want) != inline {
				t.Errorf("%d bytes: %v", len(long), list)
			}
		}
	}
	tuple := "tuple<" + strings.Repeat("u8, ", 7) + "u16, u16, u16>" // 48 bytes
	_, list := compose.Targets(world(t, "c", use("", tuple)).Component(), world(t, "w", use("", "list<u8>")))
	if !strings.HasSuffix(list[0].Message, "expected `list<u8>`, found `"+tuple+"`") {
		t.Errorf("%d bytes: %v", len(tuple), list)
	}
}

// Types whose text would exceed the memory are compared element by element, each once. If the list
// of missing names is very long, only some of them get a suggestion.
func TestTargetSizes(t *testing.T) {
	var deep strings.Builder
	deep.WriteString("package a:b; interface i { type t0 = u8;")
	for i := range 60 {
		fmt.Fprintf(&deep, "type t%d = tuple<t%d, t%d>;", i+1, i, i)
	}
	deep.WriteString("f: func(a: t60); } world w { import i; export i; }")
	w := world(t, "w", deep.String())
	if _, list := compose.Targets(world(t, "c", deep.String()).Component(), w); len(list) > 0 {
		t.Error(list)
	}
	other := strings.Replace(deep.String(), "t0 = u8", "t0 = u16", 1)
	if r, list := compose.Targets(world(t, "c", other).Component(), w); len(list) != 1 || r.Imports[0].Fits || r.Exports[0].Fits {
		t.Errorf("want the type reported once, and neither to fit: %v\n%v", r, list)
	}

	// A large type with many uses is explained once.
	large := func(name, field string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "package a:b; interface i { record %s {", name)
		for i := range 200 {
			fmt.Fprintf(&b, "field%d: %s,", i, field)
		}
		b.WriteString("}")
		for i := range 50 {
			fmt.Fprintf(&b, "call%d: func(a: %s, b: list<%[2]s>) -> option<%[2]s>;", i, name)
		}
		b.WriteString("} world w { export i; }")
		return b.String()
	}
	for name, want := range map[string]int{"p": 1, "q": 2} { // q is missing, too
		_, list := compose.Targets(world(t, "c", large("p", "u8")).Component(), world(t, "w", large(name, "u16")))
		if text := strings.Join(all(list), "\n"); len(list) != want || strings.Count(text, "\n") > 120 || !strings.Contains(text, "field `field99`: expected `u16`, found `u8`") {
			t.Errorf("%s: %d diagnostics, want %d:\n%s", name, len(list), want, text)
		}
	}
	// Types without names, whose text would exceed the memory.
	pairs := func(p types.ValType) *types.Component {
		for range 60 {
			p = &types.Tuple{Elems: []types.ValType{p, p}}
		}
		f := types.Item{Name: "f", Type: &types.Func{Params: []types.Param{{Name: "a", Type: p}}}}
		return &types.Component{Exports: types.NewItems([]types.Item{f})}
	}
	long := strings.NewReplacer("interface i {", "world w {", "f: func(a: t60); } world w { import i; export i; }", "export f: func(a: t60); }").Replace(deep.String())
	if _, list := compose.Targets(pairs(types.U16), world(t, "w", long)); len(list) != 1 || len(strings.Join(all(list), "\n")) > 100_000 {
		t.Errorf("want one diagnostic that is not long: %.1000v", list)
	}

	const n = 5000
	var many strings.Builder
	many.WriteString("package a:b; world w {")
	for i := range n {
		fmt.Fprintf(&many, "import c%d: func();", i)
	}
	many.WriteString("}")
	_, list := compose.Targets(world(t, "c", many.String()).Component(), world(t, "w", strings.ReplaceAll(many.String(), "import c", "import w")))
	if len(list) != n {
		t.Errorf("%d diagnostics, want %d", len(list), n)
	}
}

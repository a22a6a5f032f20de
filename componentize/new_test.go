package componentize_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// everything is a world with one item of nearly every kind.
const everything = `package a:b@1.2.3;
interface types { resource r { constructor(n: u32); get: func() -> string; make: static func() -> list<r>; } record p { x: u8, y: option<string> } }
interface use-them { use types.{r, p}; take: func(a: borrow<r>, b: p) -> result<r, p>; pipe: async func(s: stream<p>) -> future<string>; }
world w {
  import types;
  import use-them;
  import log: func(s: string);
  import later: async func(n: u64) -> u64;
  export types;
  export use-them;
  export run: async func(args: list<string>) -> result<_, string>;
}`

func parse(tb testing.TB, text string) *wit.Model {
	tb.Helper()
	m, list := wit.Parse(diag.NewFile("test.wit", []byte(text)), wit.Options{AllFeatures: true})
	if list.HasErrors() {
		tb.Fatal(list)
	}
	return m
}

func assembled(tb testing.TB, text string) *diag.File {
	tb.Helper()
	u, err := wat.Parse(diag.NewFile("test.wat", []byte(text)))
	if err != nil {
		tb.Fatal(err)
	}
	return diag.NewBinary("test.wasm", u.Append(nil))
}

func only(m *wit.Model) *wit.World { return m.Main.Worlds[len(m.Main.Worlds)-1] }

// embedded returns a module that carries the last world of a package.
func embedded(t testing.TB, core []byte, m *wit.Model, o binary.WorldOptions) *diag.File {
	t.Helper()
	data, err := binary.Embed(diag.NewBinary("core.wasm", core), m, only(m), o)
	if err != nil {
		t.Fatal(err)
	}
	return diag.NewBinary("core.wasm", data)
}

func made(t testing.TB, f *diag.File, o componentize.Options) *encoding.Component {
	t.Helper()
	c, err := componentize.New(f, o)
	if err != nil {
		t.Fatal(err)
	}
	return c.Component
}

func text(t testing.TB, c *encoding.Component) string {
	t.Helper()
	out, err := wat.Print(nil, c, wat.PrintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func wantText(t *testing.T, c *encoding.Component, parts ...string) {
	t.Helper()
	got := text(t, c)
	for _, p := range parts {
		if !strings.Contains(got, p) {
			t.Errorf("%s is missing in\n%s", p, got)
		}
	}
}

// refused expects an error whose first diagnostic has a message.
func refused(t *testing.T, f *diag.File, o componentize.Options, code diag.Code, msg string) *diag.Diagnostic {
	t.Helper()
	_, err := componentize.New(f, o)
	var list diag.List
	var d *diag.Diagnostic
	if errors.As(err, &list) {
		d = list[0]
	} else if !errors.As(err, &d) {
		t.Fatalf("want %s, got %v", code, err)
	}
	if d.Code != code || !strings.Contains(d.Message, msg) {
		t.Errorf("want %s with %q, got %s: %s", code, msg, d.Code, d.Message)
	}
	return d
}

var dummyKinds = []componentize.DummyOptions{
	{}, {Names: componentize.LegacyNames}, {Names: componentize.LegacyNames, ABI: componentize.DummyCallback},
	{Names: componentize.LegacyNames, ABI: componentize.DummyStackful},
}

func dummy(t testing.TB, m *wit.Model, o componentize.DummyOptions) []byte {
	t.Helper()
	data, err := componentize.Dummy(only(m), o)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDummies(t *testing.T) {
	m := parse(t, everything)
	for _, kind := range dummyKinds {
		f := embedded(t, dummy(t, m, kind), m, binary.WorldOptions{})
		for _, o := range []componentize.Options{{}, {ReturnCallRef: true}, {NoNames: true}, {KeepVersions: true}} {
			c := made(t, f, o)
			if !bytes.Equal(c.Append(nil), made(t, f, o).Append(nil)) {
				t.Errorf("%+v: the same input gives other bytes", kind)
			}
			wantText(t, c, `(import "a:b/types@1.2.3"`, `(export`, `"a:b/use-them@1.2.3"`)
		}
	}
	if _, err := componentize.Dummy(only(m), componentize.DummyOptions{ABI: componentize.DummyCallback}); err == nil {
		t.Error("standard names with callbacks: want an error")
	}
}

// The world can be given in the module, in the options, or in both.
func TestWorldFromOptions(t *testing.T) {
	m := parse(t, everything)
	data := dummy(t, m, componentize.DummyOptions{})
	beside := made(t, diag.NewBinary("core.wasm", data), componentize.Options{Model: m, World: only(m), Strings: abi.UTF16})
	wantText(t, beside, "string-encoding=utf16")
	f := embedded(t, data, m, binary.WorldOptions{})
	both := made(t, f, componentize.Options{Model: m, World: only(m)})
	wantText(t, both, "string-encoding=utf8")
	refused(t, f, componentize.Options{Model: m, World: only(m), Strings: abi.UTF16}, componentize.CodeCannotMerge, "conflicting string encodings specified for")
	refused(t, diag.NewBinary("core.wasm", data), componentize.Options{}, binary.CodeNoWIT, "does not say which world")
}

// Several sections form one world.
func TestSeveralSections(t *testing.T) {
	one := parse(t, "package a:b; interface i { type t = u32; f: func(a: t); } world one { import i; export run: func(); }")
	two := parse(t, "package c:d; world two { import g: func(); export stop: func(); }")
	f := embedded(t, assembled(t, `(module
  (import "a:b/i" "f" (func (param i32)))
  (import "$root" "g" (func))
  (func (export "run"))
  (func (export "stop")))`).Data, one, binary.WorldOptions{})
	f = embedded(t, f.Data, two, binary.WorldOptions{})
	m, err := binary.DecodeWIT(f)
	if err != nil {
		t.Fatal(err)
	}
	const want = `package root:root;

world root {
  import a:b/i;
  import g: func();

  export run: func();
  export stop: func();
}
`
	if got := wit.Print(m, m.Main, wit.PrintOptions{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	wantText(t, made(t, f, componentize.Options{}), `(import "a:b/i"`, `(import "g"`, `"run"`, `"stop"`)
}

// The previous format: string encoding, name of the world, package.
func TestOldSection(t *testing.T) {
	m := parse(t, "package a:b; world w { import f: func(s: string); } world v {}")
	p, err := binary.EncodePackage(m, nil, binary.PackageOptions{})
	if err != nil {
		t.Fatal(err)
	}
	section := append([]byte{3, 1, 1, 'w'}, p.Append(nil)...)
	b := core.Builder{Customs: []core.Custom{{Name: "component-type:w", Data: section}}}
	b.ImportFunc("$root", "f", b.FuncType([]core.ValType{core.I32, core.I32}, nil))
	b.Memories = []core.MemoryType{{}}
	b.Export("memory", core.ExternMemory, 0)
	c := made(t, diag.NewBinary("old.wasm", b.Append(nil)), componentize.Options{})
	wantText(t, c, "string-encoding=utf16", `(import "f"`)
	for _, broken := range [][]byte{{3}, {3, 9, 0}, {3, 0, 200}, {3, 0, 1, 'x'}, section[:20]} {
		b.Customs[0].Data = broken
		if _, err := componentize.New(diag.NewBinary("old.wasm", b.Append(nil)), componentize.Options{}); err == nil {
			t.Errorf("% x: want an error", broken)
		}
	}
}

// An interface in two compatible versions is imported once, in the higher one. In two incompatible
// versions it is imported twice.
func TestVersions(t *testing.T) {
	version := func(v string) *wit.Model {
		return parse(t, "package a:b@"+v+"; interface i { f: func(); } world w { import i; }")
	}
	module := func(v, w string) *diag.File {
		f := assembled(t, `(module (import "a:b/i@`+v+`" "f" (func)) (import "a:b/i@`+w+`" "f" (func)))`)
		f = embedded(t, f.Data, version(v), binary.WorldOptions{})
		return embedded(t, f.Data, version(w), binary.WorldOptions{})
	}
	imports := func(c *encoding.Component) (list []string) {
		for _, d := range c.Defs {
			if i, ok := d.(*encoding.Import); ok {
				list = append(list, i.Name.Name)
			}
		}
		return list
	}
	for _, c := range []struct {
		v, w string
		keep bool
		want []string
	}{
		{"0.2.0", "0.2.3", false, []string{"a:b/i@0.2.3"}},
		{"1.5.0", "1.2.0", false, []string{"a:b/i@1.5.0"}},
		{"0.2.0", "0.3.0", false, []string{"a:b/i@0.2.0", "a:b/i@0.3.0"}},
		{"0.2.0", "0.2.3", true, []string{"a:b/i@0.2.0", "a:b/i@0.2.3"}},
	} {
		if got := imports(made(t, module(c.v, c.w), componentize.Options{KeepVersions: c.keep})); !slices.Equal(got, c.want) {
			t.Errorf("%s and %s: got %v, want %v", c.v, c.w, got, c.want)
		}
	}
	older := parse(t, "package a:b@1.0.0; interface i { f: func(a: u8); } world w { import i; }")
	f := embedded(t, module("1.1.0", "2.0.0").Data, older, binary.WorldOptions{})
	refused(t, f, componentize.Options{}, componentize.CodeCannotMerge, "although the versions say so")
}

func TestMistakes(t *testing.T) {
	m := parse(t, everything)
	o := componentize.Options{Model: m, World: only(m)}
	for _, c := range []struct {
		name, module string
		code         diag.Code
		msg          string
	}{
		{"unknown interface", `(module (import "a:b/other" "f" (func)))`, componentize.CodeBadImport, "module requires an import interface named `a:b/other`"},
		{"unknown function", `(module (import "a:b/types@1.0.0" "f" (func)))`, componentize.CodeBadImport, "import interface `a:b/types@1.0.0` is missing function `f`"},
		{"incompatible version", `(module (import "a:b/types@2.0.0" "f" (func)))`, componentize.CodeBadImport, "module requires an import interface named"},
		{"unknown standard name", `(module (import "cm32p2|a:b/types@2" "f" (func)))`, componentize.CodeBadImport, "the core module names interface `a:b/types@2`, which is not in the world"},
		{"bad standard name", `(module (import "cm32p2types" "f" (func)))`, componentize.CodeBadImport, "unknown or invalid component model import syntax"},
		{"type for function", `(module (import "$root" "types" (func)))`, componentize.CodeBadImport, "no top-level imported function `types` specified"},
		{"global", `(module (import "env" "sp" (global i32)))`, componentize.CodeBadImport, "module is only allowed to import functions"},
		{"intrinsic of nothing", `(module (import "[export]a:b/types@1.2.3" "[task-return]g" (func)))`, componentize.CodeBadImport, "no export `g` found"},
		{"function of an export", `(module (import "[export]a:b/types@1.2.3" "f" (func)))`, componentize.CodeBadImport, "unknown function `f`"},
		{"new of an import", `(module (import "a:b/types@1.2.3" "[resource-new]r" (func (param i32) (result i32))))`, componentize.CodeBadImport, "is missing function `[resource-new]r`"},
		{"stream number", `(module (import "a:b/use-them@1.2.3" "[stream-new-7]pipe" (func (result i64))))`, componentize.CodeBadImport, "is missing function `[stream-new-7]pipe`"},
		{"type of log", `(module (import "$root" "log" (func (param i32))))`, componentize.CodeWrongSignature, "expected `[I32, I32] -> []` but found `[I32] -> []`"},
		{"type of a built-in", `(module (import "$root" "[waitable-set-new]" (func)))`, componentize.CodeWrongSignature, "`[waitable-set-new]`: expected `[] -> [I32]`"},
		{"type of task.return", `(module (import "[export]$root" "[task-return]run" (func)))`, componentize.CodeWrongSignature, "`[task-return]run`: expected `[I32, I32, I32] -> []`"},
		{"type of realloc", `(module (func (export "cabi_realloc")))`, componentize.CodeWrongSignature, "`cabi_realloc`"},
		{"realloc is not a function", `(module (memory (export "cabi_realloc_adapter") 1))`, componentize.CodeWrongSignature, "to be a function"},
		{"type of a callback", `(module (func (export "[callback][async-lift]run")))`, componentize.CodeWrongSignature, "[callback][async-lift]run"},
		{"type of a destructor", `(module (func (export "a:b/types@1.2.3#[dtor]r")))`, componentize.CodeWrongSignature, "[dtor]r"},
		{"no callback", `(module (func (export "[async-lift]run") (param i32 i32) (result i32) unreachable))`, componentize.CodeMissingExport, "missing callback for `[async-lift]run`"},
		{"two memories", `(module (import "env" "memory" (memory 1)) (import "env" "memory" (memory 1)))`, componentize.CodeTwoMemories, "multiple imports for memory"},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, assembled(t, c.module), o, c.code, c.msg) })
	}
	// All mistakes are reported, with their places.
	_, err := componentize.New(assembled(t, `(module (import "$root" "lag" (func)) (import "x" "y" (func)) (func (export "run") (param i32)))`), o)
	var list diag.List
	if !errors.As(err, &list) || len(list) < 8 {
		t.Fatalf("want all mistakes, got %v", err)
	}
	if got := list[0].Error(); !strings.Contains(got, ":0x") || !strings.Contains(got, "import `$root::lag`") {
		t.Errorf("no place: %s", got)
	}
	if !slices.Contains(list[0].Help, "a similar name exists: `log`") {
		t.Errorf("no help: %v", list[0].Help)
	}
}

// DefaultAdapter is called once for each name that no adapter has.
func TestDefaultAdapter(t *testing.T) {
	old := parse(t, "package a:b; world old { import log: func(n: u32); }")
	adapter := embedded(t, assembled(t, `(module
  (import "$root" "log" (func $log (param i32)))
  (func (export "print") (param i32) local.get 0 call $log))`).Data, old, binary.WorldOptions{})
	main := assembled(t, `(module (import "old" "print" (func (param i32))) (import "old" "print" (func (param i32))) (memory (export "memory") 1))`)
	var asked []string
	c := made(t, main, componentize.Options{DefaultAdapter: func(_ *core.Module, name string) (componentize.Adapter, bool) {
		asked = append(asked, name)
		return componentize.Adapter{Name: name, File: adapter}, name == "old"
	}})
	if !slices.Equal(asked, []string{"old"}) {
		t.Errorf("asked for %v", asked)
	}
	wantText(t, c, `(import "log"`, "wit-component:adapter:old")
	a := componentize.Adapter{Name: "old", File: adapter}
	refused(t, main, componentize.Options{Adapters: []componentize.Adapter{a, a}}, componentize.CodeBadAdapter, "two adapters for `old`")
	for _, c := range []struct{ module, msg string }{
		{`(module (func (export "print") (param i32)) (memory 1) (data (i32.const 0) "x"))`, "unsupported section `11`"},
		{`(module (func (export "print") (param i32)) (table 1 funcref) (elem (i32.const 0) 0))`, "unsupported section `9`"},
		{`(module (func (export "print") (param i32)) (start 1) (func))`, "unsupported section `8`"},
		{`(module (func (export "print") (param i32) i32.const 0 i32.load drop) (memory 1))`, "locally-defined memories are not allowed"},
		{`(module (func (export "print") (param i32) i32.const 0 call_indirect) (table 1 funcref))`, "tables should not be present"},
		{`(module (func (export "print") (param i64)))`, "type mismatch for function `print`"},
	} {
		bad := embedded(t, assembled(t, c.module).Data, parse(t, "package a:b; world w {}"), binary.WorldOptions{})
		_, err := componentize.New(main, componentize.Options{Adapters: []componentize.Adapter{{Name: "old", File: bad}}})
		if err == nil || !strings.Contains(err.Error(), c.msg) {
			t.Errorf("%s: want %q, got %v", c.module, c.msg, err)
		}
	}
}

// If a component is too large because of its WIT, the error is reported for the WIT.
func TestNewBlamesTheWorld(t *testing.T) {
	twice := "type t0 = u8; "
	for i := range 16 {
		twice += fmt.Sprintf("type t%d = tuple<t%d, t%[2]d>; ", i+1, i)
	}
	for _, c := range []struct{ name, text, want string }{
		{"a type", "package a:b;\ninterface i { " + twice + "f: func(x: t16); }\nworld w { export i; }",
			"test.wit:2:425: type `t16` is too large: it has more than 100000 parts"},
		{"all types together", "package a:b;\ninterface i { type t = tuple<" + strings.Repeat("u8, ", 45_000) + ">; f: func(x: t) -> t; g: func(x: t) -> t; h: func(x: t) -> t; }\nworld w { export i; }",
			"the dummy:0x0: the component is too large: effective type size exceeds the limit of 2097152 for all types together that are copied or compared"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := parse(t, c.text)
			w := m.Main.World("w")
			data, err := componentize.Dummy(w, componentize.DummyOptions{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = componentize.New(diag.NewBinary("the dummy", data), componentize.Options{Model: m, World: w})
			if err == nil || diag.FromError(err).Error() != c.want {
				t.Errorf("want %s, got %v", c.want, err)
			}
		})
	}
}

func TestCodes(t *testing.T) {
	m := parse(t, "package a:b; interface i { f: func(s: string); } world w { import i; export run: func(); }")
	i := -1
	golden.Codes(t, componentize.Codes, func(example string) error {
		// Some examples occur in several rows, which are in order.
		for i++; componentize.Codes[i].Example != example; i++ {
		}
		var f *diag.File
		if strings.HasPrefix(example, "package") {
			f = embedded(t, assembled(t, "(module)").Data, parse(t, example), binary.WorldOptions{})
		} else {
			f = assembled(t, example)
		}
		_, err := componentize.New(f, componentize.Options{
			Model: m, World: m.Main.Worlds[0], Adapters: []componentize.Adapter{{Name: "old", File: assembled(t, "(module)")}},
		})
		return err
	})
}

// New never panics, and its output can be decoded.
func FuzzNew(f *testing.F) {
	m := parse(f, everything)
	for _, kind := range dummyKinds {
		f.Add(embedded(f, dummy(f, m, kind), m, binary.WorldOptions{}).Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, o := range []componentize.Options{{}, {Adapters: []componentize.Adapter{{Name: "a:b/use-them@1.2.3", File: diag.NewBinary("adapter.wasm", data)}}}} {
			c, err := componentize.New(diag.NewBinary("fuzz.wasm", data), o)
			if err != nil {
				if strings.Contains(err.Error(), "failed to validate component output") {
					t.Fatal(err)
				}
				continue
			}
			if _, err := binary.DecodeWIT(diag.NewBinary("again.wasm", c.Append(nil))); err != nil {
				t.Fatal(err)
			}
		}
	})
}

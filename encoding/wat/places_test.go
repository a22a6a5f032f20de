package wat

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// assemble assembles a text of a test.
func assemble(t *testing.T, name, src string) *diag.File {
	t.Helper()
	f, err := Assemble(diag.NewFile(name, []byte(src)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// eachPlace calls visit for every definition, declaration, item and instruction of a binary, with
// the possible beginnings of its text.
func eachPlace(t *testing.T, f *diag.File, visit func(at encoding.Span, what string, starts ...string)) {
	t.Helper()
	if encoding.IsCoreModule(f.Data) {
		modulePlaces(t, f.Data, 0, visit)
		return
	}
	c, err := encoding.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	componentPlaces(t, c, visit)
}

func componentPlaces(t *testing.T, c *encoding.Component, visit func(encoding.Span, string, ...string)) {
	t.Helper()
	for _, d := range c.Defs {
		switch d := d.(type) {
		case *encoding.Custom:
			if d.Name != encoding.NameSection {
				visit(d.Offsets(), "custom section", "(@")
			}
		case *encoding.CoreModule:
			visit(d.Offsets(), "core module", "(core module")
			modulePlaces(t, d.Bytes, d.Start, visit)
		case *encoding.NestedComponent:
			visit(d.Offsets(), "component", "(component")
			componentPlaces(t, d.Component, visit)
		case *encoding.Alias:
			// A reference to an outer definition or to an export has its own alias.
			visit(d.Offsets(), "alias", "(", "$")
		default:
			visit(d.Offsets(), "definition", "(")
		}
		if d, ok := d.(*encoding.Type); ok {
			for _, x := range declsOf(d.Def) {
				visit(x.Offsets(), "declaration", "(", "$")
			}
		}
	}
}

// sectionStarts lists the possible beginnings of the items of sections.
var sectionStarts = map[core.SectionID][]string{
	core.SectionType: {"(type", "(rec", "(param", "(result", "(module", "(core module"}, core.SectionImport: {"(import", "(func", "(table", "(memory", "(global", "(tag"},
	core.SectionFunction: {"(func", "(type", "(param", "(result"}, core.SectionTable: {"(table"}, core.SectionMemory: {"(memory"},
	core.SectionGlobal: {"(global"}, core.SectionTag: {"(tag"}, core.SectionExport: {"(export"},
	core.SectionElement: {"(elem", "(table"}, core.SectionData: {"(data", "(memory"}, core.SectionCode: {"(func"},
}

func modulePlaces(t *testing.T, data []byte, base int, visit func(encoding.Span, string, ...string)) {
	t.Helper()
	m, err := core.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for id, starts := range sectionStarts {
		for _, s := range m.Spans(id) {
			visit(encoding.Span{Start: base + s.Start, End: base + s.End}, id.String(), starts...)
		}
	}
	b, err := m.Edit()
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range m.Spans(core.SectionCode) {
		code := b.Funcs[i].Code
		instrPlaces(t, core.Expr{Span: core.Span{Start: base + s.End - len(code)}, Bytes: code}, visit)
	}
	for _, g := range m.Globals {
		g.Init.Bytes = g.Init.Bytes[:len(g.Init.Bytes)-1] // the end instruction has no text
		g.Init.Start += base
		instrPlaces(t, g.Init, visit)
	}
}

func instrPlaces(t *testing.T, code core.Expr, visit func(encoding.Span, string, ...string)) {
	t.Helper()
	var in core.Instr
	r := core.NewInstrReader(code.Bytes, code.Start)
	for r.Next(&in) {
		starts := []string{in.Op.Info().Name}
		if in.Op == core.OpEnd {
			starts = append(starts, ")")
		}
		visit(encoding.Span{Start: r.Offset(), End: r.Pos()}, "instruction", starts...)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
}

// checkPlaces checks that the place of everything in a binary begins with text of the right kind.
func checkPlaces(t *testing.T, src *diag.File) {
	t.Helper()
	u, err := Parse(src)
	if err != nil {
		return
	}
	if u.Component == nil && strings.Contains(string(src.Data), "binary") {
		return
	}
	f := u.File(src.Name)
	eachPlace(t, f, func(at encoding.Span, what string, starts ...string) {
		s := f.Span(at.Start, at.End).Shown()
		if s.File != src || s.Start < 0 || s.End > len(src.Data) || s.End < s.Start {
			t.Errorf("%s: the %s at %#x is not in the text: %v", src.Name, what, at.Start, s)
			return
		}
		for _, start := range starts {
			if strings.HasPrefix(s.Text(), start) {
				return
			}
		}
		t.Errorf("%s: the %s at %#x is at %v, which is no %v: %.40q", src.Name, what, at.Start, s, starts, s.Text())
	})
}

// Every definition has its place in the text, in all texts of the repository.
func TestEveryDefinitionHasItsPlace(t *testing.T) {
	n := 0
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".wat" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		checkPlaces(t, diag.NewFile(path, data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 50 {
		t.Errorf("only %d texts were found", n)
	}
}

// The same holds for the public test data.
func TestEveryDefinitionOfTheCorpusHasItsPlace(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	for _, path := range append(corpusFiles(t, ".wat"), corpusFiles(t, ".wast")...) {
		for _, x := range textsOf(t, path) {
			if x.assertion == "" {
				checkPlaces(t, diag.NewFile(x.name, []byte(x.src)))
			}
		}
	}
}

// The place of an instruction covers the instruction and its immediates, but not its operands or
// the text after it.
func TestPlaceOfInstructions(t *testing.T) {
	for op, info := range core.Ops() {
		text := instrText(op, info)
		want := strings.TrimSpace(strings.TrimSuffix(text, " end"))
		switch op {
		case core.OpElse, core.OpEnd, core.OpCatch, core.OpCatchAll, core.OpDelegate:
			want = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(want, "try"), "if"), " "))
		}
		if op == core.OpEnd {
			want = "end"
		}
		f := assemble(t, info.Name, opModule(text))
		found := false
		eachPlace(t, f, func(at encoding.Span, what string, starts ...string) {
			if what != "instruction" || starts[0] != info.Name || found {
				return
			}
			got := f.Span(at.Start, at.Start).Shown().Text()
			if got == ")" {
				return
			}
			found = true
			if got != want {
				t.Errorf("%s: the place is %q, want %q", info.Name, got, want)
			}
		})
		if !found {
			t.Errorf("%s: no place", info.Name)
		}
	}
}

// The innermost place is used. A definition without text has the place of the text that requires
// it.
func TestPlaces(t *testing.T) {
	for _, test := range []struct{ name, src, find, want string }{
		{"a folded instruction", `(module (func (result i32) (i32.add (i32.const 1) (i32.const 2))))`, "\x6a", "i32.add"},
		{"an operand of it", `(module (func (result i32) (i32.add (i32.const 1) (i32.const 66))))`, "\x41\xc2\x00", "i32.const 66"},
		{"the end of a function", `(module (func (nop)))`, "\x01\x0b", "nop"},
		{"a name", `(module $m (func $abc))`, "abc", `(module $m`},
		{"an inline import", `(module (func $f (import "mod" "field")))`, "\x03mod", `(func $f (import "mod" "field"))`},
		{"an import", `(module (import "mod" "field" (func)))`, "\x03mod", `(import "mod" "field" (func))`},
		{"one import of several", `(module (import "mod" (item "a" (func)) (item "b" (memory 1))))`, "\x03mod\x01b", `(memory 1)`},
		{"an inline export", `(module (func $f (export "name")))`, "\x04name", `(export "name")`},
		{"the second of them", `(module (func $f (export "name") (export "n\22me2")))`, "\x05n\"me2", `(export "n\22me2")`},
		{"an export", `(module (func $f) (export "name" (func $f)))`, "\x04name", `(export "name" (func $f))`},
		{"a start function", `(module (func) (start 0))`, "\x08\x01\x00", `(module`},
		{"an inline type", `(module (func (param i64) (result f32)))`, "\x60\x01\x7e\x01\x7d", `(param i64)`},
		{"inline data", `(module (memory (data "xyz")))`, "xyz", `(memory (data "xyz"))`},
		{"data", `(module (memory 1) (data (i32.const 9) "xyz"))`, "xyz", `(data (i32.const 9) "xyz")`},
		{"an offset", `(module (memory 1) (data (i32.const 9) "xyz"))`, "\x41\x09", `i32.const 9`},
		{"an element", `(module (table 1 externref) (elem (i32.const 8) externref (ref.null extern)))`, "\xd0\x6f", `ref.null extern`},
		{"a table's first value", `(module (table 1 externref (ref.null extern)))`, "\xd0\x6f", `ref.null extern`},
		{"a module in a component", `(component (core module (func (unreachable))))`, "\x00\x0b", `unreachable`},
		{"a component in a component", `(component (component (type (list s64))))`, "\x70\x78", `(type (list s64))`},
		{"a declaration", `(component (type (instance (type u8) (export "abc" (func)))))`, "\x03abc", `(export "abc" (func))`},
		{"a type in a declaration", `(component (type (instance (export "abc" (func (param "x" (list s64)))))))`, "\x70\x78", `(list s64)`},
		{"a type in an import", `(component (import "abc" (func (param "x" s64))))`, "\x40\x01\x01x", `(func (param "x" s64))`},
		{"an alias for a reference", `(component (import "i" (instance $i (export "abc" (func)))) (export "y" (func $i "abc")))`, "\x00\x00\x03abc",
			`(func $i "abc")`},
		{"an alias for an outer type", `(component (type $t u8) (component (export "y" (type $t))))`, "\x02\x01\x00", `$t`},
		{"a declaration of a module type", `(component (core type (module (import "mod" "a" (func)))))`, "\x03mod", `(import "mod" "a" (func))`},
		{"a string of a binary", `(module binary "\00asm" "\01\00\00\00" "\00\02\01x")`, "\x02\x01x", `"\00\02\01x"`},
		{"fields alone", `(func (nop)) (memory 1)`, "\x05\x03\x01\x00\x01", `(func`},
		{"an annotation alone", "(@x)", "\x00asm", "(@x)"},
		{"a section of a module in a component", `(component (core module $m (memory 1)))`, "\x05\x03\x01\x00\x01", `(core module $m`},
	} {
		f := assemble(t, test.name, test.src)
		i := strings.Index(string(f.Data), test.find)
		if i < 0 {
			t.Errorf("%s: the binary lacks % x: % x", test.name, test.find, f.Data)
			continue
		}
		if got := f.Span(i, i).Shown().Text(); got != test.want {
			t.Errorf("%s: the place is %q, want %q", test.name, got, test.want)
		}
	}
}

// A function that ends with the wrong type has its error at its end.
func TestPlaceOfTheEndOfAFunction(t *testing.T) {
	src := "(module\n  (func (nop)\n  )\n)"
	f := assemble(t, "test.wat", src)
	end := strings.Index(string(f.Data), "\x01\x0b") + 1
	if got := f.Span(end, end).String(); got != "test.wat:3:3" {
		t.Errorf("the function ends at %s", got)
	}
	if got := f.Span(len(f.Data), len(f.Data)).String(); got != "test.wat:1:1" {
		t.Errorf("the end of the binary is at %s", got)
	}
}

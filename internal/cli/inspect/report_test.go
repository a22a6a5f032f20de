package inspect

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// render returns the text of a report for a terminal of width columns.
func render(r *Report, width int) string {
	s := &screen{width: width}
	s.report(r)
	return s.b.String()
}

func TestOptions(t *testing.T) {
	for _, test := range []struct {
		args string
		want options
	}{
		{"a.wasm", options{input: "a.wasm", format: "text"}},
		{"--format json -o - -", options{input: "-", format: "json", output: cli.Output{Path: "-"}}},
		{"--features map --all-features x", options{input: "x", format: "text", feats: cli.FeatureFlags{Lists: []string{"map"}, All: true}}},
	} {
		var got *options
		root := newRoot(&cli.IO{}, func(_ context.Context, o *options) error { got = o; return nil })
		root.SetArgs(strings.Fields(test.args))
		if err := root.Execute(); err != nil {
			t.Errorf("inspect %s: %v", test.args, err)
			continue
		}
		opts := cmp.Options{cmp.AllowUnexported(options{}), cmpopts.IgnoreUnexported(cli.Output{}), cmpopts.IgnoreFields(options{}, "std")}
		if diff := cmp.Diff(test.want, *got, opts); diff != "" {
			t.Errorf("inspect %s (-want +got):\n%s", test.args, diff)
		}
	}
}

const (
	componentStart = "\x00asm\x0d\x00\x01\x00"
	moduleStart    = "\x00asm\x01\x00\x00\x00"
)

// section returns the bytes of a section with a body of at most 127 bytes.
func section(id byte, body string) string { return string([]byte{id, byte(len(body))}) + body }

// TestBroken checks that a malformed file gives no report but one diagnostic, with the offset and
// the path of the error.
func TestBroken(t *testing.T) {
	nested := section(4, componentStart+section(4, componentStart+section(7, "\x01\x3c")))
	for _, test := range []struct{ name, data, want string }{
		{"version", "\x00asm\x07\x00\x00\x00", "f:0x4: unknown binary version and layer: 0x07000000"},
		{"cut off", componentStart + "\x07\x05\x01", "f:0xb: unexpected end-of-file"},
		{"nested", componentStart + nested, "f:0x1f: invalid leading byte (0x3c) for component defined type (component 0 > component 0 > type 0)"},
		{"module cut off", moduleStart + "\x01\x05", "f:0xa: unexpected end-of-file"},
		{"module section", moduleStart + section(1, "\x01\x00"), "f:0xb: invalid leading byte (0x0) for type (type section)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := newReport(diag.NewFile("f", []byte(test.data)), feature.Default())
			if r != nil || err == nil {
				t.Fatalf("report %v, error %v", r, err)
			}
			if list := diag.FromError(err); len(list) != 1 || err.Error() != test.want {
				t.Errorf("%d diagnostics\n got %s\nwant %s", len(list), err, test.want)
			}
		})
	}
}

// TestCutOffFile checks that the diagnostic for a truncated file names the section that should be
// longer.
func TestCutOffFile(t *testing.T) {
	for _, test := range []struct{ name, data, want string }{
		{"component", componentStart + "\x07\x20\x01\x01", "the type section at 0x8 should have 32 bytes, but the file ends after 2 of them: it is incomplete"},
		{"nested", componentStart + "\x01\x81\x01" + moduleStart + "\x01\x05\x01", "the core module section at 0x8 should have 129 bytes, but the file ends after 11 of them: it is incomplete"},
		{"one byte", moduleStart + "\x0a\x01", "the code section at 0x8 should have 1 byte, but the file ends after 0 of them: it is incomplete"},
		{"custom", moduleStart + "\x00\x03\x01x", "the custom section at 0x8 should have 3 bytes, but the file ends after 2 of them: it is incomplete"},
		{"within a section", componentStart + section(7, "\x05\x01"), ""},
	} {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, []byte(test.data), 0o666); err != nil {
			t.Fatal(err)
		}
		var errOut bytes.Buffer
		code := Main(t.Context(), []string{path}, &cli.IO{Out: &errOut, Err: &errOut})
		_, note, _ := strings.Cut(errOut.String(), "note:")
		note = strings.Join(strings.Fields(note), " ")
		if code != cli.ExitInput || note != test.want {
			t.Errorf("%s: exit code %d\n got %q\nwant %q", test.name, code, note, test.want)
		}
	}
}

// TestUnreadableModule checks that a component with an unreadable nested module is shown.
func TestUnreadableModule(t *testing.T) {
	data := componentStart + section(1, moduleStart+"\x01\x05") + section(1, moduleStart)
	r, err := newReport(diag.NewFile("f", []byte(data)), feature.Default())
	if r == nil || r.Valid || err == nil {
		t.Fatalf("report %v, error %v", r, err)
	}
	if want := "f:0x14: unexpected end-of-file (core module 0)"; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
	text := render(r, 0)
	for _, want := range []string{"valid   no\n", "core module 0   10   ", "cannot be read\n", "core module 1    8   "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestHostile checks that text in a binary harms neither the terminal nor the layout of the screen.
func TestHostile(t *testing.T) {
	evil := "\x1b[31mred\nline\u202e"
	name := string([]byte{byte(len(evil))}) + evil
	data := moduleStart + section(2, "\x01"+name+name+"\x03\x7f\x00") + section(0, name)
	f := diag.NewFile("a\nb", []byte(data))
	r, err := newReport(f, feature.Default())
	if err != nil {
		t.Fatal(err)
	}
	text := render(r, 0)
	if strings.ContainsAny(text, "\x1b\u202e") || strings.Contains(text, "line\n") || !strings.HasPrefix(text, `a\nb: core module`) {
		t.Errorf("not escaped:\n%q", text)
	}
}

func ptr(n uint64) *uint64 { return &n }

func TestWords(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{number(0), "0"}, {number(999), "999"}, {number(1000), "1,000"}, {number(11985597), "11,985,597"},
		{count(1, "memory"), "1 memory"}, {count(2, "memory"), "2 memories"}, {count(0, "import"), "0 imports"},
		{human(512), "512 bytes"}, {human(1 << 20), "1 MiB"}, {human(1600), "1.6 KiB"},
		{percent(0.9977), "99.8 %"},
		{clip("abcdef", 6), "abcdef"}, {clip("abcdefg", 6), "abcde…"},
		{shortName("[method]card.text"), "card.text"}, {shortName("[constructor]card"), "card.constructor"}, {shortName("run"), "run"},
		{firstNames([]string{"a", "b"}), "a, b"},
		{firstNames(strings.Fields(strings.Repeat("twenty-letters-long- ", 5))), "twenty-letters-long-, twenty-letters-long-, … 3 more"},
		{human(1023), "1023 bytes"}, {human(1024), "1 KiB"}, {human(1025), "1.0 KiB"}, {human(1<<20 - 1), "1024.0 KiB"},
		{number(1000000), "1,000,000"}, {number(999999), "999,999"},
		{firstNames([]string{strings.Repeat("a", 30), strings.Repeat("b", 28)}), strings.Repeat("a", 30) + ", " + strings.Repeat("b", 28)},
		{firstNames([]string{strings.Repeat("a", 30), strings.Repeat("b", 29)}), strings.Repeat("a", 30) + ", … 1 more"},
		{facts(&Report{Size: 1023})[0][1], "1,023 bytes"}, {facts(&Report{Size: 1024})[0][1], "1,024 bytes (1 KiB)"},
		{fmt.Sprint(share(1, 3), share(2, 3), share(1, 20000), share(0, 0), share(5, 5)), "0.3333 0.6667 0.0001 0 1"},
		{Memory{Min: 3, Max: ptr(3), PageSize: 65536}.String(), "3 pages (192 KiB), fixed"},
		{Memory{Min: 3, Max: ptr(4), PageSize: 65536}.String(), "3 pages (192 KiB), at most 4 pages (256 KiB)"},
		{packageOf("a:b/c@1.2.3"), "a:b@1.2.3"}, {packageOf("a:b/c"), "a:b"},
		{Memory{Min: 1, PageSize: 65536}.String(), "1 page (64 KiB), no maximum"},
		{Memory{Min: 2, Max: new(uint64), PageSize: 1, Is64: true, Shared: true, Imported: true}.String(),
			"2 pages (2 bytes), at most 0 pages (0 bytes), 64-bit, shared, imported"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

// TestLongTable checks that a long list ends with the number of rows left out, and that the tree
// keeps its last row.
func TestLongTable(t *testing.T) {
	r := &Report{Kind: "component", Size: 1000, Contents: Part{Parts: make([]Part, 100)}}
	for i := range 100 {
		r.Imports = append(r.Imports, Item{Name: strings.Repeat("i", i+1), Kind: "func", Type: "func()"})
		r.Contents.Parts[i] = Part{Kind: "module", Size: 10, Item: "core module"}
	}
	text := render(r, 0)
	for _, want := range []string{"\nImports (100 functions)\n", "  … 60 more (--format json has them)\n", "  … 61 more\n", "\n  all else "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "\n"); n > 2*maxRows+15 {
		t.Errorf("%d lines:\n%s", n, text)
	}
}

// TestTruncated checks that a type that is small as a graph but huge as a tree is cut.
func TestTruncated(t *testing.T) {
	var x types.Extern = &types.Func{}
	for range 40 {
		x = &types.Instance{Exports: types.NewItems([]types.Item{{Name: "a", Type: x}, {Name: "b", Type: x}})}
	}
	r := &Report{Kind: "component"}
	r.typed(&types.Component{Exports: types.NewItems([]types.Item{{Name: "x", Type: x}})})
	if !r.Truncated || !strings.Contains(render(r, 0), "are not complete") {
		t.Error("not truncated")
	}
}

func FuzzReport(f *testing.F) {
	files, err := filepath.Glob("testdata/examples/*.wasm")
	if err != nil || len(files) == 0 {
		f.Fatal("no examples", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := diag.NewFile("f", data)
		if cli.CheckBinary(file) != nil {
			return
		}
		r, err := newReport(file, feature.All())
		if r == nil && err == nil {
			t.Fatal("neither report nor error")
		}
		if r == nil {
			return
		}
		if strings.ContainsRune(render(r, 0), '\x1b') {
			t.Error("an escape character on the screen")
		}
		o := &options{format: "json"}
		if _, err := o.print(r); err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkInspect measures a component of 12 MB with 12,000 functions, from file to screen. It
// should take less than 50 ms.
func BenchmarkInspect(b *testing.B) {
	path := filepath.Join(b.TempDir(), "large.wasm")
	if err := os.WriteFile(path, large(12<<20, 12000), 0o666); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(12 << 20)
	b.ReportAllocs()
	for b.Loop() {
		var out, errOut bytes.Buffer
		if code := Main(b.Context(), []string{path}, &cli.IO{Out: &out, Err: &errOut}); code != 0 {
			b.Fatal(errOut.String())
		}
	}
}

// large returns a component of about size bytes, with one core module of n named functions.
func large(size, n int) []byte {
	leb := func(dst []byte, v int) []byte {
		for ; v >= 0x80; v >>= 7 {
			dst = append(dst, byte(v)|0x80)
		}
		return append(dst, byte(v))
	}
	sect := func(dst []byte, id byte, body []byte) []byte { return append(leb(append(dst, id), len(body)), body...) }
	m := sect([]byte(moduleStart), byte(core.SectionType), []byte("\x01\x60\x00\x00"))
	m = sect(m, byte(core.SectionFunction), append(leb(nil, n), make([]byte, n)...))
	code, names := leb(nil, n), leb(nil, n)
	body := append([]byte{0}, bytes.Repeat([]byte{0x01}, size/n-4)...) // no locals, then nops
	body = append(body, 0x0b)
	for i := range n {
		code = append(leb(code, len(body)), body...)
		names = append(leb(names, i), "\x0dfunction-name"...)
	}
	m = sect(m, byte(core.SectionCode), code)
	m = sect(m, byte(core.SectionCustom), sect([]byte("\x04name"), 1, names))
	return sect([]byte(componentStart), 1, m)
}
